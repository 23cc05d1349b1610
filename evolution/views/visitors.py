"""The visitor behind a request. Only who does something is known, and only to this site."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest

from evolution.services.visitors import Visitor

KEY = "visitor"
CARRIED = "carried"
MOST_CARRIED = 50


def known(request: HttpRequest) -> Visitor | None:
    """The visitor, or None for somebody who has done nothing yet and is not signed in."""
    account = request.user if isinstance(request.user, User) else None
    try:
        return Visitor(uuid.UUID(request.session[KEY]), account, _carried(request))
    except (KeyError, ValueError, TypeError):
        return met(request) if account else None


def met(request: HttpRequest) -> Visitor:
    """The visitor, from now on remembered by a cookie."""
    account = request.user if isinstance(request.user, User) else None
    try:
        number = uuid.UUID(request.session[KEY])
    except (KeyError, ValueError, TypeError):
        number = uuid.uuid4()
        remember(request, number)
    return Visitor(number, account, _carried(request))


def remember(request: HttpRequest, number: uuid.UUID) -> None:
    request.session[KEY] = str(number)


def carry(request: HttpRequest, code: str) -> None:
    """Remember a session of another device; of very many, the newest."""
    others = [known for known in _carried(request) if known != code]
    request.session[CARRIED] = [*others, code][-MOST_CARRIED:]


def _carried(request: HttpRequest) -> tuple[str, ...]:
    return tuple(map(str, request.session.get(CARRIED, ())))
