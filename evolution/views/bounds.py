"""What bounds the work that a visitor can ask for, and the words of a refusal."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import redis.exceptions
from django.http import HttpRequest, HttpResponse
from django_ratelimit.core import is_ratelimited


def too_often(request: HttpRequest, group: str, rate: str, by: str = "") -> bool:
    """Whether this was done more often than the rate, from one address or by whoever is named.

    A class of thirty shares an address: what everybody does all the time is counted otherwise too.
    """
    key = (lambda *_: by) if by else "ip"
    try:
        return bool(is_ratelimited(request, group=group, key=key, rate=rate, increment=True))
    except (redis.exceptions.RedisError, OSError):
        return False  # nothing counts without a cache; turns still bound the work


class Turns:
    """So many do it at once. A few more wait for their turn, up to so many seconds.

    Whoever waits holds one of the threads that answer everybody (`fooling_site/http.py`), so all
    others are sent away at once.
    """

    WAITING = 4

    def __init__(self, at_once: int, seconds: float) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + self.WAITING)
        self._seconds = seconds

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Whether it is the caller's turn, for the length of the block."""
        if not self._places.acquire(blocking=False):
            yield False
            return
        try:
            granted = self._turns.acquire(timeout=self._seconds)
            try:
                yield granted
            finally:
                if granted:
                    self._turns.release()
        finally:
            self._places.release()


def refusal(status: int, words: str) -> HttpResponse:
    response = HttpResponse(words + "\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response["Retry-After"] = "30"
    return response
