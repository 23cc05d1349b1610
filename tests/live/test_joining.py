"""Many who join a stream at once, as after a restart of the site."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from evolution.exhibits import changes
from evolution.models import Run
from tests.live.sockets import Socket
from tests.live.streamed import address, stored_run, take_over

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
Joined = list[Socket]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions from which something was rendered."""
    seen: list[str] = []
    original: Callable[[int, str], changes.Changes] = changes.run_changes

    def noted(run_id: int, since: str) -> changes.Changes:
        seen.append(since)
        return original(run_id, since)

    monkeypatch.setattr(changes, "run_changes", noted)
    return seen


async def join(stack: AsyncExitStack, run: Run, since: str, viewers: int) -> Joined:
    sockets = [Socket(f"/live/runs/{run.pk}?since={since}") for _ in range(viewers)]
    assert all(await asyncio.gather(*(socket.connect() for socket in sockets)))
    for socket in sockets:
        stack.push_async_callback(socket.leave)
    return sockets


async def test_from_one_old_version_are_caught_up_by_one_rendering(rendered: list[str]) -> None:
    run, old = await stored_run()
    taken = address(await take_over(run, 3, 1))
    async with AsyncExitStack() as stack:
        for socket in await join(stack, run, old, 12):
            assert taken in await socket.text()
        assert rendered.count(old) == 1


async def test_from_the_version_of_those_who_are_there_need_no_catching_up(
    rendered: list[str],
) -> None:
    run, version = await stored_run()
    async with AsyncExitStack() as stack:
        await join(stack, run, version, 1)
        await asyncio.sleep(0.5)
        del rendered[:]
        latecomers = await join(stack, run, version, 5)
        await asyncio.sleep(0.5)
        # What is left is the hub's own look after somebody came, one for all of them or a few.
        assert len(rendered) < 5
        taken = address(await take_over(run, 7, 1))
        (last,) = await join(stack, run, version, 1)  # nobody announced it: joining brings a look
        for socket in [*latecomers, last]:
            assert taken in await socket.text()


async def test_a_version_is_caught_up_anew_after_an_update() -> None:
    run, old = await stored_run()
    async with AsyncExitStack() as stack:
        first = address(await take_over(run, 3, 1))
        (early,) = await join(stack, run, old, 1)
        assert first in await early.text()
        second = address(await take_over(run, 4, 2))
        (late,) = await join(stack, run, old, 1)
        told = await late.text()
        if second not in told:  # it was brought to where the others are, and then on with them
            told += await late.text()
        assert first in told
        assert second in told
        assert second in await early.text()
