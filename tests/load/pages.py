"""What is asked of the site, page by page. A new page is one more row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from tests.load.filling import Filled
from tests.load.product import Product, ask, cpu_seconds
from tests.load.visitors import get

CLIENTS = (1, 8)


@dataclass(frozen=True)
class Page:
    """paths: asked in turn. is_cold: each is asked once, and never was before."""

    name: str
    paths: list[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cold: bool = False


def pages(filled: Filled, port: int) -> Iterator[Page]:
    run, first = filled.large.pk, filled.individuals[0]
    yield Page("gallery", ["/"])
    yield Page("gallery, filtered", [f"/?run={run}&least=50&order=surest"])
    yield Page("list of runs", ["/runs/"])
    yield Page("run, 1000 cells", [f"/runs/{run}/"])
    yield Page("run, 1000 cells, sorted", [f"/runs/{run}/?order=confidence"])
    yield Page("run, 10 cells", [f"/runs/{filled.digits.pk}/"])
    yield Page("families of a run, 1000 cells", [f"/runs/{run}/descent"])
    yield Page("cell", [f"/runs/{run}/cells/{cell}/" for cell in range(0, 1000, 100)])
    yield Page("individual", [f"/individuals/{first}/"])
    yield Page("judgments as data", ["/judge/data/"])
    yield Page("judge", ["/judge/"])
    yield Page("compare", [f"/compare/?a={run}"])
    yield Page("results of judging", ["/judge/results/"])
    yield Page("judging studies", ["/judge/studies/"])
    yield Page("studies", ["/studies/"])
    yield Page("one study", [f"/studies/{filled.study}/"])
    sprite = re.search(rb"/runs/\d+/archive/\d+\.webp", get(port, f"/runs/{run}/").content)
    assert sprite, "the page of a large run names its sprite"
    yield Page("sprite of 1000 pictures", [sprite[0].decode()])
    yield from _pictures(filled, port)


def _pictures(filled: Filled, port: int) -> Iterator[Page]:
    for name, extension, side in (("PNG, 256 px", "png", 256), ("WebP, 227 px", "webp", 227)):
        # Another size for the second look, so that no picture was drawn before.
        for clients, pixels in zip(CLIENTS, (side, side - 1), strict=True):
            paths = [f"/pictures/{one}/{pixels}.{extension}" for one in filled.individuals]
            yield Page(f"picture, {name}, first time, {clients}", paths, is_cold=True)
    again = f"/pictures/{filled.individuals[0]}/227.webp"
    yield Page("picture, WebP, 227 px, again", [again])
    etag = get(port, again).headers["etag"]
    yield Page("the same with its ETag (304)", [again], {"If-None-Match": etag})


def measure(
    page: Page, product: Product, requests: int, seconds: float
) -> Iterator[dict[str, Any]]:
    """One row for each number of clients. Cold addresses name their number, and are asked once."""
    warm = {"port": product.port, "headers": dict(page.headers), "paths": page.paths}
    if not page.is_cold:
        ask("visitors", warm | {"clients": 1, "requests": 2 * len(page.paths), "seconds": 60}, 120)
    queries = count_queries(page)
    for clients in CLIENTS:
        if page.is_cold and not page.name.endswith(f", {clients}"):
            continue
        most = min(requests, len(page.paths)) if page.is_cold else requests
        order = warm | {"clients": clients, "requests": most, "seconds": seconds}
        before = cpu_seconds(product.web)
        seen = ask("visitors", order, seconds + 120)
        worked = cpu_seconds(product.web) - before
        yield {
            "page": page.name.removesuffix(f", {clients}") if page.is_cold else page.name,
            "clients": clients,
            "a_second": seen["requests"] / seen["seconds"],
            "cpu_ms": 1000 * worked / seen["requests"],
            "queries": queries,
            **seen,
        }


def count_queries(page: Page) -> int:
    """Statements that the page costs, counted in this process on the same database."""
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    client = Client(headers={"host": "localhost", **page.headers})
    with connection.execute_wrapper(note):
        client.get(page.paths[0])
    return len(asked)
