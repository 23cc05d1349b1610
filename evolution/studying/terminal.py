"""Working a whole study off in this process. Imports torch and the kernels."""

import time
from collections.abc import Callable

from evolution.models import Run, Study, StudyPart
from evolution.services import evolving
from evolution.studying import advancing, working

FOREVER = 1e9
WAIT = 1.0  # seconds, while workers of the site hold what is left

Note = Callable[[int, str], object]
"""Called with (parts done, what is being done). What it raises ends the work."""


def work_through(study_id: int, note: Note) -> None:
    """Work until the study has ended, is paused or has failed."""
    while True:
        offer = advancing.advance(study_id, advancing.Terms())
        done = StudyPart.objects.filter(study=study_id, status=StudyPart.Status.DONE).count()
        note(done, "")
        if Study.objects.get(pk=study_id).status != Study.Status.RUNNING:
            return
        for run_id, generation in offer.runs or _own_runs(study_id):
            _evolve(run_id, generation, lambda words: note(done, words))  # noqa: B023
        for part_id in offer.parts:
            note(done, StudyPart.objects.get(pk=part_id).key)
            working.work_on(part_id)
        if not offer:
            time.sleep(WAIT)


def _own_runs(study_id: int) -> list[tuple[int, int]]:
    """Runs of the study that somebody began and may have left: found elsewhere, nothing happens."""
    parts = StudyPart.objects.filter(
        study=study_id, status=StudyPart.Status.WORKING, run__status__in=Run.ACTIVE
    )
    return list(parts.values_list("run", "run__generation"))


def _evolve(run_id: int, generation: int, note: Callable[[str], object]) -> None:
    def tell(run: Run, at: int) -> None:
        note(f"run {run.pk}, generation {at} of {run.planned}")

    following = evolving.evolve_slice(run_id, generation, evolving.Budget(FOREVER, note=tell))
    while following:
        budget = evolving.Budget(FOREVER, note=tell)
        following = evolving.evolve_slice(run_id, following.generation, budget)
