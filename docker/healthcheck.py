"""Whether the process in this container does its work: `healthcheck.py web URL`, `... evolve`.

Nothing but the standard library, so that looking is cheap. Exit code 0 means yes.
"""

import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HUNG = 180.0  # seconds without a sign of life inside a slice; as `manage.py up` has it
NEEDED = ("database", "broker", "channel layer")  # workers answer for themselves


def main(kind: str, *arguments: str) -> str:
    """Return what is wrong; empty if nothing is."""
    if kind == "web":
        return web(*arguments)
    if kind == "evolve":
        data = Path(os.environ["FOOLBREEDER_DATA"])
        return evolve(data / "evolving.alive", data / "worker.pid")
    return f"expected web or evolve, got {kind!r}"


def web(address: str) -> str:
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".")
    request = urllib.request.Request(address, headers={"Host": host})
    try:
        answer = json.load(urllib.request.urlopen(request, timeout=8))
    except urllib.error.HTTPError as error:
        if error.code != 503:
            return str(error)
        answer = json.load(error)
    except (OSError, ValueError) as error:
        return str(error)
    checks = answer["checks"]
    return ", ".join(name for name in NEEDED if checks[name]["status"] != "ok")


def evolve(sign_of_life: Path, pid: Path) -> str:
    """A worker in a slice answers no ping, but touches a file; between slices there is no file.

    Docker restarts what ended, not what is unhealthy, and the solo pool knows no time limits: so a
    worker that hangs is ended here. Worker and files are of this container alone.
    """
    try:
        silent = time.time() - sign_of_life.stat().st_mtime
        if silent < HUNG:
            return ""
        sign_of_life.unlink()
        os.kill(int(pid.read_text()), signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return f"no sign of life for {silent:.0f} s: ended"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) or 0)
