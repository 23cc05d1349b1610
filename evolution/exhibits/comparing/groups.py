"""Which runs are compared: two groups, A and B, as an address names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from evolution.exhibits import naming
from evolution.models import Run

MOST_RUNS = 20
LARGEST_ID = 2**31 - 1
NAMES = {"a": "A", "b": "B"}


@dataclass(frozen=True)
class Group:
    """Runs of one label set, in the order of their numbers."""

    name: str
    runs: tuple[Run, ...]

    @property
    def ids(self) -> list[int]:
        return [run.pk for run in self.runs]

    @property
    def state(self) -> tuple[tuple[int, int], ...]:
        """Run numbers and how far each has come: what was held until then never changes."""
        return tuple((run.pk, run.generation) for run in self.runs)

    @property
    def version(self) -> int:
        """Grows whenever a figure of the group may look different."""
        return sum(run.generation for run in self.runs)

    @property
    def tag(self) -> str:
        """Names the group and its version in a page."""
        return "-".join(map(str, [*self.ids, self.version]))

    @property
    def labels(self) -> Sequence[str]:
        return naming.targets(self.runs[0].classifier)

    @property
    def last_generation(self) -> int:
        """The newest generation of the run that came furthest; -1 before the first."""
        return max(run.generation for run in self.runs) - 1

    @property
    def title(self) -> str:
        """What all runs have in common: MNIST, CPPN."""
        headings = {naming.run_heading(r.classifier, r.encoding, r.parameters) for r in self.runs}
        return headings.pop() if len(headings) == 1 else "runs of several kinds"

    @property
    def runs_in_words(self) -> str:
        numbers = [str(number) for number in self.ids]
        if len(numbers) == 1:
            return f"run {numbers[0]}"
        return f"runs {', '.join(numbers[:-1])} and {numbers[-1]}"

    @property
    def single(self) -> Run | None:
        """A run that aims at one label, if there is one among them."""
        return next((run for run in self.runs if naming.target(run.parameters) is not None), None)

    @property
    def is_uneven(self) -> bool:
        return len({run.generation for run in self.runs}) > 1

    def query(self) -> str:
        """The group alone, as the address of its own figures names it."""
        return urlencode([("a", number) for number in self.ids])


@dataclass(frozen=True)
class Choice:
    """The groups that can be shown, and a sentence for whatever was asked for and cannot."""

    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_active(self) -> bool:
        return any(run.is_active for group in self.groups for run in group.runs)

    @property
    def query(self) -> str:
        numbers = [(group.name.lower(), n) for group in self.groups for n in group.ids]
        return urlencode(numbers)

    @property
    def chosen(self) -> dict[str, list[int]]:
        """The run numbers of both groups, by their names."""
        empty: dict[str, list[int]] = {name: [] for name in NAMES.values()}
        return empty | {group.name: group.ids for group in self.groups}


def read(asked: QueryDict) -> Choice:
    """The groups of an address, `?a=1&a=2&b=3`. Costs one query."""
    notes: list[str] = []
    wanted = {key: _numbers(asked.getlist(key), name, notes) for key, name in NAMES.items()}
    stored = Run.objects.in_bulk([number for numbers in wanted.values() for number in numbers])
    missing = {n for numbers in wanted.values() for n in numbers if n not in stored}
    notes += [f"There is no run {number}: left out." for number in sorted(missing)]
    groups = [
        Group(NAMES[key], tuple(stored[number] for number in sorted(numbers) if number in stored))
        for key, numbers in wanted.items()
    ]
    groups = [group for group in groups if group.runs]
    if refusal := _differing_labels([run for group in groups for run in group.runs]):
        return Choice((), (*notes, refusal))
    return Choice(tuple(groups), (*notes, *_overlap(groups)))


def _numbers(texts: Sequence[str], name: str, notes: list[str]) -> list[int]:
    numbers: dict[int, None] = {}
    for text in texts:
        if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID:
            numbers[int(text)] = None
        elif text:
            notes.append(
                f"{name}: a run is named by its number, but “{text[:40]}” was asked for: left out."
            )
    if len(numbers) > MOST_RUNS:
        notes.append(
            f"{name}: at most {MOST_RUNS} runs are shown at once, but {len(numbers)} were chosen: "
            f"the first {MOST_RUNS} are shown."
        )
    return list(numbers)[:MOST_RUNS]


def _differing_labels(runs: Sequence[Run]) -> str:
    """Why these runs cannot stand side by side; empty if they can."""
    for run in runs:
        if not naming.labels(run.classifier):
            return (
                f"Run {run.pk} was evolved against {run.classifier}, which is not in the catalogue: "
                "its labels are not known."
            )
        if naming.targets(run.classifier) != naming.targets(runs[0].classifier):
            first, other = (naming.classifier_title(r.classifier) for r in (runs[0], run))
            return (
                f"Runs {runs[0].pk} and {run.pk} cannot be compared: {first} and {other} "
                "know different labels."
            )
    return ""


def _overlap(groups: Sequence[Group]) -> list[str]:
    if len(groups) < len(NAMES):
        return []
    both = sorted(set(groups[0].ids) & set(groups[1].ids))
    return [f"Run {number} is in A and in B: it is compared with itself." for number in both]
