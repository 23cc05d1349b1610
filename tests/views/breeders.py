"""The forms of the breed page, sent as a browser without scripts sends them."""

from typing import Any

from django.test import Client

from evolution.models import BreedingSession, Brood


def begin(client: Client, **fields: str) -> BreedingSession:
    answer = client.post("/breed/", {"colour": "grey", "seed": "5", **fields})
    assert answer.status_code == 302
    return session_at(answer["Location"])


def session_at(address: str) -> BreedingSession:
    return BreedingSession.objects.get(code=address.rstrip("/").rpartition("/")[2])


def form_of(session: BreedingSession, **fields: Any) -> dict[str, Any]:
    session.refresh_from_db()
    assert session.current
    return {"brood": session.current.number, "do": "evolve", "strength": 4, "tiles": 10, **fields}


def press(client: Client, session: BreedingSession, **fields: Any) -> Any:
    return client.post(f"/breed/{session.code}/step", form_of(session, **fields))


def shown(session: BreedingSession) -> Brood:
    session.refresh_from_db()
    assert session.current
    return session.current
