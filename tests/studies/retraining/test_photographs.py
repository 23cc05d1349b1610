"""SqueezeNet's last layer learns what fooled it, and people's pictures are shown to it."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django import Settings

from classifiers import catalogue
from evolution.controls import clean
from evolution.errors import InvalidInput
from evolution.models import Study
from evolution.studies.retraining import pools
from evolution.studying import planning, telling, terminal
from tests.factories import make_publication

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {
    "crops": "whole", "generations": 1, "runs": 1, "measured_runs": 1, "pictures": 40,
    "fooling": 16, "fooling_validation": 6, "iterations": 40,
}  # fmt: skip
SHIFTS = range(0, 40, 8)  # pixels


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Four photographs, each in five places of its picture, and one file that is no picture."""
    folder = tmp_path / "photographs"
    for name in ("bee", "panda", "espresso", "palace"):
        inner = folder / clean.PHOTOGRAPHS[name][0].replace(" ", "_")
        inner.mkdir(parents=True)
        whole = Image.open(clean.PICTURES / f"{name}.webp").convert("RGB")
        for shift in SHIFTS:
            whole.crop((shift, shift, shift + 210, shift + 210)).save(inner / f"{shift}.png")
    (inner / "broken.png").write_bytes(b"no picture")
    return folder


def start(photographs: Path, **given: Any) -> Study:
    values = {**SMALL, "data": str(photographs), **given}
    return planning.start(planning.plan("retraining-imagenet", "", values))


@pytest.mark.slow
@pytest.mark.timeout(900)  # 1600 pictures of a large network: half a minute on two idle cores
def test_a_network_learns_what_fooled_it(
    photographs: Path, networks: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    people = make_publication(title="A face").individual
    study = start(photographs)
    assert telling.findings(study).headline == "No run has finished yet."
    terminal.work_through(study.pk, lambda *_: None)
    study.refresh_from_db()
    assert study.status == "finished", study.error
    training = study.parts.get(key="network 2").result
    assert training is not None
    assert (training["learnt"] + training["kept"], training["damaged"]) == (20, 1)
    assert (training["fooling"], training["fooling_kept"], training["known_labels"]) == (16, 6, 4)
    assert training["found"] >= 0.5, "of fooling pictures that it never saw"
    assert training["after"] <= 0.5, "it still knows photographs"
    assert not (tmp_path / "maps").exists()
    entry = catalogue.entry(training["network"])
    assert (entry.version, len(entry.targets)) == (training["version"], 1000)
    run = study.parts.get(key="run against network 2, seed 0").run
    assert run is not None
    assert (run.classifier, run.elites.holders().count()) == (entry.name, 1000)
    shown = study.parts.get(key="pictures bred by people").result
    assert shown is not None
    assert shown["individuals"] == [people.pk]
    found = telling.findings(study)
    numbers = {one.number: one for one in found.comparisons}
    assert set(numbers) == {
        "retraining-imagenet-medians", "retraining-imagenet-p", "retraining-imagenet-error",
        "retraining-imagenet-error-with-fooling", "retraining-imagenet-people",
    }  # fmt: skip
    assert all(one.ours and one.verdict != "open" for one in numbers.values())
    assert numbers["retraining-imagenet-people"].ours[:6] in ("0 of 1", "1 of 1")
    assert {sheet.name for sheet in found.sheets} == {"champions-1", "champions-2", "people"}


def test_no_picture_of_a_person_is_told(photographs: Path, networks: Path) -> None:
    study = start(photographs)
    part = study.parts.get(key="pictures bred by people")
    assert part.arguments["individuals"] == []
    part.status, part.result, part.finished_at = (
        "done",
        {"individuals": [], "labels": [], "confidences": []},
        study.created_at,
    )
    part.save()
    found = telling.findings(study)
    assert any("No picture bred by a person" in note for note in found.notes)
    (people,) = [one for one in found.comparisons if one.number == "retraining-imagenet-people"]
    assert (people.ours, people.verdict) == ("", "open")


def test_another_picture_in_the_folder_is_another_network(
    photographs: Path, networks: Path
) -> None:
    names = []
    for number in range(2):
        study = start(photographs)
        names.append(study.parts.get(key="network 2").arguments["network"])
        inner = photographs / "more"
        inner.mkdir(exist_ok=True)
        (inner / f"{number}.png").write_bytes(b"")
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fooling": 2001}, "runs: expected 2 or more, since each gives 2,000 pictures"),
        ({"data": "/nowhere"}, "data: /nowhere: expected a readable folder"),
        ({"crops": "none"}, "crops: expected ten, whole"),
        ({"kept": "1"}, "kept: expected 0.01 to 0.9"),
    ],
)
def test_what_cannot_be_done(photographs: Path, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        start(photographs, **given)


def test_a_sample_is_half_and_half() -> None:
    first, final = list(range(100)), list(range(100, 200))
    learnt, kept = pools.sampled(first, final, (81, 20), 1)
    assert (len(learnt), len(kept)) == (81, 20)
    assert len({*learnt, *kept}) == 101
    assert [sum(one < 100 for one in part) for part in (learnt, kept)] == [40, 10]
    with pytest.raises(InvalidInput, match="expected 61 pictures, got 60"):
        pools.sampled(first, final[:60], (101, 20), 1)
