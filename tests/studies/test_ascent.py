"""The study of gradient ascent: its parts, what is refused, and pictures that end in the gallery."""

from dataclasses import replace
from typing import Any

import pytest

from classifiers import catalogue
from classifiers.entries import Entry
from evolution import studies
from evolution.errors import Interrupted, InvalidInput
from evolution.models import Elite, Individual, Run, Study
from evolution.studies.ascent.study import PAPER_CLASSES, Parameters
from evolution.studies.base import Finished, Outcome
from evolution.studies.findings import Comparison, Findings
from evolution.studying import planning, telling, terminal

PUBLISHED = {"none": 500, "l2": 1500, "blur": 1500, "strong": 1000}


def parts(**given: Any) -> Any:
    return planning.plan("ascent", "paper", given).parts


def picture(label: int, confidence: float, seed: int = 0, **kept: Any) -> dict[str, Any]:
    above = 3 if confidence >= 0.99 else None
    return {
        "label": label,
        "seed": seed,
        "individual": 100 + label,
        "confidence": confidence,
        "is_top": True,
        "first_top": 2,
        "first_above": [above, above, above],
        "lost": False,
        "curve": [0.1, 0.5, confidence],
        **kept,
    }


def outcome(style: str, pictures: list[dict[str, Any]], name: str = "squeezenet") -> Outcome:
    arguments = {"classifier": name, "style": style, "seed": 0}
    result = {
        "run": 7,
        "side": 227,
        "step": 250,
        "iterations": PUBLISHED[style],
        "pictures": pictures,
    }
    return Outcome(f"{name}, {style}", 0, arguments, result, None, 1.0)


def found(*outcomes: Outcome) -> Findings:
    parameters = Parameters(classifiers=("lenet-a", "squeezenet"))
    return studies.get("ascent").findings(parameters, Finished(outcomes))


def numbers(*outcomes: Outcome) -> dict[str, Comparison]:
    return {one.number: one for one in found(*outcomes).comparisons}


