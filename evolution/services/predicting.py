"""Asking classifiers about stored individuals. Torch is imported when the first question comes."""

import hashlib
import logging

import numpy as np
import numpy.typing as npt
import redis.exceptions
from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from classifiers import catalogue
from classifiers.base import Classifier, ClassifierError, FloatArray
from classifiers.entries import AnyEntry, Entry
from classifiers.places import Crops
from evolution import phenotypes
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.models import Individual, Prediction, Run
from evolution.services.places import place

ASK_AGAIN_AFTER = 60  # seconds
CHUNK = 8  # views at once: a single question costs as much as eight
MOST_VIEWS = 40  # of one task, so that a visitor's question waits seconds at most
log = logging.getLogger(__name__)


def predict(individual_id: int, classifier_name: str) -> Prediction:
    """Store what a classifier says of an individual; the answer of one version is stored once.

    It looks at the picture as the classifier that bred it did: at all of it, or at ten crops.
    Raises Individual.DoesNotExist, InvalidInput if the genome was pruned, ClassifierError for an
    unknown name or altered weights, BadGenome for altered bytes.
    """
    entry = catalogue.entry(classifier_name)
    individual = Individual.objects.select_related("run", "brood__session").get(pk=individual_id)
    known = individual.predictions.filter(classifier=entry.name, version=entry.version).first()
    if known:
        return known
    if individual.genome is None:
        raise InvalidInput("individual", f"expected a kept genome, No. {individual_id} was pruned")
    images = picture(bytes(individual.genome), individual.image_shape[0])[np.newaxis]
    if individual.run is None:
        (confidences,) = answers(entry, as_seen_by(entry, images), "whole")
    else:
        (confidences,) = answers(entry, images, individual.run.parameters["crops"])
    prediction, _ = Prediction.objects.get_or_create(
        individual=individual,
        classifier=entry.name,
        version=entry.version,
        defaults={"top": top(confidences)},
    )
    return prediction


def predict_champions(run_id: int, classifier_name: str, most: int | None = None) -> bool:
    """Ask a classifier about champions of a run that it has not seen yet, up to so many.

    Returns whether more of them wait. Damaged genomes are left out. Raises Run.DoesNotExist,
    ClassifierError, InvalidInput.
    """
    entry = catalogue.entry(classifier_name)
    run = Run.objects.get(pk=run_id)
    if most is None:
        most = MOST_VIEWS // (10 if run.parameters["crops"] == "ten" else 1)
    waiting = unasked(run, entry)[: most + 1]
    pictures: dict[int, bytes] = {}
    for individual_id, genome in waiting:
        try:
            codec.decode(bytes(genome or b""))
        except BadGenome as error:
            log.warning("No. %s is not shown to %s: %s", individual_id, entry.name, error)
            continue
        pictures[individual_id] = bytes(genome or b"")
    asked = list(pictures)[:most]
    if not asked:
        return False
    images = np.stack([picture(pictures[number], run.image_shape[0]) for number in asked])
    said = answers(entry, images, run.parameters["crops"])
    Prediction.objects.bulk_create(
        [
            Prediction(
                individual_id=number,
                classifier=entry.name,
                version=entry.version,
                top=top(confidences),
            )
            for number, confidences in zip(asked, said, strict=True)
        ],
        ignore_conflicts=True,  # somebody else asked meanwhile
    )
    return len(waiting) > most


def other_networks(run: Run) -> list[Entry]:
    """Installed networks that a run was not bred against, but that know its labels and colours."""
    try:
        own = catalogue.entry(run.classifier)
    except ClassifierError:
        return []  # of an old run whose classifier is gone
    return [
        entry
        for entry in catalogue.fitting(run.image_shape)
        if entry.labels == own.labels and entry not in own.members
    ]


def observers_of_finished(run_id: int) -> list[str]:
    """Names of the networks to ask about the champions of a run that has just finished."""
    run = Run.objects.filter(pk=run_id, status=Run.Status.FINISHED).first()
    return [entry.name for entry in other_networks(run)] if run else []


def unasked(
    run: Run, entry: AnyEntry
) -> "QuerySet[Individual, tuple[int, bytes | memoryview | None]]":
    """Champions of a run whose picture can be drawn and of which a classifier said nothing yet."""
    said = Prediction.objects.filter(
        individual=OuterRef("pk"), classifier=entry.name, version=entry.version
    )
    holders = run.elites.holders().values("individual")
    champions = Individual.objects.drawable().filter(pk__in=holders).exclude(Exists(said))
    return champions.order_by("pk").values_list("pk", "genome")


def picture(genome: bytes, size: int) -> phenotypes.Picture:
    """What networks are shown: (size, size, C) bytes."""
    return phenotypes.express(codec.decode(genome), size)


def as_seen_by(entry: AnyEntry, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Pictures (B, H, W, C) as a classifier can be shown them: grey ones with equal channels."""
    if images.shape[3] == 1 and entry.channels == 3:
        return np.repeat(images, 3, axis=3)
    return images


def answers(entry: AnyEntry, images: npt.NDArray[np.uint8], crops: Crops) -> FloatArray:
    """Return (B, n_labels) confidences in pictures (B, H, W, C)."""
    if not entry.accepts(images.shape[1:]):
        raise InvalidInput(
            "classifier",
            f"expected one that can be shown pictures of {images.shape[1:]}, got {entry.name}",
        )
    return _classifier(entry.name, crops).confidences(images)


def top(confidences: npt.NDArray[np.float32]) -> list[tuple[int, float]]:
    """The same as `tops` for one picture. confidences: (n_labels,)."""
    return tops(confidences[np.newaxis])[0]


def tops(confidences: npt.NDArray[np.float32]) -> list[list[tuple[int, float]]]:
    """The Prediction.TOP labels with the highest confidence, highest first, for each picture.

    confidences: (B, n_labels). Returns B lists of (label index, confidence); of equal ones the
    lower label comes first.
    """
    order = np.argsort(-confidences, axis=1, kind="stable")[:, : Prediction.TOP]
    best = np.take_along_axis(confidences, order, axis=1)
    return [
        list(zip(labels, values, strict=True))
        for labels, values in zip(order.tolist(), best.tolist(), strict=True)
    ]


def may_ask(individual_id: int, classifier_name: str) -> bool:
    """True for the first caller in a minute, so that every viewer's poll is not a new question.

    True as well while the cache is down: `predict` stores one answer however often it is asked.
    """
    return first_in_a_while(f"asked:{individual_id}:{classifier_name}")


def may_ask_about_champions(run_id: int, classifier_name: str) -> bool:
    """The same for all champions of a run."""
    return first_in_a_while(f"asked-run:{run_id}:{classifier_name}")


def may_ask_about_brood(brood_id: int, classifier_name: str, wish: str) -> bool:
    """The same for a brood and a wished label."""
    return first_in_a_while(f"asked-brood:{brood_id}:{classifier_name}:{hash_of(wish)}")


def hash_of(words: str) -> str:
    """Something short for a cache key, which must hold no spaces."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def first_in_a_while(key: str) -> bool:
    try:
        return cache.add(key, 1, ASK_AGAIN_AFTER)
    except (redis.exceptions.RedisError, OSError):
        return True


def _classifier(name: str, crops: Crops) -> Classifier:
    # On the processor, beside whatever evolves on a GPU.
    return catalogue.shared(name, place(), crops=crops, chunk=CHUNK)
