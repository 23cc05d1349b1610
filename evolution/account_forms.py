"""The forms of one's own account. Django's own, and what they do not know of this site."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import UserCreationForm, UsernameField
from django.contrib.auth.models import User

from evolution.errors import InvalidInput
from evolution.services import accounts


def password_rules() -> str:
    return " ".join(password_validation.password_validators_help_texts())


class SignUpForm(UserCreationForm[User]):
    username = UsernameField(
        max_length=150,  # the name's own rule says in words what is wrong with a longer one
        help_text=f"Shown with what you publish under it: {accounts.WHAT_A_NAME_IS}.",
        widget=forms.TextInput(attrs={"autofocus": True, "maxlength": 30}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_rules()
        self.fields["password2"].label = "Password again"
        self.fields["password2"].help_text = ""

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        try:
            accounts.check_name(username)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from None
        return username

    def save(self, commit: bool = True) -> User:  # noqa: ARG002, FBT001, FBT002  Django's
        """Raises InvalidInput if the name was taken in the meantime."""
        return accounts.sign_up(self.cleaned_data["username"], self.cleaned_data["password1"])


class LeavingForm(forms.Form):
    """A last question before an account is deleted: who asks, and what is to stay."""

    proof = forms.CharField(strip=False)
    pictures = forms.ChoiceField(
        label="Your published pictures",
        widget=forms.RadioSelect,
        choices=[("keep", "Keep them without my name"), ("take-down", "Take them down")],
        error_messages={
            "required": "expected a choice, got none",
            "invalid_choice": "expected keep or take-down, got “%(value)s”",
        },
    )

    def __init__(self, account: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        proof = self.fields["proof"]
        if account.has_usable_password():
            proof.label = "Your password"
            proof.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        else:
            proof.label = "Your username"
            proof.widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"})
        proof.widget.is_required = True

    def clean_proof(self) -> str:
        given: str = self.cleaned_data["proof"]
        if self.account.has_usable_password():
            if not self.account.check_password(given):
                raise forms.ValidationError("This is not your password.")
        elif given.strip() != self.account.username:
            raise forms.ValidationError(f"expected {self.account.username}, got “{given[:40]}”")
        return given
