"""Round numbers on axes, and how values are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolution.exhibits.studies import numbers

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (12_345, "12,345"),
        (12_345.6, "12,346"),
        (0.031416, "0.03142"),
        (1.5, "1.5"),
        (-3.0, "-3"),
        (1e300, "1e+300"),
    ],
)
def test_values_are_written_with_four_digits_that_count(value: float, words: str) -> None:
    assert numbers.written(value) == words


def test_all_of_what_is_counted_is_the_whole_and_confidence_never_is() -> None:
    assert numbers.share(1.0, counted=True) == "100%"
    assert numbers.share(1.0, counted=False) == "99.99%"
    assert numbers.share(0.99999, counted=True) == "99.99%"


@given(FINITE, st.floats(1e-6, 1e9))
def test_an_axis_has_few_round_numbers_inside_it(low: float, extent: float) -> None:
    high = low + extent
    if high - low < 1e-9 * abs(low) or high == low:
        return  # closer together than the numbers that a computer has
    found = numbers.ticks(low, high)
    room = 1e-6 * (high - low)
    assert len(found) <= numbers.MANY_TICKS
    assert all(low - room <= one <= high + room for one in found)


@given(st.floats(1e-6, 1e9))
def test_an_axis_ends_at_or_above_the_highest_value(high: float) -> None:
    assert high * (1 - 1e-6) <= numbers.above(high) <= 2.01 * high


@given(st.floats(1e-6, 1e6), st.floats(1.5, 1e6))
def test_a_logarithmic_axis_has_a_few_numbers_too(low: float, times: float) -> None:
    found = numbers.log_ticks(low, low * times)
    assert 1 <= len(found) <= numbers.MANY_TICKS
    assert found == sorted(found)


def test_powers_of_ten_come_before_other_numbers() -> None:
    assert numbers.log_ticks(1, 1000) == [1, 10, 100, 1000]
    assert numbers.log_ticks(1, 9) == [1, 2, 5]
    assert numbers.log_ticks(3, 4) == [3, 4]
