"""How classes are related: WordNet's measures as distances, and Mantel's tests against each."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifiers.labels import LabelSet
from classifiers.labels.hypernyms import kinds
from evolution.measures.mantel import FEWEST, mantel
from evolution.measures.relatedness import Hierarchy, Relatedness, relatedness

Matrix = NDArray[np.float64]
Beat = Callable[[], object]
LIZARD, TOY_DOG = "n01674464", "n02085374"
KINDS: Final[Mapping[str, str]] = {"lizards": LIZARD, "toy dogs": TOY_DOG}
"""The parent classes of Fig. 9, as WordNet files them."""
MEASURES: Final[Mapping[str, str]] = {
    "path": "steps in WordNet",
    "wu_palmer": "1 − Wu and Palmer",
    "lin": "1 − Lin",
    "distinct": "steps in WordNet, one class a picture",
}


def hierarchy() -> Hierarchy:
    known = kinds()
    return Hierarchy(
        {name: kind.above for name, kind in known.items()},
        {name: kind.below for name, kind in known.items()},
    )


@lru_cache(4)
def related(wordnet_ids: tuple[str, ...]) -> Relatedness:
    """Each label to each; a second or three for a thousand."""
    return relatedness(hierarchy(), wordnet_ids)


def distances(found: Relatedness) -> dict[str, Matrix]:
    return {"path": found.path, "wu_palmer": 1 - found.wu_palmer, "lin": 1 - found.lin}


def below(kind: str, wordnet_ids: Sequence[str]) -> list[int]:
    """Places of the labels that are of a kind, in their order."""
    above = hierarchy()
    return [place for place, name in enumerate(wordnet_ids) if kind in above.steps_up(name)]


def ids_of(label_set: LabelSet, labels: Sequence[int]) -> tuple[str, ...]:
    """WordNet's names of some labels of a set that has them."""
    assert label_set.wordnet_ids is not None  # the study refuses others
    return tuple(label_set.wordnet_ids[label] for label in labels)


def tests(
    values: Matrix,
    wordnet_ids: tuple[str, ...],
    surest: Sequence[int],
    *,
    settings: Mapping[str, Any],
    beat: Beat,
) -> dict[str, dict[str, Any]]:
    """Mantel's test (Spearman) of distances between pictures against each measure of kinship.

    values: (N, N), of the champions of N labels. surest: places of one label for each different
    picture: a picture that holds several cells counts once in the test "distinct".
    settings: seed, permutations.
    """
    against = distances(related(wordnet_ids))
    pairs = {name: (values, other) for name, other in against.items()}
    block = np.ix_(surest, surest)
    pairs["distinct"] = (values[block], against["path"][block])
    return {
        name: _test(*matrices, **settings, beat=beat)
        for name, matrices in pairs.items()
        if len(matrices[0]) >= FEWEST
    }


def _test(
    values: Matrix, kinship: Matrix, *, seed: int, permutations: int, beat: Beat
) -> dict[str, Any]:
    found = mantel(values, kinship, seed=seed, permutations=permutations, beat=beat)
    return {"r": found.r, "p": found.p, "things": found.things}
