"""Real processes on the test database, to be killed, cut off and restarted by tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from fooling_site import broker

WORKER = ["-m", "celery", "-A", "fooling_site", "worker", "-P", "solo", "--without-gossip"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = 60, what: str = "") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:g} s for {what or condition}"
        time.sleep(0.05)


class Processes:
    """Starts processes with an environment of their own; ends all of them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "fooling_site.settings",
            "DATABASE_URL": database_url(),
            "FOOLBREEDER_DATA": str(settings.DATA_DIR),
            "SLICE_SECONDS": "2",
            "STALL_SECONDS": "2",
            "REVIVE_EVERY_SECONDS": "1",
            "FOOLBREEDER_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            **environment,
        }

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running[name] = process
        return process

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start_worker(self, name: str = "worker", queues: str = "evolve,quick,watch") -> None:
        self.start(name, *WORKER, "--without-mingle", "-n", f"{name}@%h", "-Q", queues)

    def start_scheduler(self) -> None:
        self.start(
            "scheduler", "-m", "celery", "-A", "fooling_site", "beat", "-S", "celery.beat:Scheduler"
        )

    def start_site(self, port: int | None = None) -> str:
        port = port or free_port()
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            self.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        self.start(
            "web", "-m", "uvicorn", "fooling_site.asgi:application", "--port", str(port),
            "--log-level", "warning", "--lifespan", "off", "--timeout-graceful-shutdown", "1",
            "--ws-per-message-deflate", "false",
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: _answers(f"{address}/healthz"), 30, "the site")
        return address

    def kill(self, name: str) -> None:
        """End a process as the kernel does when memory runs out: it gets no say."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()


class OwnBroker:
    """An embedded broker in a folder of its own, which a test may kill and start again."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "broker.sock"
        self.command = [
            broker.binary(), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(folder),
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        ]  # fmt: skip
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        wait_for(self.socket.exists, 10, "the broker")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)


def database_url() -> str:
    """The database that pytest-django made, for processes beside this one."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, host, port = (database[key] for key in ("USER", "HOST", "PORT"))
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgres://{user}{password}@{host}:{port}/{database['NAME']}"


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
