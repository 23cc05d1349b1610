"""`manage.py up`: one command, one Ctrl-C, and what kill -9 leaves behind."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evolution.services import starter
from tests.processes import free_port, wait_for

pytestmark = pytest.mark.slow
GOING_ON = "status != 'finished'"  # digits, and colour that waits; the starter collection has ended


class Up:
    """The whole site in a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}},
            "DJANGO_SETTINGS_MODULE": "fooling_site.settings",
            "FOOLBREEDER_DATA": str(folder / "data"),
            "STALL_SECONDS": "3",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        return [sys.executable, "manage.py", "up", "--port", str(self.port)]

    def start(self) -> None:
        (self.folder / "output").write_text("")
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.command(), env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        wait_for(lambda: "Foolbreeder is at" in self.output, 60, "the greeting")

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    def query(self, sql: str) -> int:
        path = self.folder / "data" / "foolbreeder.sqlite3"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as database:
            return int(database.execute(sql).fetchone()[0] or 0)

    def generation(self) -> int:
        return self.query(f"SELECT max(generation) FROM evolution_run WHERE {GOING_ON}")

    def stop(self, *signals: signal.Signals) -> int:
        assert self.process is not None
        for number in signals:
            self.process.send_signal(number)
        return self.process.wait(30)

    def others(self) -> list[int]:
        """The process numbers of everything that works on our data folder."""
        mark = f"FOOLBREEDER_DATA={self.environment['FOOLBREEDER_DATA']}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
            except OSError:
                continue
        return found

    def number_of(self, word: str) -> int:
        for number in self.others():
            arguments = Path(f"/proc/{number}/cmdline").read_bytes().decode().split("\0")
            if any(word in argument for argument in arguments):
                return number
        raise AssertionError(f"no process with {word} in its arguments")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    site = Up(tmp_path)
    yield site
    if site.process and site.process.poll() is None:
        site.process.kill()
    wait_for(lambda: not site.others(), 10, "every process to be gone")


class TestUp:
    def test_a_new_site_shows_itself_evolves_stops_and_goes_on(self, up: Up) -> None:
        up.start()
        assert re.search(rf"http://127\.0\.0\.1:{up.port}/sign-in/\S+", up.output)
        wait_for(lambda: up.generation() > 2, 90, "the demonstration")
        assert up.stop(signal.SIGINT) == 0
        assert up.others() == []
        assert "Traceback" not in up.output
        reached = up.generation()

        up.start()
        wait_for(lambda: up.generation() > reached + 1, 60, "the demonstration to go on")
        assert up.query(f"SELECT count(*) FROM evolution_run WHERE {GOING_ON}") == 2
        imported = up.query(f"SELECT count(*) FROM evolution_run WHERE NOT {GOING_ON}")
        assert imported == len(starter.archives())
        assert up.stop(signal.SIGINT, signal.SIGINT) == 0  # an impatient operator
        assert up.others() == []
        assert "Traceback" not in up.output

    def test_a_killed_worker_comes_back_and_a_killed_supervisor_leaves_nothing(
        self, up: Up
    ) -> None:
        up.start()
        wait_for(lambda: up.generation() > 0, 90, "the demonstration")
        os.kill(up.number_of("evolve@"), signal.SIGKILL)
        reached = up.generation()
        wait_for(lambda: up.generation() > reached + 1, 60, "progress after the worker's death")
        assert "ended with code -9" in up.output

        second = subprocess.run(
            [*up.command()[:-1], str(free_port())],
            env=up.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode != 0
        assert "already runs on the data folder" in second.stderr
        assert "Traceback" not in second.stderr

        assert up.process is not None
        up.process.kill()
        up.process.wait()
        wait_for(lambda: not up.others(), 10, "the children to end with their supervisor")

    def test_a_port_in_use_is_told_in_one_line(self, up: Up) -> None:
        busy = subprocess.Popen(
            [sys.executable, "-m", "http.server", str(up.port), "--bind", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(lambda: _listens(up.port), 10, "the port to be taken")
            refused = subprocess.run(
                up.command(), env=up.environment, capture_output=True, text=True, check=False
            )
        finally:
            busy.kill()
            busy.wait()
        assert refused.returncode != 0
        assert f"--port: 127.0.0.1:{up.port} cannot be used" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def _listens(port: int) -> bool:

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
