"""The paper's numbers of natural images beside ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from classifiers import catalogue
from classifiers.labels import DIGITS, imagenet
from evolution.studies.base import Outcome
from evolution.studies.findings import Comparison, verdict
from evolution.templatetags.readings import percent

ENOUGH = 1000  # pictures; of fewer, no number is compared
PER_UNIT = 100_000
NEAR_ERROR = {"digits": 0.002, "photographs": 0.02}
NEAR_MEDIAN = 0.05
SOURCES = {
    "digits": {"mnist": "test digits of MNIST", "shipped": "digits that come with the project"},
    "photographs": {
        "folder": "photographs of a folder",
        "shipped": "photographs that come with the project",
    },
}


@dataclass(frozen=True)
class Natural:
    """What a network says of the pictures so far. right, wrong: confidences, 0 to 1.

    fooling: those of the champions of a run, each in its own label.
    """

    classifier: str
    kind: str
    source: str
    right: Sequence[float]
    wrong: Sequence[float]
    damaged: int
    shown: Sequence[tuple[str, str, float]]
    part: str
    fooling: Sequence[float]
    run: int | None
    generations: int

    @property
    def all(self) -> list[float]:
        return [*self.right, *self.wrong]

    @property
    def error(self) -> float:
        return len(self.wrong) / len(self.all)

    @property
    def is_enough(self) -> bool:
        return len(self.all) >= ENOUGH

    @property
    def words(self) -> str:
        return f"{len(self.all):,} {SOURCES[self.kind][self.source]}"


def gathered(classifiers: Sequence[str], parts: Sequence[Outcome]) -> list[Natural]:
    """Those networks that were asked about something, in the order asked for."""
    found = []
    for name in classifiers:
        own = [part for part in parts if part.key.startswith(f"{name}, ")]
        asked = [part for part in own if "source" in part.arguments]
        run = next((part for part in own if part.run is not None), None)
        if any(part.result["right"] or part.result["wrong"] for part in asked):
            found.append(_natural(name, asked, run))
    return found


def _natural(name: str, asked: Sequence[Outcome], run: Outcome | None) -> Natural:
    first = asked[0]
    return Natural(
        name,
        first.arguments["kind"],
        first.arguments["source"],
        _shares(asked, "right"),
        _shares(asked, "wrong"),
        sum(part.result["damaged"] for part in asked),
        [tuple(row) for row in first.result.get("shown", [])],
        first.key,
        run.result["confidences"] if run else (),
        run.run if run else None,
        run.result["generation"] if run else 0,
    )


def _shares(parts: Sequence[Outcome], which: str) -> list[float]:
    return [value / PER_UNIT for part in parts for value in part.result[which]]


def middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def comparisons(found: Sequence[Natural]) -> list[Comparison]:
    """Of the first network of either kind."""
    digits = _first(found, DIGITS.names)
    photographs = _first(found, imagenet().names)
    return [
        _error(
            digits, "natural-mnist-error", "error on MNIST’s test digits", "0.94% (LeNet)", 0.0094
        ),
        _error(
            photographs,
            "natural-imagenet-error",
            "error on ImageNet’s validation photographs",
            "42.6% (CaffeNet)",
            0.426,
        ),
        _median(photographs, "all", "60.3%", 0.603),
        _median(photographs, "right", "86.7%", 0.867),
        _median(photographs, "wrong", "33.7%", 0.337),
    ]


def _first(found: Sequence[Natural], targets: Any) -> Natural | None:
    return next((one for one in found if catalogue.entry(one.classifier).targets == targets), None)


def _error(
    one: Natural | None, number: str, quantity: str, paper: str, expected: float
) -> Comparison:
    if one is None:
        return _waiting(number, "§2.1", quantity, paper)
    near = abs(one.error - expected) <= NEAR_ERROR[one.kind]
    within = f"it holds within {NEAR_ERROR[one.kind] * 100:g} percentage points"
    return _told(one, (number, "§2.1", quantity, paper), percent(one.error), within, near=near)


def _median(one: Natural | None, which: str, paper: str, expected: float) -> Comparison:
    names = {"all": "all", "right": "rightly named", "wrong": "wrongly named"}
    quantity = f"median confidence of {names[which]} validation photographs"
    told = (f"natural-{which}", "§F", quantity, f"{paper} (50,000 photographs)")
    values = getattr(one, which) if one else []
    found = middle(values)
    if one is None or found is None:
        return _waiting(*told)
    near = abs(found - expected) <= NEAR_MEDIAN
    within = f"it holds within {NEAR_MEDIAN * 100:g} percentage points"
    return _told(one, told, percent(found), within, near=near)


def _told(
    one: Natural, told: tuple[str, str, str, str], ours: str, within: str, *, near: bool
) -> Comparison:
    conditions = f"{one.classifier}, {one.words}"
    if not one.is_enough:
        return Comparison(
            *told, ours=ours, conditions=f"{conditions}: too few to compare, {ENOUGH:,} are needed"
        )
    return Comparison(
        *told,
        ours=ours,
        conditions=f"{conditions}; {within}",
        verdict=verdict(near),
        why=""
        if near
        else "Another network, trained otherwise, on other pictures if the folder "
        "holds none of the validation set.",
    )


def _waiting(number: str, source: str, quantity: str, paper: str) -> Comparison:
    return Comparison(number, source, quantity, paper, "", "no such network was asked yet")
