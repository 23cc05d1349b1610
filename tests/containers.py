"""What docker/ says, read without Docker: the build context, the Dockerfile, the services."""

import json
import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCKER = ROOT / "docker"
VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\})")

Service = dict[str, Any]


class Unset(Exception):
    """A variable that compose.yaml insists on has no value."""


@dataclass(frozen=True)
class Stage:
    """One FROM of the Dockerfile and what follows it: (instruction, its text)."""

    name: str
    base: str
    instructions: tuple[tuple[str, str], ...]

    def texts(self, word: str) -> list[str]:
        return [text for instruction, text in self.instructions if instruction == word]


def example() -> dict[str, str]:
    """The variables of example.env."""
    lines = (DOCKER / "example.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def variables_used() -> set[str]:
    found = VARIABLE.finditer((DOCKER / "compose.yaml").read_text())
    return {match["name"] for match in found if match["name"]}


def compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """The parsed compose file. Raises Unset as `docker compose` does."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        given = variables.get(match["name"], "")
        if not given and match["kind"] == "?":
            raise Unset(match["name"])
        return given or (match["rest"] or "" if match["kind"] == "-" else "")

    parsed: dict[str, Any] = yaml.safe_load(
        VARIABLE.sub(value, (DOCKER / "compose.yaml").read_text())
    )
    return parsed


def arguments(command: str | list[str]) -> list[str]:
    """A command as Compose splits it, or as the Dockerfile writes it: a JSON list."""
    if isinstance(command, str) and command.startswith("["):
        return list(json.loads(command))
    return shlex.split(command) if isinstance(command, str) else command


def dockerfile() -> dict[str, Stage]:
    text = re.sub(r"^#.*\n", "", (DOCKER / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    stages: dict[str, Stage] = {}
    for line in filter(str.strip, lines):
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            base, name = re.fullmatch(r"(\S+) AS (\S+)", rest).groups()  # type: ignore[union-attr]
            stages[name] = Stage(name, base, ())
        else:
            last = stages[name]
            stages[name] = Stage(name, last.base, (*last.instructions, (word, rest)))
    return stages


def image_environment(stages: Mapping[str, Stage], target: str) -> dict[str, str]:
    """ENV of a target and of the stages that it stands on."""
    stage = stages[target]
    found = image_environment(stages, stage.base) if stage.base in stages else {}
    for text in stage.texts("ENV"):
        found |= dict(pair.split("=", 1) for pair in shlex.split(text))
    return found


def context() -> list[str]:
    """The files that a build sees: those of the repository less those that .dockerignore names."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    patterns = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in patterns if line and not line.startswith("#")]
    return [name for name in listed if not _ignored(name, rules) and (ROOT / name).is_file()]


def _ignored(name: str, rules: list[str]) -> bool:
    """The last rule that names the file or a folder above it decides."""
    path = PurePosixPath(name)
    places = [str(place) for place in (path, *path.parents) if place.name]
    ignored = False
    for rule in rules:
        pattern = _as_regex(rule.removeprefix("!"))
        if any(pattern.fullmatch(place) for place in places):
            ignored = not rule.startswith("!")
    return ignored


def _as_regex(rule: str) -> re.Pattern[str]:
    escaped = re.escape(rule).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.compile(escaped)
