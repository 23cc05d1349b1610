"""What other networks say of a run's champions: a fragment that fills while they are asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evolution.exhibits import naming, transfers
from evolution.models import Run
from evolution.services import predicting
from evolution.views import enqueueing
from evolution.views.tries import tries_of

MOST_TRIES = 100  # one in three seconds


@dataclass(frozen=True)
class Panel:
    """is_open: the run has stopped, so its champions are asked about."""

    rows: Sequence[transfers.Transfer]
    is_open: bool
    tries: int
    reachable: bool

    @property
    def is_waiting(self) -> bool:
        complete = all(row.is_complete for row in self.rows)
        return self.is_open and not complete and self.reachable and self.tries < MOST_TRIES

    @property
    def next_try(self) -> int:
        return self.tries + 1


@require_safe
@never_cache
def transfer(request: HttpRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(Run, pk=run_id)
    context = {
        "run": run,
        "classifier": naming.classifier_title(run.classifier),
        "transfer": panel(run, tries_of(request)),
    }
    return render(request, "runs/_transfer.html", context)


def panel(run: Run, tries: int = 0) -> Panel:
    """Asks the networks that have not answered yet, each at most once a minute whoever looks."""
    rows = transfers.transfers(run)
    is_open = not run.is_active
    reachable = True
    if is_open:
        for row in rows:
            if not row.is_complete and predicting.may_ask_about_champions(run.pk, row.classifier):
                reachable &= enqueueing.predict_champions(run.pk, row.classifier)
    return Panel(rows, is_open, tries, reachable)
