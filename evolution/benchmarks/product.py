"""The product as it runs: a broker, a database and a worker of their own, in a temporary folder."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from fooling_site import broker

WORKER = ["-m", "celery", "--quiet", "-A", "fooling_site", "worker", "-P", "solo", "-l", "ERROR"]
WORKER += ["--without-gossip", "--without-mingle", "-n", "evolve@%h", "-Q", "evolve"]
ORDER = (
    "from evolution.services import runs; from evolution.tasks import evolve_slice; "
    "[run] = runs.start(runs.Order({preset!r}, {classifier!r}, generations={generations})); "
    "evolve_slice.delay(run.pk, 0); print(run.pk)"
)
PATIENCE = 180.0  # seconds for a run to get where it is waited for, without a step forward
LOOK = 0.005  # seconds between two looks into the database


class NoProgress(RuntimeError):
    """A run of the product stood still, or failed."""


@dataclass
class Product:
    """Processes of the site on a data folder of their own. threads: of a worker."""

    folder: Path
    threads: int
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "fooling_site.settings",
            "FOOLBREEDER_DATA": str(self.folder),
            "FOOLBREEDER_THREADS": str(self.threads),
            "OMP_NUM_THREADS": str(self.threads),
            "DATABASE_URL": "",
            "REDIS_URL": f"unix://{self._socket}",
        }

    @property
    def _socket(self) -> Path:
        return self.folder / "broker.sock"

    def start_services(self) -> None:
        """Start a broker that keeps nothing, and create the tables."""
        options = {"port": "0", "unixsocket": str(self._socket), "save": "", "appendonly": "no"}
        parts = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._start([broker.binary(), *parts, "--dir", str(self.folder)])
        self._manage("migrate", "--verbosity", "0")
        while not self._socket.exists():
            time.sleep(LOOK)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return self._start([sys.executable, *WORKER])

    def order(self, preset: str, classifier: str, generations: int) -> int:
        """Store a run, enqueue its first slice, and return its number."""
        code = ORDER.format(preset=preset, classifier=classifier, generations=generations)
        return int(self._manage("shell", "--no-imports", "-c", code).split()[-1])

    def wait(self, run: int, generation: int) -> float:
        """Wait until a run has committed a generation. Returns the monotonic clock then."""
        reached, moved = -1, time.monotonic()
        while True:
            found, status = self._look(run)
            now = time.monotonic()
            if found > generation:
                return now
            if status == "failed" or now - moved > PATIENCE:
                raise NoProgress(f"run {run}: expected generation {generation}, got {found}")
            if found > reached:
                reached, moved = found, now
            time.sleep(LOOK)

    def seconds_of(self, run: int) -> float:
        """The seconds that a finished run worked, as its page tells them."""
        return float(self._select("elapsed", run)[0])

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.wait()
        self._processes.remove(process)

    def stop_all(self) -> None:
        for process in reversed(self._processes.copy()):
            self.stop(process)

    def _look(self, run: int) -> tuple[int, str]:
        generation, status = self._select("generation, status", run)
        return int(generation), str(status)

    def _select(self, columns: str, run: int) -> tuple[Any, ...]:
        with closing(sqlite3.connect(self.folder / "foolbreeder.sqlite3", timeout=30)) as database:
            found = database.execute(f"SELECT {columns} FROM evolution_run WHERE id = ?", (run,))
            row: tuple[Any, ...] = found.fetchone()
            return row

    def _manage(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command, env=self._environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL
        )
        self._processes.append(process)
        return process


@contextmanager
def product(threads: int) -> Iterator[Product]:
    """Bring the services of a product up, and everything down at the end."""
    with TemporaryDirectory(prefix="bench-") as folder:
        found = Product(Path(folder), threads)
        try:
            found.start_services()
            yield found
        finally:
            found.stop_all()
