"""Who saw what beside its label, and how people's answers compare with networks', summed up."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, FloatField, GeneratedField, Q
from django.db.models.functions import Cast, NullIf

from evolution.judging.free_names import folded
from evolution.models.runs import Individual


class Exposure(models.Model):
    """A visitor was shown an individual, or the pictures of a whole run, beside their labels."""

    visitor = models.UUIDField()
    individual = models.ForeignKey(
        Individual, null=True, blank=True, on_delete=models.CASCADE, related_name="exposures"
    )
    run = models.ForeignKey("Run", null=True, blank=True, on_delete=models.CASCADE)
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(individual__isnull=False) ^ Q(run__isnull=False),
                name="exposure_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["visitor", "individual"],
                condition=Q(individual__isnull=False),
                name="exposure_once_per_individual",
            ),
            models.UniqueConstraint(
                fields=["visitor", "run"],
                condition=Q(run__isnull=False),
                name="exposure_once_per_run",
            ),
        ]

    def __str__(self) -> str:
        return f"exposure {self.pk}"


class Agreement(models.Model):
    """How people's answers about an individual compare with one network's label, summed up.

    Counts two names with a random foil, over all studies. Derived from judgments, for sorting.
    """

    individual = models.ForeignKey(Individual, on_delete=models.CASCADE, related_name="agreements")
    classifier = models.CharField(max_length=200)
    version = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    confidence = models.FloatField()
    answers = models.PositiveIntegerField()
    agreeing = models.PositiveIntegerField()
    share = GeneratedField(
        expression=Cast("agreeing", FloatField()) / NullIf("answers", 0),
        output_field=FloatField(null=True),
        db_persist=True,
        help_text="Of the answers that agree; for sorting.",
    )
    dissent = GeneratedField(
        expression=1.0 - Cast("agreeing", FloatField()) / NullIf("answers", 0),
        output_field=FloatField(null=True),
        db_persist=True,
        help_text="The share of those that do not; for sorting the other way.",
    )
    fooling = models.FloatField(help_text="Confidence times the disagreement of people, 0 to 1.")
    fooling_low = models.FloatField()
    fooling_high = models.FloatField()
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["individual", "classifier", "version"],
                name="agreement_once_per_classifier_version",
            ),
            models.CheckConstraint(
                condition=Q(agreeing__lte=F("answers")), name="agreement_within_answers"
            ),
        ]
        indexes = [
            models.Index(fields=["-fooling", "-id"], name="agreement_most_fooling"),
            models.Index(fields=["-share", "-id"], name="agreement_most_agreeing"),
            models.Index(fields=["-dissent", "-id"], name="agreement_least_agreeing"),
        ]

    def __str__(self) -> str:
        return f"{self.agreeing} of {self.answers} agree on No. {self.individual_id}"


class HiddenName(models.Model):
    """A name in people's own words that staff keeps off all pictures. The answers stay as they are."""

    name = models.CharField(
        max_length=200, help_text="As somebody wrote it; capitals and articles make no difference."
    )
    folded = models.CharField(max_length=200, unique=True, editable=False)
    hidden_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = folded(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.folded = folded(self.name)
        if not self.folded:
            raise ValidationError({"name": "Expected a word: names without letters never show."})
        if HiddenName.objects.exclude(pk=self.pk).filter(folded=self.folded).exists():
            raise ValidationError({"name": "This name is hidden already."})
