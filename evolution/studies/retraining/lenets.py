"""Measuring network 1, and training those that follow it."""

from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from classifiers import catalogue, datasets, natural
from evolution.errors import InvalidInput
from evolution.services.places import place
from evolution.studies.base import Beat, Finished
from evolution.studies.retraining import made, pools
from evolution.studies.retraining.digit_parameters import (
    Parameters,
    folder_of,
    key_of,
    name_of,
    runs_of,
)

if TYPE_CHECKING:
    from classifiers.retraining import Fooling

AT_ONCE = 50  # digits in a pass, as runs have it


def measured(parameters: Parameters, beat: Beat) -> dict[str, Any]:
    """The errors of network 1, which had no fooling pictures. Raises ClassifierError."""
    data = datasets.mnist(folder_of(parameters), datasets.MNIST_MD5)
    beat()
    network = catalogue.shared(parameters.classifier, place(), crops="whole", chunk=AT_ONCE)
    said = natural.of_images(network, data.test, lambda *_: beat())
    error = int((~said.right).sum()) / len(data.test)
    return {
        "network": network.name,
        "version": network.version,
        "validation": error,
        "digits": error,
        "train": len(data.train),
        "validated": len(data.test),
    }


def trained(parameters: Parameters, number: int, finished: Finished, beat: Beat) -> dict[str, Any]:
    """Train a network, publish it, and measure it. Raises ClassifierError, InvalidInput."""
    from classifiers import retraining

    data = datasets.mnist(folder_of(parameters), datasets.MNIST_MD5)
    fooling, distinct = _fooling(parameters, number, finished, beat)

    def progress(*_: object) -> None:
        beat()

    training = retraining.retrain(
        data,
        fooling,
        parameters.training_seed + number,
        iterations=parameters.iterations,
        progress=progress,
    )
    errors = retraining.errors(training.network, data, fooling)
    name = name_of(parameters, number)
    title = f"LeNet, retrained ({name.removeprefix('lenet-fooled-')})"
    retraining.publish(training, settings.NETWORKS_DIR, name, title)
    return {
        "network": name,
        "version": catalogue.entry(name).version,
        "validation": errors.validation,
        "digits": errors.digits,
        "train": errors.train_images,
        "validated": errors.validation_images,
        "fooling": len(fooling.train) + len(fooling.validation),
        "distinct": distinct,
    }


def _fooling(
    parameters: Parameters, number: int, finished: Finished, beat: Beat
) -> tuple["Fooling", int]:
    """All pictures that fooled networks before this one, and how many different individuals."""
    from classifiers import retraining

    sizes = retraining.Sizes(
        parameters.first, parameters.first_validation, parameters.later, parameters.later_validation
    )
    joined: Fooling | None = None
    distinct = 0
    for before in range(1, number):
        first, final = pools.of_runs(_runs(parameters, before, finished), beat)
        distinct += len({*first, *final})
        rng = np.random.default_rng([parameters.training_seed, before])
        more = retraining.sample(
            pools.pictures(first, retraining.SIDE, beat)[..., 0],
            pools.pictures(final, retraining.SIDE, beat)[..., 0],
            sizes.added(before + 1),
            rng,
        )
        joined = more if joined is None else joined.joined(more)
    assert joined is not None  # network 1 is not trained here
    return joined, distinct


def _runs(parameters: Parameters, number: int, finished: Finished) -> list[int]:
    """The runs against a network whose pictures teach. Raises ClassifierError, InvalidInput."""
    version = finished[key_of(number)].result["version"]
    found = []
    for outcome in runs_of(finished, number)[: parameters.teaching(number)]:
        made.check_version(outcome.key, outcome.result["version"], version)
        if outcome.run is None:
            raise InvalidInput(outcome.key, "expected its run, got none: somebody deleted it")
        found.append(outcome.run)
    return found
