"""What tests of a published picture's page do with it."""

import uuid
from typing import Any

from django.test import Client

from evolution.models import Publication
from evolution.services.ancestry import stored_line
from evolution.views.visitors import KEY
from tests.factories import make_brood, make_publication, make_session


def page(client: Client, publication: Publication, status: int = 200) -> str:
    answer = client.get(f"/individuals/{publication.individual_id}/")
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def act(client: Client, publication: Publication, what: str, **fields: Any) -> Any:
    return client.post(f"/individuals/{publication.individual_id}/{what}", fields)


def be(client: Client, visitor: uuid.UUID) -> None:
    session = client.session
    session[KEY] = str(visitor)
    session.save()


def make_long(steps: int = 3) -> Publication:
    session = make_session()
    brood = make_brood(session)
    for step in range(steps):
        brood = make_brood(session, brood, selected_by="network" if step == 1 else "person")
    return make_publication(stored_line(brood, 1))
