from typing import Any

from django.urls import re_path

from evolution.consumers import LiveConsumer, NoSuchStream

# Django's types know views only; Channels routes applications by the same function.
_live: Any = LiveConsumer.as_asgi()
_nothing: Any = NoSuchStream.as_asgi()

websocket_urlpatterns: list[Any] = [
    re_path(r"^live/gallery$", _live),
    re_path(r"^live/runs/(?P<run_id>\d{1,9})$", _live),
    re_path("", _nothing),
]
