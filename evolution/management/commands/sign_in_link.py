"""Print a link that signs the operator in once."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evolution.services import accounts


class Command(BaseCommand):
    help = "Print a link that signs the operator, or another user, in once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", help="whom to sign in (default: the operator)")
        parser.add_argument(
            "--address",
            default="http://127.0.0.1:8000",
            help="where the site is reached (default: %(default)s)",
        )

    def handle(self, *, user: str | None, address: str, **options: Any) -> None:
        if not address.startswith(("http://", "https://")):
            raise CommandError(f"--address: expected http:// or https://..., got {address!r}")
        path = accounts.sign_in_path(active(user) if user else accounts.operator())
        self.stdout.write(address.rstrip("/") + path)
        minutes = settings.PASSWORD_RESET_TIMEOUT // 60
        self.stderr.write(f"Good for one sign-in within {minutes} minutes.")


def active(username: str) -> User:
    """The account of this name. Raises CommandError."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"--user: expected the name of an active account, got {username!r}")
    return user
