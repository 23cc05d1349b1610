"""Tags of published pictures: how they are written, and which are offered."""

import unicodedata
from collections.abc import Iterable, Sequence

from django.db.models import Count, Q

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution.errors import InvalidInput
from evolution.models import BreedingSession, Brood, Publication, Tag
from evolution.models.publications import LONGEST_TAG

MOST_TAGS = 8  # of one picture
MOST_READ = 100  # that are looked at before a form is refused
MOST_OFFERED = 12
MOST_USED = 60
SURE_ENOUGH = 0.02  # a label that a network gives less than this says nothing about a picture


def normalised(names: Iterable[str]) -> list[str]:
    """Tags as they are stored, each once, in the order given. Raises InvalidInput("tags", ...).

    Lower case in Unicode's NFKC form; letters, digits, spaces and hyphens, others become spaces.
    """
    found: dict[str, None] = {}
    for name in list(names)[:MOST_READ]:
        if not name.strip():
            continue
        tag = written(name)
        if not tag:
            raise InvalidInput("tags", f"expected letters or digits, got “{name.strip()[:40]}”")
        if len(tag) > LONGEST_TAG:
            raise InvalidInput(
                "tags", f"expected at most {LONGEST_TAG} characters each, got “{tag[:40]}…”"
            )
        found[tag] = None
    if len(found) > MOST_TAGS:
        raise InvalidInput("tags", f"expected at most {MOST_TAGS}, got {len(found)}")
    return list(found)


def written(name: str) -> str:
    """One tag as it is stored; empty if nothing of it can be."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[:200]).lower())
    kept = (sign if _belongs(sign) else " " for sign in folded)
    return " ".join("".join(kept).split()).strip("- ")


def rows(names: Sequence[str]) -> list[Tag]:
    """The rows of tags, made where they are new."""
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=names))


def offered(brood: Brood, slot: int) -> list[str]:
    """Tags that may fit a picture before it is published: of what it stems from, then of networks.

    In a blind session nothing that a network said reaches the browser.
    """
    session = brood.session
    of_kin = Tag.objects.filter(publications__in=_kin(session)).order_by("name").distinct()
    names = list(of_kin.values_list("name", flat=True)[:MOST_OFFERED])
    if not session.is_blind:
        names += [written(label) for label in _labels(brood, slot)]
    fitting = (name for name in names if name and len(name) <= LONGEST_TAG)
    return list(dict.fromkeys(fitting))[:MOST_OFFERED]


def most_used(prefix: str = "", most: int = MOST_USED) -> list[str]:
    """Tags of published pictures, the commonest first."""
    shown = Count("publications", filter=Q(publications__hidden_at__isnull=True))
    found = Tag.objects.filter(name__startswith=written(prefix)).annotate(uses=shown)
    used = found.filter(uses__gt=0).order_by("-uses", "name")
    return list(used.values_list("name", flat=True)[:most])


def _kin(session: BreedingSession) -> "list[int]":
    """Publications of the session, and the one that it branched from."""
    same = Q(individual__brood__session=session)
    if session.branched_from_id:
        same |= Q(individual=session.branched_from_id)
    return list(Publication.objects.public().filter(same).values_list("pk", flat=True)[:50])


def _labels(brood: Brood, slot: int) -> list[str]:
    """The first words of what networks see in it, the surest first."""
    said: list[tuple[float, str]] = []
    for reading in brood.readings.all()[:8]:
        try:
            labels = catalogue.entry(reading.classifier).labels
        except ClassifierError:
            continue  # of a network that is gone
        top = reading.tops[slot] if slot < len(reading.tops) else []
        said += [
            (share, labels[index])
            for index, share in top[:3]
            if share >= SURE_ENOUGH and index < len(labels)
        ]
    return [label for _, label in sorted(said, key=lambda one: -one[0])]


def _belongs(sign: str) -> bool:
    return sign == "-" or unicodedata.category(sign)[0] in "LMN"
