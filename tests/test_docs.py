"""The documentation held to the code: settings, dependencies, presets."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from evolution.algorithms import presets
from evolution.judging import columns
from tests.containers import ROOT

DOCS = ROOT / "docs"
READERS = {"text", "boolean", "number", "choice", "words"}  # of fooling_site/environment.py


def settings_read() -> dict[str, Any]:
    """Every environment variable that the settings read, and its default where that is a constant."""
    found: dict[str, Any] = {}
    for name in ("settings", "environment"):
        tree = ast.parse((ROOT / "fooling_site" / f"{name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) in READERS and node.args:
                variable, *rest = node.args + [keyword.value for keyword in node.keywords]
                if isinstance(variable, ast.Constant):
                    default = rest[0] if rest else None
                    known = default.value if isinstance(default, ast.Constant) else None
                    found[str(variable.value)] = known
    return found


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def table(document: str) -> dict[str, list[str]]:
    """The rows of a document's tables by the first name in their first cell."""
    rows = {}
    for line in (DOCS / document).read_text().splitlines():
        if match := re.match(r"\| `([^`]+)`", line):
            rows[match[1]] = [cell.strip() for cell in line.strip("|").split("|")]
    return rows


class TestOperations:
    def test_each_setting_is_found(self) -> None:
        assert len(settings_read()) > 15

    @pytest.mark.parametrize("name", sorted(settings_read()))
    def test_each_setting_has_a_row(self, name: str) -> None:
        assert name in table("operations.md")

    @pytest.mark.parametrize(
        ("name", "default"),
        [(name, value) for name, value in settings_read().items() if value not in (None, "")],
    )
    def test_the_row_tells_the_default(self, name: str, default: Any) -> None:
        assert ("on" if default is True else str(default)) in table("operations.md")[name][1]


class TestArchitecture:
    def test_each_dependency_has_a_reason(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        names = {re.split(r"[\[<>=]", entry)[0] for entry in project["dependencies"]}
        reasons = table("architecture.md")
        assert {name for name in names if name not in reasons} == set()
        assert all(len(reasons[name][1]) > 20 for name in names)

    def test_each_folder_and_module_of_the_map_exists(self) -> None:
        text = (DOCS / "architecture.md").read_text()
        block = text.split("```")[1]
        folder = ""
        for line in block.splitlines():
            names = re.findall(r"[\w/]+(?:\.py|/)(?=\s|,|$)", line[:28])
            if names and not line.startswith(" "):
                folder = names[-1]
                assert (ROOT / folder).is_dir(), folder
            for name in names:
                assert (ROOT / (folder if line.startswith(" ") else "") / name).exists(), name


class TestJudgments:
    def test_each_column_has_its_row_in_order(self) -> None:
        text = (DOCS / "judging-data.md").read_text().split("## Columns")[1]
        rows = [line for line in text.splitlines() if line.startswith("| `")]
        assert rows == [told_column(column) for column in columns.COLUMNS]


def told_column(column: columns.Column) -> str:
    type_ = ", ".join(filter(None, (columns.TYPES[column.type], column.unit)))
    values = ", ".join(f"`{value}`" if value else "empty" for value in column.values)
    return f"| `{column.name}` | {type_} | {column.meaning} | {values} |"


class TestPresets:
    @pytest.mark.parametrize("name", presets.names())
    def test_each_is_told_with_its_values_and_sources(self, name: str) -> None:
        section = (DOCS / "presets.md").read_text().split(f"\n## `{name}`\n")
        assert len(section) == 2, f"docs/presets.md has no section for {name}"
        rows = [line for line in section[1].split("\n## ")[0].splitlines() if line[:3] == "| `"]
        assert rows == list(told(presets.get(name)))

    @pytest.mark.parametrize("name", presets.names())
    def test_each_value_has_a_source(self, name: str) -> None:
        assert all(not row.endswith("|  |") for row in told(presets.get(name)))

    def test_no_other_is_told(self) -> None:
        headings = re.findall(r"^## `(.+)`$", (DOCS / "presets.md").read_text(), re.MULTILINE)
        assert tuple(headings) == presets.names()


def told(preset: presets.Preset) -> Iterator[str]:
    """One row a setting: name, value, source. The kind of encoding or algorithm is none."""
    parameters = presets.as_parameters(preset)
    for name in ("name", "title", "sources"):
        del parameters[name]
    for name, value in leaves(parameters):
        if name.endswith(".kind"):
            continue
        source = preset.sources.get(name, "")
        yield f"| `{name}` | {'none' if value is None else value} | {source} |"


def leaves(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value
