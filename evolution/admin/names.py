"""Names in people's own words that no picture shows."""

from django.contrib import admin
from django.http import HttpRequest

from evolution.models import HiddenName


@admin.register(HiddenName)
class HiddenNameAdmin(admin.ModelAdmin[HiddenName]):
    """Adding a row hides the name on every picture, deleting it shows it again. Nothing is edited."""

    list_display = ("name", "hidden_at")
    search_fields = ("name", "folded")
    fields = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: HiddenName | None = None) -> bool:
        return obj is None and super().has_change_permission(request)
