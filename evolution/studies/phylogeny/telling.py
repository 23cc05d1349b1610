"""What the parts come to: the answer, the paper's claims beside ours, and what is drawn of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evolution.studies.base import Finished, Outcome
from evolution.studies.findings import Comparison, Findings, Link, verdict

if TYPE_CHECKING:
    from evolution.studies.phylogeny.study import Parameters

SMALL = 0.05  # of p
LOOKS = (
    "Both runs’ pictures were bred to make the network see the same class, and its embedding tells "
    "what it sees: there they are near. The paper speaks of looks, which this does not measure."
)
PAPER_SIZE = "The paper shows six classes of two runs in Fig. 9 and measures nothing"


def run_key(seed: int) -> str:
    return f"run with seed {seed}"


def likeness_key(network: str, seed: int) -> str:
    return f"likeness to {network}, seed {seed}"


def descent_key(seed: int) -> str:
    return f"descent, seed {seed}"


def apart_key(network: str) -> str:
    return f"runs apart, to {network}"


@dataclass(frozen=True)
class Measured:
    """What has been finished, by what it measures. likeness: network, seed, result."""

    runs: Sequence[tuple[int, Outcome]]
    likeness: Sequence[tuple[str, int, dict[str, Any]]]
    descents: Sequence[tuple[int, dict[str, Any]]]
    apart: Sequence[tuple[str, dict[str, Any]]]

    def likeness_to(self, network: str) -> list[tuple[int, dict[str, Any]]]:
        return [(seed, found) for name, seed, found in self.likeness if name == network]


def read(parameters: "Parameters", finished: Finished) -> Measured:
    def done(key: str) -> Iterator[dict[str, Any]]:
        if key in finished:
            yield dict(finished[key].result)

    seeds, looking = parameters.seeds, parameters.looking
    return Measured(
        runs=[(seed, finished[run_key(seed)]) for seed in seeds if run_key(seed) in finished],
        likeness=[
            (name, seed, found)
            for name in looking
            for seed in seeds
            for found in done(likeness_key(name, seed))
        ],
        descents=[(seed, found) for seed in seeds for found in done(descent_key(seed))],
        apart=[(name, found) for name in looking for found in done(apart_key(name))],
    )


def findings(parameters: "Parameters", finished: Finished) -> Findings:
    from evolution.studies.phylogeny import drawings, tables

    measured = read(parameters, finished)
    scale = _scale(parameters, measured)
    conditions = (
        f"{len(measured.runs)} runs of {parameters.generations} generations against "
        f"{parameters.classifier}, preset {parameters.preset}"
    )
    shown = drawings.shown(parameters)
    return Findings(
        headline=_headline(parameters, measured),
        scale=scale,
        comparisons=_comparisons(parameters, measured, conditions),
        tables=tables.of(measured, shown.labels),
        plots=drawings.plots(measured),
        heat_maps=drawings.heat_maps(parameters, measured),
        sheets=drawings.sheets(measured, shown),
        links=[
            Link(f"The families of run {run.run}", f"/runs/{run.run}/descent")
            for _, run in measured.runs
            if run.run
        ],
        notes=_notes(parameters, measured) if measured.runs else (),
    )


def _scale(parameters: "Parameters", measured: Measured) -> str:
    return (
        f"{PAPER_SIZE}; its runs go on for 5000 generations, and each picture is seen in ten crops. "
        f"Here {len(measured.runs)} of {parameters.runs} runs of {parameters.generations} "
        f"generations, preset {parameters.preset}."
    )


def _headline(parameters: "Parameters", measured: Measured) -> str:
    own = [found["tests"]["path"] for _, found in measured.likeness_to(parameters.classifier)]
    if not own:
        return "No run has been finished and measured yet."
    held = sum(is_related(test) for test in own)
    answer = "related classes hold related pictures" if held else "no relation was found"
    if not held:
        return (
            f"In none of {len(own)} runs do related classes hold related pictures: {spread(own)}."
        )
    return (
        f"In {held} of {len(own)} runs {answer}: the further apart two classes are in WordNet, the "
        f"less alike their pictures, {spread(own)}."
    )


def is_related(test: dict[str, Any]) -> bool:
    return test["r"] is not None and test["r"] > 0 and test["p"] < SMALL


def spread(tests: Sequence[dict[str, Any]]) -> str:
    """r and p of some tests, in words."""
    known = [test for test in tests if test["r"] is not None]
    if not known:
        return "the pictures are all the same"
    lowest, highest = min(test["r"] for test in known), max(test["r"] for test in known)
    between = f"{lowest:.3f}" if lowest == highest else f"{lowest:.3f} to {highest:.3f}"
    return f"Mantel’s r {between}, p at most {max(test['p'] for test in known):.3g}"


def _comparisons(parameters: "Parameters", measured: Measured, conditions: str) -> list[Comparison]:
    own = measured.likeness_to(parameters.classifier)
    return [
        _related(parameters, measured, conditions),
        *(_kind(name, own, conditions) for name in ("lizards", "toy dogs")),
        _other_runs(parameters, measured, conditions),
    ]


def _related(parameters: "Parameters", measured: Measured, conditions: str) -> Comparison:
    tests = {
        name: [found["tests"]["path"] for _, found in measured.likeness_to(name)]
        for name in parameters.looking
    }
    own = tests[parameters.classifier]
    holds = bool(own) and all(map(is_related, own))
    return Comparison(
        "phylogeny-related",
        "§3.4, Fig. 9",
        "pictures of closely related classes of one run are alike",
        "shown for two groups of classes; no number",
        "; ".join(f"by {name}: {spread(some)}" for name, some in tests.items() if some),
        f"{conditions}; Spearman’s r of cosine and WordNet distances, {parameters.permutations} "
        "shuffles",
        verdict(holds) if own else "open",
        "" if holds or not own else "Short runs hold few different pictures: see the tables.",
    )


def _kind(name: str, own: Sequence[tuple[int, dict[str, Any]]], conditions: str) -> Comparison:
    found = [one["kinds"][name] for _, one in own if name in one["kinds"]]
    holds = bool(found) and all(
        one["within"] < one["outside"] and one["p"] < SMALL for one in found
    )
    words = "; ".join(
        f"{one['within']:.3f} among {one['things']}, {one['outside']:.3f} to all others "
        f"(p = {one['p']:.3g})"
        for one in found
    )
    return Comparison(
        f"phylogeny-{name.replace(' ', '-')}",
        "§3.4, Fig. 9",
        f"{name}: cosine distance of their pictures in one run",
        "shown to be alike for three of them; no number",
        words,
        f"{conditions}; all {name} of ImageNet; p by as many classes drawn by lot",
        verdict(holds) if found else "open",
    )


def _other_runs(parameters: "Parameters", measured: Measured, conditions: str) -> Comparison:
    found = [one for name, one in measured.apart if name == parameters.classifier]
    kinds = found[0] if found else {}
    holds = bool(kinds) and all(one["within"] < one["apart"] for one in kinds.values())
    return Comparison(
        "phylogeny-other-runs",
        "§3.4, Fig. 9",
        "other runs find other pictures for the same classes",
        "shown for two runs; no number",
        "; ".join(
            f"{name}: {one['within']:.3f} between two of a run, {one['apart']:.3f} between two runs’ "
            "pictures of one class"
            for name, one in kinds.items()
        ),
        f"{conditions}; mean cosine distances by {parameters.classifier}",
        verdict(holds) if kinds else "open",
        LOOKS if kinds and not holds else "",
    )


def _notes(parameters: "Parameters", measured: Measured) -> list[str]:
    notes = [
        f"{parameters.classifier} chose the pictures, and its last layer has weights that are alike "
        "for related classes: some likeness by its own embedding is to be expected."
        + (f" {parameters.observer} chose none of them." if parameters.observer else ""),
        "Likeness is 1 − the cosine distance of what a network’s last layer reads of two pictures. A "
        "picture that holds several classes is at distance 0 from itself; the tests of “one class a "
        "picture” count it once, for the class that it is surest in.",
        "The paper’s text does not name the six classes of Fig. 9. Shown are the first three lizards "
        "and the first three toy dogs in ImageNet’s order; the numbers are about all of them.",
    ]
    fars = sorted({found["far"] for _, found in measured.descents})
    if fars:
        notes.append(
            "Pictures without a common ancestor count as "
            + " or ".join(f"{far:,.0f}" for far in fars)
            + " generations apart, further than any that have one; the tests compare ranks, for which "
            "a larger number would be the same."
        )
    return notes
