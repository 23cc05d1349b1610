"""What a finished page shows, found without the code that notes it."""

import uuid
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

from evolution.exhibits import naming, thumbnails
from evolution.models import Elite, Exposure, Individual, Run
from evolution.services.judging import exposing
from evolution.services.visitors import Visitor
from evolution.views import seeing

ATTRIBUTES = ("href", "src", "content", "data-large", "hx-get", "ws-connect", "style", "xlink:href")


class Page(HTMLParser):
    """Every address in a page, those in style attributes included."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        assert isinstance(response, HttpResponse)
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ATTRIBUTES and value:
                self.addresses |= {part.strip("'\"()") for part in value.split("url(")}


def individuals(response: HttpResponseBase) -> set[int]:
    """By links to them and addresses of their pictures."""
    addresses = Page(response).addresses
    found = {one for address in addresses if not _is_inlined(address) for one in _at(address)}
    return found & set(Individual.objects.values_list("pk", flat=True))


def inlined(response: HttpResponseBase) -> list[set[int]]:
    """By pictures that travel inside the page: for each, all who look so."""
    owners: dict[str, set[int]] = {}
    for one in Individual.objects.select_related("run"):
        side = naming.side(one.run.parameters) if one.run else 256
        picture = thumbnails.thumbnail(one.thumbnail, one.genome, side)
        owners.setdefault(picture, set()).add(one.pk)
    return [owners[address] for address in Page(response).addresses if address in owners]


def _is_inlined(address: str) -> bool:
    return address.startswith("data:")


OF_AN_INDIVIDUAL = (
    "individual",
    "picture",
    "individual-predictions",
    "family",
    "line",
    "painted",
    "painted-picture",
)


def _at(address: str) -> set[int]:
    parts = urlsplit(address.split(")")[0])
    try:
        match = resolve(parts.path)
    except Resolver404:
        return set()
    if match.url_name in OF_AN_INDIVIDUAL:
        return {match.kwargs["individual_id"]}
    if match.url_name == "sprite":
        return _held(match.kwargs["run_id"], match.kwargs["generation"])
    if match.url_name == "compare-sheet":
        query = parse_qs(parts.query)
        runs = [int(number) for number in (*query.get("a", []), *query.get("b", []))]
        return set(Elite.objects.filter(run__in=runs).values_list("individual", flat=True))
    return set()


def _held(run: int, generation: int) -> set[int]:
    reigns = Elite.objects.filter(run=run, since_generation__lte=generation)
    return {
        reign.individual_id
        for reign in reigns
        if reign.until_generation is None or reign.until_generation > generation
    }


def noted(client: Client) -> set[int]:
    """All individuals that are hidden from who has this browser's cookies, or as rows already."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    visitor = Visitor(uuid.UUID(client.session.get("visitor", str(uuid.uuid4()))))
    exposing.store(visitor, seeing.read(cookies))
    rows = Exposure.objects.filter(visitor=visitor.id)
    runs = Run.objects.filter(pk__in=rows.exclude(run=None).values("run"))
    of_runs = Individual.objects.filter(run__in=runs).values_list("pk", flat=True)
    alone = rows.exclude(individual=None).values_list("individual", flat=True)
    return {*of_runs, *(number for number in alone if number)}
