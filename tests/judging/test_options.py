"""Options, reaction times and free names."""

from collections import Counter

import numpy as np
import pytest

from evolution.errors import InvalidInput
from evolution.judging import free_names, options, plausibility

DIGITS = [str(n) for n in range(10)]
NAMES = ["crane", "tiger cat", "starfish", "crane", "cherry", "bus", "knot", "jellyfish"]


def test_a_random_foil_is_any_other_label_as_often() -> None:
    rng = np.random.default_rng(0)
    drawn = Counter(options.random_foil(DIGITS, ["3"], rng) for _ in range(9000))
    assert set(drawn) == set(DIGITS) - {"3"}
    assert max(abs(times - 1000) for times in drawn.values()) < 150  # five standard deviations


def test_a_foil_never_has_the_same_name() -> None:
    rng = np.random.default_rng(0)
    assert all(
        options.random_foil(["crane", "crane", "bus"], ["crane"], rng) == "bus" for _ in "12"
    )
    with pytest.raises(InvalidInput, match="vocabulary"):
        options.random_foil(["crane", "crane"], ["crane"], rng)


def test_both_orders_come_as_often() -> None:
    rng = np.random.default_rng(0)
    first = Counter(options.shuffled(["a", "b"], rng)[0] for _ in range(2000))
    assert abs(first["a"] - 1000) < 120


def test_a_small_vocabulary_is_shuffled_and_a_large_one_searched() -> None:
    rng = np.random.default_rng(0)
    assert sorted(options.whole_vocabulary(DIGITS, rng)) == DIGITS
    assert options.whole_vocabulary([f"label {n}" for n in range(21)], rng) == []


def test_the_surest_of_the_options() -> None:
    confidences = np.array([0.1, 0.2, 0.05, 0.3, 0.15, 0.2], np.float32)
    assert options.surest(NAMES[:6], confidences, ["tiger cat", "crane"]) == "crane"
    assert options.surest(NAMES[:6], confidences, ["starfish", "cherry"]) == "cherry"
    assert options.surest(NAMES[:6], confidences, ["right", "wrong"]) == ""


@pytest.mark.parametrize(
    ("reaction", "elapsed", "flag"),
    [
        (900, 1000, ""),
        (None, 1000, ""),
        (None, 150, "too fast"),
        (50, 5000, "too fast"),
        (900, 10, "too fast"),
        (1900, 1000, ""),  # clocks differ
        (2500, 1000, "implausible"),
    ],
)
def test_flags(reaction: int | None, elapsed: int, flag: str) -> None:
    assert plausibility.flag(reaction, elapsed) == flag


@pytest.mark.parametrize("text", ["-1", "-0.6", "nan", "inf", "soon", "86400001", "1e400", "0x10"])
def test_times_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="reaction_ms"):
        plausibility.read_ms(text)


def test_times_are_read_in_whole_milliseconds() -> None:
    assert plausibility.read_ms("812.4") == 812
    assert plausibility.read_ms(" ") is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Starfish", "starfish"),
        ("a starfish!", "starfish"),
        ("STARFISHES", "starfish"),
        ("star fish", "starfish"),
        ("cherries", "cherry"),
        ("busses", ""),
        ("buses", "bus"),
        ("tiger-cat", "tiger cat"),
        ("jellyfsh", "jellyfish"),
        ("knit", ""),  # too short for a slip
        ("bús", "bus"),
        ("something odd", ""),
        ("   ", ""),
        ("!!!", ""),
    ],
)
def test_free_names(text: str, label: str) -> None:
    assert free_names.match(text, NAMES) == label


@pytest.mark.parametrize("text", ["3", "three", "the number three", "a 3", "Digit: 3"])
def test_digits_in_words(text: str) -> None:
    assert free_names.match(text, DIGITS) == "3"


def test_another_number_is_no_digit() -> None:
    assert free_names.match("33", DIGITS) == ""
