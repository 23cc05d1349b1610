"""Where a visitor goes on after signing in or up: the page that sent them, if it is one of ours."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def wanted(request: HttpRequest) -> str:
    """The address that the form or the query names; empty unless it is on this site."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else ""


def onwards(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(wanted(request) or resolve_url(otherwise))
