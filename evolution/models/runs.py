"""One automatic evolution, its individuals, its archive and its figures."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from evolution.genomes.base import channels
from evolution.querysets import EliteQuerySet, IndividualQuerySet, RunQuerySet


class Run(models.Model):
    """One automatic evolution.

    Together with its elites, `generation` is the whole state of the search: the random numbers of
    generation g come from default_rng([seed, g]), so there is no checkpoint beside these rows.
    """

    class Status(models.TextChoices):
        # queued -> running <-> paused; queued, running, paused -> cancelled;
        # running -> finished; queued, running -> failed
        QUEUED = "queued"
        RUNNING = "running"
        PAUSED = "paused"
        FINISHED = "finished"
        CANCELLED = "cancelled"
        FAILED = "failed"

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    ENDED = (Status.FINISHED, Status.CANCELLED, Status.FAILED)

    class Screening(models.TextChoices):
        BFLOAT16 = "bfloat16"

    preset = models.CharField(max_length=64)
    parameters = models.JSONField(help_text="The preset, verbatim, as it was when the run started.")
    encoding = models.CharField(max_length=32)
    algorithm = models.CharField(max_length=32)
    classifier = models.CharField(max_length=200, help_text="Members of an ensemble: a+b.")
    classifier_version = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    generation = models.PositiveIntegerField(
        default=0, help_text="The next to evaluate. 0 is the random initial population."
    )
    planned = models.PositiveIntegerField(
        help_text="Generations of children after the initial one."
    )
    pace = models.FloatField(
        null=True, blank=True, help_text="Generations a second at most; empty: as fast as it goes."
    )
    is_background = models.BooleanField(
        default=False, help_text="Works only while no other run is active."
    )
    evaluations = models.BigIntegerField(default=0)
    elapsed = models.FloatField(default=0, help_text="Seconds of work, pauses left out.")
    stages = models.JSONField(
        default=dict, blank=True, help_text="Seconds of this work by stage of the loop."
    )
    screening = models.CharField(
        max_length=16,
        blank=True,
        choices=Screening.choices,
        help_text="All children are judged in this precision first; takeovers are scored in float32.",
    )
    rescored = models.BigIntegerField(
        default=0, help_text="Genomes judged again after the screening."
    )
    engine = models.CharField(max_length=200, blank=True, help_text="What computes its networks.")
    chunk = models.PositiveIntegerField(
        null=True, blank=True, help_text="Views that go through a network at once."
    )
    error = models.TextField(blank=True)
    notice = models.TextField(blank=True, help_text="What went on otherwise than planned.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    submission = models.UUIDField(
        default=uuid.uuid4, help_text="A form posted twice starts one run."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Slices begun since the last commit."
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(generation__lte=F("planned") + 1), name="run_generation_within_plan"
            ),
            models.CheckConstraint(condition=Q(planned__gte=1), name="run_plans_something"),
            models.CheckConstraint(condition=Q(seed__gte=0), name="run_seed_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "paused"])
                | Q(finished_at__isnull=False),
                name="run_ended_has_time",
            ),
            models.UniqueConstraint(fields=["submission", "seed"], name="run_once_per_submission"),
        ]
        # The watchdog asks every few seconds for active runs whose heartbeat is old.
        indexes = [models.Index(fields=["status", "heartbeat"], name="run_watchdog")]

    def __str__(self) -> str:
        return f"Run {self.pk}: {self.preset} against {self.classifier}, seed {self.seed}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def has_ended(self) -> bool:
        return self.status in self.ENDED

    @property
    def forward_seconds(self) -> float:
        """Seconds of its work inside the network."""
        return float(self.stages.get("forward", 0.0))

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the pictures that it breeds."""
        encoding = self.parameters["encoding"]
        return encoding["image_size"], encoding["image_size"], channels(encoding["colour"])

    @property
    def last_generation(self) -> int | None:
        """The newest generation in the archive; None before the initial population is evaluated."""
        return self.generation - 1 if self.generation else None


