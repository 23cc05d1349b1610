"""What bounds the work that a visitor can ask for, and the words of a refusal."""

from http import HTTPStatus

import redis.exceptions
from django.http import HttpRequest, HttpResponse
from django_ratelimit.core import is_ratelimited


def too_often(request: HttpRequest, group: str, rate: str) -> bool:
    try:
        return bool(is_ratelimited(request, group=group, key="ip", rate=rate, increment=True))
    except (redis.exceptions.RedisError, OSError):
        return False  # nothing counts without a cache; turns still bound the work


def refusal(status: int, words: str) -> HttpResponse:
    response = HttpResponse(words + "\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response["Retry-After"] = "30"
    return response
