"""Say what classifiers see in pictures (PNG, JPEG, WebP)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from classifiers import catalogue, pictures
from classifiers.base import Classifier, ClassifierError
from evolution.services.places import place
from evolution.templatetags.readings import percent

USUAL = "squeezenet"


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
        parser.add_argument(
            "--classifier",
            action="append",
            metavar="NAME",
            help=f'{USUAL} unless given; may be repeated; "a+b" is the mean of two',
        )
        parser.add_argument("--top", type=int, default=5, help="labels of each answer")
        parser.add_argument("--crops", choices=["whole", "ten"], default="whole")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["top"] < 1:
            raise CommandError(f"--top: expected at least 1, got {options['top']}")
        try:
            names = list(dict.fromkeys(options["classifier"] or [USUAL]))
            asked = [
                catalogue.load(name, place(), crops=options["crops"], chunk=1) for name in names
            ]
            answers = [
                answer(image, classifier, options["top"])
                for image in options["images"]
                for classifier in asked
            ]
        except ClassifierError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(answers) if options["json"] else _table(answers))


def answer(image: Path, classifier: Classifier, top: int) -> dict[str, Any]:
    """What a classifier says of a picture, most confident first. Raises ClassifierError."""
    picture = pictures.read(image, classifier.channels)
    (confidences,) = classifier.confidences(picture[None])
    order = (-confidences).argsort(kind="stable")[:top]
    return {
        "image": str(image),
        "classifier": classifier.name,
        "engine": classifier.engine,
        "predictions": [
            {
                "index": int(index),
                "label": classifier.labels[index],
                "confidence": float(confidences[index]),
            }
            for index in order
        ],
    }


def _table(answers: list[dict[str, Any]]) -> str:
    lines = []
    for told in answers:
        lines.append(f"{told['image']}, {told['classifier']} ({told['engine']}):")
        lines += [
            f"  {percent(said['confidence']):>9}  {said['label']}" for said in told["predictions"]
        ]
    return "\n".join(lines)
