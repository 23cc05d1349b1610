"""The study that the site plans itself, so that there is always something to judge.

It is planned anew when all its pictures have their answers, when nobody has begun it and there is
more to show, or after a day when networks have bred pictures of a kind that it lacks.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution.errors import InvalidInput
from evolution.judging.forms import Foil, Form
from evolution.judging.plans import Group, JudgingPlan
from evolution.models import Claim, JudgingStudy, Publication, Stimulus
from evolution.services.judging import planning
from evolution.services.judging.gathering import domain, reigns

MOST_BRED = 24  # of an encoding and a network
FEWEST_BRED = 8
CLEAN = DEGRADED = 10
NOISE, CHECKS, HAND_BRED = 6, 6, 12
LOOKS_AGAIN_AFTER = timedelta(days=1)
TRIES_AGAIN_AFTER = timedelta(hours=1)
PRIMARY = ((Form.TWO, Foil.RANDOM), (Form.TWO, Foil.SECOND))
TITLE = "What do people see in the pictures of this gallery?"


def plan() -> JudgingPlan | None:
    """A plan for what is in the gallery now; None as long as that is too little."""
    groups = offered()
    return JudgingPlan(TITLE, tuple(groups)) if groups else None


def offered() -> list[Group]:
    """The groups of pictures that a study of now can have, as many as the site itself would take."""
    bred = list(_bred())
    return [*bred, *_controls([group.classifier for group in bred])]


def renew() -> JudgingStudy | None:
    """Plan a new standing study if it is time. Returns one that has to be prepared, or None."""
    studies = JudgingStudy.objects.filter(is_standing=True)
    going_on = studies.filter(status=JudgingStudy.Status.OPEN).first()
    if studies.filter(status=JudgingStudy.Status.PREPARING).exists():
        return None
    just_now = timezone.now() - TRIES_AGAIN_AFTER
    if studies.filter(status=JudgingStudy.Status.FAILED, created_at__gt=just_now).exists():
        return None  # what it failed of is likely to be there still
    fresh = plan()
    if fresh is None or (going_on and not _is_outdated(going_on, fresh)):
        return None
    if going_on and not _give_up_unused(going_on):
        planning.close(going_on)
    try:
        return planning.plan_study(fresh, _name(), is_standing=True)
    except InvalidInput:
        return None  # another worker was faster


def is_complete(study: JudgingStudy) -> bool:
    """Whether every bred picture has its answers to the primary questions."""
    answers = JudgingPlan.from_json(study.plan).answers
    bred = Claim.objects.filter(stimulus__study=study, stimulus__kind=Stimulus.Kind.BRED)
    for form, foil in PRIMARY:
        asked = Q(trials__form=form, trials__foil=foil, trials__repeat_of=None)
        counted = Count("trials", filter=asked & Q(trials__judgment__is_counted=True))
        if bred.annotate(times=counted).filter(times__lt=answers).exists():
            return False
    return True


def _is_outdated(study: JudgingStudy, fresh: JudgingPlan) -> bool:
    planned = {group.name: group.count for group in JudgingPlan.from_json(study.plan).groups}
    if not study.sittings.exists():
        return any(group.count > planned.get(group.name, 0) for group in fresh.groups)
    is_old = study.opened_at is not None and study.opened_at < timezone.now() - LOOKS_AGAIN_AFTER
    lacks = any(group.kind == "bred" and group.name not in planned for group in fresh.groups)
    return (is_old and lacks) or is_complete(study)


@transaction.atomic
def _give_up_unused(study: JudgingStudy) -> bool:
    """Remove a study that nobody has begun. Whoever begins it holds the same lock."""
    JudgingStudy.objects.select_for_update().get(pk=study.pk)
    if study.sittings.exists():
        return False
    study.delete()
    return True


def _bred() -> Iterator[Group]:
    """What networks have bred, by network and encoding, where there is enough of it."""
    shown = reigns(JudgingPlan.least)
    found = (
        shown.values_list("run__classifier", "run__encoding")
        .annotate(count=Count("pk"))
        .order_by("run__classifier", "run__encoding")
    )
    for classifier, encoding, count in found:
        if count >= FEWEST_BRED and _is_known(classifier):
            yield Group("bred", classifier, min(count, MOST_BRED), encoding)


def _controls(classifiers: list[str]) -> Iterator[Group]:
    """Once for each kind of content, whatever the number of networks that know it."""
    by_domain = {known: name for name in reversed(classifiers) if (known := domain(name))}
    for name in by_domain.values():
        yield Group("photograph", name, CLEAN)
        yield Group("degraded", name, DEGRADED)
        yield Group("noise", name, NOISE)
        yield Group("check", name, CHECKS)
    published = Publication.objects.public().filter(individual__genome__isnull=False).count()
    seeing_colours = [name for name in classifiers if catalogue.entry(name).channels == 3]
    if published and seeing_colours:
        yield Group("hand-bred", seeing_colours[0], min(published, HAND_BRED))


def _is_known(classifier: str) -> bool:
    try:
        catalogue.entry(classifier)
    except ClassifierError:
        return False  # of an old run whose network is gone
    return True


def _name() -> str:
    """gallery-2026-11-25, and -2 for the second of a day."""
    today = f"gallery-{timezone.now():%Y-%m-%d}"
    taken = set(JudgingStudy.objects.filter(name__startswith=today).values_list("name", flat=True))
    names = (today if turn == 1 else f"{today}-{turn}" for turn in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
