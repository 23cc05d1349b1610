"""Rows that are looked at and never edited."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows that only a service writes."""

    show_full_result_count = False  # counting a million rows takes longer than the page is worth
    unread: tuple[str, ...] = ()  # columns that may hold megabytes and that no list shows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*self.unread)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
