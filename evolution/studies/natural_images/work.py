"""The work of the study of natural images: networks are asked, which needs torch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifiers import catalogue, datasets, natural
from classifiers.base import BadDataset, Classifier
from evolution import controls, phenotypes
from evolution.controls import Control, Domain
from evolution.errors import InvalidInput
from evolution.services.places import place
from evolution.studies.base import Beat, Done
from evolution.studies.natural_images.study import digest, listed

PER_UNIT = 100_000  # confidences are kept as whole numbers, cut


def ask(arguments: Mapping[str, Any], beat: Beat) -> Done:
    """Ask a network about the pictures of a part.

    Keeps right, wrong: the confidences of its right and wrong answers, in 1/100,000. damaged: how
    many pictures could not be read; reasons: of the first. Raises ClassifierError, InvalidInput.
    """
    classifier = catalogue.load(arguments["classifier"], place())
    beat()
    if arguments["source"] == "shipped":
        return _shipped(classifier, Domain.DIGITS if arguments["kind"] == "digits" else None)

    if arguments["source"] == "mnist":
        try:
            digits = datasets.mnist(Path(arguments["folder"])).test
        except BadDataset as error:
            raise InvalidInput("digits", str(error)) from None
        return Done(_kept(natural.of_images(classifier, digits, lambda *_: beat())))
    pictures = listed(
        arguments["folder"], catalogue.entry(arguments["classifier"]), arguments["most"]
    )
    if digest(pictures) != arguments["digest"]:
        raise InvalidInput(
            "photographs", "expected the folder as it was when the study began, got other files"
        )
    some = pictures[arguments["first"] : arguments["last"]]
    return Done(_kept(natural.of_files(classifier, some, lambda *_: beat())))


def _kept(answers: natural.Answers) -> dict[str, Any]:
    right = answers.right
    return {
        "right": _cut(answers.confidences[right].tolist()),
        "wrong": _cut(answers.confidences[~right].tolist()),
        "damaged": answers.damaged,
        "reasons": list(answers.reasons),
    }


def _shipped(classifier: Classifier, domain: Domain | None) -> Done:
    """Of the project's own pictures, which are shown: some have several right names."""
    shown = controls.photographs(domain or Domain.PHOTOGRAPHS)
    rows = classifier.confidences(np.stack([one.pixels for one in shown]))
    guesses = [classifier.labels[index] for index in rows.argmax(axis=1)]
    confidences = rows.max(axis=1).tolist()
    right = [guess in one.truth for guess, one in zip(guesses, shown, strict=True)]
    kept = {
        "right": _cut([c for c, is_right in zip(confidences, right, strict=True) if is_right]),
        "wrong": _cut([c for c, is_right in zip(confidences, right, strict=True) if not is_right]),
        "damaged": 0,
        "reasons": [],
        "shown": [
            [one.truth[0], guess, confidence]
            for one, guess, confidence in zip(shown, guesses, confidences, strict=True)
        ],
    }
    return Done(kept, _files(shown))


def _files(shown: Sequence[Control]) -> list[bytes]:
    return [phenotypes.webp(one.pixels) for one in shown]


def _cut(confidences: Sequence[float]) -> list[int]:
    return [int(confidence * PER_UNIT) for confidence in confidences]
