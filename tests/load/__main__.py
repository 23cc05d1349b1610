"""How fast the site answers, and how fast it tells viewers of what changed: `make bench-web`.

A measurement, not a test. It starts the product as it is run, on real runs, asks it over the loopback,
and ends by itself. DATABASE_URL and REDIS_URL are heeded as everywhere; name services that serve
nothing else.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGES = (
    ("page", "{page}"),
    ("clients", "{clients}"),
    ("requests a second", "{a_second:.1f}"),
    ("median", "{p50_ms:.1f} ms"),
    ("95%", "{p95_ms:.1f} ms"),
    ("99%", "{p99_ms:.1f} ms"),
    ("processor time of the site", "{cpu_ms:.1f} ms"),
    ("bytes", "{bytes:,}"),
    ("queries", "{queries}"),
    ("client's processor", "{client_share:.0%}"),
)
VIEWERS = (
    ("viewers", "{viewers}"),
    ("all had joined after", "{joined_s:.1f} s"),
    ("commits", "{commits}"),
    ("median", "{p50_ms:.0f} ms"),
    ("95%", "{p95_ms:.0f} ms"),
    ("longest", "{max_ms:.0f} ms"),
    ("never told, cut off", "{missed}, {lost}"),
    ("frames a viewer", "{frames_a_viewer}"),
    ("bytes a frame", "{frame_bytes:,.0f}"),
    ("site's processor", "{web_share:.0%}"),
    ("viewers' processor", "{client_share:.0%}"),
    ("both cores busy", "{machine_share:.0%}"),
    ("site's memory", "{web_megabytes:.0f} MB"),
)
BROODS = (
    ("beside", "{beside}"),
    ("steps", "{steps}"),
    ("pictures", "{pictures}"),
    ("nodes", "{nodes}"),
    ("median", "{p50_ms:.0f} ms"),
    ("95%", "{p95_ms:.0f} ms"),
    ("99%", "{p99_ms:.0f} ms"),
    ("longest", "{max_ms:.0f} ms"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder to keep the runs in, for the next time")
    parser.add_argument("--only", choices=["pages", "viewers", "broods"])
    parser.add_argument("--requests", type=int, default=300, help="of each kind at most")
    parser.add_argument("--seconds", type=float, default=6, help="for each kind at most")
    parser.add_argument("--viewers", type=int, nargs="*", default=[1, 100, 500])
    parser.add_argument("--watch", type=float, default=30, help="seconds that viewers watch")
    parser.add_argument("--steps", type=int, default=100, help="of breeding, idle and beside a run")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with _folder(arguments.data) as folder:
        os.environ |= {"FOOLBREEDER_DATA": str(folder), "LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fooling_site.settings")
        import django

        django.setup()
        found = _measured(folder, arguments)
    if arguments.json:
        sys.stdout.write(json.dumps(found) + "\n")
    return 0


@contextlib.contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="foolbreeder-load-") as name:
            yield Path(name)
        return
    kept.mkdir(parents=True, exist_ok=True)
    yield kept.resolve()


def _measured(folder: Path, arguments: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    from tests.load import breeding, filling, pages, watching
    from tests.load.product import Product

    found: dict[str, list[dict[str, Any]]] = {"pages": [], "viewers": [], "broods": []}
    filling.fill(large=arguments.only != "broods")
    with Product(folder) as product:
        if arguments.only in (None, "broods"):
            _say(BROODS, None)
            for row in breeding.measure(product, arguments.steps):
                found["broods"].append(row)
                _say(BROODS, row)
        if arguments.only == "broods":
            return found
        filled = filling.filled(product)
        if arguments.only in (None, "pages"):
            _say(PAGES, None)
            for page in pages.pages(filled, product.port):
                for row in pages.measure(page, product, arguments.requests, arguments.seconds):
                    found["pages"].append(row)
                    _say(PAGES, row)
        if arguments.only in (None, "viewers"):
            _say(VIEWERS, None)
            for viewers in arguments.viewers:
                row = watching.measure(product, viewers, arguments.watch)
                found["viewers"].append(row)
                _say(VIEWERS, row)
    return found


def _say(columns: tuple[tuple[str, str], ...], row: dict[str, Any] | None) -> None:
    """A line of a table as the documentation has it; its head where there is no row."""
    cells = (
        [head for head, _ in columns]
        if row is None
        else [form.format(**row) for _, form in columns]
    )
    lines = [f"| {' | '.join(cells)} |"] + ["|---" * len(cells) + "|"] * (row is None)
    sys.stderr.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
