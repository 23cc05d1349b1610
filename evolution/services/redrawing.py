"""Small pictures of champions whose run came without them, drawn again from their genomes."""

import numpy as np

from evolution import phenotypes
from evolution.genomes import codec
from evolution.genomes.codec import AnyGenome
from evolution.genomes.cppn import CppnGenome
from evolution.models import Individual, Run
from evolution.services import portraits

AT_ONCE = 100  # pictures in memory: 20 MB


def redraw_champions(run: Run) -> int:
    """Store the small pictures of champions that have none, and return how many.

    Only of pictures that are larger; ancestors are drawn when somebody looks at them.
    """
    side = run.image_shape[0]
    if side <= portraits.SIDE:
        return 0
    holders = run.elites.holders().values("individual")
    missing = Individual.objects.drawable().filter(pk__in=holders, thumbnail__isnull=True)
    rows = list(missing.order_by("pk").values_list("pk", "genome"))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        genomes = [codec.decode(bytes(genome or b"")) for _, genome in some]
        drawn = [
            Individual(pk=number, thumbnail=portraits.portrait(picture))
            for (number, _), picture in zip(some, _pictures(genomes, side), strict=True)
        ]
        Individual.objects.bulk_update(drawn, ["thumbnail"])
    return len(rows)


def _pictures(genomes: list[AnyGenome], side: int) -> list[phenotypes.Picture]:
    """Many at once where kernels are compiled for it, which is ten times as fast."""
    networks = [genome for genome in genomes if isinstance(genome, CppnGenome)]
    if len(networks) == len(genomes):
        from evolution.genomes.cppn_population import CppnPopulation  # the kernels, as the renderer
        from evolution.rendering import renderer

        return list(np.asarray(renderer("cpu").express(CppnPopulation.of(networks), side)))
    return [phenotypes.express(genome, side) for genome in genomes]
