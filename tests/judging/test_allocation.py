"""A sitting's trials: balanced over conditions and pictures, in blocks that take turns."""

from collections import Counter

import numpy as np
import pytest

from evolution.judging.allocation import (
    APART,
    BLOCKS,
    Candidate,
    Chosen,
    allocate,
    arranged,
    slots,
)
from evolution.judging.forms import Foil, Form, Framing
from evolution.judging.plans import Trials

ONLY_TWO = Trials(5, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def bred(count: int, stratum: str = "cppn", first: int = 0) -> list[Candidate]:
    return [Candidate(first + n, 100 + first + n, "bred", stratum) for n in range(count)]


def test_every_slot_of_a_plan_is_there() -> None:
    assert len(slots(Trials(), 0)) == Trials().total - Trials().repeat


def test_framings_take_turns() -> None:
    framings = [
        {slot.framing for slot in slots(Trials(), number) if slot.form == Form.ALL}
        for number in range(2)
    ]
    assert framings == [{Framing.GUESS}, {Framing.OWN}]


def test_half_of_right_or_wrong_are_lures() -> None:
    foils = Counter(slot.foil for slot in slots(Trials(right=6), 3) if slot.form == Form.RIGHT)
    assert foils == {Foil.NONE: 3, Foil.LURE: 3}


def test_no_picture_comes_twice() -> None:
    chosen = allocate(slots(Trials(), 0), bred(40), {}, np.random.default_rng(1))
    numbers = [one.candidate.stimulus for one in chosen]
    assert len(set(numbers)) == len(numbers) == 17


def test_a_picture_with_two_claims_comes_once() -> None:
    claims = [Candidate(n // 2, n, "bred", f"network {n % 2}") for n in range(20)]
    chosen = allocate(slots(ONLY_TWO, 0), claims, {}, np.random.default_rng(1))
    assert len({one.candidate.stimulus for one in chosen}) == len(chosen) == 8


def test_answers_differ_by_one_at_most_after_any_number_of_sittings() -> None:
    """With the same candidates for everybody, every picture is asked about equally often."""
    candidates = bred(12, "cppn high") + bred(12, "cppn low", 12) + bred(12, "direct", 24)
    counts: Counter[tuple[int, str, str]] = Counter()
    for number in range(30):
        rng = np.random.default_rng(number)
        for one in allocate(slots(ONLY_TWO, number), candidates, counts, rng):
            assert one.candidate.claim is not None
            counts[one.candidate.claim, one.slot.form, one.slot.foil] += 1
    for foil, trials in ((Foil.RANDOM, 150), (Foil.SECOND, 90)):
        times = [counts[100 + n, Form.TWO, foil] for n in range(36)]
        assert sum(times) == trials
        assert max(times) - min(times) <= 1


def test_strata_of_unequal_size_get_their_pictures_asked_equally_often() -> None:
    candidates = bred(4, "small") + bred(20, "large", 4)
    counts: Counter[tuple[int, str, str]] = Counter()
    for number in range(24):
        rng = np.random.default_rng(number)
        for one in allocate(slots(ONLY_TWO, number), candidates, counts, rng):
            assert one.candidate.claim is not None
            counts[one.candidate.claim, one.slot.form, one.slot.foil] += 1
    means = [
        np.mean([counts[100 + n, Form.TWO, Foil.RANDOM] for n in numbers])
        for numbers in (range(4), range(4, 24))
    ]
    assert abs(means[0] - means[1]) <= 1


def test_a_kind_that_is_missing_shortens_the_sitting() -> None:
    chosen = allocate(slots(Trials(), 0), bred(5), {}, np.random.default_rng(0))
    assert len(chosen) == 5


def test_blocks_take_turns_so_that_every_form_comes_first() -> None:
    firsts = set()
    for number in range(len(BLOCKS)):
        rng = np.random.default_rng(number)
        chosen = allocate(slots(Trials(), number), bred(40), {}, rng)
        order = [one.slot.form for one in arranged(chosen, 0, number, rng)]
        blocks = [form for n, form in enumerate(order) if n == 0 or form != order[n - 1]]
        assert sorted(blocks) == sorted(BLOCKS)  # each in one piece
        firsts.add(order[0])
    assert firsts == set(BLOCKS)


@pytest.mark.parametrize("seed", range(20))
def test_repeats_ask_the_same_again_and_not_at_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chosen = allocate(slots(ONLY_TWO, seed), bred(20), {}, rng)
    order = arranged(chosen, 2, seed, rng)
    repeats = [(n, one) for n, one in enumerate(order) if one.repeat_of is not None]
    assert len(repeats) == 2
    assert len(order) == 10
    for n, one in repeats:
        assert one.repeat_of is not None
        original = order[one.repeat_of]
        assert original == Chosen(one.slot, one.candidate)
        assert n - one.repeat_of > APART


def test_repeats_of_a_block_that_is_hardly_there() -> None:
    rng = np.random.default_rng(0)
    chosen = allocate(slots(ONLY_TWO, 0), bred(1), {}, rng)
    order = arranged(chosen, 2, 0, rng)
    assert [one.repeat_of for one in order] == [None, 0]
