"""What every classifier of the catalogue promises, whichever network is behind it."""

import gc
import hashlib
import weakref

import numpy as np
import pytest
import torch

from classifiers import catalogue
from classifiers.base import BadImages, Classifier, ClassifierError, FloatArray
from classifiers.catalogue import entries, load, shared, verified_weights
from classifiers.entries import Entry
from classifiers.threads import cpu_threads
from classifiers.wrapped import NetworkClassifier

every_entry = pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
# A large network is asked about few pictures: what is tested here does not depend on how many.
SMALL = 10_000_000  # multiply-adds


def few(entry: Entry, many: int) -> int:
    return many if entry.multiply_adds < SMALL else min(many, 4)


def batch(entry: Entry, size: int, seed: int = 0) -> FloatArray:
    rng = np.random.default_rng(seed)
    side = entry.input_size
    return rng.random((few(entry, size), side, side, entry.channels), dtype=np.float32)


def loaded(entry: Entry, chunk: int = 7) -> NetworkClassifier:
    classifier = load(entry.name, chunk=few(entry, chunk))
    assert isinstance(classifier, NetworkClassifier)
    return classifier


@every_entry
def test_describes_itself_as_the_catalogue_does(entry: Entry) -> None:
    classifier: Classifier = loaded(entry)
    assert classifier.name == entry.name
    assert classifier.channels == entry.channels
    assert tuple(classifier.labels) == entry.labels
    assert len(set(entry.labels)) == len(entry.labels)
    content = verified_weights(entry)
    assert hashlib.sha256(content).hexdigest() == entry.weights.sha256
    assert classifier.version == entry.weights.sha256[:12]


@every_entry
def test_has_the_stated_number_of_parameters_all_float32(entry: Entry) -> None:
    parameters = list(loaded(entry).network.parameters())
    assert sum(parameter.numel() for parameter in parameters) == entry.parameters
    assert {str(parameter.dtype) for parameter in parameters} == {"torch.float32"}


@every_entry
def test_is_in_eval_mode(entry: Entry) -> None:
    assert not any(module.training for module in loaded(entry).network.modules())


@every_entry
@pytest.mark.parametrize("size", [1, 7, 16])
def test_gives_one_probability_distribution_an_image(entry: Entry, size: int) -> None:
    confidences = loaded(entry).confidences(batch(entry, size))
    assert confidences.dtype == np.float32
    assert confidences.shape == (few(entry, size), len(entry.labels))
    assert (confidences >= 0).all()
    np.testing.assert_allclose(confidences.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize(
    ("entry", "chunk"),
    [
        (entry, chunk)
        for entry in entries()
        for chunk in ((5, 7, 10, 16) if entry.multiply_adds < SMALL else (3,))
    ],
    ids=lambda part: getattr(part, "name", str(part)),
)
def test_an_answer_does_not_depend_on_the_rest_of_the_batch(
    entry: Entry, chunk: int, threads: int
) -> None:
    classifier = loaded(entry, chunk)
    images = batch(entry, 16)
    with cpu_threads(threads):
        together = classifier.confidences(images)
        for position in range(len(images)):
            alone = classifier.confidences(images[position : position + 1])
            assert alone.tobytes() == together[position].tobytes()
        assert torch.get_num_threads() == threads


@every_entry
def test_a_second_copy_answers_the_same(entry: Entry) -> None:
    images = batch(entry, 9)
    first, second = loaded(entry), loaded(entry)
    assert first.confidences(images).tobytes() == second.confidences(images).tobytes()
    assert first.confidences(images).tobytes() == second.confidences(images).tobytes()


@every_entry
def test_leaves_the_images_alone_and_takes_strided_ones(entry: Entry) -> None:
    images = batch(entry, 8)
    before = images.copy()
    classifier = loaded(entry)
    strided = classifier.confidences(images[::2])
    assert (images == before).all()
    assert strided.tobytes() == classifier.confidences(np.ascontiguousarray(images[::2])).tobytes()


@every_entry
def test_a_tensor_is_judged_as_the_array_that_it_holds(entry: Entry) -> None:
    images = batch(entry, 5)
    classifier = loaded(entry)
    of_tensor = classifier.confidences(torch.from_numpy(images))
    assert of_tensor.tobytes() == classifier.confidences(images).tobytes()


@every_entry
@pytest.mark.parametrize("side", [16, 256])
def test_pictures_of_any_size_are_judged(entry: Entry, side: int) -> None:
    shades = np.random.default_rng(0).integers(0, 256, (2, side, side, entry.channels))
    images = (shades / 255).astype(np.float32)
    confidences = loaded(entry).confidences(images)
    np.testing.assert_allclose(confidences.sum(axis=1), 1, atol=1e-6)


@every_entry
def test_refuses_images_it_was_not_made_for(entry: Entry) -> None:
    classifier = loaded(entry)
    good = batch(entry, 2)
    not_a_number = good.copy()
    not_a_number[1, 3, 3, 0] = np.nan
    wrong: list[tuple[object, str]] = [
        (good.astype(np.float64), "float32, got float64"),
        (good.tolist(), "float32, got list"),
        (torch.from_numpy(good).double(), "float32, got torch.float64"),
        (good[0], "expected shape"),
        (good[:0], "expected shape"),
        (good[:, 1:], "expected shape"),
        (np.repeat(good, 2, axis=3), "expected shape"),
        (good * 255, r"in \[0, 1\], got"),
        (good - 1, r"in \[0, 1\], got"),
        (not_a_number, r"in \[0, 1\], got nan"),
    ]
    for images, message in wrong:
        with pytest.raises(BadImages, match=message):
            classifier.confidences(images)  # type: ignore[arg-type]


@every_entry
def test_counts_the_time_it_takes(entry: Entry) -> None:
    classifier = loaded(entry)
    assert classifier.forward_seconds == 0
    classifier.confidences(batch(entry, 1))
    once = classifier.forward_seconds
    assert once > 0
    classifier.confidences(batch(entry, 1))
    assert classifier.forward_seconds > once


@every_entry
def test_a_chunk_has_at_least_one_image(entry: Entry) -> None:
    with pytest.raises(ClassifierError, match="chunk: expected at least 1, got 0"):
        loaded(entry, chunk=0)


@every_entry
def test_shared_is_loaded_once(entry: Entry) -> None:
    assert shared(entry.name) is shared(entry.name)
    assert load(entry.name) is not shared(entry.name)


def test_what_was_not_asked_for_lately_is_given_up() -> None:
    """Engines hold compiled copies: a worker that has met every preset must not keep them all."""
    first = weakref.ref(shared("lenet-a", chunk=1))
    kept = weakref.ref(shared("lenet-a", chunk=2))
    for chunk in range(3, 2 + catalogue.MOST_SHARED):
        assert first() is not None
        shared("lenet-a", chunk=chunk)
        shared("lenet-a", chunk=2)
    shared("lenet-a", chunk=99)
    gc.collect()
    assert first() is None
    assert kept() is shared("lenet-a", chunk=2)
