"""What people are asked about the pictures of a study, blind, and what they answer."""

import uuid

from django.db import models

from evolution.models.judging_studies import Claim, JudgingStudy, Stimulus


class Sitting(models.Model):
    """One visitor's turn at a study, from consent to the last trial."""

    study = models.ForeignKey(JudgingStudy, on_delete=models.CASCADE, related_name="sittings")
    code = models.CharField(max_length=32, unique=True, help_text="Its address; not to be guessed.")
    visitor = models.UUIDField(db_index=True, help_text="A random key of the browser.")
    number = models.PositiveIntegerField(help_text="Its place among the sittings of the study.")
    seed = models.BigIntegerField()
    submission = models.UUIDField(unique=True, help_text="A form posted twice begins one sitting.")
    consented_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    failed_checks = models.PositiveSmallIntegerField(default=0)
    too_fast = models.PositiveSmallIntegerField(default=0, help_text="Answers given too fast.")
    is_left_out = models.BooleanField(
        default=False, help_text="Failed the checks of the plan: counted apart."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="sitting_once_per_number"),
        ]
        indexes = [models.Index(fields=["visitor", "study"], name="sitting_of_visitor")]

    def __str__(self) -> str:
        return f"sitting {self.number} of study {self.study_id}"


class Trial(models.Model):
    """One question about one picture, as it was put: what was offered, and in which order."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="trials")
    position = models.PositiveSmallIntegerField(help_text="From 0; practice comes first.")
    token = models.UUIDField(
        unique=True, default=uuid.uuid4, help_text="Its address; says nothing."
    )
    stimulus = models.ForeignKey(Stimulus, on_delete=models.CASCADE, related_name="trials")
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="trials"
    )
    form = models.CharField(max_length=8)
    foil = models.CharField(max_length=8, blank=True)
    framing = models.CharField(max_length=8)
    shown = models.CharField(
        max_length=200, blank=True, help_text="The name that is shown: right or wrong?, pick."
    )
    options = models.JSONField(
        default=list,
        help_text="What is offered, in order; empty: the whole vocabulary, or nothing.",
    )
    expected = models.CharField(
        max_length=200, blank=True, help_text="The answer that agrees with the network."
    )
    offered = models.PositiveSmallIntegerField(default=0, help_text="How many there are to choose.")
    right_answers = models.JSONField(
        default=list, blank=True, help_text="Answers that are true, where that is known."
    )
    machine_answer = models.CharField(
        max_length=200, blank=True, help_text="Of what is offered, what the network is surest of."
    )
    repeat_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="repeats"
    )
    is_revealed = models.BooleanField(
        default=True, help_text="What the network says is told at once, not at the end."
    )
    given_at = models.DateTimeField(null=True, blank=True, help_text="When it was first asked.")
    skipped_at = models.DateTimeField(
        null=True, blank=True, help_text="Left out: the visitor saw its label before it was asked."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "position"], name="trial_once_per_position"),
        ]

    def __str__(self) -> str:
        return f"trial {self.position} of sitting {self.sitting_id}"


class Judgment(models.Model):
    """A person's answer to one trial. Written once."""

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, related_name="judgment")
    visitor = models.UUIDField(db_index=True)
    stimulus = models.ForeignKey(Stimulus, on_delete=models.CASCADE, related_name="judgments")
    form = models.CharField(max_length=8)
    occasion = models.PositiveSmallIntegerField(help_text="0; 1 for a repeat.")
    answer = models.CharField(max_length=200, blank=True, help_text="Empty: “I cannot tell”.")
    matched = models.CharField(
        max_length=200, blank=True, help_text="The label that a name in free words stands for."
    )
    agrees = models.BooleanField(null=True, help_text="With the network; null: cannot tell.")
    is_right = models.BooleanField(null=True, help_text="Null where nobody knows what is right.")
    reaction_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="From picture to answer, by the browser's clock."
    )
    elapsed_ms = models.PositiveBigIntegerField(
        help_text="From question to answer, by the server's clock."
    )
    flag = models.CharField(
        max_length=16, blank=True, help_text="Why it is not counted: too fast, implausible, seen."
    )
    is_counted = models.BooleanField(
        default=True, help_text="No flag, no practice, and the sitting passed its checks."
    )
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "stimulus", "form", "occasion"],
                name="judgment_once_per_person_picture_form",
            ),
        ]
        indexes = [models.Index(fields=["stimulus", "form"], name="judgment_of_stimulus")]

    def __str__(self) -> str:
        return f"judgment {self.pk} of trial {self.trial_id}"
