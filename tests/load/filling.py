"""Real runs for a site that is measured: a thousand cells, and digits."""

import subprocess
import sys
from dataclasses import dataclass
from functools import partial

from evolution.exhibits import transfers
from evolution.models import Run, Study
from tests.load.product import ROOT, Product
from tests.load.visitors import get
from tests.processes import wait_for

LARGE = ("imagenet-cppn-fast", "--classifier", "squeezenet", "--generations", "8")
DIGITS = ("mnist-cppn-paper", "--generations", "200")
PATIENCE = 900  # seconds for the other networks' answers


@dataclass(frozen=True)
class Filled:
    """individuals: champions of the large run, the surest first."""

    large: Run
    digits: Run
    study: int
    individuals: list[int]


def fill(*, large: bool = True) -> None:
    """Breed what is not there yet; takes a minute or two. large: a thousand cells, too."""
    manage("migrate", "--verbosity", "0")
    for arguments in (DIGITS, LARGE)[: 2 if large else 1]:  # the gallery features the newest
        if not Run.objects.filter(preset=arguments[0], status=Run.Status.FINISHED).exists():
            manage("evolve", *arguments, "--seed", "1")
    manage("study", "mnist-cppn", "--scale", "quick")


def filled(product: Product) -> Filled:
    """What the site shows, once every network has been asked about the champions."""
    large, digits = (
        Run.objects.filter(preset=arguments[0], status=Run.Status.FINISHED).latest("pk")
        for arguments in (LARGE, DIGITS)
    )
    for run in (large, digits):
        get(product.port, f"/runs/{run.pk}/")  # a page asks
        wait_for(partial(is_told, run), PATIENCE, f"networks about run {run.pk}")
    surest = large.elites.holders().order_by("-confidence").values_list("individual", flat=True)
    study = Study.objects.filter(status=Study.Status.FINISHED).latest("pk")
    return Filled(large, digits, study.pk, list(dict.fromkeys(surest)))


def is_told(run: Run) -> bool:
    return all(row.is_complete for row in transfers.transfers(run))


def manage(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