class Individual(models.Model):
    """A stored genome and its parents: it held a cell of a run, or a person bred from it.

    Rows are written once. A person's individuals are those of a published picture's line.
    """

    class Selector(models.TextChoices):
        PERSON = "person"
        NETWORK = "network"
        RANDOM = "random"
        HAND_EDIT = "hand edit"

    run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.DO_NOTHING, related_name="individuals"
    )
    brood = models.ForeignKey(
        "Brood", null=True, blank=True, on_delete=models.DO_NOTHING, related_name="individuals"
    )
    generation = models.PositiveIntegerField()
    position = models.PositiveIntegerField(
        help_text="Its place in the batch of its generation, or its slot in the brood."
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.DO_NOTHING, related_name="children"
    )
    mate = models.ForeignKey("self", null=True, on_delete=models.DO_NOTHING, related_name="+")
    encoding = models.CharField(max_length=32)
    genome = models.BinaryField(null=True, help_text="Versioned packed bytes; null once pruned.")
    thumbnail = models.BinaryField(
        null=True, help_text="A small WebP of pictures that are large; outlives the genome."
    )
    selected_by = models.CharField(max_length=16, choices=Selector.choices)

    objects = IndividualQuerySet.as_manager()

    class Meta:
        constraints = [
            # A slice that runs twice cannot store the same child twice.
            models.UniqueConstraint(
                fields=["run", "generation", "position"], name="individual_once_per_place"
            ),
            models.UniqueConstraint(fields=["brood", "position"], name="individual_once_per_slot"),
            models.CheckConstraint(
                condition=Q(run__isnull=False) ^ Q(brood__isnull=False),
                name="individual_one_origin",
            ),
            models.CheckConstraint(
                condition=Q(mate__isnull=True) | Q(parent__isnull=False),
                name="individual_mate_needs_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"No. {self.pk}"

    @property
    def is_hand_bred(self) -> bool:
        return self.brood_id is not None

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of its picture as networks are shown it."""
        if self.run is not None:
            return self.run.image_shape
        assert self.brood is not None  # by constraint, one of the two
        return self.brood.session.image_shape


class Elite(models.Model):
    """The reign of an individual in a cell. The rows without an end are the archive."""

    run = models.ForeignKey(Run, on_delete=models.DO_NOTHING, related_name="elites")
    cell = models.PositiveIntegerField()
    label = models.PositiveIntegerField(help_text="Index of the label that the cell stands for.")
    individual = models.ForeignKey(Individual, on_delete=models.DO_NOTHING, related_name="reigns")
    confidence = models.FloatField(help_text="Softmax probability of the label, 0 to 1.")
    since_generation = models.PositiveIntegerField()
    until_generation = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField()

    objects = EliteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "cell"],
                condition=Q(until_generation__isnull=True),
                name="elite_one_holder_per_cell",
            ),
            models.UniqueConstraint(
                fields=["run", "cell", "since_generation"], name="elite_one_takeover_per_generation"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="elite_confidence_is_probability",
            ),
            models.CheckConstraint(
                condition=Q(until_generation__isnull=True)
                | Q(until_generation__gt=F("since_generation")),
                name="elite_reign_runs_forward",
            ),
        ]
        indexes = [
            # The best of the slots that share a label.
            models.Index(
                fields=["run", "label", "-confidence"],
                condition=Q(until_generation__isnull=True),
                name="elite_best_of_label",
            ),
            # What changed since the generation that a page shows.
            models.Index(fields=["run", "since_generation"], name="elite_changes"),
            # The wall: present holders, newest first and most certain first.
            models.Index(
                fields=["-taken_at", "-id"],
                condition=Q(until_generation__isnull=True),
                name="elite_newest_holders",
            ),
            models.Index(
                fields=["-confidence", "-id"],
                condition=Q(until_generation__isnull=True),
                name="elite_surest_holders",
            ),
        ]

    def __str__(self) -> str:
        return f"cell {self.cell} of run {self.run_id}: {self.confidence:.4f}"


class RunStatistics(models.Model):
    """The confidences of an archive after one generation, summed up."""

    run = models.ForeignKey(Run, on_delete=models.DO_NOTHING, related_name="statistics")
    generation = models.PositiveIntegerField()
    median = models.FloatField()
    mean = models.FloatField()
    minimum = models.FloatField()
    maximum = models.FloatField()
    takeovers = models.PositiveIntegerField()
    evaluations = models.BigIntegerField()
    elapsed = models.FloatField()

    class Meta:
        verbose_name_plural = "run statistics"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "generation"], name="statistics_once_per_generation"
            )
        ]

    def __str__(self) -> str:
        return f"run {self.run_id}, generation {self.generation}: median {self.median:.4f}"
