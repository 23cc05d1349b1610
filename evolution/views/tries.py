"""How often a fragment has asked for itself, so that it stops some time."""

from django.http import HttpRequest


def tries_of(request: HttpRequest) -> int:
    tries = request.GET.get("tries", "")
    return int(tries[:3]) if tries.isascii() and tries.isdigit() else 0
