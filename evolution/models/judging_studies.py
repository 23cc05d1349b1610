"""Judging studies: their pictures, and what networks claim of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evolution.models.runs import Individual


class JudgingStudy(models.Model):
    """Pictures about which people are asked under a plan that was fixed before the first answer."""

    class Status(models.TextChoices):
        # preparing -> open -> closed; preparing -> failed
        PREPARING = "preparing"
        OPEN = "open"
        CLOSED = "closed"
        FAILED = "failed"

    name = models.SlugField(max_length=80, unique=True)
    plan = models.JSONField(help_text="Verbatim, as it was when the study was planned.")
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the plan and the pictures, when it opened."
    )
    seed = models.BigIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PREPARING)
    is_standing = models.BooleanField(
        default=False, help_text="Planned by the site itself, for everybody who comes."
    )
    error = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "judging studies"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(seed__gte=0), name="study_seed_not_negative"),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "closed"])
                | (Q(opened_at__isnull=False) & ~Q(digest="")),
                name="study_open_has_fixed_plan",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False),
                name="study_closed_has_time",
            ),
            models.UniqueConstraint(
                fields=["is_standing"],
                condition=Q(is_standing=True, status__in=["preparing", "open"]),
                name="study_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stimulus(models.Model):
    """One picture of a study: the very pixels that networks were shown, for people as well."""

    class Kind(models.TextChoices):
        BRED = "bred", "bred by a network"
        HAND_BRED = "hand-bred", "bred by a person"
        PHOTOGRAPH = "photograph"
        DEGRADED = "degraded", "degraded photograph"
        NOISE = "noise"
        CHECK = "check", "attention check"
        PRACTICE = "practice"

    study = models.ForeignKey(JudgingStudy, on_delete=models.CASCADE, related_name="stimuli")
    number = models.PositiveIntegerField(help_text="Its place in the study, from 0.")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    encoding = models.CharField(max_length=32, blank=True)
    individual = models.ForeignKey(
        Individual, null=True, blank=True, on_delete=models.SET_NULL, related_name="stimuli"
    )
    name = models.CharField(
        max_length=120, blank=True, help_text="Of a control: its file. Bred by hand: its title."
    )
    truth = models.JSONField(
        default=list, blank=True, help_text="Labels that are right, where the content is known."
    )
    picture = models.BinaryField(help_text="WebP without loss and without metadata.")
    side = models.PositiveIntegerField(help_text="Pixels a side.")

    class Meta:
        verbose_name_plural = "stimuli"
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="stimulus_once_per_place"),
            models.UniqueConstraint(
                fields=["study", "individual"],
                condition=Q(individual__isnull=False),
                name="stimulus_once_per_individual",
            ),
        ]

    def __str__(self) -> str:
        return f"stimulus {self.number} of study {self.study_id}"


class Claim(models.Model):
    """What one version of a network says of a stimulus. It never changes once a study is open."""

    stimulus = models.ForeignKey(Stimulus, on_delete=models.CASCADE, related_name="claims")
    classifier = models.CharField(max_length=200)
    version = models.CharField(max_length=64)
    top = models.JSONField(help_text="[[label, confidence], ...], most confident first; ten.")
    label = models.CharField(max_length=200, help_text="Its first label, the one asked about.")
    second = models.CharField(max_length=200)
    confidence = models.FloatField()
    band = models.CharField(max_length=8, help_text="low, middle or high, as the plan divides.")
    confidences = models.BinaryField(help_text="float32, little-endian, one for every label.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stimulus", "classifier", "version"],
                name="claim_once_per_classifier_version",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="claim_confidence_is_probability",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.classifier} on stimulus {self.stimulus_id}: {self.label}"
