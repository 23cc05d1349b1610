"""One's own account: what one bred and published, the password, everything to take away."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TypeAlias

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evolution.account_forms import password_rules
from evolution.errors import InvalidInput, NotAllowed
from evolution.exhibits import accounts as exhibit
from evolution.models import Publication
from evolution.services import authorship, belongings
from evolution.services.visitors import check_not_blocked
from evolution.views import entering, visitors
from evolution.views.bounds import refusal, too_often

PASSWORDS_RATE = "20/h"  # whoever found a browser signed in does not get to guess
DATA_RATE = "20/h"
AnyPasswordForm: TypeAlias = "PasswordChangeForm | SetPasswordForm[User]"


def of_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For who is signed in. Others are asked to, and come to their account page afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, **named: object) -> HttpResponse:
        if isinstance(request.user, User):
            return view(request, request.user, **named)
        return redirect(f"{reverse('sign-in')}?next={reverse('account')}")

    return guarded


@require_safe
@never_cache
@of_account
def account(request: HttpRequest, account: User) -> HttpResponse:
    session_page, sessions = exhibit.sessions(account, request.GET.get("sessions"))
    publication_page, publications = exhibit.publications(account, request.GET.get("pictures"))
    context = {
        "session_page": session_page,
        "sessions": sessions,
        "publication_page": publication_page,
        "publications": publications,
    }
    return render(request, "accounts/account.html", context)


@require_POST
@never_cache
@of_account
def picture(request: HttpRequest, account: User, publication_id: int) -> HttpResponse:
    """Sign an own publication, take it down, put it back."""
    verb = request.POST.get("do", "")
    try:
        if verb == "put-back":
            check_not_blocked(visitors.met(request))
        publication = authorship.act(account, publication_id, verb)
    except Publication.DoesNotExist:
        raise Http404("No publication of yours has this number.") from None
    except InvalidInput as error:
        return refusal(HTTPStatus.BAD_REQUEST, str(error))
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("account")
    messages.success(request, f"“{publication.title}”: {WORDS[verb]}.")
    return redirect(f"{reverse('account')}#picture-{publication.pk}")


WORDS = {
    "sign": "your name is shown with it from now on",
    "unsign": "your name is not shown with it any more",
    "take-down": "taken down; nobody but you and staff sees it",
    "put-back": "put back for everybody to see",
}


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_account
def password(request: HttpRequest, account: User) -> HttpResponse:
    """Choose another password, by the old one or fresh from a one-time link."""
    form = _password_form(request, account)
    status = HTTPStatus.OK
    is_late = request.method == "POST" and too_often(request, "password", PASSWORDS_RATE)
    if is_late:
        status = HTTPStatus.TOO_MANY_REQUESTS
    elif request.method == "POST" and form is not None:
        if form.is_valid():
            form.save()
            entering.forget_link(request)
            update_session_auth_hash(request, account)
            messages.success(request, "Your password is changed. Other browsers are signed out.")
            return redirect("account")
        status = HTTPStatus.BAD_REQUEST
    context = {"form": None if is_late else form, "is_late": is_late}
    return render(request, "accounts/password.html", context, status=status)


def _password_form(request: HttpRequest, account: User) -> "AnyPasswordForm | None":
    """None for somebody without a password whose link is of long ago."""
    data = request.POST if request.method == "POST" else None
    form: AnyPasswordForm
    if entering.came_by_link(request):
        form = SetPasswordForm(account, data)
    elif account.has_usable_password():
        form = PasswordChangeForm(account, data)
    else:
        return None
    form.fields["new_password1"].help_text = password_rules()
    form.fields["new_password2"].label = "New password again"
    form.fields["new_password2"].help_text = ""
    return form


@require_safe
@never_cache
@of_account
def data(request: HttpRequest, account: User) -> HttpResponse:
    """Everything one made, as a file."""
    if too_often(request, "account-data", DATA_RATE):
        return refusal(HTTPStatus.TOO_MANY_REQUESTS, "Too many downloads. Try again in an hour.")
    response = JsonResponse(belongings.of_account(account), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = (
        f'attachment; filename="foolbreeder-account-{account.pk}.json"'
    )
    return response
