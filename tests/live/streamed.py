"""A run whose changes are watched, and what changes in it."""

from channels.db import database_sync_to_async

from evolution.exhibits import changes
from evolution.models import Elite, Run
from tests.factories import make_archive, make_elite, make_run


@database_sync_to_async
def stored_run() -> tuple[Run, str]:
    run = make_run(status=Run.Status.RUNNING, generation=1)
    make_archive(run)
    return run, changes.run_version(run)


@database_sync_to_async
def take_over(run: Run, cell: int, generation: int, confidence: float = 0.9) -> Elite:
    run.elites.holders().filter(cell=cell).update(until_generation=generation)
    elite = make_elite(run, cell, since_generation=generation, confidence=confidence)
    Run.objects.filter(pk=run.pk).update(generation=generation + 1)
    return elite


def address(elite: Elite) -> str:
    """Of the new holder, as its fragment has it."""
    return f"/individuals/{elite.individual_id}/"
