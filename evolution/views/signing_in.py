"""Signing in with a password or a one-time link, and out."""

import redis.exceptions
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evolution.services import accounts
from evolution.views import entering
from evolution.views.destinations import onwards, wanted

BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = AuthenticationForm(request, data=request.POST or None)
    status = 200
    try:
        if request.method == "POST" and form.is_valid():
            entering.enter(request, form.get_user())
            return onwards(request, settings.LOGIN_REDIRECT_URL)
    except (redis.exceptions.RedisError, OSError):
        # Failed attempts are counted in the cache; without it nobody could be kept from guessing.
        form = AuthenticationForm(request)
        status = 503
    context = {"form": form, "next": wanted(request), "down": status == 503}
    return render(request, "signing_in/sign_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """One button. Opening the link spends nothing: previews and scanners open links too."""
    if request.method == "POST":
        user = accounts.redeem(uid, token)
        if user is not None:
            return _entered_by_link(request, user)
    else:
        user = accounts.link_owner(uid, token)
    context = {"owner": user, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
    return render(request, "signing_in/link.html", context, status=200 if user else 410)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    entering.leave(request)
    return redirect(settings.LOGOUT_REDIRECT_URL or "/")


def _entered_by_link(request: HttpRequest, user: User) -> HttpResponse:
    entering.enter(request, user, backend=BACKEND)
    entering.note_link(request)
    if user.has_usable_password():
        minutes = settings.PASSWORD_RESET_TIMEOUT // 60
        where = "Choose another one on your account page"
        messages.info(request, f"Forgot your password? {where} within {minutes} minutes.")
    return redirect(settings.LOGIN_REDIRECT_URL)
