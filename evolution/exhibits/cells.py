"""One cell of a run: who holds it, who held it before, and what other runs have for its label."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from evolution.exhibits import archives, naming, plots
from evolution.exhibits.challenges import Conqueror, conqueror
from evolution.exhibits.plots import SIDE, Mark
from evolution.exhibits.tiles import Tile, first
from evolution.models import Elite, Run
from evolution.templatetags.readings import percent, thousands

NEWEST = 60  # reigns that a page shows, their pictures inlined
MOST = 1000  # that it shows when asked for all; their pictures come as they scroll into view
ELSEWHERE = 24


@dataclass(frozen=True, slots=True)
class Reign:
    individual_id: int
    picture: str
    confidence: float
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Steps:
    """The confidence of a cell by generation, as paths in a square of SIDE."""

    line: str
    band: str
    end: Mark
    ticks: Sequence[Mark]
    sentence: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """reigns: oldest first; the last one goes on. left_out: older ones that are not shown.

    conqueror: a person's picture of which the network is surer than of the holder, if there is one.
    """

    run: Run
    number: int
    name: str
    label: str
    group: str
    classifier: str
    side: int
    reigns: Sequence[Reign]
    n_reigns: int
    conqueror: Conqueror | None
    left_out: int
    steps: Steps | None
    elsewhere: Sequence[Tile]
    before: Neighbour | None
    after: Neighbour | None

    @property
    def holder(self) -> Reign | None:
        return self.reigns[-1] if self.reigns else None

    @property
    def is_ascent(self) -> bool:
        """Whether its one picture climbed there by itself, and took the cell from nobody."""
        return archives.is_sparse(self.run)

    @property
    def is_small(self) -> bool:
        """Whether its pictures are shown as pixels."""
        return self.side <= naming.LARGEST_THUMBNAIL


def exhibit(run: Run, number: int, *, whole: bool) -> Exhibit:
    """Everything that the page of a cell shows. whole: all reigns, not the newest alone."""
    target = naming.target(run.parameters)
    label = number if target is None else target
    reigns = run.elites.filter(cell=number).order_by("-since_generation")
    history = list(reigns.values_list("since_generation", "confidence"))[::-1]
    shown = _reigns(run, reigns, MOST if whole else NEWEST)
    groups = naming.groups(run.classifier)
    before, after = _neighbours(run, number)
    return Exhibit(
        run=run,
        number=number,
        name=archives.name(run, number),
        label=naming.label(run.classifier, label),
        group=groups[label] if label < len(groups) else "",
        classifier=naming.classifier_title(run.classifier),
        side=int(run.parameters["encoding"]["image_size"]),
        reigns=shown,
        n_reigns=len(history),
        conqueror=conqueror(run, label),
        left_out=len(history) - len(shown),
        steps=_steps(run, history) if history else None,
        elsewhere=_elsewhere(run, naming.label(run.classifier, label)),
        before=before,
        after=after,
    )


def _neighbours(run: Run, number: int) -> tuple[Neighbour | None, Neighbour | None]:
    before = number - 1 if number else None
    after = number + 1 if number + 1 < archives.size(run) else None
    if archives.is_sparse(run):
        held = run.elites.holders().order_by("cell").values_list("cell", flat=True)
        before, after = held.filter(cell__lt=number).last(), held.filter(cell__gt=number).first()
    return _neighbour(run, before), _neighbour(run, after)


def _neighbour(run: Run, number: int | None) -> Neighbour | None:
    return None if number is None else Neighbour(number, archives.name(run, number))


def _reigns(run: Run, newest_first: QuerySet[Elite], most: int) -> list[Reign]:
    columns = ("individual_id", "confidence", "since_generation", "until_generation")
    if most > NEWEST and newest_first.count() > NEWEST:
        side = naming.side(run.parameters)
        return [
            Reign(row[0], reverse("picture", args=[row[0], side, "webp"]), *row[1:])
            for row in newest_first.values_list(*columns)[:most]
        ][::-1]
    until = dict(newest_first.values_list("pk", "until_generation")[:most])
    return [
        Reign(
            tile.individual_id,
            tile.picture,
            tile.confidence,
            tile.since_generation,
            until.get(tile.elite_id),
        )
        for tile in first(newest_first, most)
    ][::-1]


def _steps(run: Run, history: Sequence[tuple[int, float]]) -> Steps:
    """history: (generation, confidence) of every takeover, oldest first."""
    last = max(run.last_generation or 0, history[-1][0])
    end = plots.extent(last, run.planned)
    x, y = _x(history[0][0], end), _y(history[0][1])
    start, line = x, f"M{x} {y}"
    for generation, confidence in history[1:]:
        line += f"H{_x(generation, end)}V{_y(confidence)}"
    line += f"H{_x(last, end)}"
    (first_generation, first_share), (newest, share) = history[0], history[-1]
    return Steps(
        line=line,
        band=f"{line}V{SIDE}H{start}Z",
        end=Mark(percent(share), share, strong=True),
        ticks=[Mark(thousands(at), at / end) for at in plots.round_numbers(end)],
        sentence=f"Confidence rises from {percent(first_share)} in generation {first_generation} "
        f"to {percent(share)} in generation {newest}, in {len(history):,} takeovers."
        if len(history) > 1
        else f"Confidence {percent(share)} since generation {newest}.",
    )


def _x(generation: int, end: int) -> int:
    return generation * SIDE // end


def _y(confidence: float) -> int:
    return round((1 - confidence) * SIDE)


def _elsewhere(run: Run, label: str) -> list[Tile]:
    """The champions of the same label, by its name, in other runs: the surest."""
    same = Q(pk__in=())
    for classifier in Run.objects.order_by().values_list("classifier", flat=True).distinct():
        labels = naming.labels(classifier)
        if label in labels:
            same |= Q(run__classifier=classifier, label=labels.index(label))
    others = Elite.objects.champions().filter(same).exclude(run=run)
    return first(others.order_by("-confidence", "-id"), ELSEWHERE)
