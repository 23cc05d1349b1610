"""What every page's frame shows."""

from typing import Any

from django.http import HttpRequest

from evolution.models import Run


def site(request: HttpRequest) -> dict[str, Any]:
    return {"live_runs": Run.objects.active().order_by("-id")}
