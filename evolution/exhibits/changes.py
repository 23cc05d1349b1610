"""What changed since a page was rendered, as fragments that replace their like by id.

A page carries a version, read before anything that it shows. Handing the version back gives all
later changes and a new version; nothing is missed in between, and being told twice does no harm.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evolution.exhibits import archives, figures, leads, mosaic_cells, mosaics, said
from evolution.exhibits.filters import WORTH_SHOWING
from evolution.exhibits.tiles import Tile, first, takeovers
from evolution.exhibits.versions import START, GalleryVersion, Position, RunVersion
from evolution.models import Elite, Run

MOST_TILES = 20
MOST_TAKEOVERS = 12
FAR_BEHIND = 5  # generations
MOST_RUNS = 200  # that a version lists: it has to fit into an address


@dataclass(frozen=True)
class Changes:
    """html: empty if nothing changed. more: a further call with this version has more to tell."""

    html: str
    version: str
    more: bool


def run_version(run: Run) -> str:
    """The version of a page that shows this very row of a run and what is in the database now."""
    newest = run.elites.holders().order_by("-since_generation", "-cell")
    position = newest.values_list("since_generation", "cell").first()
    return str(RunVersion.of(run, Position(*position) if position else START))


def gallery_version() -> str:
    """The version of a gallery whose every query comes after this one."""
    newest = Run.objects.aggregate(newest=Max("pk"))["newest"] or 0
    holders = Elite.objects.holders().filter(run=OuterRef("pk"))
    last = holders.order_by("-since_generation", "-cell")
    going_on = Run.objects.exclude(status__in=Run.ENDED).filter(pk__lte=newest)
    runs = going_on.order_by("pk")[:MOST_RUNS].annotate(
        last_generation_taken=Subquery(last.values("since_generation")[:1]),
        last_cell_taken=Subquery(last.values("cell")[:1]),
    )
    return str(GalleryVersion(newest, {run.pk: _shown(run) for run in runs}))


def run_changes(run_id: int, since: str, limit: int = MOST_TILES) -> Changes:
    """Fragments for the page of a run. Raises InvalidInput for a version that no page has."""
    seen = RunVersion.read(since)
    run = Run.objects.filter(pk=run_id).first()
    if run is None:  # deleted while a page showed it
        return Changes("", since, more=False)
    changed = run.elites.holders().filter(seen.position.after)
    shown = first(changed.order_by("since_generation", "cell"), limit + 1)
    more, shown = len(shown) > limit, shown[:limit]
    position = _last(shown) or seen.position
    whole = not more or _is_far_behind(seen, run)
    now = RunVersion.of(run, position) if whole else seen.moved(position)
    if now == seen:
        return Changes("", since, more=False)
    context: dict[str, object] = {"run": run, **_cells(run, shown), "version": str(now)}
    if whole:
        newest = takeovers(run.elites.holders(), MOST_TAKEOVERS) if shown else []
        context |= {"takeovers": newest, "newly_taken": _places(shown), **figures.of(run)}
    return Changes(render_to_string("runs/_changes.html", context), str(now), more)


def gallery_changes(since: str, limit: int = MOST_TILES) -> Changes:
    """Fragments for the gallery. Raises InvalidInput for a version that no page has."""
    seen = GalleryVersion.read(since)
    runs = list(Run.objects.filter(_told_of(seen)).order_by("pk"))
    shown = _changed_tiles(runs, seen, limit + 1)
    more, shown = len(shown) > limit, shown[:limit]
    whole = not more or any(_is_far_behind(seen.of_run(run), run) for run in runs)
    now = _advanced(seen, runs, shown, more=more, whole=whole)
    if now == seen:
        return Changes("", since, more=False)
    context = _gallery_context(seen, runs, shown, whole=whole)
    html = render_to_string("gallery/_changes.html", context | {"version": str(now)})
    return Changes(html, str(now), more)


def _is_far_behind(seen: RunVersion, run: Run) -> bool:
    """Whether a page should be told how a run stands, though it has not heard of all takeovers.

    Usually figures and curves follow with the last of a burst: drawing them with every twenty
    cells would cost a phone most of its time.
    """
    return seen.generation is None or run.generation - seen.generation >= FAR_BEHIND


def _gallery_context(
    seen: GalleryVersion, runs: Iterable[Run], shown: list[Tile], *, whole: bool
) -> dict[str, object]:
    featured = figures.featured_run()
    context: dict[str, object] = {
        "run": featured,
        "tiles": said.joined([tile for tile in shown if tile.confidence >= WORTH_SHOWING]),
    }
    mine = [tile for tile in shown if featured and tile.run_id == featured.pk]
    if not whole:
        return context | (_cells(featured, mine) if featured else {})
    context |= {
        "takeovers": notable_takeovers() if shown else [],
        "newly_taken": _places(shown),
    }
    if shown and any(seen.of_run(run).position == START for run in runs):
        context["lead"] = leads.lead()  # seen on pages that had nothing to open with
    if featured is None:
        return context
    # Which run is featured follows from how runs stand: only then the whole section may change.
    moved = seen.of_run(featured).generation != featured.generation
    # The slots of a single target are no pictures of the wall, and many change with a generation.
    if any(seen.of_run(run).status != run.status for run in runs) or (
        moved and featured.algorithm == "single-target"
    ):
        return context | mosaics.archive(featured, run_version) | figures.of(featured)
    if mine or moved:
        context |= _cells(featured, mine) | figures.of(featured)
    return context


def notable_takeovers() -> list[Tile]:
    """The newest takeovers of cells whose network claims anything at all."""
    return takeovers(
        Elite.objects.champions().filter(confidence__gte=WORTH_SHOWING), MOST_TAKEOVERS
    )


def _told_of(seen: GalleryVersion) -> Q:
    """Runs that went on when the page was rendered, came later, or did not fit into its version."""
    listed_or_new = Q(pk__in=list(seen.runs)) | Q(pk__gt=seen.newest_run)
    return listed_or_new | Q(status=Run.Status.RUNNING)


def _changed_tiles(runs: Iterable[Run], seen: GalleryVersion, most: int) -> list[Tile]:
    """The oldest changes of each run in turn, so that a busy one does not keep the others waiting."""
    changed = Q(pk__in=())
    for run in runs:
        changed |= Q(run=run) & seen.of_run(run).position.after
    turn = Window(RowNumber(), partition_by=["run"], order_by=["since_generation", "cell"])
    waiting = Elite.objects.champions().filter(changed).annotate(turn=turn)
    return first(waiting.order_by("turn", "run"), most)


def _advanced(
    seen: GalleryVersion, runs: list[Run], shown: list[Tile], *, more: bool, whole: bool
) -> GalleryVersion:
    """The version of a page that was told of these tiles. Ended runs leave it once all is told.

    whole: it was told as well how the runs stand.
    """
    positions = {}
    for run in runs:
        of_run = [tile for tile in shown if tile.run_id == run.pk]
        positions[run.pk] = _last(of_run) or seen.of_run(run).position
    listed = [run for run in runs if more or not run.has_ended][:MOST_RUNS]
    newest = max([seen.newest_run, *positions])
    return GalleryVersion(
        newest,
        {
            run.pk: RunVersion.of(run, positions[run.pk])
            if whole
            else seen.of_run(run).moved(positions[run.pk])
            for run in listed
        },
    )


def _shown(run: Run) -> RunVersion:
    generation, cell = run.last_generation_taken, run.last_cell_taken  # type: ignore[attr-defined]
    return RunVersion.of(run, START if generation is None else Position(generation, cell))


def _last(shown: Iterable[Tile]) -> Position | None:
    return max((Position(tile.since_generation, tile.cell) for tile in shown), default=None)


def _cells(run: Run, shown: list[Tile]) -> dict[str, list[archives.Cell] | SafeString]:
    """Changed cells, for the template that their archive is drawn with."""
    if archives.shown_size(run) > mosaics.LARGE:
        changed = mosaics.changed(run, shown) if shown else []
        return {"mosaic_cells": mosaic_cells.html(changed, is_new=True)}
    named = [(tile, archives.name(run, tile.cell)) for tile in shown]
    return {"cells": [archives.Cell(run.pk, tile.cell, name, tile) for tile, name in named]}


def _places(shown: Iterable[Tile]) -> set[str]:
    return {tile.place for tile in shown}
