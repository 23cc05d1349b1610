"""Studies: the experiments of the paper, worked off part by part."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from evolution.models.runs import Run


class Study(models.Model):
    """One experiment of the paper with its parameters.

    All its parts are stored when it starts; what is finished never changes and is never done again.
    """

    class Status(models.TextChoices):
        # running <-> paused; running -> finished; running, paused -> cancelled;
        # running -> failed -> running
        RUNNING = "running"
        PAUSED = "paused"
        FINISHED = "finished"
        CANCELLED = "cancelled"
        FAILED = "failed"

    kind = models.SlugField(
        max_length=40, help_text="Which experiment: a name of evolution/studies/."
    )
    scale = models.CharField(max_length=40, help_text="The scale whose values it began with.")
    parameters = models.JSONField(help_text="Verbatim, as they were when it started.")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RUNNING)
    error = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    submission = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="A form posted twice starts one study."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "studies"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["finished", "cancelled"]) | Q(finished_at__isnull=False),
                name="paper_study_ended_has_time",
            )
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="paper_study_newest")]

    def __str__(self) -> str:
        return f"Study {self.pk}: {self.kind}"

    @property
    def has_ended(self) -> bool:
        return self.status in (self.Status.FINISHED, self.Status.CANCELLED)


class StudyPart(models.Model):
    """A piece of a study: a run, or work with a result of its own."""

    class Status(models.TextChoices):
        # waiting <-> working -> done or failed; failed -> waiting
        WAITING = "waiting"
        WORKING = "working"
        DONE = "done"
        FAILED = "failed"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=120)
    stage = models.PositiveIntegerField(help_text="Begins when all parts of lower ones are done.")
    order = models.JSONField(null=True, blank=True, help_text="What to evolve; null: other work.")
    arguments = models.JSONField(default=dict, blank=True)
    evaluations = models.BigIntegerField(default=0, help_text="Estimated before it began.")
    estimate = models.FloatField(default=0, help_text="Seconds, estimated before it began.")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.WAITING)
    run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="study_parts"
    )
    result = models.JSONField(null=True, blank=True)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of all that its result depends on."
    )
    reused = models.BooleanField(default=False, help_text="Taken from an earlier study or run.")
    error = models.TextField(blank=True)
    seconds = models.FloatField(default=0)
    claim = models.UUIDField(null=True, blank=True, help_text="Of the worker that works on it.")
    heartbeat = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["study", "position"]
        constraints = [
            models.UniqueConstraint(fields=["study", "key"], name="part_once_per_key"),
            models.UniqueConstraint(fields=["study", "position"], name="part_once_per_position"),
            models.CheckConstraint(
                condition=~Q(status="done")
                | (Q(result__isnull=False) & Q(finished_at__isnull=False)),
                name="part_done_has_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["fingerprint"], condition=Q(status="done"), name="part_finished_twin"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of study {self.study_id}"


class StudyPicture(models.Model):
    """A picture that a part made and that is no individual: PNG or WebP."""

    part = models.ForeignKey(StudyPart, on_delete=models.CASCADE, related_name="pictures")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="study_picture_once_per_place")
        ]

    def __str__(self) -> str:
        return f"picture {self.number} of part {self.part_id}"
