"""Where a run's time goes, as the product runs it, in a database of its own (make profile)."""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from evolution.exhibits.runs import STAGE_WORDS
from evolution.stages import BESIDE, shares
from fooling_site import broker

LONGEST = 3600.0  # seconds


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("preset")
        parser.add_argument("--classifier", help="default: as the preset has it")
        parser.add_argument("--seconds", type=float, default=20.0)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--screening", default="", metavar="bfloat16")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["seconds"] <= LONGEST:
            raise CommandError(
                f"--seconds: expected more than 0 and at most {LONGEST:g}, got {options['seconds']:g}"
            )
        result = _evolved(_order(options))
        if options["json"]:
            self.stdout.write(json.dumps(result))
            return
        seconds = result["seconds"]
        self.stdout.write(
            f"{result['preset']} against {result['classifier']}, {settings.THREADS} threads, "
            f"{result['engine']}, {result['chunk']} views at once: {result['evaluations']:,} "
            f"evaluations in {seconds:.1f} s, {result['evaluations'] / seconds:,.0f} a second"
        )
        for name, share in shares(result["stages"], seconds).items():
            self.stdout.write(f"{share:7.1%} {share * seconds:8.2f} s  {STAGE_WORDS[name]}")
        self.stdout.write(
            f"{'':7} {result['stages'][BESIDE]:8.2f} s  storing and telling beside the judging"
        )


def _order(options: dict[str, Any]) -> list[str]:
    order = ["evolve", options["preset"], "--minutes", str(options["seconds"] / 60)]
    order += ["--seed", str(options["seed"]), "--json"]
    for name in ("classifier", "screening"):
        if options[name]:
            order += [f"--{name}", options[name]]
    return order


def _evolved(order: list[str]) -> dict[str, Any]:
    """Evolve in a new data folder, with a broker to announce to; what the run came to."""
    with tempfile.TemporaryDirectory(prefix="foolbreeder-profile-") as folder:
        environment = {**os.environ, "FOOLBREEDER_DATA": folder, "DATABASE_URL": ""}
        environment |= {"REDIS_URL": f"unix://{folder}/broker.sock", "LOG_LEVEL": "WARNING"}
        serving = [broker.binary(), "--port", "0", "--unixsocket", f"{folder}/broker.sock"]
        serving += ["--dir", folder, "--save", "", "--appendonly", "no"]
        with subprocess.Popen(serving, stdout=subprocess.DEVNULL) as server:
            try:
                _manage(["migrate", "--verbosity", "0"], environment)
                last = _manage(order, environment).splitlines()[-1]
            finally:
                server.kill()
    result: dict[str, Any] = json.loads(last)
    return result


def _manage(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CommandError((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    return done.stdout
