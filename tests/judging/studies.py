"""Studies with pictures of every kind, for tests that sit them."""

import uuid

from evolution.models import Claim, JudgingStudy, Stimulus
from evolution.services.visitors import Visitor
from tests.judging_factories import make_claim, make_judging_study, make_stimulus

LABELS = ("stethoscope", "banana", "starfish", "zebra", "volcano", "umbrella", "maze", "chain")


def new_visitor() -> Visitor:
    return Visitor(uuid.uuid4())


def full_study(bred: int = 24) -> JudgingStudy:
    """Bred pictures with different labels, controls of every kind, checks and practice."""
    study = make_judging_study()
    for number in range(bred):
        _claimed(study, "bred", number, band=("low", "middle", "high")[number % 3])
    for number in range(3):
        _claimed(study, "photograph", number, truth=[LABELS[number]])
        _claimed(study, "degraded", number, truth=[LABELS[number + 3]])
        _claimed(study, "noise", number)
        make_stimulus(study, "check", truth=[LABELS[number]])
        make_stimulus(study, "practice", truth=[LABELS[number]])
    _claimed(study, "hand-bred", 0)
    return study


def _claimed(
    study: JudgingStudy,
    kind: str,
    number: int,
    *,
    truth: list[str] | None = None,
    band: str = "low",
) -> Claim:
    stimulus: Stimulus = make_stimulus(study, kind, truth=truth or [])
    label, second = LABELS[number % 8], LABELS[(number + 1) % 8]
    return make_claim(stimulus, label=label, second=second, band=band)
