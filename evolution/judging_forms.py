"""The form by which staff plan a judging study. What a plan may hold is the plan's to decide."""

from typing import Any

from django import forms

from evolution.errors import InvalidInput
from evolution.exhibits import naming
from evolution.judging.plans import (
    LONGEST_TITLE,
    MOST_ANSWERS,
    MOST_OFFERED,
    MOST_PICTURES,
    MOST_TRIALS,
    Group,
    JudgingPlan,
    Trials,
)
from evolution.services.judging import standing

TRIALS = {
    "two_random": "Two names, the other one random",
    "two_second": "Two names, the network’s first and second",
    "all_labels": "All labels",
    "free": "A name in own words",
    "right": "Right or wrong? (half are lures)",
    "pick": "Pick the picture",
    "photograph": "Pictures with known content",
    "degraded": "… made harder",
    "noise": "Noise",
    "hand_bred": "Bred by people",
    "check": "Attention checks",
    "repeat": "Repeats",
}
COUNT = "count-"  # before the number of a group that is offered
TRIAL = "trials-"


class StudyForm(forms.Form):
    """Everything about a study, since nothing of it can be changed once it is open."""

    title = forms.CharField(
        max_length=LONGEST_TITLE,
        help_text="What visitors read above the task.",
        error_messages={"required": "expected a title, got nothing"},
    )
    name = forms.SlugField(
        max_length=80,
        help_text="Its name in addresses and downloads: letters, digits and hyphens.",
        error_messages={"required": "expected letters, digits and hyphens, got nothing"},
    )
    answers = forms.IntegerField(
        label="Answers wanted of each picture",
        initial=20,
        min_value=1,
        max_value=MOST_ANSWERS,
        help_text="To each question with two names. With these the study is complete.",
    )
    offered = forms.IntegerField(
        label="Pictures to pick from", initial=4, min_value=2, max_value=MOST_OFFERED
    )
    reveal = forms.ChoiceField(
        label="The network’s answer is told",
        choices=[("each", "after each answer"), ("end", "at the end of the sitting")],
        help_text="At the end: nobody learns from it while answering.",
    )
    seed = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**32 - 1,
        help_text="Empty: drawn by lot. The same seed draws the same pictures.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = standing.offered()
        for index, group in enumerate(self.groups):
            self.fields[f"{COUNT}{index}"] = forms.IntegerField(
                label=_group_label(group),
                initial=group.count,
                min_value=0,
                max_value=MOST_PICTURES,
                required=False,
            )
        for name, label in TRIALS.items():
            self.fields[f"{TRIAL}{name}"] = forms.IntegerField(
                label=label, initial=getattr(Trials(), name), min_value=0, max_value=MOST_TRIALS
            )

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong), in the order of the page."""
        return [
            (
                self[name].auto_id if name in self.fields else "",
                str(self[name].label) if name in self.fields else "Plan",
                str(message),
            )
            for name, messages in self.errors.items()
            for message in messages
        ]

    @property
    def group_fields(self) -> list[forms.BoundField]:
        return [self[f"{COUNT}{index}"] for index in range(len(self.groups))]

    @property
    def trial_fields(self) -> list[forms.BoundField]:
        return [self[f"{TRIAL}{name}"] for name in TRIALS]

    def plan(self) -> JudgingPlan | None:
        """The plan of a valid form; None, with the mistake in the form, if it cannot be one."""
        data = self.cleaned_data
        counts = [data.get(f"{COUNT}{index}") or 0 for index in range(len(self.groups))]
        try:
            return JudgingPlan(
                title=data["title"],
                groups=tuple(
                    Group(group.kind, group.classifier, count, group.encoding)
                    for group, count in zip(self.groups, counts, strict=True)
                    if count
                ),
                trials=Trials(**{name: data[f"{TRIAL}{name}"] for name in TRIALS}),
                answers=data["answers"],
                offered=data["offered"],
                reveal=data["reveal"],
            )
        except InvalidInput as error:
            self.refuse(error)
            return None

    def refuse(self, error: InvalidInput) -> None:
        names = (error.argument, f"{TRIAL}{error.argument}")
        known = next((name for name in names if name in self.fields), None)
        self.add_error(known, error.message)


def _group_label(group: Group) -> str:
    network = naming.classifier_title(group.classifier)
    encoding = naming.ENCODINGS.get(group.encoding, group.encoding)
    return ", ".join(filter(None, (group.kind.capitalize(), encoding, network)))
