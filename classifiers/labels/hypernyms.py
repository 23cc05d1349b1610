"""What WordNet has above ImageNet's labels: the kinds that they are of.

    python -m classifiers.labels.hypernyms --wordnet FOLDER --out FILE

makes hypernyms.tsv again. FOLDER has WordNet 3.0's data.noun, as Debian's wordnet-base does in
/usr/share/wordnet.
"""

import argparse
import csv
import functools
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from classifiers.base import BadDataset, ClassifierError
from classifiers.labels import imagenet
from classifiers.labels.derivation import Synset, read_synsets

COLUMNS = ("wordnet_id", "word", "above", "below")
TABLE = Path(__file__).with_name("hypernyms.tsv")


class Kind(NamedTuple):
    """A synset that is a label of ImageNet or above one."""

    word: str
    above: tuple[str, ...]
    """The ids right above it; none for the root, entity."""
    below: int
    """How many noun synsets of the whole of WordNet are below it."""


@functools.cache
def kinds() -> Mapping[str, Kind]:
    """Return every label of ImageNet and all that is above it, by WordNet id."""
    return read(TABLE)


def read(path: Path) -> dict[str, Kind]:
    """Read a table with a header and tabs. Raises ClassifierError."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    if tuple(header) != COLUMNS:
        raise ClassifierError(f"{path}: expected the columns {COLUMNS}, got {tuple(header)}")
    found = {
        name: Kind(word, tuple(above.split()), int(below)) for name, word, above, below in rows
    }
    for name, kind in found.items():
        if missing := [above for above in kind.above if above not in found]:
            raise ClassifierError(f"{path}: expected a row of {missing[0]}, which is above {name}")
    return found


def derived(synsets: Mapping[str, Synset], labels: Iterable[str]) -> dict[str, Kind]:
    """Find all kinds that labels are of. Raises BadDataset."""
    wanted: set[str] = set()
    waiting = list(labels)
    while waiting:
        current = waiting.pop()
        if current not in synsets:
            raise BadDataset(f"{current}: expected a synset of data.noun")
        if current not in wanted:
            wanted.add(current)
            waiting += synsets[current].hypernyms
    children = defaultdict(list)
    for name, synset in synsets.items():
        for above in synset.hypernyms:
            children[above].append(name)
    return {
        name: Kind(synsets[name].words[0], synsets[name].hypernyms, _below(name, children))
        for name in sorted(wanted)
    }


def _below(name: str, children: Mapping[str, Sequence[str]]) -> int:
    # Some synsets are below another one by several ways, and count once.
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return len(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table of what is above ImageNet's labels."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    for option in ("--wordnet", "--out"):
        parser.add_argument(option, type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        found = derived(read_synsets(options.wordnet), imagenet().wordnet_ids or ())
    except (BadDataset, OSError) as error:
        parser.error(str(error))
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((name, k.word, " ".join(k.above), k.below) for name, k in found.items())
    sys.stdout.write(f"{options.out}: {len(found)} kinds\n")


if __name__ == "__main__":
    main()
