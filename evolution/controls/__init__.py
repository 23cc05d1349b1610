"""Pictures whose content is known, mixed into blind judging: what a person ought to answer.

What is shipped, from where and under which licence: README.md beside this file.
"""

from evolution.controls.base import Control, Domain
from evolution.controls.checking import checks
from evolution.controls.clean import photographs, practice
from evolution.controls.degrading import CONTRASTS, NOISE_WIDTHS, degraded
from evolution.controls.noise import noise

__all__ = [
    "CONTRASTS",
    "NOISE_WIDTHS",
    "Control",
    "Domain",
    "checks",
    "degraded",
    "noise",
    "photographs",
    "practice",
]
