"""What is there already: finished runs with the same values, and parts of earlier studies."""

import hashlib
import json
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
    """A finished run with these values, evolved against the network as it is now."""
    found = catalogue.entry(order.classifier)
    preset = presets.get(order.preset)
    if order.target is not None and isinstance(preset.algorithm, SingleTargetSettings):
        preset = replace(preset, algorithm=replace(preset.algorithm, target=order.target))
    wanted = presets.as_parameters(preset)
    candidates = Run.objects.whole().filter(
        status=Run.Status.FINISHED,
        preset=order.preset,
        classifier=found.name,
        classifier_version=found.version,
        seed=order.seed,
        planned=order.generations,
        screening="",
    )
    return next((one for one in candidates if one.parameters == wanted), None)


def twin(fingerprint: str) -> StudyPart | None:
    """A finished part of any study with this fingerprint, if all that it made is still there."""
    done = StudyPart.objects.filter(fingerprint=fingerprint, status=StudyPart.Status.DONE)
    found = done.exclude(fingerprint="").order_by("pk").select_related("study").first()
    return found if found and stands(found) else None


def stands(part: StudyPart) -> bool:
    """Whether what finished work left outside the database is still there."""
    return studies.get(part.study.kind).stands(part.result or {})


def ready(kind: str, parts: Sequence[Part]) -> set[str]:
    """Keys of the parts that will be taken over: runs, and work that depends on no other part."""
    first = min((part.stage for part in parts), default=0)
    nothing = Finished([])
    found = set()
    for part in parts:
        if part.run is not None:
            with suppress(UnknownClassifier):  # of a network that a part before it will make
                if run(part.run):
                    found.add(part.key)
        elif part.stage == first and twin(of_work(kind, part, nothing)):
            found.add(part.key)
    return found


def _digest(*values: Any) -> str:
    text = json.dumps(values, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)
