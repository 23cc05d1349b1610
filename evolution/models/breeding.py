"""Breeding by hand: what one person does in one sitting, or in many."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evolution.genomes.base import channels


class BreedingSession(models.Model):
    """One person's breeding, from a first brood on. Its broods are a tree: going back cuts nothing.

    The genomes of a brood come from default_rng([seed, number of the brood]), its parents and its
    settings, so that every step can be repeated.
    """

    code = models.CharField(max_length=32, unique=True, help_text="Its address; not to be guessed.")
    visitor = models.UUIDField(db_index=True, help_text="The browser that began it.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="breeding_sessions",
    )
    seed = models.BigIntegerField()
    encoding = models.CharField(max_length=32)
    colour = models.CharField(
        max_length=8, help_text="As an expression names it: ink, hsb, hsv ..."
    )
    image_size = models.PositiveIntegerField(help_text="Pixels a side that networks are shown.")
    settings = models.JSONField(help_text="How the next brood is bred, as it was set last.")
    source = models.JSONField(
        default=dict, blank=True, help_text="Of a genome that came as a file: its name and facts."
    )
    branched_from = models.ForeignKey(
        "Individual", null=True, blank=True, on_delete=models.DO_NOTHING, related_name="branches"
    )
    current = models.ForeignKey(
        "Brood", null=True, blank=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    is_blind = models.BooleanField(
        default=True, help_text="Nothing that a network says reaches the browser."
    )
    classifier = models.CharField(
        max_length=200, blank=True, help_text="The network that looks on."
    )
    wish = models.CharField(max_length=200, blank=True, help_text="A label that it should see.")
    submission = models.UUIDField(unique=True, help_text="A form posted twice begins one session.")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seed__gte=0), name="session_seed_not_negative"),
        ]
        indexes = [
            models.Index(fields=["visitor", "-touched_at"], name="session_of_visitor"),
            models.Index(fields=["owner", "-touched_at"], name="session_of_owner"),
        ]

    def __str__(self) -> str:
        return f"Session {self.pk}"

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of its pictures as networks are shown them."""
        depth = channels(self.colour)  # type: ignore[arg-type]
        return self.image_size, self.image_size, depth


class Brood(models.Model):
    """The pictures shown at once. Rows are written once.

    origins: for every slot [parent, mate, kept]: slots of the brood before; None without one. A
    kept picture is its parent, unchanged. In the first brood of a session that branched from an
    individual, parent 0 is that individual.
    """

    session = models.ForeignKey(BreedingSession, on_delete=models.CASCADE, related_name="broods")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.DO_NOTHING, related_name="children"
    )
    number = models.PositiveIntegerField(help_text="In the order of breeding; 0 is the first.")
    generation = models.PositiveIntegerField(help_text="Steps from the first brood.")
    genomes = models.BinaryField(help_text="All of them, packed.")
    origins = models.JSONField()
    chosen = models.JSONField(help_text="Slots of the brood before that were picked as parents.")
    settings = models.JSONField(help_text="How it was bred.")
    thumbnail = models.BinaryField(help_text="A small WebP of its first picture, for the history.")
    selected_by = models.CharField(max_length=16, help_text="Who picked the parents.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # Of two steps that come at once, one is told to look again.
            models.UniqueConstraint(fields=["session", "number"], name="brood_once_per_number"),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(generation=0),
                name="brood_first_has_no_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"Brood {self.number} of session {self.session_id}"


class Reading(models.Model):
    """What one version of a classifier says of the pictures of a brood.

    A prediction is of a stored individual; these are of pictures that most often nobody keeps.
    """

    brood = models.ForeignKey(Brood, on_delete=models.CASCADE, related_name="readings")
    classifier = models.CharField(max_length=200)
    version = models.CharField(max_length=64)
    tops = models.JSONField(help_text="For every slot [[label index, confidence], ...].")
    wished = models.JSONField(
        default=dict, help_text="Label -> the confidence in it for every slot."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brood", "classifier", "version"],
                name="reading_once_per_classifier_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.classifier} on brood {self.brood_id}"
