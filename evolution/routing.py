from channels.routing import URLRouter
from django.urls import path, re_path

from evolution.consumers import LiveConsumer, NoSuchStream

websocket_urlpatterns = [
    path(
        "live/",
        URLRouter(
            [
                path("gallery", LiveConsumer.as_asgi()),
                path("runs/<int:run_id>", LiveConsumer.as_asgi()),
            ]
        ),
    ),
    re_path("", NoSuchStream.as_asgi()),
]
