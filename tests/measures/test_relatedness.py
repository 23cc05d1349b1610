"""Distances between labels, in a small hierarchy and in WordNet."""

import numpy as np
import pytest

from classifiers.labels import imagenet
from classifiers.labels.hypernyms import kinds
from evolution.measures.relatedness import Hierarchy, relatedness

SMALL = Hierarchy(
    above={
        "thing": (),
        "animal": ("thing",),
        "dog": ("animal",),
        "cat": ("animal",),
        "cup": ("thing",),
    },
    below={"thing": 4, "animal": 2, "dog": 0, "cat": 0, "cup": 0},
)


class TestSmall:
    found = relatedness(SMALL, ["dog", "cat", "cup"])

    def test_path(self) -> None:
        assert self.found.path.tolist() == [[0, 2, 3], [2, 0, 3], [3, 3, 0]]

    def test_wu_palmer(self) -> None:
        assert self.found.wu_palmer[0, 1] == pytest.approx(4 / 6)
        assert self.found.wu_palmer[0, 2] == pytest.approx(2 / 5)

    def test_lin(self) -> None:
        assert self.found.lin[0, 1] == pytest.approx(1 - np.log(3) / np.log(5))
        assert self.found.lin[0, 2] == 0

    def test_the_nearer_of_two_ways_counts(self) -> None:
        both = Hierarchy(
            above={"root": (), "a": ("root",), "b": ("a",), "c": ("b", "root"), "d": ("root",)},
            below={"root": 4, "a": 2, "b": 1, "c": 0, "d": 0},
        )
        assert relatedness(both, ["c", "d"]).path[0, 1] == 2

    def test_nothing_in_common(self) -> None:
        apart = Hierarchy(above={"a": (), "b": ()}, below={"a": 0, "b": 1})
        assert np.isinf(relatedness(apart, ["a", "b"]).path[0, 1])


class TestWordNet:
    def test_dogs_are_nearer_to_dogs_than_to_cats_than_to_cups(self) -> None:
        labels = imagenet()
        assert labels.wordnet_ids is not None
        table = kinds()
        hierarchy = Hierarchy(
            {name: kind.above for name, kind in table.items()},
            {name: kind.below for name, kind in table.items()},
        )
        found = relatedness(hierarchy, labels.wordnet_ids)
        beagle, basset, tabby = (labels.names.index(n) for n in ("beagle", "basset", "tabby"))
        cup = next(i for i, n in enumerate(labels.names) if n == "cup")
        for matrix in (-found.path, found.wu_palmer, found.lin):
            assert matrix[beagle, basset] > matrix[beagle, tabby] > matrix[beagle, cup]
            assert np.array_equal(matrix, matrix.T)
        assert np.isfinite(found.path).all()
        assert found.lin.min() >= 0
        assert found.lin.max() <= 1
