"""Fan-out of live changes inside a web process.

Workers announce ids. The hub reads what changed, renders it once whatever the number of viewers,
and hands the same text to each. A viewer joins before its page is brought up to date, so nothing
falls between; announcements that the channel layer dropped are made good by a slow look of its own.
"""

import asyncio
import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import redis.exceptions
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError

from evolution.exhibits import changes
from evolution.live import GROUP

TICK = 0.2  # seconds between two updates of a browser at least
BACKSTOP = 10.0  # seconds between two looks at the database without an announcement
BACKLOG = 8  # updates that a slow viewer may be behind
MOST_BEHIND = 50  # versions from which a page is caught up without rendering anew
MOST_VIEWERS = 2000
MOST_FROM_ONE_ADDRESS = (
    300  # a school behind one address is welcome, one visitor with all places is not
)

log = logging.getLogger(__name__)
Topic = int | None  # a run's id; None is the gallery


class HubFull(Exception):
    """This process serves as many viewers as it can, or as it will to one address."""


@dataclass(eq=False)
class Viewer:
    topic: Topic
    address: str = ""
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(BACKLOG + 1))

    def offer(self, html: str) -> bool:
        """Queue an update. A viewer with a full backlog is told to leave (None) and gets no more."""
        if self.queue.qsize() < BACKLOG:
            self.queue.put_nowait(html)
            return True
        self.queue.put_nowait(None)
        return False


@dataclass
class Audience:
    """The viewers of one topic and the version that all of them have been sent.

    behind: what brings a page of another version up to this one. A site that comes back is joined
    by all who watched it, at once and mostly from one version: it is rendered once.
    """

    version: str
    viewers: set[Viewer] = field(default_factory=set)
    behind: dict[str, str] = field(default_factory=dict)

    def catch_up(self, since: str) -> str | None:
        return "" if since == self.version else self.behind.get(since)

    def remember(self, since: str, html: str) -> None:
        if len(self.behind) < MOST_BEHIND:
            self.behind[since] = html

    def move(self, version: str) -> None:
        if version != self.version:
            self.version, self.behind = version, {}


class Hub:
    _hubs: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"]] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.audiences: dict[Topic, Audience] = {}
        self.places: Counter[str] = Counter()  # viewers by address, those on their way in included
        self.dirty: set[Topic] = set()
        self.woken = asyncio.Event()
        self.rendering = asyncio.Lock()
        self.tasks: list[asyncio.Task[None]] = []

    @classmethod
    def of_this_loop(cls) -> "Hub":
        return cls._hubs.setdefault(asyncio.get_running_loop(), cls())

    async def join(self, topic: Topic, since: str, address: str = "") -> Viewer:
        """A viewer whose first update is everything that changed since the version of its page."""
        if self.places.total() >= MOST_VIEWERS or self.places[address] >= MOST_FROM_ONE_ADDRESS:
            raise HubFull
        viewer = Viewer(topic, address)
        # Taken before anything is awaited, so that many who come at once are counted one by one.
        self.places[address] += 1
        try:
            await self._admit(viewer, since)
        except BaseException:
            self._free_place(viewer)
            raise
        # Only now: while this viewer waited, the last one before it may have left and stopped all.
        self._start()
        self._mark(topic)
        return viewer

    async def _admit(self, viewer: Viewer, since: str) -> None:
        # While the lock is held no update goes out: all committed until now is in the catch-up,
        # all later is announced to a viewer that is already in the audience.
        async with self.rendering:
            audience = self.audiences.get(viewer.topic)
            html = audience.catch_up(since) if audience else None
            if html is None:
                html, version = await _all_changes(viewer.topic, since)
                # The last viewer before this one may have left meanwhile.
                audience = self.audiences.setdefault(viewer.topic, Audience(version))
                audience.remember(since, html)
            assert audience is not None
            if html:
                viewer.offer(html)
            audience.viewers.add(viewer)

    def _free_place(self, viewer: Viewer) -> None:
        self.places[viewer.address] -= 1
        self.places += Counter()  # forgets addresses that have none left

    def leave(self, viewer: Viewer) -> None:
        self._free_place(viewer)
        audience = self.audiences.get(viewer.topic)
        if audience:
            audience.viewers.discard(viewer)
            if not audience.viewers:
                del self.audiences[viewer.topic]
        if not self.audiences:
            self._stop()

    def _start(self) -> None:
        if not self.tasks:
            self.tasks = [
                asyncio.create_task(loop()) for loop in (self._listen, self._look, self._flush)
            ]

    def _stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.tasks = []

    def _mark(self, *topics: Topic) -> None:
        self.dirty.update(topic for topic in topics if topic in self.audiences)
        if self.dirty:
            self.woken.set()

    async def _listen(self) -> None:
        """One subscription a process. A broker that went away is waited for."""
        layer = get_channel_layer()
        assert layer is not None
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self._mark(*self.audiences)
                while True:
                    message: dict[str, Any] = await layer.receive(channel)
                    self._mark(message["run"], None)
            except (redis.exceptions.RedisError, OSError) as error:
                log.info("live updates wait for the broker: %s", error)
                await asyncio.sleep(1)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(BACKSTOP)
            self._mark(*self.audiences)

    async def _flush(self) -> None:
        while True:
            await self.woken.wait()
            self.woken.clear()
            began = time.monotonic()
            topics, self.dirty = self.dirty, set()
            for topic in topics:
                try:
                    await self._update(topic)
                except DatabaseError as error:  # its viewers stay; the next look tries again
                    log.warning("live updates wait for the database: %s", error)
            await asyncio.sleep(max(0.0, TICK - (time.monotonic() - began)))

    async def _update(self, topic: Topic) -> None:
        async with self.rendering:
            audience = self.audiences.get(topic)
            if audience is None:
                return
            found = await _changes(topic, audience.version)
            audience.move(found.version)
            if found.html:
                audience.viewers = {v for v in audience.viewers if v.offer(found.html)}
        if found.more:
            self._mark(topic)


async def _all_changes(topic: Topic, since: str) -> tuple[str, str]:
    found = await _changes(topic, since)
    parts = [found.html]
    while found.more:
        found = await _changes(topic, found.version)
        parts.append(found.html)
    return "".join(parts), found.version


@database_sync_to_async
def _changes(topic: Topic, since: str) -> changes.Changes:
    if topic is None:
        return changes.gallery_changes(since)
    return changes.run_changes(topic, since)
