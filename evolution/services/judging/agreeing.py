"""How people's answers compare with networks' labels, picture by picture, summed up for sorting.

What counts: two names with a random foil, answers that are counted, the first of each person. "I
cannot tell" is no choice of either name, so it is not among the answers.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from evolution.agreement.fooling import fooling
from evolution.judging.forms import Foil, Form
from evolution.models import Agreement, Claim, Individual, Judgment

KEY = ("individual", "classifier", "version")
SUMS = ("label", "confidence", "answers", "agreeing", "fooling", "fooling_low", "fooling_high")


def chosen() -> QuerySet[Judgment]:
    """The answers that an agreement is made of."""
    return Judgment.objects.filter(
        form=Form.TWO,
        trial__foil=Foil.RANDOM,
        trial__claim__isnull=False,
        is_counted=True,
        occasion=0,
        agrees__isnull=False,
    )


def recount_after(judgment: Judgment) -> None:
    """Sum up anew what a new answer changes, if it changes anything."""
    if chosen().filter(pk=judgment.pk).exists():
        recount_all(Judgment.objects.filter(pk=judgment.pk))


def recount_all(judgments: QuerySet[Judgment]) -> None:
    """Sum up anew what people answered about all individuals of these judgments."""
    recount(individuals_of(judgments))


def individuals_of(judgments: QuerySet[Judgment]) -> list[int]:
    bred = judgments.filter(stimulus__individual__isnull=False)
    numbers = bred.values_list("stimulus__individual", flat=True)
    return [number for number in numbers if number is not None]


def recount(individual_ids: Iterable[int]) -> None:
    """Sum the answers about these individuals up anew, whatever was summed up before.

    Inside the transaction that changed the answers: whoever changes others about the same
    individuals meanwhile waits, and then sees them all.
    """
    ids = sorted(set(individual_ids))
    if not ids:
        return
    locked = Individual.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(locked.values_list("pk", flat=True))
    rows = [_agreement(*counted) for counted in _counted(ids)]
    kept = Agreement.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=KEY, update_fields=[*SUMS, "counted_at"]
    )
    names = {(row.individual_id, row.classifier, row.version) for row in kept}
    stale = [
        pk
        for pk, *name in Agreement.objects.filter(individual__in=ids).values_list("pk", *KEY)
        if tuple(name) not in names
    ]
    Agreement.objects.filter(pk__in=stale).delete()


def _counted(ids: list[int]) -> list[tuple[Claim, int, dict[str, Any]]]:
    """Of each individual and network: its newest claim with answers, and their counts.

    Studies that show the same pixels to the same version get the same label. Should one not, its
    answers are about another name, and only those about the newest claim's are summed up.
    """
    rows = (
        chosen()
        .filter(stimulus__individual__in=ids)
        .order_by()
        .values("stimulus__individual", "trial__claim")
        .annotate(answers=Count("pk"), agreeing=Count("pk", filter=Q(agrees=True)))
    )
    claims = Claim.objects.defer("top", "confidences").in_bulk(
        [row["trial__claim"] for row in rows]
    )
    found: dict[tuple[int, str, str], tuple[Claim, int, dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["trial__claim"], reverse=True):
        claim, individual = claims[row["trial__claim"]], row["stimulus__individual"]
        key = (individual, claim.classifier, claim.version)
        newest, _, sums = found.setdefault(key, (claim, individual, {"answers": 0, "agreeing": 0}))
        if claim.label == newest.label:
            sums["answers"] += row["answers"]
            sums["agreeing"] += row["agreeing"]
    return list(found.values())


def _agreement(claim: Claim, individual_id: int, sums: dict[str, Any]) -> Agreement:
    score = fooling(claim.confidence, sums["agreeing"], sums["answers"])
    assert score is not None  # there are answers
    return Agreement(
        individual_id=individual_id,
        classifier=claim.classifier,
        version=claim.version,
        label=claim.label,
        confidence=claim.confidence,
        fooling=score.score,
        fooling_low=score.interval.low,
        fooling_high=score.interval.high,
        **sums,
    )
