"""The form that publishes a picture. What may be published is the service's to decide."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from evolution.models import Publication
from evolution.models.publications import LONGEST_TITLE
from evolution.services.publishing import Draft
from evolution.services.tagging import MOST_READ, MOST_TAGS, written

NAMED, ANONYMOUS = "named", "anonymous"
LICENCES = {
    Publication.Licence.CC0: "Anybody may do anything with it.",
    Publication.Licence.CC_BY: "Anybody may use it who names you, or this page.",
    Publication.Licence.CC_BY_SA: "The same, and what is made of it has this licence too.",
}


class PublishForm(forms.Form):
    """A title, tags, a licence, and whether the name of the account is shown.

    Every field is let through as it came: the service refuses with its own words.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"maxlength": LONGEST_TITLE, "autocomplete": "off"}),
        help_text="What do you see in it?",
    )
    tags = forms.CharField(
        label="Other tags",
        required=False,
        widget=forms.TextInput(attrs={"list": "most-used", "autocomplete": "off"}),
        help_text=f"Between commas, at most {MOST_TAGS} in all. Others find it by them.",
    )
    licence = forms.CharField(required=False, initial=Publication.Licence.CC_BY)
    credit = forms.CharField(required=False, initial=ANONYMOUS)

    def __init__(
        self, data: QueryDict | None, offered: Sequence[str], *, has_account: bool
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        self.initial.setdefault("submission", uuid.uuid4())
        if has_account:
            self.initial["credit"] = NAMED
        self.ticked = data.getlist("tag")[:MOST_READ] if data is not None else []
        self.offered = list(dict.fromkeys([*offered, *filter(None, map(written, self.ticked))]))

    @property
    def licences(self) -> list[tuple[str, str, str]]:
        """Value, name and meaning of each."""
        return [(str(one), str(one.label), meaning) for one, meaning in LICENCES.items()]

    @property
    def offers(self) -> list[tuple[str, bool]]:
        """Tags that are offered, and whether each is ticked."""
        chosen = set(map(written, self.ticked))
        return [(tag, tag in chosen) for tag in self.offered]

    def draft(self) -> Draft:
        """What was written. Call it once the form is valid."""
        written_down: dict[str, Any] = self.cleaned_data
        others = written_down["tags"][: 100 * MOST_READ].split(",")[:MOST_READ]
        return Draft(
            title=written_down["title"],
            tags=[*self.ticked, *others],
            licence=written_down["licence"],
            is_anonymous=written_down["credit"] != NAMED,
            submission=written_down["submission"],
        )
