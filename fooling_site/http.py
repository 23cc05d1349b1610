"""Django over HTTP: each request in one thread, from the first middleware to the last."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

THREADS = 32  # requests at once; some wait for a turn to draw a large picture
MOST_BODY = 6_000_000  # bytes of a request; the largest that is asked for is a genome of 5 MB


class BodyTooLarge(Exception):
    """More was sent than any form of the site sends."""


class Handler(ASGIHandler):
    """Views and middleware as under WSGI, since the database makes nearly all of them wait.

    Django's own handler begins a thread for every request, which connects to the database anew,
    and changes between it and the event loop at every middleware: that costs several times what
    a small answer does (docs/benchmarks.md). Here threads stay, and keep their connections.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="http")

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002  Django's
        super().load_middleware(is_async=False)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(_bounded(scope, receive))
        except RequestAborted:
            return
        except BodyTooLarge:
            await _refuse(send)
            return
        try:
            response = await self._in_thread(self._answer)(scope, body)
            await self.send_response(response, send)
            if response.streaming:
                await self._in_thread(response.close)()
        finally:
            body.close()

    def _in_thread(self, function: Any) -> Any:
        return sync_to_async(function, thread_sensitive=False, executor=self._threads)

    def _answer(self, scope: Any, body: Any) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = self.get_response(request) if request is not None else refusal
        assert response is not None
        if isinstance(response, HttpResponse):
            response.close()  # its content stays; what the thread holds is given back here
        elif isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        return response


def _bounded(scope: Any, receive: Any) -> Any:
    """Receive no more than a form may hold, whatever its length is said to be."""
    sizes = [int(value) for name, value in scope["headers"] if name == b"content-length"]
    received = 0

    async def bounded() -> Any:
        nonlocal received
        if any(size > MOST_BODY for size in sizes):
            raise BodyTooLarge
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BODY:
            raise BodyTooLarge
        return message

    return bounded


async def _refuse(send: Any) -> None:
    """Answer before all of it has come, and end the connection."""
    words = f"request: expected at most {MOST_BODY:,} bytes, got more.\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(words)).encode()),
        (b"connection", b"close"),
    ]
    start = {"type": "http.response.start", "status": HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
    await send({**start, "headers": headers})
    await send({"type": "http.response.body", "body": words})
