"""What is there already: finished runs with the same values, and parts of earlier studies."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from classifiers import catalogue
from classifiers.base import UnknownClassifier
from evolution import studies
from evolution.algorithms import presets
from evolution.algorithms.settings import SingleTargetSettings
from evolution.models import Run, StudyPart
from evolution.studies.base import Evolution, Finished, Part


def of_order(order: Evolution) -> str:
    """Name a run by all that its end depends on. Raises ClassifierError."""
    return _digest(asdict(order), catalogue.entry(order.classifier).version)


def of_work(kind: str, part: Part, finished: Finished) -> str:
    """Name work by its arguments and by all that the parts before it came to."""
    before = [(outcome.key, outcome.result) for outcome in finished]
    return _digest(kind, studies.get(kind).edition, part.key, dict(part.arguments), before)


def run(order: Evolution) -> Run | None:
    """A finished run with these values, evolved against the network as it is now.

    Raises ClassifierError.
    """
    return runs([order]).get(order)


def runs(orders: Sequence[Evolution]) -> dict[Evolution, Run]:
    """The same for several orders, by one statement for each preset and network."""
    alike: dict[tuple[str, str], list[Evolution]] = defaultdict(list)
    for order in orders:
        alike[order.preset, order.classifier].append(order)
    found: dict[Evolution, Run] = {}
    for (preset, classifier), some in alike.items():
        known = _finished(preset, classifier, some)
        for order in some:
            wanted = _parameters(order)
            there = known.get((order.seed, order.generations), ())
            if match := next((one for one in there if one.parameters == wanted), None):
                found[order] = match
    return found


def _finished(
    preset: str, classifier: str, orders: Sequence[Evolution]
) -> dict[tuple[int, int], list[Run]]:
    """Finished runs by seed and length, the newest first."""
    entry = catalogue.entry(classifier)
    candidates = Run.objects.whole().filter(
        status=Run.Status.FINISHED,
        preset=preset,
        classifier=entry.name,
        classifier_version=entry.version,
        seed__in={order.seed for order in orders},
        planned__in={order.generations for order in orders},
        screening="",
    )
    found: dict[tuple[int, int], list[Run]] = defaultdict(list)
    for one in candidates.order_by("-pk"):
        found[one.seed, one.planned].append(one)
    return found


def _parameters(order: Evolution) -> dict[str, Any]:
    preset = presets.get(order.preset)
    if order.target is not None and isinstance(preset.algorithm, SingleTargetSettings):
        preset = replace(preset, algorithm=replace(preset.algorithm, target=order.target))
    return presets.as_parameters(preset)


def twin(fingerprint: str) -> StudyPart | None:
    """A finished part of any study with this fingerprint, if all that it made is still there."""
    return _twins([fingerprint]).get(fingerprint)


def _twins(fingerprints: Sequence[str]) -> dict[str, StudyPart]:
    """The first of each that stands, by one statement."""
    done = StudyPart.objects.filter(
        fingerprint__in=fingerprints, status=StudyPart.Status.DONE, order__isnull=True
    )
    found: dict[str, StudyPart] = {}
    for part in done.order_by("pk").select_related("study").defer("arguments"):
        if part.fingerprint not in found and stands(part):
            found[part.fingerprint] = part
    return found


def stands(part: StudyPart) -> bool:
    """Whether what finished work left outside the database is still there."""
    return studies.get(part.study.kind).stands(part.result or {})


def ready(kind: str, parts: Sequence[Part]) -> set[str]:
    """Keys of the parts that will be taken over: runs, and work that depends on no other part."""
    known: set[Evolution] = set()
    for classifier in {part.run.classifier for part in parts if part.run}:
        orders = [part.run for part in parts if part.run and part.run.classifier == classifier]
        with suppress(UnknownClassifier):  # a network that a part before it will make
            known |= runs(orders).keys()
    first = min((part.stage for part in parts), default=0)
    nothing = Finished([])
    work = {
        part.key: of_work(kind, part, nothing)
        for part in parts
        if part.run is None and part.stage == first
    }
    twins = _twins(list(work.values()))
    return {part.key for part in parts if part.run in known} | {
        key for key, fingerprint in work.items() if fingerprint in twins
    }


def _digest(*values: Any) -> str:
    text = json.dumps(values, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)
