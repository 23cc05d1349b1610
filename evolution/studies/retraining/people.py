"""Pictures that people bred and published, shown to a retrained network (§3.8)."""

from typing import Any

from evolution.models import Individual, Publication
from evolution.services import predicting
from evolution.studies.base import Beat, Part

KEY = "pictures bred by people"
MOST = 1000  # the newest
SECONDS_EACH = 0.15


def part(network: str, stage: int) -> Part:
    """What is published now is looked at; what is published later, by a later study."""
    public = Publication.objects.public().filter(
        individual__brood__isnull=False, individual__genome__isnull=False
    )
    newest = public.order_by("-pk").values_list("individual", flat=True)[:MOST]
    individuals = sorted(newest)
    return Part(
        KEY,
        stage,
        arguments={"network": network, "individuals": individuals},
        evaluations=len(individuals),
        seconds=1 + SECONDS_EACH * len(individuals),
    )


def shown(asked: Part, beat: Beat) -> dict[str, Any]:
    """Return lists of equal length: individuals, the first label of each and the confidence in it.

    Pictures that were hidden or deleted meanwhile are left out. Raises ClassifierError, BadGenome.
    """
    found: dict[str, Any] = {"individuals": [], "labels": [], "confidences": []}
    still = Individual.objects.drawable().not_hidden().filter(publication__isnull=False)
    kept = set(still.filter(pk__in=asked.arguments["individuals"]).values_list("pk", flat=True))
    for individual in asked.arguments["individuals"]:
        if individual in kept:
            beat()
            label, confidence = predicting.predict(individual, asked.arguments["network"]).top[0]
            found["individuals"].append(individual)
            found["labels"].append(label)
            found["confidences"].append(confidence)
    return found
