"""Signing in with a password or a one-time link, and out."""

import redis.exceptions
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evolution.services import accounts

BY_LINK = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = AuthenticationForm(request, data=request.POST or None)
    status = 200
    try:
        if request.method == "POST" and form.is_valid():
            login(request, form.get_user())
            return HttpResponseRedirect(_destination(request))
    except (redis.exceptions.RedisError, OSError):
        # Failed attempts are counted in the cache; without it nobody could be kept from guessing.
        form = AuthenticationForm(request)
        status = 503
    context = {"form": form, "next": _next(request), "down": status == 503}
    return render(request, "signing_in/sign_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """One button. Opening the link spends nothing: previews and scanners open links too."""
    if request.method == "POST":
        user = accounts.redeem(uid, token)
        if user is not None:
            login(request, user, backend=BY_LINK)
            return redirect(settings.LOGIN_REDIRECT_URL)
    else:
        user = accounts.link_owner(uid, token)
    context = {"owner": user, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
    return render(request, "signing_in/link.html", context, status=200 if user else 410)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL or "/")


def _next(request: HttpRequest) -> str:
    """The page that sent the visitor here; empty unless it is one of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else ""


def _destination(request: HttpRequest) -> str:
    return _next(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
