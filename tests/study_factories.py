"""A study that shows one of everything, and plain functions that store studies."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar

import pytest
from PIL import Image

from evolution import studies
from evolution.errors import InvalidInput
from evolution.models import Run, RunStatistics, Study, StudyPart, StudyPicture
from evolution.studies import base, champions
from evolution.studies.findings import (
    Comparison,
    Findings,
    HeatMap,
    Line,
    Link,
    Picture,
    Plot,
    Sheet,
    Table,
)
from evolution.studies.settings import setting
from tests.factories import NOW


@dataclass(frozen=True)
class Parameters:
    parts: int = setting(4, "How many parts.", least=1, most=100)
    share: float = setting(0.5, "A share.", least=0, most=1)
    style: str = setting("plain", "How.", choices=["plain", "fancy"])
    networks: tuple[str, ...] = setting(("lenet-a",), "Which.")
    is_quick: bool = setting(False, "Whether it hurries.")


class Sampler(base.Study[Parameters]):
    """Whatever findings may hold, it has."""

    name = "sampler"
    title = "One of everything"
    section = "§0, Fig. 0"
    question = "Can everything be shown?"
    parameters = Parameters
    scales: ClassVar = {"paper": Parameters(), "quick": Parameters(parts=1)}

    def check(self, parameters: Parameters) -> None:
        if parameters.parts == 13:
            raise InvalidInput("parts", "expected another number than 13, got 13")

    def parts(self, parameters: Parameters) -> Sequence[base.Part]:
        return [
            base.Part(f"part {n}", arguments={"n": n}, evaluations=10, seconds=60)
            for n in range(parameters.parts)
        ]

    def findings(self, parameters: Parameters, finished: base.Finished) -> Findings:
        if not len(finished):
            return Findings("Nothing yet.", "The paper’s size.")
        if any(outcome.result.get("broken") for outcome in finished):
            raise KeyError("a key of another edition")
        individuals = [n for outcome in finished for n in outcome.result.get("individuals", ())]
        return Findings(
            headline=f"{len(finished)} parts of <everything>.",
            scale="Smaller than the paper’s.",
            comparisons=_comparisons(),
            tables=[_table()],
            plots=_plots(),
            heat_maps=_heat_maps(),
            sheets=_sheets(individuals),
            links=[Link("The runs", "/runs/")],
            notes=["A note."],
        )


def _comparisons() -> list[Comparison]:
    words = ("§0", "a number", "=1+1", "2")
    return [
        Comparison("sampler-one", *words, "here", "holds"),
        Comparison("sampler-two", *words, "there", "differs", "Because it is another machine."),
        Comparison("sampler-three", "§0", "an open one", "3", "", "later"),
    ]


def _table() -> Table:
    rows: list[Sequence[str | int | float | None]] = [
        ["=cmd()", 0.99999, 1.0, 12_345],
        ["none", None, 0.5, 2],
    ]
    return Table("shares", "Shares", ["what", "sure", "counted", "n"], rows, (1, 2), counted=(2,))


def _plots() -> list[Plot]:
    rise = [(float(x), x / 1000) for x in range(1001)]
    bars = [Line("a", [(0, 0.5), (1, 1.0)])]
    return [
        Plot("rise", "Rise", "generation", "confidence", [Line("up", rise)], "It rises."),
        Plot(
            "spots", "Spots", "nodes", "count", [Line("all", [(1, 5), (100, 20)])],
            "Two spots.", style="points", y_is_share=False, log_x=True,
        ),
        Plot("bars", "Bars", "name", "share", bars, "Two bars.", "bars", ticks=["one", "two"]),
        Plot("empty", "Empty", "x", "y", [Line("nothing", [])], "Nothing."),
    ]  # fmt: skip


def _heat_maps() -> list[HeatMap]:
    many = [f"label {n}" for n in range(60)]
    return [
        HeatMap("small", "Small", ["a", "b"], ["c", "d"], [[0.999, None], [0.0, 1.0]], "Small."),
        HeatMap("large", "Large", many, ["0", "1"], [[0.1, None] for _ in many], "Large."),
    ]


def _sheets(individuals: Sequence[int]) -> list[Sheet]:
    bred = [Picture(f"digit {n}", "99.99%", individual=n) for n in individuals]
    made = [Picture("made", "by a part", part="part 0", number=n) for n in (0, 99)]
    return [Sheet("bred", "Bred", bred, columns=10), Sheet("made", "Made", made, columns=3)]


@pytest.fixture
def sampler(monkeypatch: pytest.MonkeyPatch) -> type[Sampler]:
    """The study, registered after the others."""
    monkeypatch.setitem(studies._STUDIES, "sampler", Sampler())
    return Sampler


def make_study(kind: str = "sampler", parts: int = 4, done: int = 4, **fields: Any) -> Study:
    """A study with parts of which the first so many are done. results: of each that is done."""
    result = fields.pop("result", {"n": 1})
    status = fields.setdefault("status", "finished" if done == parts else "running")
    if status in ("finished", "cancelled"):
        fields.setdefault("finished_at", NOW)
    study = Study.objects.create(kind=kind, **{"scale": "paper", "parameters": {}, **fields})
    for place in range(parts):
        make_part(study, place, done=place < done, result=result)
    return study


def make_study_of_runs(runs: Sequence[Run], **fields: Any) -> Study:
    """A study of digits, whose parts are these runs, taken over as they are."""
    study = make_study("mnist-cppn", parts=0, done=0, **{"status": "running", **fields})
    for place, run in enumerate(runs):
        make_part(study, place, run=run, order={}, result=champions.summary(run))
    return study


def note_statistics(run: Run, generations: int) -> None:
    RunStatistics.objects.bulk_create(
        RunStatistics(
            run=run, generation=number, median=0.5, mean=0.5, minimum=0.1, maximum=0.9,
            takeovers=1, evaluations=1, elapsed=1.0,
        )
        for number in range(run.statistics.count(), generations)
    )  # fmt: skip


def make_part(study: Study, place: int, *, done: bool = True, **fields: Any) -> StudyPart:
    status = StudyPart.Status.DONE if done else StudyPart.Status.WAITING
    ended = {"finished_at": NOW, "seconds": 2.0, "result": {"n": 1}} if done else {}
    if not done:
        fields.pop("result", None)
    values = {"key": f"part {place}", "stage": 0, "evaluations": 10, "estimate": 60, **ended}
    return StudyPart.objects.create(
        study=study, position=place, **{"status": status, **values, **fields}
    )


def make_picture(
    part: StudyPart, number: int = 0, side: int = 32, kind: str = "PNG"
) -> StudyPicture:
    file = BytesIO()
    Image.new("RGB", (side, side), (200, 30, 90)).save(file, kind)
    return StudyPicture.objects.create(part=part, number=number, content=file.getvalue())


def working_on(study: Study, run: Run, place: int) -> StudyPart:
    """A part that a run works on."""
    return make_part(study, place, done=False, status="working", run=run, order={"preset": "x"})
