"""What the outputs of a network stand for. Importing this module does not import torch."""

import csv
import functools
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from classifiers.base import ClassifierError

COLUMNS = ("index", "wordnet_id", "name", "group")


@dataclass(frozen=True)
class LabelSet:
    """Labels in the order of a network's outputs."""

    name: str
    names: tuple[str, ...]
    """One a label, for people; no two are the same."""
    wordnet_ids: tuple[str, ...] | None
    """Synsets of WordNet 3.0, n02123045 for one, where labels have them."""
    groups: tuple[str, ...] | None
    """The super-class of every label, dogs for one, where labels have them."""

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            twice = sorted(name for name, times in Counter(self.names).items() if times > 1)
            raise ClassifierError(
                f"names: expected each one once, got {', '.join(twice[:5])} twice"
            )
        for field in ("wordnet_ids", "groups"):
            values = getattr(self, field)
            if values is not None and len(values) != len(self.names):
                raise ClassifierError(
                    f"{field}: expected one for each of {len(self.names)} names, got {len(values)}"
                )


DIGITS = LabelSet("digits", tuple("0123456789"), wordnet_ids=None, groups=None)


@functools.cache
def imagenet() -> LabelSet:
    """Return the 1000 labels of ILSVRC 2012, in the usual order."""
    return read("imagenet", Path(__file__).with_name("imagenet.tsv"))


def read(name: str, path: Path) -> LabelSet:
    """Read a label set from a table with a header and tabs. Raises ClassifierError."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    if tuple(header) != COLUMNS:
        raise ClassifierError(f"{path}: expected the columns {COLUMNS}, got {tuple(header)}")
    for index, row in enumerate(rows):
        if len(row) != len(COLUMNS) or row[0] != str(index):
            raise ClassifierError(f"{path}: expected label {index} in four columns, got {row}")
    _, wordnet_ids, names, groups = zip(*rows, strict=True)
    return LabelSet(name, names, wordnet_ids, groups)
