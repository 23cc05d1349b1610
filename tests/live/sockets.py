"""A WebSocket to the real application, without a server (channels.testing would bring daphne)."""

from typing import Any
from urllib.parse import unquote

from asgiref.testing import ApplicationCommunicator

from fooling_site.asgi import application


class Socket(ApplicationCommunicator):
    def __init__(self, path: str, origin: str | None = "http://localhost") -> None:
        path, _, query = path.partition("?")
        headers = [(b"host", b"localhost")]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        scope = {
            "type": "websocket",
            "path": unquote(path),
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def connect(self) -> bool:
        """Whether the connection was accepted."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(3)
        return bool(answer["type"] == "websocket.accept")

    async def text(self) -> str:
        message: dict[str, Any] = await self.receive_output(3)
        assert message["type"] == "websocket.send", message
        return str(message["text"])

    async def say(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(3)
