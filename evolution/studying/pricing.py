"""What a study will cost, before it starts: evaluations, and seconds on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from evolution.algorithms import presets
from evolution.algorithms.settings import MapElitesSettings
from evolution.models import Run
from evolution.studies.base import Evolution, Part
from evolution.studying import reusing
from evolution.templatetags.readings import duration

LEAST_SECONDS = 5  # of a finished run whose speed is believed
NEWEST = 20  # runs that are asked for their speed
# Evaluations a second on two cores of an AMD EPYC, docs/benchmarks.md: for a machine that has not
# finished such a run yet.
USUAL_SPEED = {"mnist": 11_000.0, "imagenet": 198.0}
TEN_CROPS = 10


@dataclass(frozen=True)
class Cost:
    """parts: how many are to be worked off; ready: how many more are there already.

    is_measured: whether finished runs of this machine told the speed of every run.
    """

    parts: int
    ready: int
    evaluations: int
    seconds: float
    is_measured: bool

    @property
    def words(self) -> str:
        """For a command line and a page."""
        ready = f"; {self.ready} are there already" if self.ready else ""
        basis = "as runs here went before" if self.is_measured else "as on two cores of a server"
        return (
            f"{self.parts} parts to work off{ready}; about {self.evaluations:,} evaluations and "
            f"{duration(self.seconds)} {basis}"
        )


def cost(kind: str, parts: Sequence[Part]) -> Cost:
    """Sum up what has to be done. kind: of the study."""
    ready = reusing.ready(kind, parts)
    missing = [part for part in parts if part.key not in ready]
    speeds = Speeds()
    return Cost(
        parts=len(missing),
        ready=len(ready),
        evaluations=sum(evaluations(part) for part in missing),
        seconds=sum(speeds.seconds(part) for part in missing),
        is_measured=all(speeds.measured(part.run) for part in missing if part.run),
    )


def evaluations(part: Part) -> int:
    """Pictures that networks are shown."""
    if part.run is None:
        return part.evaluations
    algorithm = presets.get(part.run.preset).algorithm
    first = algorithm.initial if isinstance(algorithm, MapElitesSettings) else algorithm.size
    return first + part.run.generations * algorithm.children


class Speeds:
    """How fast this machine works, asked once for each preset and network."""

    def __init__(self) -> None:
        self._measured: dict[tuple[str, str], float | None] = {}

    def seconds(self, part: Part) -> float:
        """Of work on this machine, estimated."""
        if part.run is None:
            return part.seconds
        return evaluations(part) / (self.measured(part.run) or _usual_speed(part.run))

    def measured(self, order: Evolution) -> float | None:
        """Evaluations a second of finished runs of the same kind; None without any."""
        pair = order.preset, order.classifier
        if pair not in self._measured:
            self._measured[pair] = _measured_speed(*pair)
        return self._measured[pair]


def _usual_speed(order: Evolution) -> float:
    """Of the documented machine."""
    preset = presets.get(order.preset)
    members = order.classifier.count("+") + 1
    views = TEN_CROPS if preset.crops == "ten" else 1
    return USUAL_SPEED[preset.classifier] / members / views


def _measured_speed(preset: str, classifier: str) -> float | None:
    newest: QuerySet[Run] = Run.objects.filter(
        preset=preset, classifier=classifier, elapsed__gte=LEAST_SECONDS, pace=None
    )
    chosen = Run.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[:NEWEST]))
    sums = chosen.aggregate(done=Sum("evaluations"), took=Sum(F("elapsed")))
    return sums["done"] / sums["took"] if sums["took"] else None
