"""The wall of published pictures: one view at a time, searched, and paged after a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet

from evolution.exhibits import searching, standings
from evolution.exhibits.published_tiles import PublishedTile, published
from evolution.exhibits.standings import VIEWS
from evolution.models import Publication
from evolution.models.publications import LONGEST_TAG
from evolution.services import tagging

PAGE = 60
RECENT = 8
LARGEST_ID = 2**31 - 1
LONGEST_NAME = 150  # of an account


@dataclass(frozen=True)
class Filters:
    """What is asked of the wall, as the form sends it; empty stands for any."""

    view: str = "newest"
    q: str = ""
    tag: str = ""
    author: str = ""
    seed: str = ""  # of the random order
    after: str = ""  # the publication that the page before ended with

    @property
    def are_set(self) -> bool:
        return bool(self.q or self.tag or self.author)

    @property
    def shown_as(self) -> standings.View:
        return VIEWS[self.view]

    @property
    def reshuffled(self) -> str:
        """The query string of the same pictures in another random order."""
        return self.query(seed="", after="")

    def query(self, **changes: str) -> str:
        """The query string of this wall, changed; what is not set is left out."""
        values = {**vars(self), **changes}
        set_ones = {name: value for name, value in values.items() if value}
        if set_ones.get("view") == "newest":
            del set_ones["view"]
        return f"?{urlencode(set_ones)}" if set_ones else ""


@dataclass(frozen=True)
class Page:
    tiles: Sequence[PublishedTile]
    more: str  # the query string of what follows; empty at the end


def read(asked: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """The filters that can be used, and a sentence for each that cannot and is left out."""
    text, notes = _searched(asked.get("q", ""))
    usable = {"q": text}
    for name, expected in _EXPECTED.items():
        value = asked.get(name, "").strip()
        if value and _fits(name, value):
            usable[name] = value
        elif value:
            notes.append(f"{expected}, but “{value[:40]}” was asked for: left out.")
    if usable.get("view") == "random":
        usable.setdefault("seed", str(standings.new_seed()))
    return Filters(**usable), notes


def publications(filters: Filters) -> QuerySet[Publication]:
    found = Publication.objects.public()
    if filters.q:
        found = found.filter(pk__in=searching.found(searching.words_of(filters.q)))
    if filters.tag:
        tagged = Publication.tags.through.objects.filter(tag__name=tagging.written(filters.tag))
        found = found.filter(pk__in=tagged.values("publication"))
    if filters.author:
        found = found.filter(author__username=filters.author, is_anonymous=False)
    return found


def page(filters: Filters, found: QuerySet[Publication]) -> Page:
    """The pictures among those found that belong to the view, from a place on."""
    after = int(filters.after) if filters.after else None
    numbers = filters.shown_as.numbers(found, int(filters.seed or 0), after, PAGE + 1)
    more = filters.query(after=str(numbers[PAGE - 1])) if len(numbers) > PAGE else ""
    return Page(published(numbers[:PAGE]), more)


def count(filters: Filters, found: QuerySet[Publication]) -> int:
    members = found.filter(filters.shown_as.members())
    return members.values("pk").distinct().count()


def recent() -> list[PublishedTile]:
    newest = Publication.objects.public().order_by("-published_at", "-pk")
    return published(list(newest.values_list("pk", flat=True)[:RECENT]))


_EXPECTED = {
    "view": f"A view is one of {', '.join(VIEWS)}",
    "tag": f"A tag has at most {LONGEST_TAG} characters",
    "author": f"A name has at most {LONGEST_NAME} characters",
    "seed": f"A seed is a number up to {standings.LARGEST_SEED}",
    "after": "A page begins after the number of a publication",
}


def _fits(name: str, value: str) -> bool:
    match name:
        case "view":
            return value in VIEWS
        case "tag":
            return len(value) <= LONGEST_TAG and "\x00" not in value
        case "author":
            return len(value) <= LONGEST_NAME and "\x00" not in value
        case "seed":
            return _is_number(value, standings.LARGEST_SEED)
        case _:
            return _is_number(value, LARGEST_ID)


def _is_number(value: str, largest: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 10 and int(value) <= largest


def _searched(text: str) -> tuple[str, list[str]]:
    """What is searched for, and what is said about the rest."""
    asked = " ".join(text.replace("\x00", " ").split())
    notes = []
    if len(asked) > searching.LONGEST:
        asked = asked[: searching.LONGEST].rstrip()
        notes.append(f"Only the first {searching.LONGEST} characters are searched for.")
    if len(set(asked.split())) > searching.MOST_WORDS:
        notes.append(f"Only the first {searching.MOST_WORDS} words are searched for.")
    return asked, notes
