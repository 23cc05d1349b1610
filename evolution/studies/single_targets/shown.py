"""What the page shows about aiming at one class: test, effect and evaluations, class by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from classifiers import catalogue
from evolution.measures.mann_whitney import MannWhitney, mann_whitney
from evolution.studies import progress
from evolution.studies.base import Finished, Outcome
from evolution.studies.findings import Cell, Comparison, Findings, Table, Verdict, verdict
from evolution.studies.likeness import POINTS, counted
from evolution.studies.single_targets.cases import EACH, SHARED, Case, aimed_key, whole_key
from evolution.templatetags.readings import percent

NUMBERS = {
    "direct": "single-target-mnist-direct",
    "cppn": "single-target-mnist-cppn",
    "photographs": "single-target-imagenet",
}
WORDS = {SHARED: "as many in all", EACH: "as many each"}


@dataclass(frozen=True)
class Sample:
    """Champions of one class: of MAP-Elites runs, and of runs that aimed at it."""

    case: Case
    reading: str
    target: int
    whole: Sequence[Outcome]
    aimed: Sequence[Outcome]

    @property
    def whole_confidences(self) -> list[float]:
        return [progress.confidence(run, self.target) for run in self.whole]

    @property
    def aimed_confidences(self) -> list[float]:
        return [progress.confidence(run, self.target) for run in self.aimed]

    @property
    def test(self) -> MannWhitney | None:
        return _test([self])


def findings(cases: Sequence[Case], first_seed: int, finished: Finished) -> Findings:
    samples = {case.name: _samples(case, first_seed, finished) for case in cases}
    shown = [sample for found in samples.values() for sample in found]
    return Findings(
        headline=_headline(cases, shown),
        scale=_scale(cases),
        comparisons=[_comparison(case, samples[case.name]) for case in cases],
        tables=[_table(shown)] if shown else [],
        notes=_notes(cases),
    )


def _samples(case: Case, first_seed: int, finished: Finished) -> list[Sample]:
    """Of every reading and class that has finished runs of both kinds."""
    seeds = range(first_seed, first_seed + case.runs)
    whole = _found(finished, [whole_key(case, seed) for seed in seeds])
    found = []
    for reading in case.readings:
        for target in case.targets:
            keys = [aimed_key(case, reading, target, seed) for seed in seeds]
            aimed = _found(finished, keys)
            if whole and aimed:
                found.append(Sample(case, reading, target, whole, aimed))
    return found


def _found(finished: Finished, keys: Sequence[str]) -> list[Outcome]:
    return [finished[key] for key in keys if key in finished]


def _test(samples: Sequence[Sample]) -> MannWhitney | None:
    """A is MAP-Elites, B are runs for one target; classes are thrown together."""
    whole = [value for sample in samples for value in sample.whole_confidences]
    aimed = [value for sample in samples for value in sample.aimed_confidences]
    return mann_whitney(np.array(whole), np.array(aimed))


def _headline(cases: Sequence[Case], samples: Sequence[Sample]) -> str:
    words = []
    for case in cases:
        test = _test([one for one in samples if one.case == case and one.reading == EACH])
        if test:
            words.append(f"{case.title}: {percent(test.median_a)} against {percent(test.median_b)}")
    if not words:
        return "No two runs that can be compared have finished yet."
    return (
        "Median confidence of all classes at once against one at a time, as many pictures each: "
        f"{'; '.join(words)}."
    )


def _comparison(case: Case, samples: Sequence[Sample]) -> Comparison:
    by_reading = {
        reading: test
        for reading in case.readings
        if (test := _test([one for one in samples if one.reading == reading]))
    }
    result: Verdict = "open"
    if by_reading:
        near = [abs(test.median_a - test.median_b) <= POINTS for test in by_reading.values()]
        result = verdict(all(near))
    return Comparison(
        NUMBERS[case.name],
        "§2.2",
        f"effect of MAP-Elites instead of one target at a time ({case.title})",
        "none (data not shown)",
        "; ".join(_in_words(reading, test) for reading, test in by_reading.items()),
        _conditions(case) + _missing(case, samples),
        result,
        _why(case) if result == "differs" else "",
    )


def _missing(case: Case, samples: Sequence[Sample]) -> str:
    """What is still to come; empty when every run of a target is done, and one of all classes a seed."""
    planned = case.runs * len(case.targets) * len(case.readings)
    done = sum(len(one.aimed) for one in samples)
    whole = min((len(one.whole) for one in samples), default=0)
    if done == planned and whole == case.runs:
        return ""
    return f"; so far {done:,} of {planned:,} runs for one target, {whole} of {case.runs} for all"


def _in_words(reading: str, test: MannWhitney) -> str:
    return (
        f"{WORDS[reading]}: median {percent(test.median_a)} against {percent(test.median_b)}, "
        f"{test.p_words}, MAP-Elites surer in {percent(test.effect)} of all pairs"
    )


def _why(case: Case) -> str:
    labels = len(catalogue.entry(case.classifier).targets)
    return (
        "A child of MAP-Elites is offered to every class, one of a run with a target to that alone; "
        f"and a run with a target that gets as many evaluations by itself has {labels:,} times its "
        "share. The paper does not say what it held equal."
    )


def _conditions(case: Case) -> str:
    aimed = "; ".join(
        f"{WORDS[reading]}: {case.aimed_generations(reading):,} generations a target"
        for reading in case.readings
    )
    return (
        f"{counted(case.runs, 'seed')}, {case.classifier}, {len(case.targets)} targets, "
        f"{case.evaluations:,} evaluations of MAP-Elites ({case.whole}) against {case.single} "
        f"({aimed}); holds if the medians lie within five percentage points"
    )


def _scale(cases: Sequence[Case]) -> str:
    ours = "; ".join(
        f"{case.title}: {counted(case.runs, 'run')} of {case.generations:,} generations, "
        f"{len(case.targets)} targets"
        for case in cases
    )
    return f"The paper gives no size, and shows no data; here {ours}."


def _notes(cases: Sequence[Case]) -> list[str]:
    return [
        f"{case.title}: {case.evaluations:,} evaluations, shared among all classes, are fewer for "
        "one than a first population and a generation of children, so this reading is left out."
        for case in cases
        if SHARED not in case.readings
    ]


def _table(samples: Sequence[Sample]) -> Table:
    rows: list[list[Cell]] = []
    for one in samples:
        test = one.test
        assert test is not None  # both have runs
        rows.append(
            [
                one.case.title,
                WORDS[one.reading],
                catalogue.entry(one.case.classifier).targets[one.target],
                test.median_a,
                test.median_b,
                test.p_bare,
                test.effect,
                _until(one, one.whole, aimed=False),
                _until(one, one.aimed, aimed=True),
            ]
        )
    return Table(
        "by-class",
        "Class by class: MAP-Elites against one target",
        [
            *("case", "evaluations", "class", "MAP-Elites, median", "one target, median"),
            *("p (Mann–Whitney)", "MAP-Elites surer, of all pairs"),
            *("evaluations until 99.99%, MAP-Elites", "evaluations until 99.99%, one target"),
        ],
        rows,
        shares=(3, 4, 6),
        counted=(6,),
    )


def _until(sample: Sample, runs: Sequence[Outcome], *, aimed: bool) -> str:
    """The median over the runs that got there, and how many did not."""
    first = [progress.believed(run, sample.target) for run in runs]
    reached = [sample.case.evaluations_until(g, aimed=aimed) for g in first if g is not None]
    if not reached:
        return "never"
    missing = len(runs) - len(reached)
    words = f"{median(reached):,.0f}"
    return f"{words} (not in {missing} of {len(runs)})" if missing else words
