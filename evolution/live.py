"""The only sender of live messages. They are hints: the database is the truth (docs/architecture.md)."""

import logging

import redis.exceptions
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

GROUP = "runs"
log = logging.getLogger(__name__)


def announce(run_id: int) -> None:
    """Tell every web process that something of this run changed; what did, it reads for itself.

    A broker that is down costs viewers a few seconds, never a run: the pages catch up by generation.
    """
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(GROUP, {"type": "run.changed", "run": run_id})
    except (redis.exceptions.RedisError, OSError) as error:
        log.debug("run %s not announced: %s", run_id, error)
