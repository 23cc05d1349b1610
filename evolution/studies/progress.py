"""How runs came along, from what is kept of them (champions.summary)."""

from collections.abc import Sequence
from statistics import median

from evolution.studies.base import Outcome
from evolution.studies.findings import Line, Plot
from evolution.templatetags.readings import percent


def believed(run: Outcome, label: int) -> int | None:
    """The first generation in which a label is believed at 99.99%; None for never."""
    known = dict(zip(run.result["labels"], run.result["believed"], strict=True))
    return known.get(label)


def confidence(run: Outcome, label: int) -> float:
    """Of the champion; 0 without one."""
    known = dict(zip(run.result["labels"], run.result["confidences"], strict=True))
    return float(known.get(label, 0.0))


def generations_until_all(run: Outcome, labels: int) -> int | None:
    """The first generation in which every one of so many labels was believed once."""
    found = [generation for generation in run.result["believed"] if generation is not None]
    return max(found) if len(found) == labels else None


def spread(generations: Sequence[int | None]) -> str:
    """Median and extent of generations, and how many runs never got there, in words."""
    reached = sorted(g for g in generations if g is not None)
    if not reached:
        return f"never in {len(generations)} run{'s' * (len(generations) != 1)}"
    words = f"median {median(reached):g} ({reached[0]} to {reached[-1]})"
    missing = len(generations) - len(reached)
    return f"{words}; not in {missing} of {len(generations)} runs" if missing else words


def medians(runs: Sequence[Outcome]) -> Plot:
    """Median confidence by generation: of the middle run, of the lowest and of the highest."""
    shared = set.intersection(*({g for g, _ in run.result["medians"]} for run in runs))
    values = [dict(map(tuple, run.result["medians"])) for run in runs]
    rows = {g: sorted(value[g] for value in values) for g in sorted(shared)}
    lines = [
        Line("highest run", [(g, row[-1]) for g, row in rows.items()]),
        Line("median run", [(g, median(row)) for g, row in rows.items()]),
        Line("lowest run", [(g, row[0]) for g, row in rows.items()]),
    ]
    first, last = min(rows), max(rows)
    return Plot(
        "confidence",
        "Median confidence by generation",
        "generation",
        "median confidence",
        lines[:1] if len(runs) == 1 else lines,
        f"The median run goes from {percent(median(rows[first]))} in generation {first} to "
        f"{percent(median(rows[last]))} in generation {last}.",
    )


def share_of_believed(runs: Sequence[Outcome], labels: int, what: str) -> Plot:
    """Which share of the runs has come so far that all labels are believed, by generation."""
    waited = sorted(g for run in runs if (g := generations_until_all(run, labels)) is not None)
    end = max(run.result["generation"] for run in runs)
    steps = [(0.0, 0.0)]
    for count, generation in enumerate(waited, 1):
        steps += [(generation, steps[-1][1]), (generation, count / len(runs))]
    steps.append((end, steps[-1][1]))
    return Plot(
        "believed",
        f"Share of {what} at 99.99%",
        "generation",
        f"share of {what}",
        [Line("share of runs", steps)],
        f"By generation {end}, {len(waited)} of {len(runs)} runs.",
        counted=True,
    )
