"""Asking the site as a program does."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.utils import timezone

from evolution.models import Publication

UNKNOWN = 987654321


def get(client: Client, address: str, status: int = 200) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = response.json()
    return found


def all_items(client: Client, address: str) -> Iterator[dict[str, Any]]:
    following: str | None = address
    while following:
        part = get(client, following)
        yield from part["items"]
        following = part["next"]


def hide(publication: Publication) -> None:
    publication.hidden_at = timezone.now()
    publication.hidden_because = "unfit reason"
    publication.save()
