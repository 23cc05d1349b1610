"""An operator's description of a network: a TOML file, held against what each key may say.

Every key is documented in docs/adding-a-classifier.md.
"""

import hashlib
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers import labels
from classifiers.base import ClassifierError
from classifiers.entries import (
    PROGRAMS,
    Accuracy,
    Colours,
    Entry,
    Output,
    Preprocessing,
    Weights,
)
from classifiers.labels import LabelSet

LARGEST_TOML = 64_000  # bytes
LARGEST_LABELS = 2_000_000
MOST_LABELS, LONGEST_LABEL = 10_000, 200
LARGEST_INPUT, LARGEST_BATCH = 1024, 1024
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}")
SUFFIXES = (*PROGRAMS, ".safetensors")
COLOURS: dict[str, Colours] = {"grey": "grey", "rgb": "rgb", "bgr": "bgr"}
OUTPUTS: dict[str, Output] = {"logits": "logits", "probabilities": "probabilities"}
USUAL_BATCH = 16


class BadDescription(ClassifierError):
    """A description that cannot be used: names the file, the key, what was expected and came."""


@dataclass(frozen=True)
class Architecture:
    """One that weights may be for; input_size: the only one that it takes, or None."""

    builder: str
    channels: int = 3
    input_size: int | None = None


ARCHITECTURES = {
    "lenet": Architecture("classifiers.networks.lenet:LeNet", channels=1, input_size=28),
    "squeezenet": Architecture("classifiers.networks.squeezenet:SqueezeNet"),
    "alexnet": Architecture("classifiers.networks.alexnet:AlexNet", input_size=224),
    "googlenet": Architecture("classifiers.networks.googlenet:GoogLeNet"),
    "efficientnet-lite0": Architecture("classifiers.networks.efficientnet_lite:lite0"),
    "efficientnet-lite1": Architecture("classifiers.networks.efficientnet_lite:lite1"),
    "efficientnet-lite2": Architecture("classifiers.networks.efficientnet_lite:lite2"),
}


class Keys:
    """The keys of one table; each is taken once, and none may be left at the end."""

    def __init__(self, file: str, table: Mapping[str, Any], prefix: str = "") -> None:
        self._file, self._prefix = file, prefix
        self._left = dict(table)

    def text(self, key: str, most: int, default: str | None = None) -> str:
        value = self._take(key, f"a text of 1 to {most} characters", default)
        if not isinstance(value, str) or not (value == default or 1 <= len(value.strip()) <= most):
            raise self.wrong(key, f"a text of 1 to {most} characters", value)
        return value.strip()

    def choice(self, key: str, choices: Sequence[str]) -> str:
        expected = f"one of {', '.join(choices)}"
        value = self._take(key, expected)
        if value not in choices:
            raise self.wrong(key, expected, value)
        return str(value)

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        expected = f"a whole number from {least} to {most}"
        value = self._take(key, expected, default)
        if type(value) is not int or not least <= value <= most:
            raise self.wrong(key, expected, value)
        return value

    def share(self, key: str) -> float | None:
        value = self._left.pop(key, None)
        if value is not None and not (_is_number(value) and 0 <= value <= 1):
            raise self.wrong(key, "a number from 0 to 1", value)
        return None if value is None else float(value)

    def positive(self, key: str) -> float:
        value = self._take(key, "a number above 0")
        if not _is_number(value) or value <= 0:
            raise self.wrong(key, "a number above 0", value)
        return float(value)

    def numbers(self, key: str, channels: int, *, positive: bool = False) -> tuple[float, ...]:
        counts = "1 number" if channels == 1 else f"1 or {channels} numbers"
        expected = f"a list of {counts}{' above 0' if positive else ''}"
        values = self._take(key, expected)
        good = isinstance(values, list) and len(values) in (1, channels)
        if not good or not all(_is_number(value) for value in values):
            raise self.wrong(key, expected, values)
        if positive and min(values) <= 0:
            raise self.wrong(key, expected, values)
        return tuple(float(value) for value in values)

    def table(self, key: str) -> "Keys":
        value = self._take(key, "a table")
        if not isinstance(value, dict):
            raise self.wrong(key, "a table", value)
        return Keys(self._file, value, f"{key}.")

    def either(self, key: str, expected: str) -> Any:
        return self._take(key, expected)

    def end(self) -> None:
        for key, value in self._left.items():
            raise self.wrong(key, "no such key", value)

    def wrong(self, key: str, expected: str, got: object) -> BadDescription:
        return BadDescription(
            f"{self._file}: {self._prefix}{key}: expected {expected}, got {str(got)[:100]!r}"
        )

    def _take(self, key: str, expected: str, default: Any = None) -> Any:
        if key in self._left:
            return self._left.pop(key)
        if default is None:
            raise BadDescription(
                f"{self._file}: {self._prefix}{key}: expected {expected}, got none"
            )
        return default


