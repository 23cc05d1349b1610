"""What the network said, as bars. For after the answer alone."""

from dataclasses import dataclass

import numpy as np

from evolution.exhibits import naming
from evolution.judging.forms import Foil, Form
from evolution.models import Claim, Judgment, Trial

SURER = 3  # labels that are told where no two were offered


@dataclass(frozen=True, slots=True)
class Said:
    """readings: (label, confidence), the surest first."""

    title: str
    note: str
    readings: list[tuple[str, float]]


def said(trial: Trial, judgment: Judgment) -> Said | None:
    """None where no network was asked: practice, checks."""
    claim = trial.claim
    if claim is None:
        return None
    size = len(set(naming.labels(claim.classifier)))
    names = _names(trial, claim, judgment)
    readings = sorted(((name, confidence(claim, name)) for name in names), key=lambda one: -one[1])
    return Said(naming.classifier_title(claim.classifier), _note(trial, size), readings)


def confidence(claim: Claim, label: str) -> float:
    """Of labels of the same name, the surest one's. 0 for what is no label."""
    known = naming.labels(claim.classifier)
    values = np.frombuffer(bytes(claim.confidences), "<f4")
    if len(values) != len(known):  # a network that is gone, or has other labels now
        return float(dict(map(tuple, claim.top)).get(label, 0.0))
    return max((float(values[i]) for i, name in enumerate(known) if name == label), default=0.0)


def _names(trial: Trial, claim: Claim, judgment: Judgment) -> list[str]:
    if trial.form == Form.TWO:
        return list(trial.options)
    names = [label for label, _ in claim.top[:SURER]]
    if trial.form == Form.RIGHT:
        names = [claim.label, trial.shown if trial.foil == Foil.LURE else claim.second]
    yours = {Form.ALL: judgment.answer, Form.FREE: judgment.matched}.get(Form(trial.form), "")
    return list(dict.fromkeys([*names, *([yours] if yours else [])]))


def _note(trial: Trial, size: int) -> str:
    if trial.form == Form.TWO and trial.foil == Foil.SECOND:
        return f"its two surest of {size} names"
    if trial.form == Form.TWO or trial.foil == Foil.LURE:
        return f"of its {size} names, these two"
    return f"its surest of {size} names"
