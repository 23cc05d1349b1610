"""Asking a classifier about a stored individual. Torch is imported when the first question comes."""

import numpy as np
import numpy.typing as npt
import redis.exceptions
from django.conf import settings
from django.core.cache import cache

from classifiers import catalogue
from classifiers.base import Classifier
from evolution import phenotypes
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.models import Individual, Prediction

ASK_AGAIN_AFTER = 60  # seconds


def predict(individual_id: int, classifier_name: str) -> Prediction:
    """Store what a classifier says of an individual; the answer of one version is stored once.

    Raises Individual.DoesNotExist, InvalidInput if the genome was pruned, ClassifierError for an
    unknown name or altered weights, BadGenome for altered bytes.
    """
    entry = catalogue.entry(classifier_name)
    individual = Individual.objects.get(pk=individual_id)
    known = individual.predictions.filter(classifier=entry.name, version=entry.version).first()
    if known:
        return known
    if individual.genome is None:
        raise InvalidInput("individual", f"expected a kept genome, No. {individual_id} was pruned")
    image = picture(bytes(individual.genome), entry.input_shape)
    confidences = _classifier(entry.name).confidences(image[np.newaxis])[0]
    prediction, _ = Prediction.objects.get_or_create(
        individual=individual,
        classifier=entry.name,
        version=entry.version,
        defaults={"top": top(confidences)},
    )
    return prediction


def picture(genome: bytes, input_shape: tuple[int, int, int]) -> npt.NDArray[np.float32]:
    """What a network of this input shape sees: (H, W, C) float32, multiples of 1/255 in [0, 1]."""
    image = phenotypes.express(codec.decode(genome), input_shape[0])
    if image.shape != input_shape:
        raise InvalidInput("classifier", f"expected {image.shape} pictures, got {input_shape}")
    return image.astype(np.float32) / np.float32(255)


def top(confidences: npt.NDArray[np.float32]) -> list[tuple[int, float]]:
    """The Prediction.TOP labels with the highest confidence, highest first.

    confidences: (n_labels,). Returns (label index, confidence) pairs; of equal ones the lower label
    comes first.
    """
    order = np.argsort(-confidences, kind="stable")[: Prediction.TOP]
    return [(int(label), float(confidences[label])) for label in order]


def may_ask(individual_id: int, classifier_name: str) -> bool:
    """True for the first caller in a minute, so that every viewer's poll is not a new question.

    True as well while the cache is down: `predict` stores one answer however often it is asked.
    """
    try:
        return cache.add(f"asked:{individual_id}:{classifier_name}", 1, ASK_AGAIN_AFTER)
    except (redis.exceptions.RedisError, OSError):
        return True


def _classifier(name: str) -> Classifier:
    return catalogue.shared(name, chunk=1, weights_dir=settings.WEIGHTS_DIR)
