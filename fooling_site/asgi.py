"""What uvicorn serves: Django over HTTP, the live stream over WebSocket, to our own pages only."""

import os
import warnings

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fooling_site.settings")
# Static files are small; WhiteNoise streams them from an ordinary iterator, which is harmless.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
django.setup(set_prefix=False)  # before anything that needs models is imported

from evolution.routing import websocket_urlpatterns  # noqa: E402
from fooling_site.http import Handler  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Handler(),
        "websocket": AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns)),
    }
)
