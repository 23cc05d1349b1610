"""Histograms, classes at a confidence, and the choice of champions behind both."""

import numpy as np
import pytest

from evolution.exhibits.comparing import champions, distributions, histograms
from evolution.exhibits.comparing.groups import Group
from evolution.services import spreadsheets
from tests.factories import make_elite, make_run


class TestTheHistogram:
    def test_bins_hold_their_lower_edge_and_the_last_both(self) -> None:
        counts = distributions.counts(np.array([0.0, 0.05, 0.149, 0.15, 0.95, 1.0, np.nan]))
        assert counts.sum() == 6
        assert counts[[0, 1, 2, 3, 19]].tolist() == [1, 1, 1, 1, 2]

    def test_draws_groups_beside_each_other(self) -> None:
        found = histograms.histogram([("A", np.array([0.99] * 4)), ("B", np.array([0.1, 0.97]))])
        assert found is not None
        assert [bars.n for bars in found.bars] == [4, 2]
        assert found.sentence == (
            "100% of A’s champions and 50% of B’s champions are at 95% confidence or more."
        )
        assert found.bars[0].path.count("M") == 1
        assert found.bars[1].path.count("M") == 2

    def test_there_is_none_without_champions(self) -> None:
        assert histograms.histogram([("A", np.full((2, 3), np.nan))]) is None


class TestClassesAtAConfidence:
    def test_are_counted_from_the_confidence_on(self) -> None:
        found = distributions.spread(np.array([0.5, 0.9, 0.99, 0.9999, 0.4999, np.nan]), "Run 1")
        assert found is not None
        assert (found.n, list(found.reached)) == (5, [4, 3, 2, 1])
        assert found.shares == [0.8, 0.6, 0.4, 0.2]
        assert (found.minimum, found.median, found.maximum) == (0.4999, 0.9, 0.9999)

    @pytest.mark.django_db
    def test_have_a_row_a_run_and_two_medians(self) -> None:
        runs = tuple(make_run(seed=seed) for seed in range(2))
        for run, confidences in zip(runs, [(0.4, 0.95), (0.8, 0.2)], strict=True):
            for cell, confidence in enumerate(confidences):
                make_elite(run, cell, confidence=confidence)
        group = Group("A", runs)
        rows = distributions.spreads(group, champions.of(group))
        assert [row.name for row in rows[2:]] == ["Median of the runs", "Class by class"]
        assert [list(row.reached)[:2] for row in rows] == [[1, 1], [1, 0], [1, 0.5], [2, 0]]
        assert rows[3].median == pytest.approx((0.6 + 0.575) / 2)


@pytest.mark.django_db
class TestChampions:
    def test_are_present_holders_alone(self) -> None:
        run = make_run()
        make_elite(run, 2, confidence=0.3, until_generation=5)
        holder = make_elite(run, 2, confidence=0.7, since_generation=5)
        found = champions.of(Group("A", (run,)))
        assert found.confidences[0, 2] == 0.7
        assert (found.individuals[0, 2], found.since[0, 2]) == (holder.individual_id, 5)
        assert np.isnan(found.confidences[0]).sum() == 9

    def test_of_one_label_are_its_surest_slot(self) -> None:
        run = make_run("mnist-cppn-single")
        for cell, confidence in enumerate((0.3, 0.8, 0.5)):
            make_elite(run, cell, label=3, confidence=confidence)
        found = champions.of(Group("A", (run,)))
        assert found.confidences[0, 3] == 0.8
        assert np.isnan(found.confidences).sum() == 9


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_is_disarmed(text: str) -> None:
    assert f"'{text}" in spreadsheets.written([[text, -0.5]]).replace('"', "")


def test_numbers_keep_their_precision_and_holes_are_empty() -> None:
    assert spreadsheets.written([["x", -0.1234567890123456, float("nan"), None]]) == (
        "x,-0.1234567890123456,,\r\n"
    )
