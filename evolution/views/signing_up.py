"""Signing up: a name and a password, nothing else."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from evolution.account_forms import SignUpForm
from evolution.errors import InvalidInput
from evolution.views import entering
from evolution.views.bounds import too_often
from evolution.views.destinations import onwards, wanted
from evolution.views.signing_in import BACKEND

RATE = "60/h"


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Who is signed in already is told so, and makes no second account by accident."""
    if request.user.is_authenticated:
        return _page(
            request, None, HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
        )
    if request.method != "POST":
        return _page(request, SignUpForm())
    form = SignUpForm(request.POST)
    if too_often(request, "sign-up", RATE):
        # Not looked at: an answer would tell which names are taken.
        return _page(request, SignUpForm(initial=request.POST.dict()), HTTPStatus.TOO_MANY_REQUESTS)
    if form.is_valid():
        try:
            entering.enter(request, form.save(), backend=BACKEND)
            return onwards(request, "account")
        except InvalidInput as error:
            form.add_error(error.argument, error.message)
    return _page(request, form, HTTPStatus.BAD_REQUEST)


def _page(
    request: HttpRequest, form: SignUpForm | None, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    is_late = status == HTTPStatus.TOO_MANY_REQUESTS
    context = {"form": form, "next": wanted(request), "is_late": is_late}
    response = render(request, "signing_in/sign_up.html", context, status=status)
    if is_late:
        response["Retry-After"] = "3600"
    return response
