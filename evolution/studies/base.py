"""What a study is: its parameters, the parts it is worked off in, and what they come to."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from evolution.models import Run
from evolution.studies.findings import Findings

P = TypeVar("P")
Beat = Callable[[], object]
"""To be called every second or so of work. What it raises ends the work: pass it on."""


@dataclass(frozen=True)
class Evolution:
    """A run that is to be finished. One that was finished before with the same values is taken."""

    preset: str
    classifier: str
    seed: int
    generations: int
    target: int | None = None


@dataclass(frozen=True)
class Part:
    """A piece of a study that is worked off whole, kept, and never done again.

    key: unique in the study, and readable. stage: it begins when all parts of lower stages are done.
    run: what is to be evolved; without one, the study's `work` is called with `arguments`.
    evaluations, seconds: estimates of work on two cores; those of a run are made from its preset.
    """

    key: str
    stage: int = 0
    run: Evolution | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    evaluations: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Done:
    """What work leaves: JSON, and pictures as PNG or WebP files."""

    result: Mapping[str, Any]
    pictures: Sequence[bytes] = ()


@dataclass(frozen=True)
class Outcome:
    """A finished part as it was stored."""

    key: str
    stage: int
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]
    run: int | None
    seconds: float


class Finished:
    """The finished parts of a study, in their order."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._by_key = {outcome.key: outcome for outcome in outcomes}

    def __getitem__(self, key: str) -> Outcome:
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def begun_with(self, prefix: str) -> list[Outcome]:
        """Those whose key begins so."""
        return [outcome for outcome in self if outcome.key.startswith(prefix)]


class Study(ABC, Generic[P]):
    """An experiment of the paper. An instance holds no state.

    name: of the command and the address. section: of the paper. question: what it finds out.
    edition: raised when the same part would come to another result, so that old ones are not reused.
    scales: complete sets of parameters by name; "paper" is as in the paper.
    usual: the scale that a form and a command begin with.
    is_live: whether findings change after the last part, as people answer: pages read them anew.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    section: ClassVar[str]
    question: ClassVar[str]
    edition: ClassVar[int] = 1
    parameters: ClassVar[type[Any]]
    scales: ClassVar[Mapping[str, Any]]
    usual: ClassVar[str] = "paper"
    is_live: ClassVar[bool] = False

    def check(self, parameters: P) -> None:
        """Refuse what cannot be done, before anything is stored. Raises InvalidInput."""

    @abstractmethod
    def parts(self, parameters: P) -> Sequence[Part]:
        """Return all parts, which are stored when the study starts; reads no results."""

    def work(self, parameters: P, part: Part, finished: Finished, beat: Beat) -> Done:
        """Work a part off that is no run. finished: the parts of lower stages.

        What it imports that needs torch, it imports inside.
        """
        raise NotImplementedError(f"{self.name} has no work for {part.key}")

    def of_run(self, parameters: P, part: Part, run: Run) -> dict[str, Any]:
        """What is kept of a finished run."""
        from evolution.studies.champions import summary

        return summary(run)

    def stands(self, result: Mapping[str, Any]) -> bool:
        """Whether what work left outside the database, a network for one, is still there.

        If not, its result is not taken over, and a study that goes on does that part again.
        """
        return True

    @abstractmethod
    def findings(self, parameters: P, finished: Finished) -> Findings:
        """Return what can be said so far; the page calls it, so it takes milliseconds."""
