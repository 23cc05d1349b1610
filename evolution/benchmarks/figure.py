"""One measured value, what it is compared with, and what it should be."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Measure = Literal["value", "ratio", "bound_share"]


@dataclass(frozen=True)
class Baseline:
    """What a figure is compared with: its name, and its value in the unit of the figure."""

    name: str
    value: float


@dataclass(frozen=True)
class Goal:
    """reach: what has to be reached. aim: what is hoped for. of: which number of the figure."""

    reach: float
    aim: float
    of: Measure = "value"


@dataclass(frozen=True)
class Figure:
    """One measured value. conditions: what it holds for.

    bound_share: which share of what the machine could reach at most; 1 is all of it.
    """

    name: str
    value: float
    unit: str
    conditions: str
    baseline: Baseline | None = None
    bound_share: float | None = None
    goal: Goal | None = None
    lower_is_better: bool = False

    def __post_init__(self) -> None:
        if self.goal is not None and self.judged is None:
            raise ValueError(f"goal: {self.name!r} has no {self.goal.of} that it could be held to")

    @property
    def ratio(self) -> float | None:
        """How many times as good as the baseline."""
        if self.baseline is None:
            return None
        if self.lower_is_better:
            return self.baseline.value / self.value
        return self.value / self.baseline.value

    @property
    def judged(self) -> float | None:
        """The number that the goal speaks of."""
        numbers = {"value": self.value, "ratio": self.ratio, "bound_share": self.bound_share}
        return numbers[self.goal.of] if self.goal is not None else None

    @property
    def verdict(self) -> str:
        """Say in a word how the figure stands to its goal; empty without one."""
        if self.goal is None or self.judged is None:
            return ""
        lower = self.lower_is_better and self.goal.of == "value"
        sign = -1 if lower else 1
        if sign * self.judged >= sign * self.goal.aim:
            return "aim reached"
        return "reached" if sign * self.judged >= sign * self.goal.reach else "missed"

    def as_json(self) -> dict[str, Any]:
        """Return what `bench --json` writes of a figure."""
        found = asdict(self)
        del found["goal"]
        return found | {
            "ratio": self.ratio,
            "goal_reach": self.goal.reach if self.goal else None,
            "goal_aim": self.goal.aim if self.goal else None,
            "goal_of": self.goal.of if self.goal else None,
            "verdict": self.verdict,
        }


def against(
    figure: Figure, others: Mapping[str, float], goals: Mapping[str, Goal]
) -> Iterator[Figure]:
    """Repeat a figure for every baseline, given by name in its unit. goals: by those names."""
    for name, value in others.items():
        yield replace(figure, baseline=Baseline(name, value), goal=goals.get(name))
