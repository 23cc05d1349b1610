"""The form that starts runs. A form posted twice starts one set of them."""

from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evolution.errors import InvalidInput
from evolution.forms import OrderForm
from evolution.models import Run
from evolution.services import runs
from evolution.views import enqueueing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@user_passes_test(lambda user: user.is_active and user.is_staff)
def start_run(request: HttpRequest) -> HttpResponse:
    form = OrderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        started = _start(request, form)
        if started:
            return redirect("run", started[0].pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "runs/start.html", {"form": form}, status=status)


def _start(request: HttpRequest, form: OrderForm) -> list[Run]:
    """The runs of this form; none if the service refused it, with the reason in the form."""
    assert request.user.is_authenticated
    submission = form.cleaned_data["submission"]
    if known := list(Run.objects.filter(submission=submission).order_by("seed")):
        messages.info(request, "This form was sent before: here is what it started.")
        return known
    try:
        started = runs.start(form.order(), owner=request.user, submission=submission)
    except InvalidInput as error:
        form.add_error(error.argument if error.argument in form.fields else None, error.message)
        return []
    if enqueueing.evolve(started):
        messages.success(request, _words(started))
    else:
        messages.warning(request, _words(started) + " No worker can be reached: it begins later.")
    return started


def _words(started: list[Run]) -> str:
    if len(started) == 1:
        return f"Run {started[0].pk} is queued."
    return f"{len(started)} runs are queued: {started[0].pk} to {started[-1].pk}."
