"""What a new site begins with: real results of earlier runs, and two runs that can be watched."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from evolution.models import Run
from evolution.services import importing, run_archives, runs

FOLDER = Path(__file__).parents[1] / "starter"


def furnish(folder: Path = FOLDER) -> list[Run]:
    """Import the starter collection and start the demonstration, where there is no run at all.

    All or nothing: a site that was killed meanwhile begins anew. Returns the runs to be enqueued.
    """
    if Run.objects.exists():
        return []
    with transaction.atomic():
        demonstration = runs.start_demonstration()
        for archive in archives(folder):
            importing.read_archive(archive)
    return demonstration


def archives(folder: Path = FOLDER) -> Sequence[Path]:
    return sorted(folder.glob(f"*{run_archives.ENDING}"))
