"""A study that is quick: it adds numbers, part by part, and can be told to fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest

from evolution import studies
from evolution.errors import InvalidInput
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.settings import setting


def nothing(part: Part, beat: Beat) -> None:
    """What happens before work, unless a test wants something else."""


@dataclass(frozen=True)
class Parameters:
    numbers: int = setting(3, "How many numbers are added.", least=1, most=100)
    runs: int = setting(0, "Runs before that.", least=0, most=5)


class Sums(Study[Parameters]):
    """Stage 0: runs; stage 1: each number doubled; stage 2: their sum."""

    name = "sums"
    title = "Sums"
    section = "§0"
    question = "How much is it?"
    parameters = Parameters
    scales: ClassVar = {"paper": Parameters(), "small": Parameters(numbers=1)}
    before: ClassVar[Callable[[Part, Beat], object]] = staticmethod(nothing)
    worked: ClassVar[list[str]] = []

    def check(self, parameters: Parameters) -> None:
        if parameters.numbers == 13:
            raise InvalidInput("numbers", "expected another number than 13, got 13")

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        runs = [
            Part(f"run {seed}", run=Evolution("mnist-cppn-paper", "lenet-a", seed, 2))
            for seed in range(parameters.runs)
        ]
        doubled = [
            Part(f"number {n}", stage=1, arguments={"n": n}, evaluations=1, seconds=0.1)
            for n in range(parameters.numbers)
        ]
        return [*runs, *doubled, Part("sum", stage=2)]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        type(self).before(part, beat)
        self.worked.append(part.key)
        if part.key == "sum":
            doubled = finished.begun_with("number ")
            return Done({"sum": sum(outcome.result["twice"] for outcome in doubled)})
        return Done({"twice": 2 * part.arguments["n"]}, pictures=[b"a", b"b"])

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        if "sum" not in finished:
            return Findings("Not known yet.", "As large as it is.")
        return Findings(f"It is {finished['sum'].result['sum']}.", "As large as it is.")


@pytest.fixture
def sums(monkeypatch: pytest.MonkeyPatch) -> type[Sums]:
    """The study, registered, with nothing worked yet."""
    monkeypatch.setitem(studies._STUDIES, "sums", Sums())
    monkeypatch.setattr(Sums, "worked", [])
    return Sums
