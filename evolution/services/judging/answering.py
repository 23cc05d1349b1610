"""An answer to a trial: read, checked, stored once."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from classifiers import catalogue
from evolution.errors import InvalidInput, Stale
from evolution.judging import free_names, plausibility
from evolution.judging.forms import Form
from evolution.models import Judgment, Sitting, Stimulus, Trial
from evolution.services.judging import agreeing, checking, exposing, sittings
from evolution.services.judging.questions import RIGHT, WRONG
from evolution.services.visitors import Visitor, check_not_blocked
from evolution.services.wording import one_line

LONGEST_NAME = 60
UNCOUNTED = (Stimulus.Kind.PRACTICE, Stimulus.Kind.CHECK)


@dataclass(frozen=True)
class _Given:
    """answer: as it is stored; empty for "I cannot tell". matched: the label of a free name."""

    answer: str
    matched: str = ""


def answer(visitor: Visitor, token: UUID, value: str, reaction_ms: int | None) -> Judgment:
    """Store a visitor's answer. value: what was offered, or a name in free words; empty: cannot tell.

    Raises Trial.DoesNotExist for somebody else's, InvalidInput for what was not offered, Stale for
    what was answered or never asked, Expired, NotAllowed for somebody who is blocked.
    """
    check_not_blocked(visitor)
    if reaction_ms is not None:
        plausibility.check_ms(reaction_ms)
    with transaction.atomic():
        trial = sittings.trial(visitor, token)
        # Two answers at once are one after the other; so are the sums of a sitting.
        trial.sitting = Sitting.objects.select_for_update().get(pk=trial.sitting_id)
        _check_open(trial)
        given = _read(trial, value)
        judgment = _store(visitor, trial, given, reaction_ms)
        if not checking.leaves_out(judgment):
            agreeing.recount_after(judgment)
        if trial.is_revealed and trial.stimulus.individual_id:
            exposing.note(visitor, [trial.stimulus.individual_id])
        if not sittings.unanswered(trial.sitting).exists():
            sittings.finish(trial.sitting)
        return judgment


def _check_open(trial: Trial) -> None:
    if Judgment.objects.filter(trial=trial).exists():
        raise Stale("This question is answered already; the first answer counts.")
    sittings.check_young(trial)
    if trial.given_at is None:
        raise Stale("This question was not asked yet.")
    if trial.skipped_at:
        raise Stale("This question was left out.")


def _store(visitor: Visitor, trial: Trial, given: _Given, reaction_ms: int | None) -> Judgment:
    now = timezone.now()
    assert trial.given_at is not None
    elapsed_ms = max(0, round((now - trial.given_at).total_seconds() * 1000))
    flag: str = plausibility.flag(reaction_ms, elapsed_ms)
    if not sittings.is_blind(visitor, trial):
        flag = "seen"
    counts = not flag and trial.stimulus.kind not in UNCOUNTED
    try:
        with transaction.atomic():
            return Judgment.objects.create(
                trial=trial,
                visitor=visitor.id,
                stimulus=trial.stimulus,
                form=trial.form,
                occasion=0 if trial.repeat_of_id is None else 1,
                answer=given.answer,
                matched=given.matched,
                agrees=_agrees(trial, given),
                is_right=_is_right(trial, given),
                reaction_ms=reaction_ms,
                elapsed_ms=elapsed_ms,
                flag=flag,
                is_counted=counts and not trial.sitting.is_left_out,
                answered_at=now,
            )
    except IntegrityError:
        raise Stale("This question is answered already; the first answer counts.") from None


def _agrees(trial: Trial, given: _Given) -> bool | None:
    if not given.answer or not trial.expected:
        return None
    said = given.matched if trial.form == Form.FREE else given.answer
    return said == trial.expected


def _is_right(trial: Trial, given: _Given) -> bool | None:
    """Where it is known what is right, "I cannot tell" is not."""
    return given.answer in trial.right_answers if trial.right_answers else None


def _read(trial: Trial, value: str) -> _Given:
    if not value.strip():
        return _Given("")
    if trial.form == Form.FREE:
        name = one_line("answer", value, LONGEST_NAME)
        return _Given(name, free_names.match(name, _vocabulary(trial)))
    offered = _offered(trial)
    if value not in offered:
        said = ", ".join(offered) if len(offered) <= 20 else f"one of {len(offered)} labels"
        raise InvalidInput("answer", f"expected {said}; got {value[:60]!r}")
    return _Given(value)


def _offered(trial: Trial) -> tuple[str, ...]:
    match trial.form:
        case Form.RIGHT:
            return RIGHT, WRONG
        case Form.PICK:
            return tuple(str(index) for index in range(len(trial.options)))
        case Form.ALL if not trial.options:
            return _vocabulary(trial)
        case _:
            return tuple(trial.options)


def _vocabulary(trial: Trial) -> tuple[str, ...]:
    return catalogue.entry(trial.claim.classifier).labels if trial.claim else ()
