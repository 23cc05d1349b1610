"""The paper's numbers about ImageNet's classes, beside ours."""

import numpy as np

from evolution.measures.mann_whitney import MannWhitney, mann_whitney
from evolution.studies.findings import Comparison, Verdict, verdict
from evolution.studies.imagenet import many_classes
from evolution.studies.imagenet.many_runs import PAPER_GENERATIONS, Measured
from evolution.studies.likeness import near, similar_count
from evolution.templatetags.readings import duration, percent

DIRECT_MEDIAN, CPPN_MEDIAN = 0.2159, 0.8811
DIRECT_SURE = 45  # classes
LOW_BAND = slice(157, 287)  # dogs and cats: labels 157 to 286
SHOWN = 40  # pictures on a sheet
OF_FIG_1 = 4  # pictures of an encoding
LEAST_OF_FIG_1 = 0.996
SELECTED = 0.9912
TINY_P = 0.0001
MANY = 50  # classes: the paper says no number
VERY_SURE, SURE = 0.99, 0.9999


def of_direct(runs: Measured) -> list[Comparison]:
    """The numbers of §3.3."""
    anywhere = many_classes.at_least(runs.highest, VERY_SURE)
    typical = many_classes.at_least(runs.class_medians, VERY_SURE)
    return [
        _median(runs, "imagenet-direct-median", "§3.3, Fig. 6", DIRECT_MEDIAN),
        _compared(
            runs,
            ("imagenet-direct-sure", "§3.3", "classes with a picture believed at 99% or more"),
            str(DIRECT_SURE),
            f"{anywhere} in any run ({typical} in the median over the runs)",
            similar_count(anywhere, DIRECT_SURE),
        ),
    ]


def of_cppn(runs: Measured, direct: Measured | None) -> list[Comparison]:
    """The numbers of §3.4; those that need both encodings are open without directly encoded runs."""
    best = many_classes.at_least(runs.highest, SURE)
    shown = [one.confidence for one in many_classes.surest(runs.runs, SHOWN)]
    return [
        _median(runs, "imagenet-cppn-median", "§3.4, Fig. 7", CPPN_MEDIAN),
        _above_direct(runs, direct),
        _compared(
            runs,
            ("imagenet-cppn-best", "§3.4", "classes with a picture believed at 99.99% or more"),
            f"“many” (no number is given; {MANY} or more count as many here)",
            f"{best} of {len(runs.highest):,}",
            verdict(best >= MANY),
        ),
        _compared(
            runs,
            (
                "imagenet-cppn-selected",
                "Fig. 8",
                f"mean confidence of selected pictures (ours: the surest, of {SHOWN} classes)",
            ),
            "99.12%",
            percent(float(np.mean(shown))),
            verdict(float(np.mean(shown)) >= SELECTED),
        ),
        _low_band(runs),
        _shown(runs, direct),
        _cost(runs),
    ]


def versus(runs: Measured, direct: Measured) -> MannWhitney | None:
    """Whether CPPN-encoded pictures are surer: class medians of both, as samples."""
    return mann_whitney(runs.class_medians, direct.class_medians)


def _median(runs: Measured, number: str, source: str, paper: float) -> Comparison:
    own = [many_classes.middle(row) for row in runs.confidences]
    return _compared(
        runs,
        (number, source, "median confidence over the classes, of the median over the runs"),
        percent(paper),
        f"{percent(runs.median)} (runs by themselves {percent(min(own))} to {percent(max(own))})",
        near(runs.median, paper),
    )


def _above_direct(runs: Measured, direct: Measured | None) -> Comparison:
    test = versus(runs, direct) if direct else None
    known, paper = (
        ("imagenet-cppn-above-direct", "§3.4", "CPPNs above the direct encoding (Mann–Whitney U)"),
        "p < 0.0001 (88.11% against 21.59%)",
    )
    if test is None or direct is None:
        return _compared(runs, known, paper, "", "open")
    ours = (
        f"{test.p_words}, U = {test.u_words}; {percent(test.median_a)} against "
        f"{percent(test.median_b)}; a CPPN class is surer in {percent(test.effect)} of all pairs"
    )
    found = _compared(
        runs, known, paper, ours, verdict(test.p < TINY_P and test.median_a > test.median_b)
    )
    both = f"{runs.conditions}; {direct.conditions}; a value a class"
    return Comparison(**{**vars(found), "conditions": both})


def _low_band(runs: Measured) -> Comparison:
    band = runs.class_medians[LOW_BAND]
    rest = np.delete(runs.class_medians, LOW_BAND)
    test = mann_whitney(band, rest)
    known = ("imagenet-cppn-low-band", "Fig. 7", "confidence of classes 157 to 286 (dogs and cats)")
    if test is None:
        return _compared(runs, known, "lower than of the others", "", "open")
    return _compared(
        runs,
        known,
        "lower than of the others (no number is given)",
        f"median {percent(test.median_a)} against {percent(test.median_b)} of all others, "
        f"{test.p_words}",
        verdict(test.is_significant and test.median_a < test.median_b),
    )


def _shown(runs: Measured, direct: Measured | None) -> Comparison:
    known = (
        "imagenet-shown",
        "Fig. 1",
        f"least confidence among the {OF_FIG_1} surest pictures of an encoding",
    )
    if direct is None:
        return _compared(runs, known, "99.6% or more", "", "open")
    least = [
        min(one.confidence for one in many_classes.surest(each.runs, OF_FIG_1))
        for each in (runs, direct)
    ]
    return _compared(
        runs,
        known,
        "99.6% or more, both encodings",
        f"CPPN {percent(least[0])}, direct {percent(least[1])}",
        verdict(min(least) >= LEAST_OF_FIG_1),
    )


def _cost(runs: Measured) -> Comparison:
    spent = sum(run.result["seconds"] for run in runs.runs)
    done = sum(run.result["evaluations"] for run in runs.runs)
    children = done / len(runs.runs) / (runs.generations + 1)
    whole = spent / done * children * (PAPER_GENERATIONS["cppn"] + 1) if done else 0.0
    return _compared(
        runs,
        ("imagenet-cppn-cost", "README of the code", "time for 5000 generations"),
        "about 4 days on 128 cores",
        f"{duration(spent)} for {done:,} evaluations here; at that speed 5000 generations are "
        f"{duration(whole)} (reckoned, not run)"
        if runs.generations < PAPER_GENERATIONS["cppn"]
        else f"{duration(spent / len(runs.runs))} a run",
        "open",
    )


def _compared(
    runs: Measured, known: tuple[str, str, str], paper: str, ours: str, found: Verdict
) -> Comparison:
    """known: number, source and quantity."""
    number, source, quantity = known
    why = runs.differences if found == "differs" else ""
    return Comparison(number, source, quantity, paper, ours, runs.conditions, found, why)
