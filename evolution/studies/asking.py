"""Asking a network about the champions of a finished run: the answers are stored as predictions.

So pages show them too, and what was asked once is not asked again.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from classifiers import catalogue
from evolution.errors import InvalidInput
from evolution.models import Prediction, Run
from evolution.services import predicting
from evolution.studies.base import Beat, Outcome

VIEWS = 100  # in one go: about a second of a large network


class Said(NamedTuple):
    """What a network calls a picture, and how sure it is."""

    label: int
    confidence: float


def champions(outcome: Outcome, own: str, other: str, beat: Beat) -> dict[str, Any]:
    """Return lists of equal length, one place a cell: what two networks say of who holds it.

    own: the network that the run was bred against. labels: of the cells. individuals: who holds
    them. own, other: (label, confidence) of the likeliest label. A picture whose genome is damaged
    is left out. Raises InvalidInput if the run was deleted, ClassifierError.
    """
    run = Run.objects.filter(pk=outcome.run).first() if outcome.run else None
    if run is None:
        raise InvalidInput(
            "run", f"expected a finished run, the one of “{outcome.key}” was deleted"
        )
    for network in (own, other):
        _ask(run, network, beat)
    first, second = _said(run, own), _said(run, other)
    held = zip(outcome.result["labels"], outcome.result["individuals"], strict=True)
    kept = [(label, one) for label, one in held if one in first and one in second]
    return {
        "labels": [label for label, _ in kept],
        "individuals": [one for _, one in kept],
        "own": [list(first[one]) for _, one in kept],
        "other": [list(second[one]) for _, one in kept],
    }


def _ask(run: Run, network: str, beat: Beat) -> None:
    most = VIEWS // (10 if run.parameters["crops"] == "ten" else 1)
    beat()
    while predicting.predict_champions(run.pk, network, most):
        beat()


def _said(run: Run, network: str) -> Mapping[int, Said]:
    rows = Prediction.objects.filter(
        individual__in=run.elites.holders().values("individual"),
        classifier=network,
        version=catalogue.entry(network).version,
    ).values_list("individual", "top__0__0", "top__0__1")
    return {individual: Said(label, confidence) for individual, label, confidence in rows}
