"""The study of natural images: what is asked about, what is refused, and what it comes to."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from classifiers import datasets
from evolution import studies
from evolution.controls import clean
from evolution.errors import InvalidInput
from evolution.studies.base import Done, Finished, Outcome, Part
from evolution.studies.findings import Comparison, Findings
from evolution.studies.natural_images.study import Parameters
from evolution.studying import planning
from tests.classifiers.test_datasets import MD5, written
from tests.studies.made_up import outcome

STUDY = studies.get("natural-images")


def parts(**given: Any) -> list[Part]:
    return list(planning.plan("natural-images", "scaled", given).parts)


def folder(root: Path, pictures: dict[str, tuple[str, ...]] | None = None) -> Path:
    usual = {"n02510455": ("panda",), "espresso": ("espresso", "cup"), "883": ("fig",)}
    for inner, names in (pictures or usual).items():
        (root / inner).mkdir(parents=True)
        for name in names:
            source = name if name != "cup" else "espresso"
            shutil.copy(clean.PICTURES / f"{source}.webp", root / inner / f"{name}.webp")
    return root


def worked(part: Part) -> Done:
    return STUDY.work(Parameters(), part, Finished([]), lambda: None)


def answered(right: list[float], wrong: list[float], name: str = "squeezenet") -> Outcome:
    arguments = {"classifier": name, "kind": "photographs", "source": "folder"}
    result = {
        "right": [round(one * 100_000) for one in right],
        "wrong": [round(one * 100_000) for one in wrong],
        "damaged": 1,
        "reasons": ["a.png: broken"],
    }
    return Outcome(f"{name}, photographs 1 to 9", 0, arguments, result, None, 1.0)


def found(*outcomes: Outcome) -> Findings:
    return STUDY.findings(Parameters(), Finished(outcomes))


def numbers(*outcomes: Outcome) -> dict[str, Comparison]:
    return {one.number: one for one in found(*outcomes).comparisons}


class TestParts:
    def test_out_of_the_box_are_the_projects_own_pictures_and_runs_that_fool(self) -> None:
        every = parts()
        assert [part.key for part in every] == [
            "lenet-a, 30 digits",
            "lenet-a, pictures that fool it",
            "squeezenet, 20 photographs",
            "squeezenet, pictures that fool it",
        ]
        runs = [part.run for part in every if part.run]
        assert [(run.preset, run.generations) for run in runs] == [
            ("mnist-cppn-paper", 200),
            ("imagenet-cppn-fast", 100),
        ]

    def test_of_a_folder_are_pieces_of_it(self, tmp_path: Path, monkeypatch: Any) -> None:
        monkeypatch.setattr("evolution.studies.natural_images.study.AT_ONCE", 3)
        place = folder(tmp_path / "own")
        asked = {"classifiers": "squeezenet", "photographs": str(place), "imagenet_generations": 0}
        first, second = parts(**asked)
        assert (first.key, second.key) == (
            "squeezenet, photographs 1 to 3",
            "squeezenet, photographs 4 to 4",
        )
        before = first.arguments["digest"]
        (place / "883" / "more.webp").write_bytes(b"")
        assert parts(**asked)[0].arguments["digest"] != before

    def test_of_a_part_of_a_folder_take_from_every_label(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "own")
        asked = {"classifiers": "squeezenet", "photographs": str(place), "pictures": 3}
        part = parts(**asked, imagenet_generations=0)[0]
        assert (part.arguments["first"], part.arguments["last"]) == (0, 3)
        done = worked(part)
        assert len(done.result["right"]) == 2  # the fig is called something else

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"classifiers": ""}, "classifiers: expected one or more"),
            ({"classifiers": "nobody"}, "classifiers: "),
            (
                {"photographs": "/does/not/exist"},
                "photographs: /does/not/exist: expected a readable",
            ),
            (
                {"digits": "/does/not/exist"},
                "digits: folder /does/not/exist: expected one of train",
            ),
            ({"crops": "five"}, "crops: expected ten, whole; got 'five'"),
        ],
    )
    def test_what_cannot_be_asked_is_named(self, given: dict[str, Any], words: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            parts(**given)
        assert str(refused.value).startswith(words)

    def test_a_folder_without_pictures_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match=r"photographs: .*expected one folder a label"):
            parts(photographs=str(tmp_path))

    def test_labels_that_do_not_match_are_refused(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "own", {"espresso": ("espresso",), "my holidays": ("panda",)})
        with pytest.raises(
            InvalidInput, match="labels of squeezenet alone, got 1 others: my holidays"
        ):
            parts(photographs=str(place))


class TestTheWork:
    def test_shipped_photographs_are_asked_about_and_shown(self) -> None:
        part = parts(classifiers="squeezenet")[0]
        done = worked(part)
        result = done.result
        assert len(result["right"]) + len(result["wrong"]) == len(done.pictures) == 20
        assert len(result["right"]) >= 12
        shown = {truth: (guess, confidence) for truth, guess, confidence in result["shown"]}
        assert shown["giant panda"][0] == "giant panda"
        kept = sorted(result["right"] + result["wrong"])
        assert kept == sorted(int(confidence * 100_000) for _, confidence in shown.values())

    def test_digits_come_from_the_published_files(self, tmp_path: Path, monkeypatch: Any) -> None:
        place = written(tmp_path)
        part = parts(classifiers="lenet-a", digits=str(place))[0]
        assert part.key == "lenet-a, MNIST’s test set"
        with pytest.raises(InvalidInput, match=r"digits: .*expected content with MD5"):
            worked(part)
        monkeypatch.setattr(datasets, "mnist", partial(datasets.mnist, published=MD5))
        result = worked(part).result
        assert len(result["right"]) + len(result["wrong"]) == 3

    def test_a_folder_that_changed_is_refused(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "own")
        part = parts(classifiers="squeezenet", photographs=str(place))[0]
        (place / "883" / "more.webp").write_bytes(b"")
        with pytest.raises(InvalidInput, match="photographs: expected the folder as it was"):
            worked(part)

    def test_damaged_pictures_are_left_out_and_told(self, tmp_path: Path) -> None:
        place = folder(tmp_path / "own")
        (place / "883" / "broken.png").write_bytes(b"no picture")
        result = worked(parts(classifiers="squeezenet", photographs=str(place))[0]).result
        assert (result["damaged"], len(result["reasons"])) == (1, 1)
        assert len(result["right"]) + len(result["wrong"]) == 4


class TestFindings:
    def test_before_the_first_answer_nothing_is_claimed(self) -> None:
        told = found()
        assert told.headline == "No network was asked yet."
        assert {(one.verdict, one.ours) for one in told.comparisons} == {("open", "")}
        assert [one.number for one in told.comparisons] == [
            "natural-mnist-error",
            "natural-imagenet-error",
            "natural-all",
            "natural-right",
            "natural-wrong",
        ]

    def test_few_pictures_are_compared_with_nothing(self) -> None:
        one = numbers(answered([0.9], [0.6]))["natural-all"]
        assert (one.verdict, one.ours) == ("open", "75.00%")
        assert "too few" in one.conditions

    def test_medians_and_the_error_are_compared(self) -> None:
        told = numbers(answered([0.85] * 600, [0.3] * 400))
        assert {name: one.verdict for name, one in told.items()} == {
            "natural-mnist-error": "open",
            "natural-imagenet-error": "differs",  # 40%, of 42.6%
            "natural-all": "differs",
            "natural-right": "holds",
            "natural-wrong": "holds",
        }
        assert told["natural-imagenet-error"].ours == "40.00%"

    def test_pieces_of_a_folder_count_together(self) -> None:
        first, second = answered([0.8], []), answered([0.6], [0.1])
        second = Outcome(
            "squeezenet, photographs 2 to 3", 0, second.arguments, second.result, None, 1.0
        )
        (table,) = found(first, second).tables
        assert table.rows[0][1:6] == [
            "3 photographs of a folder", pytest.approx(1 / 3), 0.6, pytest.approx(0.7), 0.1,
        ]  # fmt: skip

    def test_champions_stand_beside_them(self) -> None:
        run = outcome("squeezenet, pictures that fool it", {3: 0.9, 4: 0.999}, run=5)
        told = found(answered([0.8], [0.2]), run)
        assert told.headline == (
            "squeezenet is 50.00% sure of the median natural picture and 94.95% of the median picture "
            "that fools it."
        )
        assert [link.address for link in told.links] == ["/runs/5/"]
        assert told.tables[0].rows[0][7:] == [pytest.approx(0.9495), 0.5, 2]
        (plot,) = told.plots
        curve = dict(plot.lines[2].points)
        assert (curve[0.0], curve[90.0], curve[92.0], curve[100.0]) == (1.0, 1.0, 0.5, 0.0)
        assert any("1 pictures could not be read" in note for note in told.notes)
