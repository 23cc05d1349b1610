"""What people published, and what staff has to look at. Moderating itself is on a picture's page."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evolution.admin.reading import ReadOnly
from evolution.models import Block, Challenge, Publication, Report, Tag
from evolution.services import moderating


class ToSettle(admin.SimpleListFilter):
    """Reports that nobody has looked at, unless others are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("settled", "settled"), ("all", "all")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": "to settle"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() == "all":
            return queryset
        return queryset.filter(settled_at__isnull=self.value() != "settled")


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ("reason", "publication", "reported_at", "settled_at", "page")
    list_filter = (ToSettle,)
    list_select_related = ("publication",)
    search_fields = ("reason", "publication__title")
    exclude = ("visitor",)
    actions = ("settle",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A report is settled, never edited."""
        return obj is None and admin.ModelAdmin.has_change_permission(self, request)

    @admin.display(description="page")
    def page(self, report: Report) -> SafeString:
        return _page(report.publication)

    @admin.action(description="Settle: nothing is to be done", permissions=["change"])
    def settle(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        assert isinstance(request.user, User)
        settled = moderating.settle(request.user, list(chosen))
        self.message_user(request, f"Settled: {settled}.", messages.SUCCESS)


@admin.register(Publication)
class PublicationAdmin(ReadOnly):
    list_display = ("title", "individual", "author", "published_at", "is_shown", "reports", "page")
    list_filter = (
        ("hidden_at", admin.EmptyFieldListFilter),
        ("featured_at", admin.EmptyFieldListFilter),
        "licence",
    )
    list_select_related = ("individual", "author")
    search_fields = ("title", "author__username", "tags__name", "=individual__id")
    date_hierarchy = "published_at"
    exclude = ("visitor", "submission")
    unread = ("individual__genome", "individual__thumbnail")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(n_reports=Count("reports"))
        return rows

    @admin.display(description="shown", boolean=True)
    def is_shown(self, publication: Publication) -> bool:
        return not publication.is_hidden

    @admin.display(description="reports")
    def reports(self, publication: Any) -> int:
        return int(publication.n_reports)

    @admin.display(description="page")
    def page(self, publication: Publication) -> SafeString:
        return _page(publication)


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin[Block]):
    """Who may not publish, rate or report. Deleting a row lets them again."""

    list_display = ("__str__", "account", "visitor", "reason", "blocked_at")
    list_select_related = ("account",)
    search_fields = ("account__username", "=visitor", "reason")
    raw_id_fields = ("account",)


@admin.register(Tag)
class TagAdmin(ReadOnly):
    list_display = ("name", "uses")
    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(n_uses=Count("publications"))
        return rows

    @admin.display(description="pictures", ordering="n_uses")
    def uses(self, tag: Any) -> int:
        return int(tag.n_uses)


@admin.register(Challenge)
class ChallengeAdmin(ReadOnly):
    list_display = ("__str__", "asked_at", "judged_at", "error")
    list_filter = (("judged_at", admin.EmptyFieldListFilter),)
    search_fields = ("=individual__id", "=run__id")


def _page(publication: Publication) -> SafeString:
    return format_html(
        '<a href="{}">open</a>', reverse("individual", args=[publication.individual_id])
    )
