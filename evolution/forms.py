"""The forms by which staff start runs. What may be started is the service's to decide."""

import math
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms

from classifiers.entries import JOINT
from evolution.exhibits import offers
from evolution.services.runs import (
    MOST_GENERATIONS,
    MOST_RUNS,
    MOST_SEED,
    PACES,
    Order,
    usual_classifier,
)


class _Whole(forms.IntegerField):
    """A whole number whose refusal says what came."""

    def to_python(self, value: Any) -> int | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(f"expected a whole number, got “{value}”") from None


class _Real(forms.FloatField):
    """A finite number whose refusal says what came."""

    def to_python(self, value: Any) -> Any:  # django-stubs makes this field one of whole numbers
        try:
            number = super().to_python(value)
        except forms.ValidationError:
            number = math.nan
        if number is not None and not math.isfinite(number):
            raise forms.ValidationError(f"expected a number, got “{value}”")
        return number


def _number(least: float, most: float) -> forms.NumberInput:
    # The browser's own checks are a courtesy; the service has the last word.
    step = "1" if isinstance(least, int) else "any"
    return forms.NumberInput(attrs={"min": least, "max": most, "step": step})


def _choices(names: list[str]) -> dict[str, str]:
    words = f"expected {' or '.join(names)}, got “%(value)s”"
    return {"invalid_choice": words, "required": f"expected {' or '.join(names)}, got nothing"}


class OrderForm(forms.Form):
    """One order: a preset against a classifier, with one seed or several in a row."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    preset = forms.ChoiceField(widget=forms.RadioSelect)
    classifier = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: as the preset has it. Several: the mean of what they say, as one network.",
    )
    seed = _Whole(
        initial=1,
        widget=_number(0, MOST_SEED),
        help_text="The same seed gives the same run. Further runs take the seeds that follow.",
        error_messages={"required": "expected a whole number, got nothing"},
    )
    runs = _Whole(
        label="Independent runs",
        initial=1,
        widget=_number(1, MOST_RUNS),
        error_messages={"required": "expected a whole number, got nothing"},
    )
    generations = _Whole(
        required=False,
        widget=_number(1, MOST_GENERATIONS),
        help_text="Empty: as many as the preset plans.",
    )
    target = _Whole(
        label="Label to aim at",
        required=False,
        widget=_number(0, 999),
        help_text="For presets that aim at one label. Empty: as the preset says.",
    )
    pace = _Real(
        label="Generations a second, at most",
        required=False,
        widget=_number(*PACES),
        help_text="Empty: as fast as it goes. 1 is slow enough to watch.",
    )

    screening = forms.ChoiceField(
        label="Precision",
        required=False,
        choices=[("", "float32"), ("bfloat16", "screened in bfloat16")],
        help_text="Screened: all children are judged in bfloat16, which is faster, and every takeover "
        "is re-scored in float32. What it misses is lost. Not for presets that aim at one label.",
    )
    background = forms.BooleanField(
        label="In the background",
        required=False,
        help_text="Work only while no other run is active.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers.preset_offers()
        self.networks = offers.network_offers()
        self._offer("preset", [(offer.name, offer.title) for offer in self.offers])
        self._offer(
            "classifier",
            [(offer.name, offer.title) for offer in self.networks if not offer.missing],
        )
        self.initial.setdefault("submission", uuid.uuid4())
        self.initial.setdefault("preset", "mnist-cppn-paper")

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # one of several as well
        field.choices = choices
        field.error_messages |= _choices([value for value, _ in choices])

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong), in the order of the page."""
        return [
            (self[name].auto_id if name in self.fields else "", self._label(name), str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]

    def order(self) -> Order:
        """One run against one network, or against the mean of several."""
        preset = self.cleaned_data["preset"]
        chosen = JOINT.join(self.cleaned_data["classifier"])
        return self._order(preset, chosen or usual_classifier(preset))

    def _order(self, preset: str, classifier: str) -> Order:
        data = self.cleaned_data
        return Order(
            preset=preset,
            classifier=classifier,
            seed=data["seed"],
            generations=data["generations"],
            runs=data["runs"],
            pace=data["pace"],
            target=data["target"],
            background=data["background"],
            screening=data["screening"],
        )

    def _label(self, name: str) -> str:
        return str(self[name].label) if name in self.fields else "Form"


class BatchForm(OrderForm):
    """Several presets against several classifiers: one order for each pair."""

    preset = forms.MultipleChoiceField(label="Presets", widget=forms.CheckboxSelectMultiple)
    classifier = forms.MultipleChoiceField(label="Classifiers", widget=forms.CheckboxSelectMultiple)

    def orders(self) -> Iterator[tuple[Order, uuid.UUID]]:
        """Every pair's order with a submission of its own, the same one for the same form."""
        data = self.cleaned_data
        for preset in data["preset"]:
            for classifier in data["classifier"]:
                order = self._order(preset, classifier)
                yield order, uuid.uuid5(data["submission"], f"{preset}:{classifier}")