class TestParts:
    def test_of_the_paper_are_its_classes_styles_and_starts(self) -> None:
        every = parts(classifiers="squeezenet")
        pictures = {
            (part.arguments["style"], part.arguments["seed"], label)
            for part in every
            for label in part.arguments["labels"]
        }
        assert len(pictures) == 4 * 5 * 20
        assert {label for _, _, label in pictures} == set(PAPER_CLASSES)
        assert {
            part.arguments["style"]: part.arguments["iterations"] for part in every
        } == PUBLISHED

    def test_are_short_and_have_names_of_their_own(self) -> None:
        every = parts()
        assert max(part.seconds for part in every) <= 61
        assert len({part.key for part in every}) == len(every)
        assert sum(part.evaluations for part in every) == 30 * 5 * sum(PUBLISHED.values())

    def test_of_fewer_starts_are_among_those_of_more(self) -> None:
        few = {part.key: part.arguments for part in parts(starts=1)}
        many = {part.key: part.arguments for part in parts(starts=3)}
        assert few.items() <= many.items()

    def test_name_the_version_of_the_network(self) -> None:
        version = catalogue.entry("lenet-a").version
        assert parts(classifiers="lenet-a")[0].arguments["versions"] == {"lenet-a": version}

    def test_have_the_labels_and_iterations_asked_for(self) -> None:
        every = parts(classifiers="lenet-a", labels="3,7-8", starts=1, iterations=40)
        assert {tuple(part.arguments["labels"]) for part in every} == {(3, 7, 8)}
        assert {part.arguments["iterations"] for part in every} == {40}


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"classifiers": ""}, "classifiers: expected one or more different ones, got none"),
            ({"classifiers": "lenet-a,lenet-a"}, "classifiers: expected one or more different"),
            ({"classifiers": "nobody"}, "classifiers: "),
            ({"styles": "loud"}, "styles: expected none, l2, blur, strong; got 'loud'"),
            ({"styles": ""}, "styles: expected one or more"),
            ({"labels": "10", "classifiers": "lenet-a"}, "labels: expected 0 to 9 as lenet-a"),
            ({"labels": "three"}, "labels: expected numbers as 3,7 or 0-9, got 'three'"),
            ({"iterations": 1}, "iterations: expected 0 or at least 2, got 1"),
            ({"starts": 1000}, "starts: expected at most 10,000 pictures"),
        ],
    )
    def test_is_named(self, given: dict[str, Any], words: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            parts(**given)
        assert str(refused.value).startswith(words)

    def test_is_a_network_without_gradients(self, monkeypatch: pytest.MonkeyPatch) -> None:
        entry = catalogue.entry("lenet-a")
        assert isinstance(entry, Entry)
        without = replace(entry, weights=replace(entry.weights, file="lenet.onnx"))
        monkeypatch.setattr(catalogue, "entry", lambda name: without)
        monkeypatch.setattr(catalogue, "what_is_missing", lambda entry, folder: "")
        with pytest.raises(
            InvalidInput, match="with gradients, got lenet-a: an ONNX file has none"
        ):
            parts(classifiers="lenet-a")


@pytest.mark.django_db(transaction=True)
class TestTheWork:
    def test_ends_in_the_gallery(self) -> None:
        given = {"classifiers": "lenet-a", "styles": "none,l2", "labels": "3,7", "iterations": 30}
        study = planning.start(planning.plan("ascent", "paper", given | {"starts": 2}))
        terminal.work_through(study.pk, lambda done, words: None)
        study.refresh_from_db()
        assert (study.status, study.error) == (Study.Status.FINISHED, "")
        assert (Run.objects.count(), Individual.objects.count()) == (4, 8)
        told = telling.findings(study)
        assert [len(sheet.pictures) for sheet in told.sheets] == [4, 4]
        shown = {one.individual: one.note for sheet in told.sheets for one in sheet.pictures}
        assert set(shown) == set(Individual.objects.values_list("pk", flat=True))
        (plot,) = told.plots
        assert [line.points[0][0] for line in plot.lines] == [0, 0]
        assert [line.points[-1][0] for line in plot.lines] == [29, 29]
        assert {link.address for link in told.links} == {
            f"/runs/{run.pk}/" for run in Run.objects.all()
        }

    def test_keeps_the_confidence_that_the_gallery_shows(self) -> None:
        definition = studies.get("ascent")
        parameters = Parameters(("lenet-a",), ("none",), "3", starts=1, iterations=60)
        (part,) = definition.parts(parameters)
        done = definition.work(parameters, part, Finished([]), lambda: None)
        (kept,) = done.result["pictures"]
        elite = Elite.objects.get(individual=kept["individual"])
        assert (kept["confidence"], kept["label"]) == (elite.confidence, 3)
        assert kept["curve"][-1] > kept["curve"][0]
        again = definition.work(parameters, part, Finished([]), lambda: None)
        assert again.result["pictures"] == done.result["pictures"]
        assert Individual.objects.count() == 1

    def test_can_be_interrupted_between_iterations(self) -> None:
        definition = studies.get("ascent")
        parameters = Parameters(("lenet-a",), ("none",), "3", starts=1, iterations=10_000)
        (part,) = definition.parts(parameters)
        beats = iter(range(5))

        def beat() -> None:
            if next(beats, None) is None:
                raise Interrupted

        with pytest.raises(Interrupted):
            definition.work(parameters, part, Finished([]), beat)
        assert not Individual.objects.exists()


class TestFindings:
    def test_before_the_first_part_nothing_is_claimed(self) -> None:
        told = found()
        assert told.headline == "No picture has been found yet."
        assert [(one.verdict, one.ours) for one in told.comparisons] == [("open", "")] * 3

    def test_fewer_classes_than_the_papers_are_compared_with_nothing(self) -> None:
        one = numbers(outcome("none", [picture(200, 0.9999)]))["ascent-none"]
        assert (one.verdict, one.ours) == ("open", "1 of 1 at 99.99% or more; lowest 99.99%")
        assert "too few to compare, the paper has 20" in one.conditions

    def test_all_sure_without_regularisation_reproduces(self) -> None:
        sure = [picture(label, 0.9999) for label in PAPER_CLASSES]
        one = numbers(outcome("none", sure))["ascent-none"]
        assert (one.verdict, one.why) == ("holds", "")
        assert one.ours == "20 of 20 at 99.99% or more; lowest 99.99%"
        assert "too few" not in one.conditions
        one = numbers(outcome("none", [*sure, picture(215, 0.9998, seed=1)]))["ascent-none"]
        assert one.verdict == "differs"
        assert "another network" in one.why

    @pytest.mark.parametrize(
        ("mean", "verdict"), [(0.985, "holds"), (0.97, "holds"), (0.9, "differs")]
    )
    def test_the_mean_with_decay_reproduces_within_two_points(
        self, mean: float, verdict: str
    ) -> None:
        pictures = [picture(label, mean) for label in PAPER_CLASSES]
        assert numbers(outcome("l2", pictures))["ascent-l2"].verdict == verdict

    def test_many_that_never_reach_99_per_cent_reproduce(self) -> None:
        low = [picture(label, 0.5) for label in PAPER_CLASSES[:5]]
        high = [picture(label, 0.995) for label in PAPER_CLASSES[4:]]
        one = numbers(outcome("strong", low + high[1:]))["ascent-strong"]
        assert (one.verdict, one.ours) == ("holds", "5 of 20 pictures")
        one = numbers(outcome("strong", low[:4] + high))["ascent-strong"]
        assert (one.verdict, one.ours) == ("differs", "4 of 20 pictures")

    def test_digits_alone_answer_no_number_of_the_paper(self) -> None:
        told = found(outcome("none", [picture(3, 0.9999)], "lenet-a"))
        assert {one.verdict for one in told.comparisons} == {"open"}
        assert told.headline.startswith("lenet-a is at least 99% sure of 1 of 1 pictures")

    def test_tables_and_sheets_are_of_every_style(self) -> None:
        told = found(
            outcome("none", [picture(200, 0.9), picture(200, 0.8, seed=1)]),
            outcome("l2", [picture(200, 0.5, lost=True, curve=[0.1])]),
        )
        by_style, by_label = told.tables
        assert list(by_style.rows[0][:6]) == [
            "no regularisation", 500, 2, pytest.approx(0.85), pytest.approx(0.85), 0.8,
        ]  # fmt: skip
        assert by_style.rows[1][-1] == 1
        assert by_label.rows == [["Tibetan terrier", pytest.approx(0.85), 0.5]]
        assert [sheet.columns for sheet in told.sheets] == [1, 1]
        assert told.sheets[0].pictures[0].caption == "Tibetan terrier"
