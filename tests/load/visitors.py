"""Visitors of the site: keep-alive connections in a process of their own, which tells how busy it was.

Reads an order from its standard input and writes what it measured to its standard output, as JSON:

    {"port": 8000, "paths": ["/"], "clients": 8, "requests": 200, "seconds": 10, "headers": {}}
"""

import asyncio
import http.client
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 60.0  # seconds for one answer


@dataclass
class Seen:
    """milliseconds, sizes: of every answer, its body in bytes."""

    milliseconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes


def get(port: int, path: str) -> Answer:
    """One request, unmeasured."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read())
    finally:
        connection.close()


def share(values: Iterable[float], at: float) -> float:
    """The value below which this share of them lies; -1 where there are none."""
    ordered = sorted(values)
    return ordered[min(int(at * len(ordered)), len(ordered) - 1)] if ordered else -1.0


async def visit(order: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the paths in turn, over and over, until the requests or the seconds are used up."""
    paths = itertools.islice(itertools.cycle(order["paths"]), order["requests"])
    seen = Seen()
    began, worked = time.perf_counter(), time.process_time()
    until = began + order["seconds"]
    await asyncio.gather(
        *(
            _visitor(order["port"], order["headers"], paths, until, seen)
            for _ in range(order["clients"])
        )
    )
    seconds = time.perf_counter() - began
    return {
        "requests": len(seen.milliseconds),
        "seconds": seconds,
        "p50_ms": share(seen.milliseconds, 0.5),
        "p95_ms": share(seen.milliseconds, 0.95),
        "p99_ms": share(seen.milliseconds, 0.99),
        "bytes": share(seen.sizes, 0.5),
        "statuses": dict(seen.statuses),
        "client_share": (time.process_time() - worked) / seconds,
    }


async def _visitor(
    port: int, headers: Mapping[str, str], paths: Iterator[str], until: float, seen: Seen
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    try:
        while time.perf_counter() < until and (path := next(paths, None)) is not None:
            began = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode())
            async with asyncio.timeout(PATIENCE):
                status, size = await _answer(reader)
            seen.milliseconds.append(1000 * (time.perf_counter() - began))
            seen.sizes.append(size)
            seen.statuses[status] += 1
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and length of a whole answer. The site names every length, so no other is understood."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    first, *lines = head.split("\r\n")
    status = int(first.split()[1])
    lengths = [int(line[15:]) for line in lines if line.startswith("content-length:")]
    if not lengths and status != 304:
        raise ValueError(f"answer: expected a Content-Length, got {head[:300]!r}")
    size = lengths[0] if lengths else 0
    await reader.readexactly(size)
    return status, size


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(visit(json.load(sys.stdin)))))
