"""Studies of the paper and their parts. They are started and steered on their pages."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evolution.admin.reading import ReadOnly
from evolution.models import Study, StudyPart


@admin.register(Study)
class StudyAdmin(ReadOnly):
    list_display = ("__str__", "scale", "status", "progress", "owner", "created_at", "page")
    list_filter = ("status", "kind")
    list_select_related = ("owner",)
    search_fields = ("kind", "=id")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Study]:
        done = Count("parts", filter=Q(parts__status=StudyPart.Status.DONE))
        found: QuerySet[Study] = super().get_queryset(request)
        return found.annotate(n_parts=Count("parts"), n_done=done)

    @admin.display(description="parts")
    def progress(self, study: Study) -> str:
        counted = vars(study)
        return f"{counted['n_done']} of {counted['n_parts']}"

    @admin.display(description="page")
    def page(self, study: Study) -> SafeString:
        return format_html('<a href="{}">open</a>', reverse("study", args=[study.pk]))


@admin.register(StudyPart)
class StudyPartAdmin(ReadOnly):
    list_display = ("__str__", "stage", "status", "reused", "seconds", "attempts", "run")
    list_filter = ("status", "study__kind", "reused")
    list_select_related = ("study", "run")
    search_fields = ("key", "=study__id")
    unread = ("result", "arguments", "order")
    raw_id_fields = ("study", "run")
