"""The form by which staff start studies, made of the parameters of the study."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms

from evolution.exhibits.studies.kinds import said
from evolution.studies.base import Study
from evolution.studies.settings import LONGEST_TEXT, Setting, settings_of


class StudyForm(forms.Form):
    """Values that are left empty are those of the scale. What is allowed, the study decides."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    scale = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, definition: Study[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.known = settings_of(definition.parameters)
        scale = self.fields["scale"]
        assert isinstance(scale, forms.ChoiceField)
        scale.choices = [(name, name) for name in definition.scales]
        expected = " or ".join(definition.scales)
        scale.error_messages |= {
            "invalid_choice": f"expected {expected}, got “%(value)s”",
            "required": f"expected {expected}, got nothing",
        }
        for one in self.known:
            self.fields[field_name(one.name)] = _field(one, definition)
        self.initial.setdefault("submission", uuid.uuid4())
        self.initial.setdefault("scale", definition.usual)

    @property
    def given(self) -> dict[str, str]:
        """What differs from the scale, as it was written."""
        return {
            one.name: value
            for one in self.known
            if (value := self.cleaned_data[field_name(one.name)])
        }

    @property
    def setting_fields(self) -> Iterator[forms.BoundField]:
        for one in self.known:
            yield self[field_name(one.name)]

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong), in the order of the page."""
        return [
            (
                self[name].auto_id if name in self.fields else "",
                str(self[name].label) if name in self.fields else "Form",
                str(message),
            )
            for name, messages in self.errors.items()
            for message in messages
        ]

    def refuse(self, argument: str, message: str) -> None:
        """Put what a service refused beside the field that it names."""
        for name in (field_name(argument), argument):
            if name in self.fields:
                self.add_error(name, message)
                return
        self.add_error(None, f"{argument}: {message}")


def field_name(setting: str) -> str:
    """Apart from the form's own names: a parameter may be called scale as well."""
    return f"set-{setting}"


def _field(one: Setting, definition: Study[Any]) -> forms.Field:
    common: dict[str, Any] = {
        "label": one.label.capitalize(),
        "required": False,
        "help_text": f"{one.words} {_by_scale(one, definition)}.",
    }
    names = ("yes", "no") if one.kind is bool else one.choices
    if names is not None and one.kind is not tuple:
        choices = [("", "as the scale has it"), *((name, name) for name in names)]
        field = forms.ChoiceField(choices=choices, **common)
        field.error_messages["invalid_choice"] = f"expected {', '.join(names)}; got “%(value)s”"
        return field
    return forms.CharField(max_length=LONGEST_TEXT, widget=_widget(one), **common)


def _by_scale(one: Setting, definition: Study[Any]) -> str:
    """What an empty field stands for: “50 at paper, 5 at quick scale”."""
    values = {name: said(getattr(scale, one.name)) for name, scale in definition.scales.items()}
    if len(set(values.values())) == 1:
        return f"Usually {next(iter(values.values()))}"
    told = ", ".join(f"{value} at {name}" for name, value in values.items())
    return f"{told[0].upper()}{told[1:]} scale"


def _widget(one: Setting) -> forms.TextInput:
    """Text, whose refusal the study words; numbers only bring up the right keyboard."""
    modes = {int: "numeric", float: "decimal"}
    attributes = {"inputmode": modes[one.kind]} if one.kind in modes else {}
    return forms.TextInput(attrs={"autocomplete": "off", **attributes})
