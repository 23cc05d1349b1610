"""One individual: how it is drawn; of one that a run bred, what it holds and how it came to be."""

from dataclasses import dataclass, fields

from evolution import lineages
from evolution.exhibits import naming
from evolution.exhibits.naming import LARGEST_THUMBNAIL
from evolution.models import Elite, Individual, Run

FINE = 512  # pixels of the picture that is drawn anew; beyond it a visitor may ask for a few only


@dataclass(frozen=True, slots=True)
class Reign:
    """start, end: as shares of the generations that the run has done."""

    cell: int
    label: str
    confidence: float
    since: int
    until: int | None
    start: float
    end: float
    successor: int | None

    @property
    def is_over(self) -> bool:
        return self.until is not None


@dataclass(frozen=True, slots=True)
class Origin:
    """steps: parents in line. reaches_random: False for a line longer than what is read at once."""

    network: str
    steps: int
    reaches_random: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """How an individual is shown, whoever bred it. side: of what networks are shown, in pixels."""

    individual: Individual
    title: str
    side: int
    fine: int
    is_drawable: bool
    has_thumbnail: bool

    @property
    def is_small(self) -> bool:
        """Whether its pixels are shown as pixels."""
        return self.side <= LARGEST_THUMBNAIL

    @property
    def looks_different_when_fine(self) -> bool:
        """A CPPN is a function of the plane: drawn finely it shows more than the network saw."""
        return self.has_network and self.side < self.fine

    @property
    def has_network(self) -> bool:
        return self.individual.encoding not in naming.OF_PIXELS

    @property
    def is_ascent(self) -> bool:
        """Whether it was found by gradient ascent: it has no parents, and can have no children."""
        return self.individual.encoding == naming.ASCENT


@dataclass(frozen=True, slots=True)
class Exhibit(Drawn):
    """One that a run bred."""

    run: Run
    origin: Origin
    reigns: list[Reign]

    @property
    def present(self) -> list[Reign]:
        return [reign for reign in self.reigns if not reign.is_over]

    @property
    def main(self) -> Reign | None:
        """The reign that the page speaks of: the surest present one, else the surest of the past."""
        return max(self.present or self.reigns, key=lambda reign: reign.confidence, default=None)


def drawn(individual: Individual) -> Drawn:
    return Drawn(
        individual=individual,
        title=f"No. {individual.pk}",
        side=individual.image_shape[0],
        fine=FINE,
        is_drawable=individual.genome is not None,
        has_thumbnail=individual.thumbnail is not None,
    )


def exhibit(individual: Individual, run: Run) -> Exhibit:
    """Everything that its page shows beside what observers say and its line of descent."""
    line = lineages.parent_line(individual.pk)
    rows = list(individual.reigns.order_by("since_generation", "cell"))
    network = naming.classifier_title(run.classifier)
    return Exhibit(
        **{field.name: getattr(drawn(individual), field.name) for field in fields(Drawn)},
        run=run,
        origin=Origin(network, len(line) - 1, line[-1].parent_id is None),
        reigns=_reigns(run, rows),
    )


def label_of(individual: Individual) -> str:
    """The label that its page speaks of; empty for one that never held a cell."""
    label = _spoken_of(list(individual.reigns.order_by("since_generation", "cell")))
    run = individual.run
    return "" if label is None or run is None else naming.label(run.classifier, label)


def _spoken_of(rows: list[Elite]) -> int | None:
    present = [row for row in rows if row.until_generation is None]
    best = max(present or rows, key=lambda row: row.confidence, default=None)
    return best.label if best else None


def _reigns(run: Run, rows: list[Elite]) -> list[Reign]:
    successors = _successors(run, rows)
    generations = max(run.generation, 1)
    return [
        Reign(
            cell=row.cell,
            label=naming.label(run.classifier, row.label),
            confidence=row.confidence,
            since=row.since_generation,
            until=row.until_generation,
            start=row.since_generation / generations,
            end=1.0 if row.until_generation is None else row.until_generation / generations,
            successor=successors.get((row.cell, row.until_generation)),
        )
        for row in rows
    ]


def _successors(run: Run, rows: list[Elite]) -> dict[tuple[int, int | None], int]:
    """Who took each cell away, by cell and generation."""
    over = [row for row in rows if row.until_generation is not None]
    taken = Elite.objects.filter(
        run=run,
        cell__in=[row.cell for row in over],
        since_generation__in=[row.until_generation for row in over],
    )
    return {
        (cell, since): individual
        for cell, since, individual in taken.values_list("cell", "since_generation", "individual")
    }
