"""The product as it is run, `manage.py up`, on a data folder of its own, and what its processes use."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.processes import free_port, wait_for

ROOT = Path(__file__).parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


class Product:
    """Site, broker, workers and scheduler. Ends them when the block ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def __enter__(self) -> "Product":
        with (self.folder / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(self.port)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self._answers, 120, "the site")
        return self

    def __exit__(self, *raised: object) -> None:
        self.process.terminate()
        self.process.wait(60)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"up ended: {(self.folder / 'up.log').read_text()[-2000:]}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=5)
        except OSError:
            return False
        return True

    @property
    def web(self) -> int:
        """The process that serves pages and streams."""
        return next(pid for pid in children(self.process.pid) if "uvicorn" in command(pid))

    @property
    def everything(self) -> list[int]:
        return [self.process.pid, *children(self.process.pid)]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, all its threads, until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def ask(module: str, order: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Let clients in a process of their own carry out an order. Raises where they fail."""
    command_line: Sequence[str] = [sys.executable, "-m", f"tests.load.{module}"]
    done = subprocess.run(
        command_line, input=json.dumps(order), capture_output=True, text=True, cwd=ROOT,
        timeout=seconds, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
