"""Judging studies as a list: what each asks, how far it is, what was fixed before it began."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from evolution.exhibits import naming
from evolution.judging.plans import Group, JudgingPlan
from evolution.models import Claim, JudgingStudy, Sitting, Stimulus, Trial
from evolution.services.judging.standing import PRIMARY

MOST_STUDIES = 50
KINDS = {
    "bred": "bred pictures",
    "hand-bred": "pictures bred by people",
    "photograph": "pictures with known content",
    "degraded": "of them made harder",
    "noise": "of noise",
    "check": "attention checks",
}


@dataclass(frozen=True)
class StudyRow:
    """answers, wanted: to the primary questions, at most as many of a picture as are planned."""

    study: JudgingStudy
    plan: JudgingPlan
    pictures: int
    sittings: int
    left_out: int
    answers: int
    wanted: int

    @property
    def name(self) -> str:
        return self.study.name

    @property
    def status(self) -> str:
        return self.study.status

    @property
    def opened_at(self) -> datetime | None:
        return self.study.opened_at

    @property
    def share(self) -> float:
        return self.answers / self.wanted if self.wanted else 0.0

    @property
    def groups(self) -> list[str]:
        return [group_words(group) for group in self.plan.groups]


def group_words(group: Group) -> str:
    """24 bred pictures, CPPN, against SqueezeNet 1.1."""
    words = [f"{group.count} {KINDS[group.kind]}"]
    if group.encoding:
        words.append(naming.ENCODINGS.get(group.encoding, group.encoding))
    network = naming.classifier_title(group.classifier)
    return f"{', '.join(words)}{' against' if group.kind == 'bred' else ', asked of'} {network}"


def rows(studies: QuerySet[JudgingStudy]) -> list[StudyRow]:
    """The newest, a few queries in all."""
    found = list(studies.select_related("owner")[:MOST_STUDIES])
    numbers = [study.pk for study in found]
    pictures = dict(
        Stimulus.objects.filter(study__in=numbers)
        .exclude(kind=Stimulus.Kind.PRACTICE)
        .values_list("study")
        .annotate(Count("pk"))
        .order_by()
    )
    sat = {
        study: (count, left_out)
        for study, count, left_out in Sitting.objects.filter(study__in=numbers)
        .values_list("study")
        .annotate(begun=Count("pk"), failed=Count("pk", filter=Q(is_left_out=True)))
        .order_by()
    }
    plans = {study.pk: JudgingPlan.from_json(study.plan) for study in found}
    given = _given(plans)
    bred = _bred(numbers)
    return [
        StudyRow(
            study,
            plans[study.pk],
            pictures.get(study.pk, 0),
            *sat.get(study.pk, (0, 0)),
            answers=given[study.pk],
            wanted=bred[study.pk] * len(PRIMARY) * plans[study.pk].answers,
        )
        for study in found
    ]


def _given(plans: dict[int, JudgingPlan]) -> Counter[int]:
    """Counted answers to the primary questions; of a picture no more than are planned."""
    primary = Q()
    for form, foil in PRIMARY:
        primary |= Q(form=form, foil=foil)
    counted = Trial.objects.filter(
        primary,
        sitting__study__in=plans,
        stimulus__kind=Stimulus.Kind.BRED,
        repeat_of=None,
        judgment__is_counted=True,
    )
    totals: Counter[int] = Counter()
    grouped = counted.values_list("sitting__study", "claim", "foil").annotate(times=Count("pk"))
    for study, _, _, times in grouped.order_by():
        totals[study] += min(times, plans[study].answers)
    return totals


def _bred(studies: Sequence[int]) -> Counter[int]:
    claims = Claim.objects.filter(stimulus__study__in=studies, stimulus__kind=Stimulus.Kind.BRED)
    return Counter(dict(claims.values_list("stimulus__study").annotate(Count("pk")).order_by()))
