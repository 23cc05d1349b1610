"""Who runs the site, and the link that signs them in once."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

OPERATOR = "operator"


class SignInTokens(PasswordResetTokenGenerator):
    """Tokens that die at the account's next sign-in and after PASSWORD_RESET_TIMEOUT seconds."""

    key_salt = "evolution.services.accounts.SignInTokens"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        # Django cuts last_login to whole seconds, which would leave a link alive that is made and
        # used within the second of the sign-in before.
        return f"{super()._make_hash_value(user, timestamp)}{user.last_login}"


_tokens = SignInTokens()


def operator() -> User:
    """The staff account of whoever runs the site. It has no password: a one-time link opens it."""
    user, _ = User.objects.get_or_create(
        username=OPERATOR,
        defaults={"is_staff": True, "is_superuser": True, "password": make_password(None)},
    )
    return user


def sign_in_path(user: User) -> str:
    """The path of a link that signs the user in once."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("sign-in-link", args=[uid, _tokens.make_token(user)])


def link_owner(uid: str, token: str) -> User | None:
    """Whom a link would sign in; None if it is used, too old, or not one of ours."""
    return _owner(uid, token, lock=False)


@transaction.atomic
def redeem(uid: str, token: str) -> User | None:
    """Spend a link. Of two requests that come at once, one gets the user, the other None."""
    user = _owner(uid, token, lock=True)
    if user is not None:
        user.last_login = timezone.now()
        user.save(update_fields=["last_login"])
    return user


def _owner(uid: str, token: str, *, lock: bool) -> User | None:
    try:
        pk = int(urlsafe_base64_decode(uid))
    except ValueError:
        return None
    users = User.objects.select_for_update() if lock else User.objects.all()
    user = users.filter(pk=pk, is_active=True).first()
    return user if user and _tokens.check_token(user, token) else None