def read(name: str, content: bytes, folder: Path) -> tuple[Keys, str]:
    """Parse a description as far as the name of its file of weights or program."""
    file = f"{name}.toml"
    if not NAME.fullmatch(name):
        raise BadDescription(
            f"{file}: the name: expected a small letter or digit, then up to 40 small letters, "
            f"digits and hyphens, got {name[:80]!r}"
        )
    try:
        table = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadDescription(f"{file}: expected TOML in UTF-8, got: {error}") from None
    keys = Keys(file, table)
    expected = f"the name of a file ({', '.join(SUFFIXES)}) beside the description"
    weights = keys.either("file", expected)
    if not isinstance(weights, str) or not _lies_in(folder, weights) or _suffix(weights) is None:
        raise keys.wrong("file", expected, weights)
    return keys, weights


def entry(name: str, keys: Keys, weights: Weights, content: bytes) -> Entry:
    """Build the entry from what `read` has left; content: of the TOML. Raises BadDescription."""
    folder = weights.folder
    assert folder is not None
    known = _architecture(keys, weights.file)
    told = keys.table("preprocessing")
    preprocessing = _preprocessing(told)
    input_size = keys.whole("input_size", 8, LARGEST_INPUT)
    if known and known.channels != preprocessing.channels:
        colours = "grey" if known.channels == 1 else "rgb or bgr"
        raise told.wrong("colours", f"{colours} for this architecture", preprocessing.colours)
    if known and known.input_size not in (None, input_size):
        raise keys.wrong("input_size", f"{known.input_size} for this architecture", input_size)
    label_set, told_labels = _labels(name, keys, folder)
    digest = hashlib.sha256(content + b"\0" + told_labels).hexdigest()
    found = Entry(
        name=name,
        title=keys.text("title", 80),
        description=keys.text("description", 1000, ""),
        dataset=keys.text("dataset", 80),
        builder=known.builder if known else "",
        input_size=input_size,
        canvas=keys.whole("canvas", input_size, 2 * LARGEST_INPUT, round(input_size * 8 / 7)),
        label_set=label_set,
        preprocessing=preprocessing,
        weights=Weights(
            weights.file, weights.sha256, keys.text("licence", 200, "not told"), folder=folder
        ),
        accuracy=Accuracy(published_error=keys.share("published_error")),
        chunk=keys.whole("batch", 1, LARGEST_BATCH, USUAL_BATCH),
        untargeted=keys.whole("untargeted", 0, len(label_set.names) - 1, 0),
        output=OUTPUTS[keys.choice("output", tuple(OUTPUTS))],
        description_digest=digest,
    )
    keys.end()
    return found


def _architecture(keys: Keys, file: str) -> Architecture | None:
    if _suffix(file) in PROGRAMS:
        return None  # an architecture beside a program is an unknown key
    return ARCHITECTURES[keys.choice("architecture", tuple(ARCHITECTURES))]


def _preprocessing(told: Keys) -> Preprocessing:
    colours = COLOURS[told.choice("colours", tuple(COLOURS))]
    channels = 1 if colours == "grey" else 3
    found = Preprocessing(
        scale=told.positive("scale"),
        mean=told.numbers("mean", channels),
        std=told.numbers("std", channels, positive=True),
        colours=colours,
    )
    told.end()
    return found


def _labels(name: str, keys: Keys, folder: Path) -> tuple[LabelSet, bytes]:
    """Return the labels, and the bytes that they were read from."""
    expected = 'a list of texts, the name of a file beside the description, or "imagenet"'
    told = keys.either("labels", expected)
    if told == "imagenet":
        return labels.imagenet(), b""
    try:
        if isinstance(told, list):
            return _label_set(name, told), b""
        if not isinstance(told, str) or not _lies_in(folder, told):
            raise keys.wrong("labels", expected, told)
        content = limited(folder / told, LARGEST_LABELS)
        text = content.decode("utf-8-sig")
        if text.partition("\n")[0].rstrip("\r").split("\t") == list(labels.COLUMNS):
            found = labels.read(name, folder / told)
            _label_set(name, found.names)
            return found, content
        return _label_set(name, [line.strip() for line in text.strip().splitlines()]), content
    except BadDescription:
        raise
    except (ClassifierError, OSError, ValueError) as error:
        raise BadDescription(f"{name}.toml: labels: {error}") from None


def _label_set(name: str, names: Sequence[Any]) -> LabelSet:
    if not 2 <= len(names) <= MOST_LABELS:
        raise ClassifierError(f"expected 2 to {MOST_LABELS:,} labels, got {len(names):,}")
    for number, label in enumerate(names, start=1):
        if not isinstance(label, str) or not 1 <= len(label.strip()) <= LONGEST_LABEL:
            raise ClassifierError(
                f"label {number}: expected a text of 1 to {LONGEST_LABEL} characters, "
                f"got {str(label)[:100]!r}"
            )
    return LabelSet(name, tuple(names), wordnet_ids=None, groups=None)


def limited(path: Path, most: int) -> bytes:
    """Read a file of at most so many bytes. Raises BadDescription, OSError."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadDescription(f"{path.name}: expected at most {most:,} bytes, got more")
    return content


def _lies_in(folder: Path, name: str) -> bool:
    """Whether a name is one of this folder's files, and no link leads out of it."""
    return FILE_NAME.fullmatch(name) is not None and (
        (folder / name).resolve().parent == folder.resolve()
    )


def _suffix(file: str) -> str | None:
    return next((suffix for suffix in SUFFIXES if file.endswith(suffix)), None)


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
