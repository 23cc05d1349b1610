"""Attention checks: the question itself says which answer to give."""

import numpy as np

from evolution.controls.base import Control, Domain

NAMED = {
    Domain.PHOTOGRAPHS: ("banana", "umbrella", "zebra", "grand piano", "sunglasses", "volcano"),
    Domain.DIGITS: ("0", "2", "4", "5", "6", "9"),
}
GREY = 128


def checks(domain: Domain) -> list[Control]:
    """One plain grey picture a label; its truth is what the question has to name."""
    plain = np.full(domain.shape, GREY, np.uint8)
    plain.setflags(write=False)
    return [Control(f"check {label}", "check", (label,), plain) for label in NAMED[domain]]
