"""A large archive: every cell small, in its place for ever, whatever holds it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from evolution.exhibits import archives, filters, kept, mosaic_cells, naming, sprites
from evolution.exhibits.mosaic_cells import Cell, Held
from evolution.exhibits.sprites import COLUMNS
from evolution.exhibits.thumbnails import thumbnail
from evolution.exhibits.tiles import Tile
from evolution.models import Individual, Run

LARGE = 100  # cells; more are a mosaic
LONGEST = 100  # characters of a search
ORDERS = {
    "class": "Class",
    "confidence": "Confidence",
    "newest": "Last takeover",
    "name": "Name",
}
SHOWS = {"pictures": "Pictures", "confidence": "Confidence"}


@dataclass(frozen=True)
class View:
    """How a visitor looks at a mosaic, as the form sends it; empty stands for any."""

    order: str = "class"
    find: str = ""
    group: str = ""
    least: str = ""
    show: str = "pictures"

    @property
    def is_sorted(self) -> bool:
        return self.order != "class"

    def passes(self, cell: Cell) -> bool:
        """Whether a cell is of the super-class and has the confidence that were asked for."""
        if self.group and cell.group != self.group:
            return False
        least = float(self.least or 0) / 100
        return not least or (cell.held is not None and cell.held.confidence >= least)

    def finds(self, cell: Cell) -> bool:
        return bool(self.find) and (
            self.find == str(cell.number) or filters.fits(cell.name, self.find)
        )

    def arranged(self, cells: Iterable[Cell]) -> list[Cell]:
        """In this order, cells that are filtered out or found marked as such."""
        places = sorted(cells, key=self._rank)
        arranged, column = [], 0
        for cell in places:
            is_out = not self.passes(cell)
            marks = " is-out" * is_out + " is-found" * self.finds(cell)
            at = column % COLUMNS / (COLUMNS - 1) if self.is_sorted else None
            column += not is_out
            arranged.append(replace(cell, marks=marks, at=at) if marks or self.is_sorted else cell)
        return arranged

    def _rank(self, cell: Cell) -> tuple[Any, ...]:
        match self.order:
            case "confidence":
                return (-cell.held.confidence if cell.held else 1, cell.number)
            case "newest":
                return (-cell.held.since if cell.held else 1, cell.number)
            case "name":
                return (cell.name.lower(), cell.number)
            case _:
                return (cell.number,)


@dataclass(frozen=True, slots=True)
class Mosaic:
    """cells: in the order in which they are shown. sprite: the address of their pictures."""

    cells: Sequence[Cell]
    sprite: str
    is_small: bool  # whether its pictures are shown as pixels
    view: View
    heads: Sequence[Cell]

    @property
    def html(self) -> SafeString:
        return mosaic_cells.html(self.cells)

    @property
    def surest(self) -> Cell | None:
        held = [cell for cell in self.cells if cell.held]
        return max(held, key=lambda cell: cell.held.confidence if cell.held else 0.0, default=None)

    @property
    def n_fitting(self) -> int:
        view = self.view
        return sum(view.passes(cell) and (not view.find or view.finds(cell)) for cell in self.cells)

    @property
    def choices(self) -> dict[str, Any]:
        return {
            "orders": ORDERS.items(),
            "shows": SHOWS.items(),
            "least": filters.LEAST.items(),
            "groups": sorted({cell.group for cell in self.cells} - {""}),
        }


def read(asked: Mapping[str, str]) -> View:
    """The view that an address asks for; what cannot be used is as if it were not there."""
    view = View(**{name: asked.get(name, "").strip() for name in View.__dataclass_fields__})
    return replace(
        view,
        order=view.order if view.order in ORDERS else "class",
        find=view.find[:LONGEST],
        show=view.show if view.show in SHOWS else "pictures",
        least=view.least if view.least in filters.LEAST else "",
    )


class Shown:
    """A mosaic as a page hangs it up. Put together once for all who look at a version of the run.

    version: as the page carries it, read before this: so what is kept under it is never older.
    """

    def __init__(self, run: Run, version: str, view: View) -> None:
        self.run, self.version, self.view = run, version, view

    @cached_property
    def mosaic(self) -> Mosaic:
        return mosaic(self.run, self.view)

    @property
    def wall(self) -> SafeString:
        return self._fragment("runs/_mosaic.html")

    @property
    def tools(self) -> SafeString:
        return self._fragment("runs/_mosaic_tools.html")

    def _fragment(self, template: str) -> SafeString:
        def make() -> SafeString:
            return render_to_string(template, {"run": self.run, "mosaic": self.mosaic})

        if self.view != View():  # what one visitor asks for, hardly another will
            return make()
        return kept.fragment(f"{template}-{self.run.pk}-{self.version}", make)


def archive(run: Run, version: Callable[[Run], str], view: View | None = None) -> dict[str, Any]:
    """The cells of a run for a page: one by one, or as a mosaic where there are many."""
    if archives.shown_size(run) > LARGE:
        return {"mosaic": Shown(run, version(run), view or View())}
    return {"archive": archives.archive(run)}


def mosaic(run: Run, view: View) -> Mosaic:
    """Reads no genome, and a thumbnail only of cells that changed since the sprite was made."""
    rows = run.elites.holders().values_list(
        "cell", "individual_id", "confidence", "since_generation"
    )
    found = {cell: (individual, share, since) for cell, individual, share, since in rows}
    counts = _holders(run)
    held = {cell: Held(*row, counts.get(cell, 1)) for cell, row in found.items()}
    shown = sprites.generation(run.pk, [one.since for one in held.values()])
    changed = [
        one.individual_id for one in held.values() if shown is not None and one.since > shown
    ]
    pictures = _pictures(run, changed) if changed else {}
    size = max([naming.n_cells(run.classifier, run.parameters), *(cell + 1 for cell in held)])
    cells = _cells(run, {number: held.get(number) for number in range(size)}, pictures)
    return Mosaic(
        cells=view.arranged(cells),
        sprite=reverse("sprite", args=[run.pk, shown]) if shown is not None else "",
        is_small=sprites.side(run) < sprites.SIDE,
        view=view,
        heads=cells[::COLUMNS],
    )


def changed(run: Run, shown: Sequence[Tile]) -> list[Cell]:
    """Cells of a mosaic that changed hands, each with its own picture."""
    counts = _holders(run, [tile.cell for tile in shown])
    held: dict[int, Held | None] = {
        tile.cell: Held(
            tile.individual_id, tile.confidence, tile.since_generation, counts.get(tile.cell, 1)
        )
        for tile in shown
    }
    return _cells(run, held, {tile.individual_id: tile.picture for tile in shown})


def _cells(run: Run, held: Mapping[int, Held | None], pictures: Mapping[int, str]) -> list[Cell]:
    named = naming.target(run.parameters) is None
    groups = naming.groups(run.classifier) if named else ()
    names = naming.labels(run.classifier) if named else ()
    address = reverse("run", args=[run.pk])
    return [
        Cell(
            run_id=run.pk,
            number=number,
            name=names[number] if number < len(names) else archives.name(run, number),
            group=groups[number] if number < len(groups) else "",
            address=f"{address}cells/{number}/",
            held=one,
            picture=pictures.get(one.individual_id, "") if one else "",
        )
        for number, one in held.items()
    ]


def _holders(run: Run, cells: Sequence[int] | None = None) -> dict[int, int]:
    """How many individuals held each cell so far."""
    reigns = run.elites.all() if cells is None else run.elites.filter(cell__in=cells)
    return dict(reigns.order_by().values_list("cell").annotate(Count("pk")))


def _pictures(run: Run, ids: Sequence[int]) -> dict[int, str]:
    genome = Case(When(thumbnail__isnull=True, then=F("genome")))
    rows = Individual.objects.filter(pk__in=ids).values_list("pk", "thumbnail", genome)
    side = naming.side(run.parameters)
    return {number: thumbnail(stored, genome, side) for number, stored, genome in rows}
