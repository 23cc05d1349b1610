"""Everything in one terminal: broker, site, workers, scheduler (./run)."""

import fcntl
import socket
import sys
import time
import urllib.request
from argparse import ArgumentParser
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from evolution import tasks
from evolution.services import accounts, starter
from fooling_site import broker
from fooling_site.supervisor import Child, Supervisor


class Command(BaseCommand):
    help = "Start everything in this terminal: embedded services, the site, the workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        _expect_free(host, port)
        lock = _only_one()
        supervisor = Supervisor()
        try:
            self._prepare(supervisor)
            for child in _children(host, port):
                if not supervisor.stopping:
                    supervisor.start(child)
            if self._site_answers(supervisor, host, port):
                self._greet(host, port)
            supervisor.watch()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        finally:
            supervisor.stop()
            lock.close()
        self.stdout.write("Stopped.")

    def _prepare(self, supervisor: Supervisor) -> None:
        process = None
        if not settings.REDIS_URL:
            broker.end_leftover()
            process = supervisor.start(Child("broker", broker.command(), talks=False)).process
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        broker.wait(process)
        accounts.operator()
        for run in starter.furnish():
            tasks.evolve_slice.delay(run.pk, run.generation)
        connections.close_all()

    def _site_answers(self, supervisor: Supervisor, host: str, port: int) -> bool:
        while not supervisor.stopping:
            try:
                urllib.request.urlopen(f"http://{_reachable(host)}:{port}/sign-in/", timeout=5)
            except OSError:
                time.sleep(0.1)
            else:
                return True
        return False

    def _greet(self, host: str, port: int) -> None:
        address = f"http://{_reachable(host)}:{port}"
        link = accounts.sign_in_path(accounts.operator())
        connections.close_all()
        self.stdout.write(
            f"\n  Foolbreeder is at {address}/\n"
            f"  Sign in as operator, once, within the hour: {address}{link}\n"
            "  Stop with Ctrl-C.\n"
        )
        self.stdout.flush()


def _children(host: str, port: int) -> list[Child]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "fooling_site"]
    worker = [
        *celery,
        "worker",
        "-P",
        "solo",
        "--without-gossip",
        "--without-mingle",
        "-l",
        "WARNING",
    ]
    evolve = Child(
        "evolve",
        [*worker, "-n", "evolve@%h", "-Q", "evolve"],
        _threads(settings.THREADS),
        _last_sign_of_life,
        gives_way=True,  # it takes all cores, and visitors do not feel it
    )
    web = [*python, "uvicorn", "fooling_site.asgi:application", "--host", host, "--port", str(port)]
    web += ["--workers", "1", "--log-level", "warning", "--ws-max-size", "65536"]
    # An update is written once for all viewers, but would be compressed for each of them.
    web += ["--ws-per-message-deflate", "false"]
    web += ["--timeout-graceful-shutdown", "3", "--lifespan", "off"]
    return [
        Child("web", web),
        evolve,
        Child("quick", [*worker, "-n", "quick@%h", "-Q", "quick,watch"], _threads(1)),
        Child("scheduler", [*celery, "beat", "-S", "celery.beat:Scheduler", "-l", "WARNING"]),
    ]


def _threads(count: int) -> dict[str, str]:
    return {"FOOLBREEDER_THREADS": str(count)}


def _last_sign_of_life() -> float | None:
    """When the slice that is going on last moved; None between slices."""
    try:
        return float(tasks.SIGN_OF_LIFE.stat().st_mtime)
    except FileNotFoundError:
        return None


def _only_one() -> IO[str]:
    path = settings.DATA_DIR / "up.lock"
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(f"Foolbreeder already runs on the data folder {path.parent}.") from None
    return lock


def _expect_free(host: str, port: int) -> None:
    if not 1 <= port <= 65535:
        raise CommandError(f"--port: expected 1 to 65535, got {port}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"--port: {host}:{port} cannot be used ({error.strerror}); try another, "
                f"for example --port {port + 1}"
            ) from None


def _reachable(host: str) -> str:
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{name}]" if ":" in name else name
