"""Viewers of a live run: WebSockets in a process of their own, each noting when it was told what.

Reads an order from its standard input and writes what was seen to its standard output, as JSON:

    {"port": 8000, "path": "/live/runs/1?since=-1.0", "viewers": 500, "seconds": 30}

`frames` has for every viewer the pairs (generation that the page is told of, milliseconds since 1970).
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0  # seconds until all have joined
AT_ONCE = 50  # that shake hands
FROM_ONE_ADDRESS = 100  # the site admits a bounded number from each
VERSION = re.compile(r'since=[^"]*%3A(\d+)"')

Frames = list[tuple[int, float]]


@dataclass(frozen=True)
class Viewer:
    frames: Frames = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    joined: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, order: Mapping[str, Any], number: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            socket = await _connected(order, number)
        async with socket:
            async for text in socket:
                assert isinstance(text, str)
                self.sizes.append(len(text))
                if told := VERSION.search(text, max(0, len(text) - 400)):
                    self.frames.append((int(told[1]), 1000 * time.time()))
                self.joined.set()


async def watch(order: Mapping[str, Any]) -> dict[str, Any]:
    gate = asyncio.Semaphore(AT_ONCE)
    viewers = [Viewer() for _ in range(order["viewers"])]
    came = time.time()
    watching = [
        asyncio.create_task(viewer.watch(order, number, gate))
        for number, viewer in enumerate(viewers)
    ]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(viewer.joined.wait() for viewer in viewers))
    began, worked = time.time(), time.process_time()
    seen_before = [len(viewer.frames) for viewer in viewers]
    await asyncio.sleep(order["seconds"])
    ended, work = time.time(), time.process_time() - worked
    lost = sum(task.done() for task in watching)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    sizes = [size for viewer in viewers for size in viewer.sizes[1:]]  # the first is the catch-up
    return {
        "joined_s": began - came,
        "began_ms": 1000 * began,
        "ended_ms": 1000 * ended,
        "frames": [
            viewer.frames[before:] for viewer, before in zip(viewers, seen_before, strict=True)
        ],
        "bytes": sum(sizes) / max(1, len(sizes)),
        "lost": lost,
        "client_share": work / (ended - began),
    }


async def _connected(order: Mapping[str, Any], number: int) -> ClientConnection:
    return await connect(
        f"ws://127.0.0.1:{order['port']}{order['path']}",
        origin="http://127.0.0.1",  # type: ignore[arg-type]
        local_addr=(f"127.0.0.{2 + number // FROM_ONE_ADDRESS}", 0),
        max_size=None,
        ping_interval=None,
        open_timeout=PATIENCE,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(watch(json.load(sys.stdin)))))
