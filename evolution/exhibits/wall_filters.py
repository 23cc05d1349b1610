"""What is asked of the gallery's wall, and what its form offers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from evolution.agreement.counts import SMALLEST_SAMPLE
from evolution.exhibits import naming, vocabularies
from evolution.exhibits.filters import LEAST, WORTH_SHOWING
from evolution.models import Run

ORDERS = {
    "newest": "Newest",
    "surest": "Most certain",
    "fooling": "Most fooling",
    "agreed": "People and machine agree most",
    "disputed": "People and machine agree least",
}
BY_PEOPLE = ("fooling", "agreed", "disputed")  # only pictures that enough people were asked about
BREEDERS = {"": "Everyone", "people": "People", "networks": "Networks"}
OF_RUNS = ("run", "classifier", "encoding", "group")  # what a person's picture does not have
LARGEST_ID = 2**31 - 1
PERSONS = "p"  # before the number of a publication, where an elite's has nothing
RUNS_OFFERED = 30
USUAL_LEAST = f"{WORTH_SHOWING * 100:g}"  # per cent
OFFERED_LEAST = {"0": "Any", USUAL_LEAST: f"{USUAL_LEAST}%"} | {n: w for n, w in LEAST.items() if n}


@dataclass(frozen=True)
class Filters:
    """What is asked of the wall, as the form sends it; empty stands for any."""

    by: str = ""  # who selected: people or networks
    run: str = ""
    classifier: str = ""
    encoding: str = ""
    label: str = ""  # parts of its name
    group: str = ""  # its super-class
    least: str = USUAL_LEAST
    order: str = "newest"
    after: str = ""  # the mark of the picture that the page before ended with

    @property
    def are_set(self) -> bool:
        chosen = (self.by, self.run, self.classifier, self.encoding, self.label, self.group)
        return any(chosen) or self.least != USUAL_LEAST

    @property
    def has_people(self) -> bool:
        """Whether pictures that people selected are asked for."""
        return self.by != "networks" and not any(getattr(self, name) for name in OF_RUNS)

    @property
    def has_networks(self) -> bool:
        return self.by != "people"

    @property
    def is_by_people(self) -> bool:
        """Whether people's answers make the order."""
        return self.order in BY_PEOPLE

    @property
    def fewest_answers(self) -> int:
        """What a picture needs in such an order."""
        return SMALLEST_SAMPLE

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
    if usable.get("by") == "people" and [usable.pop(name) for name in OF_RUNS if name in usable]:
        notes.append("People’s pictures have no run, network, encoding or super-class: left out.")
    return Filters(**usable), notes


def choices() -> dict[str, Any]:
    """What the form offers."""
    return {
        "breeders": BREEDERS.items(),
        "runs": Run.objects.order_by("-id").values_list("id", "parameters__title")[:RUNS_OFFERED],
        "classifiers": [(name, naming.classifier_title(name)) for name in vocabularies.networks()],
        "encodings": naming.ENCODINGS.items(),
        "groups": vocabularies.groups(),
        "least": OFFERED_LEAST.items(),
        "orders": ORDERS.items(),
    }


_EXPECTED = {
    "by": "Pictures are bred by people or by networks",
    "run": "A run is named by its number",
    "classifier": "No classifier has that name",
    "encoding": "An encoding is cppn, direct or ascent",
    "label": "No classifier has that label",
    "group": "No classifier has that super-class",
    "least": "The least confidence is a number from 0 to 100",
    "order": f"The order is {', '.join(list(ORDERS)[:-1])} or {list(ORDERS)[-1]}",
    "after": "A page begins after the number of a picture on the wall",
}


def _fits(name: str, value: str) -> bool:
    match name:
        case "by":
            return value in BREEDERS
        case "run":
            return _is_id(value)
        case "after":
            return _is_id(value.removeprefix(PERSONS))
        case "classifier":
            return value in vocabularies.networks()
        case "encoding":
            return value in naming.ENCODINGS
        case "label":
            return bool(vocabularies.numbers(value))
        case "group":
            return value in vocabularies.groups()
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
