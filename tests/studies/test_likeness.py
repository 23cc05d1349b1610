"""When a number of ours counts as the paper's."""

import pytest

from evolution.studies import likeness


@pytest.mark.parametrize(
    ("ours", "expected"), [(0.83, "differs"), (0.84, "holds"), (0.93, "holds"), (0.95, "differs")]
)
def test_confidences_are_near_within_five_points(ours: float, expected: str) -> None:
    assert likeness.near(ours, 0.8811) == expected


@pytest.mark.parametrize(
    ("ours", "expected"),
    [(0, "differs"), (22, "differs"), (23, "holds"), (90, "holds"), (91, "differs")],
)
def test_counts_are_similar_from_half_to_twice(ours: int, expected: str) -> None:
    assert likeness.similar_count(ours, 45) == expected


def test_shares_are_the_same_if_their_intervals_overlap() -> None:
    # 95%, Clopper-Pearson: 276 of 600 is 42% to 50%; 240 of 600 is 36% to 44%; 60 is 8% to 13%.
    assert likeness.same_share(240, 600, 276, 600) == "holds"
    assert likeness.same_share(60, 600, 276, 600) == "differs"
    assert likeness.same_share(0, 0, 276, 600) == "open"


def test_a_share_in_words_has_its_interval() -> None:
    assert likeness.share_in_words(0, 10) == "0 of 10, 0.00% (0.00% to 30.84%)"
    assert likeness.share_in_words(0, 0) == ""
