"""Runs and what they hold. Runs are started, steered and removed through the services."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evolution.admin.reading import ReadOnly
from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.exhibits import naming
from evolution.forms import BatchForm
from evolution.models import Elite, Individual, Prediction, Run
from evolution.services import runs
from evolution.views import enqueueing


class RunActionForm(ActionForm):
    count = forms.CharField(label="How many", initial="1", required=False)
    count.widget.attrs["size"] = 3


@admin.register(Run)
class RunAdmin(admin.ModelAdmin[Run]):
    list_display = ("__str__", "status", "progress", "evaluations", "owner", "created_at", "page")
    list_filter = ("status", "preset", "classifier", "encoding")
    list_select_related = ("owner",)
    search_fields = ("preset", "classifier", "=seed")
    date_hierarchy = "created_at"
    actions = ("pause", "resume", "cancel", "start_more")
    action_form = RunActionForm

    @admin.display(description="generation")
    def progress(self, run: Run) -> str:
        return f"{run.last_generation if run.generation else '–'} of {run.planned}"

    @admin.display(description="page")
    def page(self, run: Run) -> SafeString:
        return format_html('<a href="{}">open</a>', reverse("run", args=[run.pk]))

    def has_change_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        """A run is steered, never edited; steering needs the right all the same."""
        return obj is None and super().has_change_permission(request, obj)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            return redirect("admin:index")
        form = BatchForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and self._start_batch(request, form):
            return redirect("admin:evolution_run_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": "Start runs",
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/evolution/run/order.html", context)

    def _start_batch(self, request: HttpRequest, form: BatchForm) -> bool:
        assert request.user.is_authenticated
        started: list[Run] = []
        for order, submission in form.orders():
            try:
                started += runs.start(order, owner=request.user, submission=submission)
            except InvalidInput as error:
                form.add_error(
                    error.argument if error.argument in form.fields else None, error.message
                )
        self._enqueue(request, started)
        return not form.errors

    def _enqueue(self, request: HttpRequest, started: list[Run]) -> None:
        if not started:
            return
        reached = enqueueing.evolve(run for run in started if run.is_active)
        level, end = (
            (messages.SUCCESS, "") if reached else (messages.WARNING, " No worker can be reached.")
        )
        self.message_user(request, f"Queued: {len(started)} runs.{end}", level)

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        self._steer(request, chosen, "pause")

    @admin.action(description="Resume", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        self._enqueue(request, self._steer(request, chosen, "resume"))

    @admin.action(description="Cancel", permissions=["change"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        self._steer(request, chosen, "cancel")

    @admin.action(description="Start more like this (how many: see right)", permissions=["add"])
    def start_more(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        asked = request.POST.get("count", "").strip()
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= runs.MOST_RUNS):
            words = f"How many: expected a whole number from 1 to {runs.MOST_RUNS}, got “{asked}”"
            self.message_user(request, words, messages.ERROR)
            return
        self._start_more(request, chosen, int(asked))

    def _start_more(self, request: HttpRequest, chosen: QuerySet[Run], count: int) -> None:
        assert request.user.is_authenticated
        started: list[Run] = []
        for run in chosen:
            try:
                started += runs.start(_more_like(run, count), owner=request.user)
            except InvalidInput as error:
                self.message_user(request, f"Run {run.pk}: {error}", messages.ERROR)
        self._enqueue(request, started)

    def _steer(self, request: HttpRequest, chosen: QuerySet[Run], verb: str) -> list[Run]:
        """Pause, resume or cancel each run by its service; what it refuses is told in its words."""
        service = {"pause": runs.pause, "resume": runs.resume, "cancel": runs.cancel}[verb]
        moved = []
        for run in chosen:
            try:
                moved.append(service(run.pk))
            except ForbiddenTransition as error:
                self.message_user(request, str(error), messages.ERROR)
        if moved:
            names = ", ".join(str(run.pk) for run in moved)
            self.message_user(request, f"{verb.title()}: run {names}.", messages.SUCCESS)
        return moved

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What goes, counted by query: a run may hold a million rows."""
        chosen = list(objs)
        counts = {
            "runs": len(chosen),
            "individuals": Individual.objects.filter(run__in=chosen).count(),
            "elites": Elite.objects.filter(run__in=chosen).count(),
        }
        going_on = [f"{run} is {run.status}: cancel it first" for run in chosen if run.is_active]
        lacking = set() if self.has_delete_permission(request) else {"run"}
        return [str(run) for run in chosen], counts, lacking, going_on

    def delete_model(self, request: HttpRequest, obj: Run) -> None:
        self._delete(request, [obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        self._delete(request, list(queryset.values_list("pk", flat=True)))

    def _delete(self, request: HttpRequest, run_ids: list[int]) -> None:
        try:
            runs.delete(run_ids)
        except ForbiddenTransition as error:
            self.message_user(request, str(error), messages.ERROR)


@admin.register(Individual)
class IndividualAdmin(ReadOnly):
    list_display = ("__str__", "run", "generation", "encoding", "selected_by", "page")
    list_filter = ("encoding", "selected_by")
    list_select_related = ("run",)
    search_fields = ("=id",)
    exclude = unread = ("genome", "thumbnail")
    raw_id_fields = ("parent", "mate")

    @admin.display(description="page")
    def page(self, individual: Individual) -> SafeString:
        return format_html('<a href="{}">open</a>', reverse("individual", args=[individual.pk]))


@admin.register(Elite)
class EliteAdmin(ReadOnly):
    list_display = (
        "run",
        "cell",
        "individual",
        "confidence",
        "since_generation",
        "until_generation",
    )
    unread = ("individual__genome", "individual__thumbnail")
    list_filter = (("until_generation", admin.EmptyFieldListFilter),)
    list_select_related = ("run", "individual")
    search_fields = ("=run__id",)


@admin.register(Prediction)
class PredictionAdmin(ReadOnly):
    unread = ("individual__genome", "individual__thumbnail")
    list_display = ("individual", "classifier", "version", "created_at")
    list_filter = ("classifier",)
    list_select_related = ("individual",)
    search_fields = ("=individual__id",)


def _more_like(run: Run, count: int) -> runs.Order:
    """The same order with the seeds that follow those used so far."""
    sisters = Run.objects.filter(preset=run.preset, classifier=run.classifier)
    last = sisters.aggregate(last=Max("seed"))["last"]
    return runs.Order(
        preset=run.preset,
        classifier=run.classifier,
        seed=last + 1,
        generations=run.planned,
        runs=count,
        pace=run.pace,
        target=naming.target(run.parameters),
        screening=run.screening,
    )
