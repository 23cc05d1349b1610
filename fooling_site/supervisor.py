"""Keeps a handful of processes alive under one terminal, and ends them all with it."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

STEADY = 30.0  # seconds of life after which a death counts as the first again
LONGEST_WAIT = 10.0
HUNG = 180.0  # seconds without a sign of life inside a piece of work
GRACE = 10.0  # seconds between asking a process to end and ending it
PR_SET_PDEATHSIG = 1
NICENESS = 10


@dataclass
class Child:
    """One supervised process. Children end in the reverse order of their start."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    last_sign_of_life: Callable[[], float | None] = lambda: None
    talks: bool = True  # whether its output is repeated here
    gives_way: bool = False  # whether the others come first where cores are scarce
    process: subprocess.Popen[str] | None = None
    started: float = 0.0  # on the monotonic clock
    born: float = 0.0  # on the wall clock, as files have it
    deaths: int = 0
    restart_at: float = 0.0

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def hangs(self) -> bool:
        """Whether work was begun and does not move: the solo pool knows no time limits of its own."""
        moved = self.last_sign_of_life()
        # A sign that an earlier process left behind says nothing of this one.
        return moved is not None and time.time() - max(moved, self.born) > HUNG

    def start(self) -> None:
        """Call from the main thread: the bond to the parent's life is to the thread that forked."""
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # the terminal's Ctrl-C reaches the supervisor alone
            preexec_fn=partial(_begin, gives_way=self.gives_way),
        )
        self.started, self.born = time.monotonic(), time.time()
        threading.Thread(target=self._repeat_output, args=(self.process,), daemon=True).start()

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def schedule_restart(self) -> float:
        self.signal(signal.SIGKILL)  # what it may have left behind in its session
        self.deaths = 1 if time.monotonic() - self.started > STEADY else self.deaths + 1
        delay = min(LONGEST_WAIT, 0.5 * 2.0 ** (self.deaths - 1))
        self.restart_at = time.monotonic() + delay
        return delay

    def _repeat_output(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                if self.talks and line.strip():
                    say(self.name, line.rstrip())


class Supervisor:
    """Starts children, restarts those that die, stops all on SIGINT, SIGTERM or SIGHUP."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stops = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_asked)

    @property
    def stopping(self) -> bool:
        return self.stops > 0

    def start(self, child: Child) -> Child:
        self.children.append(child)
        child.start()
        return child

    def watch(self) -> None:
        """Return when a stop is asked for."""
        while not self.stopping:
            for child in self.children:
                self._look_after(child)
            time.sleep(0.1)

    def stop(self) -> None:
        """End the children, last started first; a second signal ends them at once."""
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
            self._await_end(child)
            child.signal(signal.SIGKILL)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.lives:
            if child.hangs:
                say(child.name, "does not move any more; ended.")
                child.signal(signal.SIGKILL)
            return
        if child.restart_at > now:
            return
        if child.restart_at > child.started:
            child.start()
            return
        assert child.process is not None
        delay = child.schedule_restart()
        say(child.name, f"ended with code {child.process.returncode}; again in {delay:g} s.")

    def _await_end(self, child: Child) -> None:
        deadline = time.monotonic() + GRACE
        while child.lives and time.monotonic() < deadline and self.stops < 2:
            time.sleep(0.02)

    def _stop_asked(self, number: int, frame: Any) -> None:
        self.stops += 1


def say(name: str, line: str) -> None:
    sys.stdout.write(f"{name:>9} | {line}\n")
    sys.stdout.flush()


def _begin(*, gives_way: bool) -> None:
    """Called in the new process, before its program is."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if not gives_way:
        return
    os.nice(NICENESS)
    # Where Linux divides the processor among sessions first, each has a niceness of its own.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))
