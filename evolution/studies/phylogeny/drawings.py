"""The plots, heat maps and picture sheets of this study."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from classifiers import catalogue
from evolution.algorithms import presets
from evolution.studies.findings import HeatMap, Line, Picture, Plot, Sheet
from evolution.studies.phylogeny import kinship
from evolution.studies.phylogeny.telling import Measured
from evolution.templatetags.readings import percent

if TYPE_CHECKING:
    from evolution.studies.phylogeny.study import Parameters

SHOWN = 3  # classes of each kind, as in Fig. 9
FAMILIES = 6  # of a run, whose founder and champion are shown
FEWEST_PAIRS = 30  # of a point: means of fewer say little
Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Shown:
    """What is needed to show champions: names and WordNet ids of labels, the side of a picture."""

    labels: Sequence[str]
    wordnet_ids: Sequence[str]
    side: int


def shown(parameters: "Parameters") -> Shown:
    label_set = catalogue.entry(parameters.classifier).label_set
    side = presets.get(parameters.preset).encoding.image_size
    return Shown(label_set.names, label_set.wordnet_ids or (), side)


def plots(measured: Measured) -> list[Plot]:
    found = []
    if measured.likeness:
        found.append(_likeness(measured))
    if measured.descents:
        found += [_shared(measured), _switches(measured), _sizes(measured)]
    return found


def _likeness(measured: Measured) -> Plot:
    networks = dict.fromkeys(name for name, _, _ in measured.likeness)
    lines = [
        Line(name, _means(row[:3] for _, one in measured.likeness_to(name) for row in one["bands"]))
        for name in networks
    ]
    words = "; ".join(
        f"by {line.name} from {line.points[0][1]:.3f} at {line.points[0][0]:.0f} steps to "
        f"{line.points[-1][1]:.3f} at {line.points[-1][0]:.0f}"
        for line in lines
        if line.points
    )
    return Plot(
        "likeness",
        "Distance of pictures by distance of their classes",
        "steps in WordNet",
        "mean cosine distance",
        lines,
        f"Mean cosine distance of two champions of a run: {words}.",
        style="points",
        y_is_share=False,
    )


def _shared(measured: Measured) -> Plot:
    """Which pairs of classes are held by one picture, or have an ancestor in common."""
    ancestors = _means(row[:3] for _, one in measured.descents for row in one["bands"])
    lines = [Line("an ancestor in common", ancestors)]
    seen = {seed: one["bands"] for _, seed, one in measured.likeness}
    if seen:
        same = ((steps, pairs, share) for rows in seen.values() for steps, pairs, _, share in rows)
        lines.append(Line("the same picture", _means(same)))
    words = "; ".join(
        f"{line.name}: {percent(line.points[0][1])} at {line.points[0][0]:.0f} steps, "
        f"{percent(line.points[-1][1])} at {line.points[-1][0]:.0f}"
        for line in lines
        if line.points
    )
    return Plot(
        "shared",
        "Pairs of classes that share a picture, or an ancestor",
        "steps in WordNet",
        "share of pairs",
        lines,
        f"Shares of pairs of classes: {words}.",
        style="points",
    )


def _switches(measured: Measured) -> Plot:
    lines = [
        Line(
            f"seed {seed}",
            [
                (start, switches / takeovers)
                for start, takeovers, switches in one["switches"]["by_generation"]
                if takeovers
            ],
        )
        for seed, one in measured.descents
    ]
    shares = [
        one["switches"]["switches"] / one["switches"]["takeovers"]
        for _, one in measured.descents
        if one["switches"]["takeovers"]
    ]
    words = f"Over whole runs {percent(min(shares))} to {percent(max(shares))}." if shares else ""
    return Plot(
        "switches",
        "Goal switches by generation",
        "generation",
        "share of takeovers from another class",
        lines,
        words or "Nothing was taken over yet.",
    )


def _sizes(measured: Measured) -> Plot:
    lines = [
        Line(f"seed {seed}", [(rank, size) for rank, size in enumerate(one["sizes"], 1)])
        for seed, one in measured.descents
    ]
    fewest = min(one["founders"] for _, one in measured.descents)
    most = max(one["founders"] for _, one in measured.descents)
    founders = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    return Plot(
        "families",
        "Sizes of families",
        "family, the largest first",
        "classes",
        lines,
        f"An archive descends from {founders} random pictures.",
        y_is_share=False,
        log_x=True,
    )


def _means(rows: Iterable[Sequence[float]]) -> Points:
    """Means over runs, by steps, weighted by pairs. rows: steps, pairs, mean."""
    sums: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for steps, pairs, mean in rows:
        sums[steps][0] += pairs
        sums[steps][1] += pairs * mean
    return [
        (steps, total / pairs)
        for steps, (pairs, total) in sorted(sums.items())
        if pairs >= FEWEST_PAIRS
    ]


def heat_maps(parameters: "Parameters", measured: Measured) -> list[HeatMap]:
    return [
        _heat_map(name, [one["groups"] for _, one in found])
        for name in parameters.looking
        if (found := measured.likeness_to(name)) and found[0][1]["groups"]["names"]
    ]


def _heat_map(network: str, groups: Sequence[dict[str, list[list[float | None]]]]) -> HeatMap:
    kinds = [str(name) for name in groups[0]["names"]]
    size = range(len(kinds))
    values = [
        [_mean([one["means"][row][column] for one in groups]) for column in size] for row in size
    ]
    own = [value for place in size if (value := values[place][place]) is not None]
    others = [v for row in size for column in size if row != column and (v := values[row][column])]
    words = f"On average {fmean(own):.3f} within a kind" if own else "Every kind is one class"
    return HeatMap(
        f"kinds-{network}",
        f"Likeness of kinds by {network}",
        kinds,
        kinds,
        values,
        f"{words}{f', {fmean(others):.3f} between two' if others else ''}.",
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def sheets(measured: Measured, shown: Shown) -> list[Sheet]:
    found = [_fig_9(measured, shown)] if measured.runs else []
    return found + ([_families(measured, shown)] if measured.descents else [])


def _fig_9(measured: Measured, shown: Shown) -> Sheet:
    """A row a run: three lizards, three toy dogs."""
    members = [kinship.below(kind, shown.wordnet_ids) for kind in kinship.KINDS.values()]
    chosen = [label for kind in members for label in kind[:SHOWN]]
    pictures = []
    for seed, outcome in measured.runs:
        kept = outcome.result
        places = {label: place for place, label in enumerate(kept["labels"])}
        for place in (places[label] for label in chosen if label in places):
            note = f"{percent(kept['confidences'][place])}, seed {seed}"
            pictures.append(
                _picture(shown, kept["labels"][place], kept["individuals"][place], note)
            )
    return Sheet("fig-9", "Lizards and toy dogs: a row a run", pictures, len(chosen))


def _families(measured: Measured, shown: Shown) -> Sheet:
    """Founder beside champion, family by family, the largest of each run."""
    pictures = []
    for seed, found in measured.descents:
        for one in found["largest"][:FAMILIES]:
            label, individual, confidence = one["surest"]
            words = f"founder of {one['cells']} classes"
            founder = Picture(words, f"seed {seed}", individual=one["founder"], side=shown.side)
            pictures += [founder, _picture(shown, label, individual, percent(confidence))]
    return Sheet(
        "largest-families", "Founders, each beside its surest descendant", pictures, FAMILIES
    )


def _picture(shown: Shown, label: int, individual: int, note: str) -> Picture:
    return Picture(shown.labels[label], note, individual=individual, side=shown.side)
