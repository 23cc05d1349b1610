"""Django over HTTP: each request in one thread, from the first middleware to the last."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

THREADS = 32  # requests at once; some wait for a turn to draw a large picture


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
            body = await self.read_body(receive)
        except RequestAborted:
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
