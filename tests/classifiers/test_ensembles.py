"""The mean of several classifiers is a classifier."""

import numpy as np
import pytest

from classifiers.base import ClassifierError, UnknownClassifier
from classifiers.catalogue import MOST_MEMBERS, entry, load
from classifiers.ensembles import MeanClassifier
from tests.classifiers.sample import real_digits


def test_its_confidences_are_the_mean_of_its_members() -> None:
    images, _ = real_digits()
    found = load("lenet-a+lenet-b").confidences(images[:20])
    members = [load(name).confidences(images[:20]) for name in ("lenet-a", "lenet-b")]
    np.testing.assert_allclose(found, np.mean(members, axis=0), rtol=0, atol=1e-7)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_it_tells_of_itself_what_its_members_share() -> None:
    ensemble = load("lenet-a+lenet-b")
    told = entry("lenet-a+lenet-b")
    assert isinstance(ensemble, MeanClassifier)
    assert (ensemble.name, ensemble.version) == (told.name, told.version)
    assert tuple(ensemble.labels) == tuple("0123456789")
    assert ensemble.channels == 1
    assert ensemble.with_chunk(3).chunk == 3
    assert told.version not in {entry("lenet-a").version, entry("lenet-b").version}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lenet-a+squeezenet", "expected networks with the same labels, got lenet-a.squeezenet"),
        ("lenet-a+lenet-a", "expected two or more different ones"),
    ],
)
def test_members_that_do_not_fit_are_refused(name: str, words: str) -> None:
    with pytest.raises(ClassifierError, match=words):
        entry(name)


def test_a_member_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownClassifier, match=r"expected one of lenet-a, .*; got 'vgg'"):
        entry("squeezenet+vgg")


def test_an_ensemble_has_a_largest_size() -> None:
    with pytest.raises(UnknownClassifier, match="expected at most 8 members"):
        entry("+".join(["lenet-a"] * (MOST_MEMBERS + 1)))
