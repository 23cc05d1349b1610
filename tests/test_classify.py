"""`manage.py classify` says what networks see in picture files."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from classifiers import catalogue
from evolution.controls.clean import PICTURES
from evolution.genomes import codec
from evolution.genomes.base import Expression
from evolution.genomes.cppn_population import CppnPopulation
from evolution.services import predicting
from tests.classifiers.imagenet_networks import ESPRESSO, ROCKET
from tests.factories import make_individual, make_run
from tests.processes import Processes

COFFEE = str(ESPRESSO)


def classify(*arguments: str) -> str:
    out = StringIO()
    call_command("classify", *arguments, stdout=out)
    return out.getvalue()


def as_json(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(classify(*arguments, "--json"))
    return found


def test_squeezenet_says_what_it_sees() -> None:
    (told,) = as_json(COFFEE)
    assert list(told) == ["image", "classifier", "engine", "predictions"]
    assert (told["image"], told["classifier"]) == (COFFEE, "squeezenet")
    assert len(told["predictions"]) == 5
    first = told["predictions"][0]
    assert list(first) == ["index", "label", "confidence"]
    assert (first["index"], first["label"]) == (967, "espresso")
    confidences = [said["confidence"] for said in told["predictions"]]
    assert confidences == sorted(confidences, reverse=True)


def test_every_picture_is_shown_to_every_classifier() -> None:
    images = [COFFEE, str(ROCKET)]
    names = ["squeezenet", "squeezenet+efficientnet-lite0"]
    chosen = [word for name in names for word in ("--classifier", name)]
    told = as_json(*images, *chosen, "--top", "2")
    asked = [(image, name) for image in images for name in names]
    assert [(answer["image"], answer["classifier"]) for answer in told] == asked
    assert all(len(answer["predictions"]) == 2 for answer in told)


def test_people_get_a_table() -> None:
    head, first, *rest = classify(COFFEE, "--classifier", "lenet-a", "--top", "3").splitlines()
    assert head == f"{COFFEE}, lenet-a ({catalogue.load('lenet-a').engine}):"
    share, label = first.split()
    assert share.endswith("%")
    assert label in "0123456789"
    assert len(rest) == 2


@pytest.mark.parametrize("crops", ["whole", "ten"])
@pytest.mark.django_db
def test_a_downloaded_picture_gets_the_number_on_the_site(
    client: Client, tmp_path: Path, crops: str
) -> None:
    run = make_run("imagenet-cppn-fast", classifier="squeezenet")
    run.parameters["crops"] = crops
    run.save()
    expression = Expression("normalised", 256, "hsv")
    genome = CppnPopulation.random(1, np.random.default_rng(3), expression)[0]
    individual = make_individual(run, genome=codec.encode(genome))
    stored = predicting.predict(individual.pk, "squeezenet").top
    answer = client.get(f"/pictures/{individual.pk}/256.png?download=1")
    assert answer.status_code == 200
    (tmp_path / "champion.png").write_bytes(answer.content)
    (told,) = as_json(str(tmp_path / "champion.png"), "--crops", crops)
    for said, (label, confidence) in zip(told["predictions"], stored[:5], strict=True):
        assert said["index"] == label
        assert said["confidence"] == pytest.approx(confidence, rel=0, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.png"], "nowhere.png: expected a readable picture, got: No such file"),
        ([str(PICTURES)], "pictures: expected a picture, got a folder"),
        ([__file__], "test_classify.py: expected a PNG, JPEG or WebP picture"),
        ([COFFEE, "--top", "0"], "--top: expected at least 1, got 0"),
        ([COFFEE, "--classifier", "vgg"], "expected one of lenet-a, lenet-b, squeezenet, "),
        ([COFFEE, "--classifier", "lenet-a+vgg"], "expected one of lenet-a, "),
        ([COFFEE, "--classifier", "alexnet"], "AlexNet is not installed: put torchvision's"),
        ([COFFEE, "--classifier", "lenet-a+squeezenet"], "networks with the same labels"),
    ],
)
def test_bad_input_is_told_in_words(arguments: list[str], words: str) -> None:
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("classify", *arguments, "--json", stdout=out)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert out.getvalue() == ""


@pytest.mark.django_db(transaction=True)
def test_a_shell_sees_one_line_and_a_failure(processes: Processes, tmp_path: Path) -> None:
    (tmp_path / "half.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    failed = processes.run("manage.py", "classify", COFFEE, str(tmp_path / "half.png"))
    assert failed.returncode != 0
    assert failed.stdout == ""
    (line,) = failed.stderr.splitlines()
    assert line.startswith(f"CommandError: {tmp_path}/half.png: expected a")


def test_a_grey_network_sees_grey() -> None:
    (told,) = as_json(COFFEE, "--classifier", "lenet-b", "--top", "10")
    total = np.sum([said["confidence"] for said in told["predictions"]])
    assert total == pytest.approx(1, abs=1e-5)
    assert len(catalogue.entry("lenet-b").labels) == len(told["predictions"])
