"""Pictures that people publish, and what others make of them."""

import unicodedata
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from evolution.models.runs import Individual
from evolution.querysets import ConquestQuerySet, PublicationQuerySet

LONGEST_TITLE = 80
LONGEST_TAG = 30


def folded(text: str) -> str:
    """A text as search compares it: without capitals, and with one code for one letter."""
    return unicodedata.normalize("NFKC", text).casefold()


class Tag(models.Model):
    """A word for finding pictures: lower case, no punctuation."""

    name = models.CharField(max_length=LONGEST_TAG, unique=True)

    def __str__(self) -> str:
        return self.name


class Publication(models.Model):
    """A picture that somebody bred, with a title. What it is never changes; hiding is reversible."""

    class Licence(models.TextChoices):
        CC0 = "CC0-1.0", "CC0: no rights kept"
        CC_BY = "CC-BY-4.0", "CC BY: name the author"
        CC_BY_SA = "CC-BY-SA-4.0", "CC BY-SA: name the author, share alike"

    individual = models.OneToOneField(
        Individual, on_delete=models.DO_NOTHING, related_name="publication"
    )
    title = models.CharField(max_length=LONGEST_TITLE)
    folded_title = models.TextField(
        editable=False, help_text="The title as search compares it; set when it is stored."
    )
    visitor = models.UUIDField(
        db_index=True, help_text="The browser that published it; never told."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="publications",
    )
    is_anonymous = models.BooleanField(default=True, help_text="The author's name is not shown.")
    licence = models.CharField(max_length=16, choices=Licence.choices)
    tags = models.ManyToManyField(Tag, related_name="publications", blank=True)
    branched_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="branches",
        help_text="The nearest published picture that it descends from.",
    )
    submission = models.UUIDField(unique=True, help_text="A form posted twice publishes once.")
    published_at = models.DateTimeField()
    featured_at = models.DateTimeField(null=True, blank=True, help_text="An editor's pick since.")
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_because = models.CharField(max_length=200, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(is_anonymous=True),
                name="publication_named_has_author",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="publication_has_title"),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(hidden_at__isnull=True),
                name="publication_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.title}”, No. {self.individual_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Databases fold letters each in its own way, and SQLite those of ASCII alone.
        self.folded_title = folded(self.title)
        super().save(*args, **kwargs)

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class Rating(models.Model):
    """Stars that somebody gave to another one's picture."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="ratings")
    visitor = models.UUIDField()
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="ratings",
    )
    stars = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "visitor"], name="rating_once_per_visitor"
            ),
            models.UniqueConstraint(
                fields=["publication", "rater"], name="rating_once_per_account"
            ),
            models.CheckConstraint(
                condition=Q(stars__gte=1) & Q(stars__lte=5), name="rating_one_to_five_stars"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars} of 5 for publication {self.publication_id}"


class Report(models.Model):
    """Somebody finds that a published picture should be looked at by staff."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="reports")
    visitor = models.UUIDField()
    reason = models.CharField(max_length=500)
    reported_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "visitor"], name="report_once_per_visitor"
            )
        ]

    def __str__(self) -> str:
        return f"Report on publication {self.publication_id}"


class Block(models.Model):
    """Somebody who may not publish, rate or report any more: a browser, an account, or both."""

    visitor = models.UUIDField(null=True, blank=True, unique=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="block",
    )
    reason = models.CharField(max_length=200, blank=True)
    blocked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(visitor__isnull=False) | Q(account__isnull=False),
                name="block_names_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"Block {self.pk}"


class Challenge(models.Model):
    """A published picture shown to the classifier of a run, against the holders of its cells."""

    individual = models.ForeignKey(
        Individual, on_delete=models.DO_NOTHING, related_name="challenges"
    )
    run = models.ForeignKey("Run", on_delete=models.DO_NOTHING, related_name="challenges")
    asked_at = models.DateTimeField(auto_now_add=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    best = models.JSONField(
        default=list, help_text="Its best cells: [[cell, label, confidence, the holder's], ...]."
    )
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["individual", "run"], name="challenge_once_per_individual"
            )
        ]

    def __str__(self) -> str:
        return f"No. {self.individual_id} against run {self.run_id}"


class Conquest(models.Model):
    """A cell in which a hand-bred picture was surer than the run's own holder.

    The archive of a run stays what its search found, so that its figures can be repeated; conquests
    lie over it. One stands as long as neither the run nor another person does better.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="conquests")
    run = models.ForeignKey("Run", on_delete=models.DO_NOTHING, related_name="conquests")
    individual = models.ForeignKey(
        Individual, on_delete=models.DO_NOTHING, related_name="conquests"
    )
    cell = models.PositiveIntegerField()
    label = models.PositiveIntegerField()
    confidence = models.FloatField()
    beaten = models.FloatField(help_text="The confidence of whoever held the cell.")
    taken_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True, blank=True, help_text="To another person's picture.")

    objects = ConquestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "cell"],
                condition=Q(lost_at__isnull=True),
                name="conquest_one_standing_per_cell",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="conquest_confidence_is_probability",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gt=F("beaten")), name="conquest_beats_the_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"cell {self.cell} of run {self.run_id}, by No. {self.individual_id}"
