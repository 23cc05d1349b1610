"""The descent of a run's archive, read for the measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evolution.errors import InvalidInput
from evolution.measures.descent import Born, Reign
from evolution.models import Elite, Individual

MOST_ROWS = 200_000  # reigns or individuals of one run that are held in memory at once


@dataclass(frozen=True)
class Descent:
    """Who was born from whom in a run, and who held which cell when."""

    born: Mapping[int, Born]
    reigns: Sequence[Reign]

    @property
    def holders(self) -> dict[int, int]:
        """The present holder of every cell, in the order of cells."""
        present = {reign.cell: reign.individual for reign in self.reigns if reign.until is None}
        return dict(sorted(present.items()))


def descent(run_id: int, most: int = MOST_ROWS) -> Descent:
    """Read the descent of a run in two statements. Raises InvalidInput for a run beyond the bound."""
    individuals = Individual.objects.filter(run=run_id).order_by("pk")
    rows = list(individuals.values_list("pk", "generation", "parent")[: most + 1])
    reigns = list(
        Elite.objects.filter(run=run_id)
        .order_by("pk")
        .values_list("cell", "individual", "since_generation", "until_generation")[: most + 1]
    )
    if max(len(rows), len(reigns)) > most:
        raise InvalidInput("run", f"expected {most} individuals and reigns or fewer, got more")
    return Descent(
        {number: Born(generation, parent) for number, generation, parent in rows},
        [Reign(*row) for row in reigns],
    )
