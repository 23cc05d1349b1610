"""The fooling score of a picture: how sure the network is, times how little people agree.

People agree if they choose the network's label over a random one. Of their share p the part that
guessing does not explain is (p - c) / (1 - c), with c the chance (Abbott's formula); disagreement is
what that leaves: 1 at chance or below, 0 where everybody chooses the network's label. A score of 0.99
is a picture that a network is certain of and people know nothing of.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evolution.agreement.counts import (
    SMALLEST_SAMPLE,
    Floats,
    check_inner,
    check_share,
    hits_of_trials,
)
from evolution.agreement.intervals import Interval, clopper_pearson

TWO_NAMES = 0.5


@dataclass(frozen=True)
class Fooling:
    """score, disagreement: 0 to 1. The interval is that of people's share; confidence is exact."""

    score: float
    interval: Interval
    disagreement: float
    answers: int
    is_enough: bool


def disagreement(shares: ArrayLike, chance: float = TWO_NAMES) -> Floats:
    """Return it of the shares (...) that chose the network's label."""
    check_inner("chance", chance)
    known = (check_share("the share", shares) - chance) / (1 - chance)
    return 1 - np.maximum(known, 0.0)


def fooling(
    confidence: float, chosen: int, answers: int, chance: float = TWO_NAMES
) -> Fooling | None:
    """Return the score of one picture, None before anybody has answered.

    chosen: answers that are the network's label, of `answers`.
    """
    check_share("confidence", confidence)
    hits_of_trials(chosen, answers)
    if not answers:
        return None
    at = float(disagreement(chosen / answers, chance))
    low, high = fooling_limits(confidence, chosen, answers, chance)
    enough = answers >= SMALLEST_SAMPLE
    return Fooling(confidence * at, Interval(float(low), float(high)), at, answers, enough)


def fooling_limits(
    confidence: ArrayLike, chosen: ArrayLike, answers: ArrayLike, chance: float = TWO_NAMES
) -> tuple[Floats, Floats]:
    """Return the 95% limits of the scores of many pictures, in the common shape."""
    sure = check_share("confidence", confidence)
    lowest, highest = clopper_pearson(chosen, answers)
    return sure * disagreement(highest, chance), sure * disagreement(lowest, chance)
