"""Who has an account: the operator, those who signed up, and the link that signs one in once."""

import re

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.debug import sensitive_variables

from evolution.errors import InvalidInput

OPERATOR = "operator"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,29}")
WHAT_A_NAME_IS = "3 to 30 letters from a to z, digits, - and _, beginning with a letter or digit"
# Names in which somebody could speak for the site, or for nobody.
RESERVED = frozenset(
    [
        "account",
        "accounts",
        "admin",
        "administrator",
        "anonymous",
        "api",
        "deleted",
        "everybody",
        "foolbreeder",
        "help",
        "moderator",
        "moderators",
        "network",
        "networks",
        "nobody",
        "null",
        "official",
        "operator",
        "operators",
        "owner",
        "people",
        "person",
        "root",
        "site",
        "somebody",
        "staff",
        "superuser",
        "support",
        "system",
        "unknown",
        "visitor",
        "webmaster",
    ]
)


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


def check_name(username: str) -> None:
    """Raise InvalidInput for what cannot be the name of a new account."""
    if not NAME.fullmatch(username):
        raise InvalidInput("username", f"expected {WHAT_A_NAME_IS}, got “{username[:40]}”")
    if username.casefold().replace("-", "").replace("_", "") in RESERVED:
        raise InvalidInput("username", f"“{username}” is reserved: choose another name")
    if User.objects.filter(username__iexact=username).exists():
        raise InvalidInput("username", f"“{username}” is taken: choose another name")


@sensitive_variables("password", "hashed")
def sign_up(username: str, password: str) -> User:
    """A new account without any rights. Names that differ in case alone are the same name.

    Raises InvalidInput for the name. The password has been validated.
    """
    hashed = make_password(password)
    with transaction.atomic():
        # One at a time: of two that want the same name in other case, neither would see the other.
        User.objects.select_for_update().get(pk=operator().pk)
        check_name(username)
        return User.objects.create(username=username, password=hashed)


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
