"""All that an account made, for its owner to take away."""

import base64
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet

from evolution.models import BreedingSession, Brood, Publication, Rating, Run

FORMAT = "foolbreeder-account-1"
SESSION_FACTS = (
    "pk",
    "code",
    "seed",
    "encoding",
    "colour",
    "image_size",
    "settings",
    "source",
    "branched_from",
    "wish",
    "created_at",
    "touched_at",
)


def of_account(account: User) -> dict[str, Any]:
    """Ready for JSON. Genomes are packed bytes in base64, as `genomes/codec.py` reads them.

    Of a session they are those of the brood that it shows; others follow from seeds and settings.
    """
    return {
        "format": FORMAT,
        "account": {
            "username": account.username,
            "joined_at": account.date_joined,
            "last_sign_in": account.last_login,
        },
        "sessions": _sessions(account),
        "publications": [_publication(found) for found in _publications(account)],
        "ratings": list(
            Rating.objects.filter(rater=account)
            .order_by("pk")
            .values("stars", "rated_at", "publication__individual", "publication__title")
        ),
        "runs": list(
            Run.objects.filter(owner=account).order_by("pk").values("id", "preset", "seed")
        ),
    }


def _sessions(account: User) -> list[dict[str, Any]]:
    broods: dict[int, list[dict[str, Any]]] = {}
    facts = Brood.objects.filter(session__owner=account).order_by("session", "number")
    for row in facts.values(
        "session", "number", "parent__number", "generation", "chosen", "settings", "created_at"
    ).iterator(chunk_size=2000):
        facts_of_brood = {name: value for name, value in row.items() if name != "session"}
        broods.setdefault(row["session"], []).append(facts_of_brood)
    sessions = BreedingSession.objects.filter(owner=account).order_by("pk")
    shown = {"shows": F("current__number"), "genomes": F("current__genomes")}
    found = []
    for row in sessions.values(*SESSION_FACTS, **shown):
        number, genomes = row.pop("pk"), row.pop("genomes")
        found.append({**row, "genomes": _text(genomes), "broods": broods.get(number, [])})
    return found


def _publications(account: User) -> QuerySet[Publication]:
    own = Publication.objects.filter(author=account).order_by("pk")
    return own.select_related("individual").prefetch_related("tags")


def _publication(found: Publication) -> dict[str, Any]:
    return {
        "individual": found.individual_id,
        "title": found.title,
        "tags": sorted(tag.name for tag in found.tags.all()),
        "licence": found.licence,
        "published_at": found.published_at,
        "is_anonymous": found.is_anonymous,
        "hidden_because": found.hidden_because,
        "encoding": found.individual.encoding,
        "genome": _text(found.individual.genome),
    }


def _text(packed: bytes | memoryview | None) -> str | None:
    return None if packed is None else base64.b64encode(packed).decode()
