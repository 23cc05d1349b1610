"""The live stream, through the real application and a real broker."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from pytest_django import Settings

from evolution import hub, live
from evolution.errors import InvalidInput
from evolution.exhibits import changes
from evolution.models import Run
from tests.live.sockets import Socket
from tests.live.streamed import stored_run, take_over

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


@asynccontextmanager
async def viewer(path: str) -> AsyncIterator[Socket]:
    socket = Socket(path)
    assert await socket.connect()
    yield socket
    await socket.leave()


async def closing_of(path: str, text: str | None = None) -> dict[str, Any]:
    async with viewer(path) as socket:
        if text is not None:
            await socket.say(text)
        closing: dict[str, Any] = await socket.receive_output(3)
        return closing


async def announce(run: Run) -> None:
    await sync_to_async(live.announce, thread_sensitive=False)(run.pk)


class TestARunsStream:
    async def test_a_change_between_page_and_connection_arrives(self) -> None:
        run, version = await stored_run()
        elite = await take_over(run, 4, 1)
        async with viewer(f"/live/runs/{run.pk}?since={version}") as socket:
            html = await socket.text()
        assert f"/individuals/{elite.individual_id}/" in html

    async def test_a_commit_that_is_announced_arrives(self) -> None:
        run, version = await stored_run()
        async with viewer(f"/live/runs/{run.pk}?since={version}") as socket:
            await asyncio.sleep(0.5)
            elite = await take_over(run, 7, 1)
            await announce(run)
            html = await socket.text()
        assert f"/individuals/{elite.individual_id}/" in html

    async def test_a_commit_whose_announcement_is_lost_arrives(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hub, "BACKSTOP", 0.3)
        run, version = await stored_run()
        async with viewer(f"/live/runs/{run.pk}?since={version}") as socket:
            await asyncio.sleep(0.5)
            elite = await take_over(run, 2, 1)
            html = await socket.text()
        assert f"/individuals/{elite.individual_id}/" in html

    async def test_an_up_to_date_page_is_sent_nothing(self) -> None:
        run, version = await stored_run()
        async with viewer(f"/live/runs/{run.pk}?since={version}") as socket:
            assert await socket.receive_nothing(timeout=0.6)

    async def test_many_viewers_cost_one_rendering(self, monkeypatch: pytest.MonkeyPatch) -> None:
        run, version = await stored_run()
        path = f"/live/runs/{run.pk}?since={version}"
        async with viewer(path) as first, viewer(path) as second, viewer(path) as third:
            await asyncio.sleep(0.5)
            rendered: list[str] = []
            original = changes.run_changes

            def counted(run_id: int, since: str) -> changes.Changes:
                rendered.append(since)
                return original(run_id, since)

            monkeypatch.setattr(changes, "run_changes", counted)
            await take_over(run, 3, 1)
            await announce(run)
            texts = [await socket.text() for socket in (first, second, third)]
        assert len(set(texts)) == 1
        assert len(rendered) == 1

    async def test_updates_are_at_most_five_a_second(self) -> None:
        run, version = await stored_run()
        async with viewer(f"/live/runs/{run.pk}?since={version}") as socket:
            await asyncio.sleep(0.5)
            began = time.monotonic()
            for generation in range(1, 21):
                await take_over(run, generation % 10, generation, 0.5 + generation / 100)
                await announce(run)
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            ended, received = time.monotonic(), 0
            while not await socket.receive_nothing(timeout=0.1):
                await socket.text()
                received += 1
        assert 2 <= received <= (ended - began) / hub.TICK + 1


class TestWithoutABroker:
    async def test_a_page_is_told_what_it_missed_and_what_comes(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(hub, "BACKSTOP", 0.3)
        layer = {**settings.CHANNEL_LAYERS["default"]}
        layer["CONFIG"] = {"hosts": [f"unix://{tmp_path}/nobody.sock"]}
        settings.CHANNEL_LAYERS = {"default": layer}
        run, version = await stored_run()
        missed = await take_over(run, 4, 1)
        async with viewer(f"/live/runs/{run.pk}?since={version}") as socket:
            assert f"/individuals/{missed.individual_id}/" in await socket.text()
            await asyncio.sleep(0.3)
            coming = await take_over(run, 5, 2)
            assert f"/individuals/{coming.individual_id}/" in await socket.text()


class TestTheGallerysStream:
    async def test_a_run_that_starts_later_reaches_the_open_page(self) -> None:
        version = await database_sync_to_async(changes.gallery_version)()
        async with viewer(f"/live/gallery?since={version}") as socket:
            run, _ = await stored_run()
            await announce(run)
            html = await socket.text()
        holders = await database_sync_to_async(
            lambda: list(run.elites.values_list("individual_id", flat=True))
        )()
        assert all(f"/individuals/{number}/" in html for number in holders)


class TestRefusing:
    async def test_a_foreign_origin_is_refused(self) -> None:
        for origin in ("http://evil.example", None):
            assert not await Socket("/live/gallery", origin).connect()

    @pytest.mark.parametrize("since", ["rubbish", "1.2.3", "-4.0", "9" * 400, "%00"])
    async def test_a_garbled_version_is_refused_in_words(self, since: str) -> None:
        run, _ = await stored_run()
        closing = await closing_of(f"/live/runs/{run.pk}?since={since}")
        assert (closing["type"], closing["code"]) == ("websocket.close", 4400)
        assert "since" in closing["reason"]

    async def test_an_unknown_run_is_refused_in_words(self) -> None:
        closing = await closing_of("/live/runs/123456")
        assert (closing["code"], closing["reason"]) == (4404, "There is no run 123456.")

    async def test_an_unknown_address_is_refused_in_words(self) -> None:
        assert (await closing_of("/live/nothing"))["code"] == 4404

    async def test_one_address_does_not_get_every_place(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hub, "MOST_FROM_ONE_ADDRESS", 2)
        version = await database_sync_to_async(changes.gallery_version)()
        path = f"/live/gallery?since={version}"
        async with viewer(path), viewer(path):
            closing = await closing_of(path)
            assert (closing["code"], closing["reason"]) == (1013, "Too many viewers for now.")
        async with viewer(path) as socket:
            assert await socket.receive_nothing(timeout=0.3)

    async def test_places_are_counted_before_anybody_is_in(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hub, "MOST_FROM_ONE_ADDRESS", 3)
        version = await database_sync_to_async(changes.gallery_version)()
        ours = hub.Hub()
        comers = [ours.join(None, version, "192.0.2.1") for _ in range(8)]
        found = await asyncio.gather(*comers, return_exceptions=True)
        viewers = [viewer for viewer in found if isinstance(viewer, hub.Viewer)]
        assert len(viewers) == 3
        with pytest.raises(InvalidInput):
            await ours.join(None, "rubbish", "192.0.2.2")
        for viewer in viewers:
            ours.leave(viewer)
        assert not ours.places

    async def test_a_viewer_that_talks_is_shown_out(self) -> None:
        version = await database_sync_to_async(changes.gallery_version)()
        closing = await closing_of(f"/live/gallery?since={version}", text="{rubbish")
        assert (closing["code"], closing["reason"]) == (4400, "This stream takes no messages.")


class TestTheHub:
    async def test_a_viewer_that_comes_while_the_last_one_leaves_is_served(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = await database_sync_to_async(changes.gallery_version)()
        ours = hub.Hub()
        leaving = await ours.join(None, version)
        original, waiting, go_on = hub._all_changes, asyncio.Event(), asyncio.Event()

        async def slow(topic: int | None, since: str) -> tuple[str, str]:
            waiting.set()
            await go_on.wait()
            return await original(topic, since)

        monkeypatch.setattr(hub, "_all_changes", slow)
        joining = asyncio.create_task(ours.join(None, f"{version}~9=0.0"))  # has to be caught up
        await waiting.wait()
        ours.leave(leaving)
        go_on.set()
        coming = await joining
        assert await coming.queue.get()  # what it was behind
        run, _ = await stored_run()
        await announce(run)
        html = await asyncio.wait_for(coming.queue.get(), 3)
        ours.leave(coming)
        assert html is not None
        assert f"tile-{run.pk}-0" in html


class TestASlowViewer:
    async def test_one_that_falls_behind_is_asked_to_join_again(self) -> None:
        slow = hub.Viewer(None)
        taken = [slow.offer(f"update {n}") for n in range(hub.BACKLOG + 1)]
        assert taken == [True] * hub.BACKLOG + [False]
        received = [slow.queue.get_nowait() for _ in range(hub.BACKLOG + 1)]
        assert received[-1] is None
