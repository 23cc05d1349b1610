from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from evolution.templatetags import readings


class TestConfidence:
    @pytest.mark.parametrize(
        ("confidence", "written"),
        [
            (0.99999, "99.99%"),
            (1.0, "99.99%"),
            (0.9971999, "99.71%"),
            (0.29, "29.00%"),
            (0.00009, "0.00%"),
            (1e-12, "0.00%"),
            (0.0, "0.00%"),
        ],
    )
    def test_is_cut_and_never_a_hundred(self, confidence: float, written: str) -> None:
        assert readings.percent(confidence) == written

    @given(st.floats(0, 1))
    def test_never_says_more_than_was_measured(self, confidence: float) -> None:
        written = float(readings.percent(confidence).removesuffix("%")) / 100
        assert written <= confidence + 1e-12
        assert confidence - written < 0.0001 + 1e-12

    def test_the_raw_value_is_kept_for_programs(self) -> None:
        assert float(readings.raw(0.12345678901234)) == 0.12345678901234

    def test_a_share_is_a_number_that_css_understands(self) -> None:
        assert [readings.scale(share) for share in (-1, 1e-9, 0.5, 7)] == [
            "0.0000",
            "0.0000",
            "0.5000",
            "1.0000",
        ]


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "written"), [(25800, "25,800"), (7, "7"), (47.64, "47.6"), (6302.9, "6,302")]
    )
    def test_are_grouped_by_thousands(self, number: float, written: str) -> None:
        assert readings.thousands(number) == written


class TestTimes:
    @pytest.mark.parametrize(
        ("seconds", "written"),
        [
            (0.4, "0 s"),
            (59.9, "59 s"),
            (542, "9 min 2 s"),
            (20460, "5 h 41 min"),
            (7200, "2 h"),
            (90000, "1 d 1 h"),
        ],
    )
    def test_a_duration_has_two_units_at_most(self, seconds: float, written: str) -> None:
        assert readings.duration(seconds) == written

    def test_the_last_hour_is_told_relative_to_now(self) -> None:
        now = timezone.now()
        told = [readings.ago(now - timedelta(seconds=s)) for s in (0, 5, 240)]
        assert told == ["just now", "5 s ago", "4 min ago"]

    def test_older_moments_are_told_by_the_date(self) -> None:
        moment = timezone.now().replace(2024, 3, 5, 14, 7)
        assert readings.ago(moment) == "on 5 Mar 2024, 14:07"
