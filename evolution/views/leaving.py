"""Deleting one's own account, after a last question."""

from http import HTTPStatus

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from evolution.account_forms import LeavingForm
from evolution.errors import NotAllowed
from evolution.exhibits import accounts as exhibit
from evolution.services.leaving import Farewell, delete_account
from evolution.views import entering, visitors
from evolution.views.accounts import PASSWORDS_RATE, of_account
from evolution.views.bounds import too_often


@sensitive_post_parameters("proof")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_account
def delete(request: HttpRequest, account: User) -> HttpResponse:
    if request.method != "POST":
        return _page(request, LeavingForm(account))
    form = LeavingForm(account, request.POST)
    if too_often(request, "password", PASSWORDS_RATE):
        chosen = {"pictures": request.POST.get("pictures")}
        return _page(request, LeavingForm(account, initial=chosen), HTTPStatus.TOO_MANY_REQUESTS)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.BAD_REQUEST)
    try:
        farewell = _deleted(request, account, form)
    except NotAllowed as error:
        form.add_error(None, str(error))
        return _page(request, form, HTTPStatus.CONFLICT)
    return render(request, "accounts/deleted.html", {"farewell": farewell})


def _deleted(request: HttpRequest, account: User, form: LeavingForm) -> Farewell:
    take_down = form.cleaned_data["pictures"] == "take-down"
    farewell = delete_account(account, visitors.met(request).id, take_down=take_down)
    entering.leave(request)
    return farewell


def _page(
    request: HttpRequest, form: LeavingForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    is_late = status == HTTPStatus.TOO_MANY_REQUESTS
    context = {"form": form, "is_late": is_late, "counts": exhibit.counts(form.account)}
    return render(request, "accounts/delete.html", context, status=status)
