"""WebSockets: a viewer of the gallery or of one run. All rendering is the hub's."""

import asyncio
import contextlib
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from evolution.errors import InvalidInput
from evolution.hub import Hub, HubFull, Viewer
from evolution.models import Run

NO_LAYER = ""  # a name that no layer has
UNKNOWN, REFUSED, TRY_AGAIN_LATER = 4404, 4400, 1013


class LiveConsumer(AsyncWebsocketConsumer):
    """Sends what changed since the page was rendered, then every change. Takes no messages."""

    # The hub's subscription is the process's only one; by default every viewer would have its own,
    # and none could connect while the broker is away.
    channel_layer_alias = NO_LAYER
    viewer: Viewer | None = None
    sending: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        number = self.scope["url_route"]["kwargs"].get("run_id")
        run_id = None if number is None else int(number)
        since = parse_qs(self.scope["query_string"].decode("latin-1")).get("since", [""])[0]
        await self.accept()
        try:
            if run_id is not None and not await _exists(run_id):
                await self.close(UNKNOWN, f"There is no run {run_id}.")
                return
            address, _ = self.scope.get("client") or ("", 0)
            self.viewer = await Hub.of_this_loop().join(run_id, since, address)
        except InvalidInput as error:
            await self.close(REFUSED, str(error)[:120])
            return
        except HubFull:
            await self.close(TRY_AGAIN_LATER, "Too many viewers for now.")
            return
        self.sending = asyncio.create_task(self._send_all(self.viewer))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.close(REFUSED, "This stream takes no messages.")

    async def disconnect(self, code: int) -> None:
        if self.sending:
            self.sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.sending
        if self.viewer:
            Hub.of_this_loop().leave(self.viewer)

    async def _send_all(self, viewer: Viewer) -> None:
        while (html := await viewer.queue.get()) is not None:
            await self.send(text_data=html)
        # It fell behind; the page joins again and is sent all that it missed.
        await self.close(TRY_AGAIN_LATER, "Fell behind.")


@database_sync_to_async
def _exists(run_id: int) -> bool:
    return Run.objects.filter(pk=run_id).exists()


class NoSuchStream(AsyncWebsocketConsumer):
    channel_layer_alias = NO_LAYER

    async def connect(self) -> None:
        await self.accept()
        await self.close(UNKNOWN, "There is no stream at this address.")
