"""Whether everything that the site needs answers: for a load balancer, a monitor, an operator."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import kombu.exceptions
import redis.exceptions
from channels.layers import get_channel_layer
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fooling_site.celery import app

PATIENCE = 2.0  # seconds for one probe
FRESH = 60.0  # seconds; a worker in the middle of a slice answers no ping, but it writes its key
QUEUES = ("evolve", "quick")
EXPECTED = (DatabaseError, kombu.exceptions.KombuError, redis.exceptions.RedisError, OSError)
log = logging.getLogger(__name__)
# Threads of their own: a probe that hangs holds one of these, never one that serves pages.
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")

Check = dict[str, Any]


@never_cache
@require_safe
async def healthz(request: HttpRequest) -> JsonResponse:
    """Names and words without reasons: those are in the log, since everybody may ask."""
    probes: dict[str, Awaitable[bool]] = {
        "database": _in_thread(_database),
        "broker": _in_thread(_broker),
        "channel layer": _channel_layer(),
        **{f"{queue} worker": _in_thread(_worker, queue) for queue in QUEUES},
    }
    checks = await asyncio.gather(*(_timed(name, probe) for name, probe in probes.items()))
    healthy = all(check["status"] == "ok" for check in checks)
    answer = {
        "status": "ok" if healthy else "error",
        "checks": dict(zip(probes, checks, strict=True)),
    }
    return JsonResponse(answer, status=200 if healthy else 503)


async def _timed(name: str, probe: Awaitable[bool]) -> Check:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            status = "ok" if await probe else "error"
    except TimeoutError:
        status = f"no answer in {PATIENCE:g} s"
    except EXPECTED as error:
        log.warning("health: %s: %s", name, error)
        status = "error"
    return {"status": status, "milliseconds": round(1000 * (time.perf_counter() - started), 1)}


async def _in_thread(probe: Callable[..., bool], *arguments: str) -> bool:
    return await asyncio.get_running_loop().run_in_executor(_threads, probe, *arguments)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    finally:
        connection.close()  # it belongs to this thread, and nobody else would close it


def _broker() -> bool:
    with app.connection_for_write(connect_timeout=PATIENCE) as broker:
        broker.ensure_connection(
            max_retries=1, interval_start=0, interval_step=0, timeout=int(PATIENCE)
        )
        return bool(broker.connected)


async def _channel_layer() -> bool:
    layer = get_channel_layer()
    if layer is None:
        return False
    await layer.group_send("health", {"type": "health.probe"})
    return True


def _worker(queue: str) -> bool:
    """Whether a worker of this queue wrote `worker:<queue>`, seconds since 1970, in the last minute."""
    written = cache.get(f"worker:{queue}")
    return isinstance(written, int | float) and time.time() - written < FRESH
