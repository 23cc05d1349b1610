"""Seconds by stage: every one is counted once, whatever goes on beside."""

import math
import time

import pytest

from evolution.stages import BESIDE, STAGES, Stages, shares


class TestCounting:
    def test_goes_on_from_what_was_stored(self) -> None:
        stages = Stages({"forward": 2.5, "gone": 1.0})
        stages.add("forward", 0.5)
        assert stages.seconds["forward"] == 3.0
        assert stages.seconds.keys() == {*STAGES, BESIDE}

    def test_work_while_nothing_is_judged_counts_in_full(self) -> None:
        stages = Stages()
        with stages.of("commit"):
            time.sleep(0.02)
        assert 0.02 <= stages.seconds["commit"] < 0.2
        assert stages.seconds[BESIDE] == 0

    def test_work_beside_the_judging_holds_nothing_up(self) -> None:
        stages = Stages()
        with stages.of("commit", lambda: math.inf):
            time.sleep(0.02)
        assert stages.seconds["commit"] == 0
        assert stages.seconds[BESIDE] >= 0.02

    def test_work_that_outlasts_the_judging_counts_from_then_on(self) -> None:
        stages = Stages()
        ended = time.perf_counter() + 0.02
        with stages.of("commit", lambda: ended):
            time.sleep(0.05)
        assert 0.02 <= stages.seconds["commit"] < 0.2
        assert 0.01 < stages.seconds[BESIDE] <= 0.021

    def test_a_block_that_fails_is_counted(self) -> None:
        stages = Stages()

        def fail() -> None:
            with stages.of("archive"):
                time.sleep(0.01)
                raise KeyError

        with pytest.raises(KeyError):
            fail()
        assert stages.seconds["archive"] >= 0.01


class TestShares:
    def test_add_up_to_the_whole(self) -> None:
        told = shares({"forward": 6.0, "render": 2.0, BESIDE: 5.0}, elapsed=10.0)
        assert list(told) == [*STAGES, "other"]
        assert told["forward"] == 0.6
        assert told["other"] == pytest.approx(0.2)
        assert sum(told.values()) == pytest.approx(1)

    def test_never_exceed_it(self) -> None:
        told = shares({"forward": 9.0, "render": 2.0}, elapsed=10.0)
        assert sum(told.values()) == pytest.approx(1)
        assert told["other"] == 0

    def test_of_nothing_there_are_none(self) -> None:
        assert shares({}, elapsed=0.0) == {}
