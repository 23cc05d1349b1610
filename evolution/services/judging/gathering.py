"""The pictures of a study, drawn anew from what it plans. On a worker: networks look at them all."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db.models import Q, QuerySet

from classifiers import catalogue
from classifiers.places import Crops
from evolution import controls
from evolution.controls import Control, Domain
from evolution.genomes.base import BadGenome
from evolution.judging.plans import BANDS, Group, JudgingPlan
from evolution.models import Elite, Individual, Publication
from evolution.services import predicting

Rng = np.random.Generator
Pixels = npt.NDArray[np.uint8]
log = logging.getLogger(__name__)
DOMAINS = {"MNIST": Domain.DIGITS, "ImageNet": Domain.PHOTOGRAPHS}


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture of a study. pixels: (H, W, C). crops: how its network looks at it."""

    kind: str
    classifier: str
    pixels: Pixels
    encoding: str = ""
    individual: int | None = None
    name: str = ""
    truth: tuple[str, ...] = ()
    crops: Crops = "whole"

    @property
    def is_claimed(self) -> bool:
        """Whether the network is asked about it."""
        return self.kind not in ("check", "practice")


def gather(plan: JudgingPlan, seed: int) -> list[Picture]:
    """Draw the pictures of all groups; a group has as many as there are, at most what is planned.

    Practice is added for every kind of content. Raises ClassifierError for an unknown network.
    """
    rng = np.random.default_rng([seed])
    gathering = _Gathering(plan, seed, rng)
    gathered = [picture for group in plan.groups for picture in gathering.of(group)]
    domains = {group.classifier: domain(group.classifier) for group in plan.groups}
    by_domain = {known: name for name, known in domains.items() if known}
    practice = [
        _of_control(control, name)
        for known, name in by_domain.items()
        for control in controls.practice(known)
    ]
    return gathered + [practice[index] for index in rng.permutation(len(practice))]


def domain(classifier: str) -> Domain | None:
    """What a network's pictures are of; None where there are no controls for its labels."""
    return DOMAINS.get(catalogue.entry(classifier).dataset)


def eligible(least: float, classifier: str, encoding: str) -> QuerySet[Elite]:
    """Reigns whose pictures can be asked about: drawable, and at least so sure."""
    return reigns(least).filter(run__classifier=classifier, run__encoding=encoding)


def reigns(least: float) -> QuerySet[Elite]:
    """Present and former ones: whoever saw the archive of a run is still blind to those who held
    its cells before. Of the slots of a single-target run, the best alone."""
    champions = Elite.objects.champions().exclude(run__algorithm="map-elites")
    return Elite.objects.filter(
        Q(run__algorithm="map-elites") | Q(pk__in=champions.values("pk")),
        confidence__gte=least,
        individual__genome__isnull=False,
    )


@dataclass(frozen=True)
class _Gathering:
    plan: JudgingPlan
    seed: int
    rng: Rng

    def of(self, group: Group) -> list[Picture]:
        match group.kind:
            case "bred":
                return _bred(self.plan, group, self.rng)
            case "hand-bred":
                return _hand_bred(group, self.rng)
            case _:
                known = domain(group.classifier)
                found = self._controls(group, known) if known else []
                return [_of_control(one, group.classifier) for one in found[: group.count]]

    def _controls(self, group: Group, known: Domain) -> list[Control]:
        match group.kind:
            case "photograph":
                return self._clean(known)
            case "degraded":
                return self._degraded(group, known)
            case "noise":
                return controls.noise(known, group.count, self.rng)
            case _:
                return controls.checks(known)

    def _clean(self, known: Domain) -> list[Control]:
        """In an order of the study's own: the first are shown clean, the last degraded."""
        photographs = controls.photographs(known)
        order = np.random.default_rng([self.seed, 1]).permutation(len(photographs))
        return [photographs[index] for index in order]

    def _degraded(self, group: Group, known: Domain) -> list[Control]:
        """Of each photograph that is not shown clean one version, all ways in turns."""
        clean = sum(
            other.count
            for other in self.plan.groups
            if (other.kind, other.classifier) == ("photograph", group.classifier)
        )
        versions: dict[str, list[Control]] = defaultdict(list)
        for control in controls.degraded(known, self.rng):
            versions[control.name.rpartition(", ")[0]].append(control)
        left = [versions[control.name] for control in self._clean(known)[clean:]]
        return [ways[turn % len(ways)] for turn, ways in enumerate(left)]


def _bred(plan: JudgingPlan, group: Group, rng: Rng) -> list[Picture]:
    """As many of every band as there are, different labels first."""
    found = eligible(plan.least, group.classifier, group.encoding)
    rows = found.order_by("pk").values_list("pk", "label", "confidence")
    bands: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, label, confidence in rows:
        bands[plan.band(confidence)].append((number, label))
    queues = [_different_first(bands[band], rng) for band in BANDS]
    chosen = _in_turns(queues, group.count)
    elites = Elite.objects.select_related("run", "individual").in_bulk(chosen)
    pictures = {}
    for number in chosen:
        elite = elites[number]
        pixels = _drawn(elite.individual, elite.run.image_shape[0])
        if pixels is None:
            continue
        pictures[elite.individual_id] = Picture(  # a picture that holds two cells comes once
            "bred",
            group.classifier,
            pixels,
            encoding=group.encoding,
            individual=elite.individual_id,
            crops=elite.run.parameters["crops"],
        )
    return list(pictures.values())


def _drawn(individual: Individual, side: int) -> Pixels | None:
    """Its picture as networks are shown it; None of a damaged genome, which stops nobody."""
    try:
        return predicting.picture(bytes(individual.genome or b""), side)
    except BadGenome as error:
        log.warning("No. %s is in no study: %s", individual.pk, error)
        return None


def _different_first(found: Sequence[tuple[int, int]], rng: Rng) -> list[int]:
    """Shuffled; those whose label came before stand at the end."""
    shuffled = [found[index] for index in rng.permutation(len(found))]
    seen: set[int] = set()
    first: list[int] = []
    later: list[int] = []
    for number, label in shuffled:
        (later if label in seen else first).append(number)
        seen.add(label)
    return first + later


def _in_turns(queues: Sequence[Sequence[int]], count: int) -> list[int]:
    """The first of each queue, then the second of each, until there are so many."""
    longest = max(map(len, queues), default=0)
    turns = [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]
    return turns[:count]


def _hand_bred(group: Group, rng: Rng) -> list[Picture]:
    entry = catalogue.entry(group.classifier)
    public = Publication.objects.public().filter(individual__genome__isnull=False)
    numbers = list(public.order_by("pk").values_list("pk", flat=True))
    pictures: list[Picture] = []
    for index in rng.permutation(len(numbers)):
        if len(pictures) == group.count:
            break
        known = Publication.objects.select_related("individual__brood__session")
        publication = known.get(pk=numbers[index])
        individual = publication.individual
        pixels = _drawn(individual, individual.image_shape[0])
        if pixels is None:
            continue
        (seen,) = predicting.as_seen_by(entry, pixels[np.newaxis])
        if entry.accepts(seen.shape):
            pictures.append(
                Picture(
                    "hand-bred",
                    group.classifier,
                    seen,
                    encoding=individual.encoding,
                    individual=individual.pk,
                    name=publication.title,
                )
            )
    return pictures


def _of_control(control: Control, classifier: str) -> Picture:
    return Picture(control.kind, classifier, control.pixels, name=control.name, truth=control.truth)
