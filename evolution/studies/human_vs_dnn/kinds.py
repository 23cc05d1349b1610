"""The kinds of pictures that people are asked about, and which of them there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers import catalogue
from evolution.judging.plans import Group
from evolution.judging.plans import Kind as GroupKind
from evolution.models import Publication
from evolution.services.judging import gathering
from evolution.templatetags.readings import percent

FEWEST = 8  # pictures of a kind that networks bred; of fewer, little could be said
CONTROLS: Final[Mapping[str, int]] = {"photograph": 10, "noise": 6, "check": 6}
ENCODINGS: Final[Mapping[str, str]] = {
    "direct": "evolved, directly encoded",
    "cppn": "evolved, drawn by CPPNs",
    "ascent": "gradient ascent",
}
KINDS: Final[Mapping[str, str]] = {
    "hand-bred": "bred by people",
    "photograph": "photographs",
    "noise": "noise",
}


@dataclass(frozen=True, order=True)
class Kind:
    """kind: of a judging study's group. encoding: of pictures that networks bred."""

    kind: GroupKind
    encoding: str
    classifier: str

    @property
    def name(self) -> str:
        """For people: evolved, drawn by CPPNs, against LeNet A."""
        words = ENCODINGS.get(self.encoding, self.encoding) or KINDS.get(self.kind, self.kind)
        if self.kind == "hand-bred":
            return words
        entry = catalogue.entry(self.classifier)
        if self.kind == "photograph" and entry.channels == 1:
            words = "digits written by hand"
        return f"{words}, {'against ' if self.kind == 'bred' else ''}{entry.title}"

    @property
    def key(self) -> str:
        return " ".join(filter(None, (self.kind, self.encoding, self.classifier)))

    def group(self, count: int) -> Group:
        return Group(self.kind, self.classifier, count, self.encoding)


def wanted(digits: str, colours: str) -> list[Kind]:
    """All kinds, whether they are there or not; checks of attention are no kind."""
    bred = [Kind("bred", one, name) for name in (digits, colours) for one in ENCODINGS]
    controls = [
        Kind(one, "", name) for one in ("photograph", "noise") for name in (digits, colours)
    ]
    return [*bred, Kind("hand-bred", "", colours), *controls]


def there(kinds: Sequence[Kind], least: float) -> dict[str, int]:
    """How many pictures of each kind there are that a study can ask about, by key."""
    return {kind.key: _count(kind, least) for kind in kinds}


def _count(kind: Kind, least: float) -> int:
    if kind.kind == "bred":
        found = gathering.eligible(least, kind.classifier, kind.encoding)
        return found.values("individual").distinct().count()
    if kind.kind == "hand-bred":
        public = Publication.objects.public().filter(individual__genome__isnull=False)
        return public.count()
    return CONTROLS[kind.kind] if gathering.domain(kind.classifier) else 0


def groups(
    kinds: Sequence[Kind], counts: Mapping[str, int], most: int, least: float
) -> tuple[list[Group], list[str]]:
    """Groups of the kinds that are there, and a sentence for each that is not.

    most: pictures of a kind. least: confidence of bred ones.
    """
    found: list[Group] = []
    missing = []
    for kind in kinds:
        count = counts[kind.key]
        if count >= (FEWEST if kind.kind == "bred" else 1):
            found.append(kind.group(min(count, most)))
        else:
            missing.append(_why(kind, count, least))
    for classifier in dict.fromkeys(group.classifier for group in found):
        if gathering.domain(classifier):
            found.append(Group("check", classifier, CONTROLS["check"]))
    return found, missing


def _why(kind: Kind, count: int, least: float) -> str:
    if kind.kind == "bred":
        return (
            f"{kind.name}: {count or 'no'} pictures that the network is {percent(least)} sure of or "
            f"more; {FEWEST} are needed"
        )
    if kind.kind == "hand-bred":
        return f"{kind.name}: nobody has published a picture yet"
    return f"{kind.name}: there are none for this network’s labels"
