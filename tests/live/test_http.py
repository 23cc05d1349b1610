"""How requests reach Django: a few threads, each with a connection that it keeps."""

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created
from django.http import HttpResponse
from django.urls import reverse

from evolution.services.judging import exporting
from evolution.views import pictures
from evolution.views.bounds import Turns
from fooling_site.http import THREADS, Handler
from tests.factories import make_individual, make_run
from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The database connections that are opened, by whichever thread."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 600)
    found: list[Any] = []

    def note(**told: Any) -> None:
        found.append(told["connection"])

    connection_created.connect(note)
    yield found
    connection_created.disconnect(note)
    for connection in found:
        connection.inc_thread_sharing()
        connection.close()


@pytest.fixture
def handler(opened: list[Any]) -> Iterator[Handler]:
    handler = Handler()
    yield handler
    handler._threads.shutdown()


async def get(handler: Handler, path: str) -> tuple[int, bytes]:
    status, sent = await _asked(handler, path)
    return status, b"".join(sent)


async def parts(handler: Handler, path: str) -> list[bytes]:
    """The body as it was sent, piece by piece."""
    _, sent = await _asked(handler, path)
    return [part for part in sent if part]


async def _asked(handler: Handler, path: str) -> tuple[int, list[bytes]]:
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"",
        "headers": [(b"host", b"localhost")], "server": ("localhost", 80), "scheme": "http",
        "client": ("127.0.0.1", 4711),
    }  # fmt: skip
    asked = ApplicationCommunicator(handler, scope)
    await asked.send_input({"type": "http.request", "body": b""})
    start: dict[str, Any] = await asked.receive_output(20)
    sent, more = [], True
    while more:
        part: dict[str, Any] = await asked.receive_output(20)
        sent.append(part.get("body", b""))
        more = part.get("more_body", False)
    await asked.wait(20)
    return int(start["status"]), sent


@pytest.mark.asyncio
async def test_requests_in_turn_share_connections(handler: Handler, opened: list[Any]) -> None:
    answers = [await get(handler, "/runs/") for _ in range(12)]
    assert [status for status, _ in answers] == [200] * 12
    assert 1 <= len(opened) <= 4  # a thread that has just answered may not count as idle yet


@pytest.mark.asyncio
async def test_a_table_is_sent_while_it_is_read(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not gathered first: a hundred thousand judgments would be in memory at once."""
    monkeypatch.setattr(exporting, "csv_text", lambda _: (f"{n}\n" for n in range(3)))
    assert await parts(handler, "/judge/data/judgments.csv") == [b"0\n", b"1\n", b"2\n"]


@pytest.mark.asyncio
async def test_more_requests_than_threads_are_all_answered(handler: Handler) -> None:
    answers = await asyncio.gather(*(get(handler, "/sign-in/") for _ in range(THREADS + 8)))
    assert {status for status, _ in answers} == {200}


@pytest.mark.asyncio
async def test_who_waits_for_large_pictures_leaves_room_for_the_others(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "too_often", lambda *_: False)  # many visitors, not one
    drawing = threading.Event()

    def draw(*_: object) -> HttpResponse:
        drawing.wait(20)
        return HttpResponse(b"drawn")

    monkeypatch.setattr(pictures, "_file", draw)
    individual = await database_sync_to_async(lambda: make_individual(make_run()))()
    address = reverse("picture", args=[individual.pk, "2000", "png"])
    served = 2 + Turns.WAITING
    flood = [asyncio.ensure_future(get(handler, address)) for _ in range(2 * THREADS)]
    try:
        async with asyncio.timeout(10):  # those who wait for a turn do so for fifteen seconds
            while sum(asked.done() for asked in flood) < len(flood) - served:
                await asyncio.sleep(0.02)
            assert (await get(handler, "/sign-in/"))[0] == 200
    finally:
        drawing.set()
        answers = [status for status, _ in await asyncio.gather(*flood)]
    assert (answers.count(200), answers.count(503)) == (served, len(flood) - served)


@pytest.mark.asyncio
async def test_a_broken_view_is_told_and_serves_on(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evolution.exhibits import archives

    with monkeypatch.context() as broken:
        broken.setattr(archives, "rows", None)
        status, _ = await get(handler, "/runs/")
        assert status == 500
    assert (await get(handler, "/runs/"))[0] == 200


def test_asynchronous_views_and_files_arrive_whole(processes: Processes) -> None:
    address = processes.start_site()
    with urllib.request.urlopen(f"{address}/static/site.css") as answer:
        assert answer.read() == (settings.BASE_DIR / "static" / "site.css").read_bytes()
    with pytest.raises(urllib.error.HTTPError) as refused:  # no worker runs
        urllib.request.urlopen(f"{address}/healthz")
    assert b'"channel layer": {"status": "ok"' in refused.value.read()
