"""People's accounts: Django's own tables, with the help that a forgotten password needs."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from evolution.services import accounts, leaving

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    actions = ("make_link",)

    @admin.action(description="Make a link that signs in once", permissions=["change"])
    def make_link(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Only a superuser opens the account of staff: a link gives all that its account may do."""
        assert isinstance(request.user, User)
        for account in chosen:
            if not account.is_active:
                self.message_user(request, f"{account} is not active.", messages.ERROR)
            elif (account.is_staff or account.is_superuser) and not request.user.is_superuser:
                words = f"{account} is staff: only a superuser may make a link."
                self.message_user(request, words, messages.ERROR)
            else:
                address = request.build_absolute_uri(accounts.sign_in_path(account))
                minutes = settings.PASSWORD_RESET_TIMEOUT // 60
                self.message_user(request, f"{account}, once within {minutes} minutes: {address}")

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        deleted, counts, lacking, kept = super().get_deleted_objects(objs, request)
        if leaving.nobody_could_run_the_site([account.pk for account in objs]):
            kept = [*kept, "the last account that can run the site"]
        return deleted, counts, lacking, kept

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """As its owner would: published pictures stay without the name."""
        leaving.delete_account(obj, None, take_down=False)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in queryset:
            leaving.delete_account(account, None, take_down=False)
