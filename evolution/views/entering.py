"""How a session of the site gets an account, and loses it again."""

import time

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest

from evolution.services.visitors import claim, is_blocked
from evolution.views import visitors

BY_LINK = "signed_in_by_link"


def enter(request: HttpRequest, account: User, backend: str | None = None) -> None:
    """Sign in, and give the account what was made in this browser before.

    Django empties the session of somebody else who was signed in here: then the visitor is another
    one from now on, and gets nothing of theirs. Only a block stays with the browser.
    """
    before = visitors.known(request)
    login(request, account, backend=backend)
    if before is None:
        return
    if before.account in (None, account) or is_blocked(before):
        visitors.remember(request, before.id)
        claim(before.id, account)


def leave(request: HttpRequest) -> None:
    """Sign out. Who uses the browser next is another visitor, unless this one is blocked."""
    before = visitors.known(request)
    is_kept = before is not None and is_blocked(before)
    logout(request)
    if before is not None and is_kept:
        visitors.remember(request, before.id)


def note_link(request: HttpRequest) -> None:
    """Remember that a one-time link opened this session."""
    request.session[BY_LINK] = time.time()


def came_by_link(request: HttpRequest) -> bool:
    """Whether that was just now: who forgot a password may then choose another one."""
    return bool(time.time() - request.session.get(BY_LINK, 0) < settings.PASSWORD_RESET_TIMEOUT)


def forget_link(request: HttpRequest) -> None:
    request.session.pop(BY_LINK, None)
