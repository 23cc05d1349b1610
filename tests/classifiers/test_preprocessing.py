"""The shipped networks read real digits, and only when they are shown the right way.

The same check must fail for every wrong way, or it would not notice a broken preprocessing.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from classifiers.base import Classifier, FloatArray
from classifiers.catalogue import fitting, load, verified_weights
from classifiers.entries import Entry, Preprocessing
from classifiers.loading import network
from classifiers.wrapped import NetworkClassifier
from tests.classifiers.sample import real_digits

MIN_RIGHT = 0.97
# Scale hardly changes which label wins (the network is almost linear in it), but it changes how
# sure the network is. On these digits the mean cross-entropy is below 0.02.
MAX_CROSS_ENTROPY = 0.05

every_lenet = pytest.mark.parametrize("entry", fitting((28, 28, 1)), ids=lambda entry: entry.name)


def reads_digits(classifier: Classifier, images: FloatArray) -> bool:
    """Whether the classifier is as right, and as sure, about real digits as it should be."""
    _, labels = real_digits()
    confidences = classifier.confidences(images)
    right, cross_entropy = quality(confidences, labels)
    return right >= MIN_RIGHT and cross_entropy <= MAX_CROSS_ENTROPY


def quality(confidences: FloatArray, labels: npt.NDArray[np.int64]) -> tuple[float, float]:
    true_label = np.maximum(confidences[np.arange(len(labels)), labels], np.float32(1e-30))
    right = float((confidences.argmax(axis=1) == labels).mean())
    return right, float(-np.log(true_label).mean())


def inverted(images: FloatArray) -> FloatArray:
    return np.float32(1) - images


def transposed(images: FloatArray) -> FloatArray:
    return images.swapaxes(1, 2)


def upside_down(images: FloatArray) -> FloatArray:
    return images[:, ::-1]


def faint(images: FloatArray) -> FloatArray:
    return images / np.float32(256)


@every_lenet
def test_reads_real_digits(entry: Entry) -> None:
    images, labels = real_digits()
    classifier = load(entry.name)
    right, _ = quality(classifier.confidences(images), labels)
    assert right >= MIN_RIGHT
    assert reads_digits(classifier, images)


@every_lenet
@pytest.mark.parametrize("broken", [inverted, transposed, upside_down, faint])
def test_notices_images_shown_wrongly(
    entry: Entry, broken: Callable[[FloatArray], FloatArray]
) -> None:
    images, _ = real_digits()
    assert not reads_digits(load(entry.name), broken(images))


@every_lenet
@pytest.mark.parametrize(
    "preprocessing",
    [
        Preprocessing(scale=255.0, mean=(0.0,), colours="grey"),
        Preprocessing(scale=1 / 256, mean=(0.0,), colours="grey"),
        Preprocessing(scale=255 / 256, mean=(0.5,), colours="grey"),
        Preprocessing(scale=-255 / 256, mean=(-1.0,), colours="grey"),
    ],
    ids=["bytes unscaled", "scaled twice", "shifted", "inverted"],
)
def test_notices_a_wrong_preprocessing(entry: Entry, preprocessing: Preprocessing) -> None:
    images, _ = real_digits()
    wrong = replace(entry, preprocessing=preprocessing)
    classifier = NetworkClassifier(network(entry, verified_weights(entry), "cpu"), wrong, chunk=200)
    assert not reads_digits(classifier, images)
