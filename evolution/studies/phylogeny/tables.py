"""The tables of this study."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evolution.studies.findings import Cell, Table
from evolution.studies.phylogeny.kinship import MEASURES
from evolution.studies.phylogeny.telling import Measured

MOST_WAYS = 20
Names = Sequence[str]


def of(measured: Measured, labels: Names) -> list[Table]:
    tables = (
        _tests(measured),
        _kinds(measured),
        _apart(measured),
        _archives(measured),
        _largest(measured, labels),
        _switches(measured),
        _ways(measured, labels),
    )
    return [table for table in tables if table.rows]


def _tests(measured: Measured) -> Table:
    rows: list[list[Cell]] = []
    for network, seed, found in measured.likeness:
        rows += _of_tests(f"likeness to {network}", seed, found["tests"])
    for seed, found in measured.descents:
        rows += _of_tests("generations along lines", seed, found["tests"])
    return Table(
        "mantel",
        "Do distances between pictures go with distances between classes?",
        ["distance between pictures", "seed", "distance between classes", "r", "p", "classes"],
        rows,
    )


def _of_tests(what: str, seed: int, tests: Mapping[str, Any]) -> Iterator[list[Cell]]:
    for name, words in MEASURES.items():
        if test := tests.get(name):
            yield [what, seed, words, _rounded(test["r"]), _rounded(test["p"]), test["things"]]


def _kinds(measured: Measured) -> Table:
    rows: list[list[Cell]] = [
        [network, seed, name, one["things"], one["within"], one["outside"], _rounded(one["p"])]
        for network, seed, found in measured.likeness
        for name, one in found["kinds"].items()
    ]
    columns = ["network", "seed", "kind", "classes", "among themselves", "to all others", "p"]
    return Table("kinds", "Lizards and toy dogs: mean cosine distance in a run", columns, rows)


def _apart(measured: Measured) -> Table:
    rows: list[list[Cell]] = [
        [network, name, len(one["labels"]), one["within"], one["apart"]]
        for network, found in measured.apart
        for name, one in found.items()
    ]
    columns = ["network", "kind", "classes", "two classes of one run", "one class in two runs"]
    return Table("apart", "One run and another: mean cosine distance", columns, rows)


def _archives(measured: Measured) -> Table:
    rows: list[list[Cell]] = [
        [
            seed,
            found["things"],
            found["pictures"],
            found["founders"],
            found["sizes"][0],
            found["sizes"][0] / found["things"],
        ]
        for seed, found in measured.descents
    ]
    columns = ["seed", "classes", "pictures", "founders", "classes of the largest family", "share"]
    return Table(
        "families",
        "Founders and families of each archive",
        columns,
        rows,
        shares=(5,),
        counted=(5,),
    )


def _largest(measured: Measured, labels: Names) -> Table:
    rows: list[list[Cell]] = [
        [
            seed,
            f"No. {one['founder']}",
            one["cells"],
            one["pictures"],
            ", ".join(f"{kind} {count}" for kind, count in one["kinds"]),
            labels[one["surest"][0]],
            one["surest"][2],
        ]
        for seed, found in measured.descents
        for one in found["largest"]
    ]
    columns = [
        "seed",
        "founder",
        "classes",
        "pictures",
        "most frequent kinds",
        "surest",
        "confidence",
    ]
    return Table("largest-families", "The largest families", columns, rows, shares=(6,))


def _switches(measured: Measured) -> Table:
    rows: list[list[Cell]] = [
        [
            seed,
            one["takeovers"],
            one["switches"],
            one["switches"] / one["takeovers"] if one["takeovers"] else None,
            _rounded(one["steps"]),
            _rounded(one["steps_of_all_pairs"]),
        ]
        for seed, found in measured.descents
        for one in [found["switches"]]
    ]
    columns = [
        "seed", "takeovers", "goal switches", "share", "steps in WordNet", "of any two classes",
    ]  # fmt: skip
    return Table(
        "switches",
        "Goal switches: classes taken from elsewhere",
        columns,
        rows,
        shares=(3,),
        counted=(3,),
    )


def _ways(measured: Measured, labels: Names) -> Table:
    """The ways that goal switches took most often, all runs together."""
    counts: dict[tuple[int, int], list[float]] = {}
    for _, found in measured.descents:
        for start, end, share, steps in found["switches"]["ways"]:
            known = counts.setdefault((start, end), [0.0, steps])
            known[0] += share
    order = sorted(counts.items(), key=lambda way: (-way[1][0], way[0]))[:MOST_WAYS]
    rows: list[list[Cell]] = [
        [labels[start], labels[end], round(share, 2), int(steps)]
        for (start, end), (share, steps) in order
    ]
    columns = ["from", "to", "times", "steps in WordNet"]
    return Table("ways", "The ways travelled most often by goal switches", columns, rows)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
