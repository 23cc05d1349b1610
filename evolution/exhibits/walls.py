"""The wall: present holders of all runs, filtered, ordered and paged."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from classifiers import catalogue
from classifiers.labels import LabelSet
from evolution.exhibits import naming
from evolution.exhibits.filters import LEAST, WORTH_SHOWING, meant
from evolution.exhibits.tiles import Tile, first
from evolution.models import Elite, Run

PAGE = 60
ORDERS = {"newest": ("taken_at", "Newest"), "surest": ("confidence", "Most certain")}
LARGEST_ID = 2**31 - 1
RUNS_OFFERED = 30
USUAL_LEAST = f"{WORTH_SHOWING * 100:g}"  # per cent
OFFERED_LEAST = {"0": "Any", USUAL_LEAST: f"{USUAL_LEAST}%"} | {n: w for n, w in LEAST.items() if n}


@dataclass(frozen=True)
class Filters:
    """What is asked of the wall, as the form sends it; empty stands for any."""

    run: str = ""
    classifier: str = ""
    encoding: str = ""
    label: str = ""  # parts of its name
    group: str = ""  # its super-class
    least: str = USUAL_LEAST
    order: str = "newest"
    after: str = ""  # the elite that the page before ended with

    @property
    def are_set(self) -> bool:
        chosen = (self.run, self.classifier, self.encoding, self.label, self.group)
        return any(chosen) or self.least != USUAL_LEAST

    @property
    def is_first_page(self) -> bool:
        return not self.after

    def query(self, **changes: str) -> str:
        """The query string of this wall, changed; what is not set is left out."""
        values = {**vars(self), **changes}
        set_ones = {name: value for name, value in values.items() if value}
        for name, usual in (("order", "newest"), ("least", USUAL_LEAST)):
            if set_ones.get(name) == usual:
                del set_ones[name]
        return f"?{urlencode(set_ones)}" if set_ones else ""


@dataclass(frozen=True)
class Page:
    tiles: Sequence[Tile]
    older: str  # the query string of what follows; empty at the end


def read(asked: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """The filters that can be used, and a sentence for each that cannot and is left out."""
    usable: dict[str, str] = {}
    notes = []
    for name in Filters.__dataclass_fields__:
        value = asked.get(name, "").strip()
        if value and _fits(name, value):
            usable[name] = value
        elif value:
            notes.append(f"{_EXPECTED[name]}, but “{value[:40]}” was asked for: left out.")
    return Filters(**usable), notes


def elites(filters: Filters) -> QuerySet[Elite]:
    found = Elite.objects.champions()
    if filters.run:
        found = found.filter(run=int(filters.run))
    if filters.classifier:
        found = found.filter(run__classifier=filters.classifier)
    if filters.encoding:
        found = found.filter(run__encoding=filters.encoding)
    if filters.label or filters.group:
        found = found.filter(_means(filters.label, filters.group))
    return found.filter(confidence__gte=float(filters.least) / 100)


def page(filters: Filters) -> Page:
    column, _ = ORDERS[filters.order]
    found = elites(filters)
    if filters.after:
        found = found.filter(_beyond(int(filters.after), column))
    shown = first(found.order_by(f"-{column}", "-id"), PAGE + 1)
    older = filters.query(after=str(shown[PAGE - 1].elite_id)) if len(shown) > PAGE else ""
    return Page(shown[:PAGE], older)


def choices() -> dict[str, Any]:
    """What the form offers."""
    return {
        "runs": Run.objects.order_by("-id").values_list("id", "parameters__title")[:RUNS_OFFERED],
        "classifiers": [(name, naming.classifier_title(name)) for name in _networks()],
        "encodings": naming.ENCODINGS.items(),
        "groups": groups(),
        "least": OFFERED_LEAST.items(),
        "orders": [(name, title) for name, (_, title) in ORDERS.items()],
    }


def _networks() -> list[str]:
    """Installed networks, and whatever else runs were bred against."""
    installed = [entry.name for entry in catalogue.entries()]
    return installed + sorted(set(_bred_against()) - set(installed))


def groups() -> list[str]:
    """The super-classes of all networks."""
    known = {entry.label_set for entry in catalogue.entries()}
    return sorted({group for labels in known for group in labels.groups or ()})


_EXPECTED = {
    "run": "A run is named by its number",
    "classifier": "No classifier has that name",
    "encoding": "An encoding is cppn or direct",
    "label": "No classifier has that label",
    "group": "No classifier has that super-class",
    "least": "The least confidence is a number from 0 to 100",
    "order": "The order is newest or surest",
    "after": "A page begins after the number of a picture on the wall",
}


def _fits(name: str, value: str) -> bool:
    match name:
        case "run" | "after":
            return _is_id(value)
        case "classifier":
            return value in _networks()
        case "encoding":
            return value in naming.ENCODINGS
        case "label":
            return any(meant(labels.names, (), value, "") for labels in _label_sets())
        case "group":
            return value in groups()
        case "order":
            return value in ORDERS
        case _:
            return _is_percentage(value)


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 10 and int(value) <= LARGEST_ID


def _is_percentage(value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and 0 <= number <= 100


def _label_sets() -> dict[LabelSet, list[str]]:
    """Every set of labels, with the classifiers that know it."""
    known: dict[LabelSet, list[str]] = {}
    for name in sorted({entry.name for entry in catalogue.entries()} | set(_bred_against())):
        if labels := naming.label_set(name):
            known.setdefault(labels, []).append(name)
    return known


def _bred_against() -> list[str]:
    """The classifiers of all runs, ensembles among them."""
    return list(Run.objects.order_by().values_list("classifier", flat=True).distinct())


def _means(label: str, group: str) -> Q:
    """Elites of cells that stand for these labels, whatever numbers a classifier gives them."""
    found = Q(pk__in=())
    for labels, classifiers in _label_sets().items():
        numbers = meant(labels.names, labels.groups or (), label, group)
        if numbers:
            found |= Q(run__classifier__in=classifiers, label__in=numbers)
    return found


def _beyond(elite_id: int, column: str) -> Q:
    """What comes after an elite in this order. Elites that lost their cell still mark the place."""
    mark = Elite.objects.filter(pk=elite_id).values_list(column, flat=True).first()
    if mark is None:
        return Q()
    return Q(**{f"{column}__lt": mark}) | Q(**{column: mark}, pk__lt=elite_id)
