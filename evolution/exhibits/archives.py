"""The archive of a run as a page draws it: every cell in its place, filled or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from evolution.exhibits import naming
from evolution.exhibits.tiles import Tile, tiles
from evolution.models import Elite, Run

MOST_IN_A_ROW = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in an archive. `name` heads it: the label, or the number of a slot of one label."""

    run_id: int
    number: int
    name: str
    tile: Tile | None

    @property
    def key(self) -> str:
        return f"cell-{self.run_id}-{self.number}"


@dataclass(frozen=True, slots=True)
class Row:
    """Ten cells of a run beside those of other runs."""

    run: Run
    cells: Sequence[Cell]


def archive(run: Run) -> list[Cell]:
    """All cells of a run, in their order. Reads every genome that holds one."""
    return cells(run, tiles(run.elites.holders()))


def size(run: Run) -> int:
    """How many cells a run has; of a network that is gone, as many as were ever held."""
    known = naming.n_cells(run.classifier, run.parameters)
    return known or (run.elites.aggregate(last=Max("cell"))["last"] or 0) + 1


def is_sparse(run: Run) -> bool:
    """Whether only labels that were asked for have a picture: those alone are shown."""
    return run.algorithm == naming.ASCENT


def shown_size(run: Run) -> int:
    """How many cells its page shows."""
    return run.elites.holders().count() if is_sparse(run) else size(run)


def cells(run: Run, shown: Iterable[Tile], most: int | None = None) -> list[Cell]:
    held = {tile.cell: tile for tile in shown}
    if is_sparse(run):
        return [
            Cell(run.pk, number, name(run, number), held[number]) for number in sorted(held)[:most]
        ]
    count = max([naming.n_cells(run.classifier, run.parameters), *(cell + 1 for cell in held)])
    return [
        Cell(run.pk, number, name(run, number), held.get(number))
        for number in range(min(count, most or count))
    ]


def name(run: Run, cell: int) -> str:
    """Slots of a single label are numbered from 1; other cells are called by their label."""
    if naming.target(run.parameters) is not None:
        return str(cell + 1)
    return naming.label(run.classifier, cell)


def rows(runs: Sequence[Run]) -> list[Row]:
    """The first ten cells of each run, by one query; by another those of sparse ones."""
    sparse = [run for run in runs if is_sparse(run)]
    held = tiles(Elite.objects.holders().filter(run__in=runs, cell__lt=MOST_IN_A_ROW))
    held += tiles(_first_of(sparse).filter(cell__gte=MOST_IN_A_ROW)) if sparse else []
    of_run: dict[int, list[Tile]] = {run.pk: [] for run in runs}
    for tile in held:
        of_run[tile.run_id].append(tile)
    return [Row(run, cells(run, of_run[run.pk], MOST_IN_A_ROW)) for run in runs]


def _first_of(runs: Sequence[Run]) -> QuerySet[Elite]:
    place = Window(RowNumber(), partition_by=[F("run")], order_by=F("cell").asc())
    ranked = Elite.objects.holders().filter(run__in=runs).annotate(place=place)
    first = ranked.filter(place__lte=MOST_IN_A_ROW).values_list("pk", flat=True)
    return Elite.objects.filter(pk__in=list(first))
