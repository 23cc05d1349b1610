from itertools import pairwise

import pytest

from evolution.exhibits import plots
from evolution.models import Run, RunStatistics
from tests.factories import make_run

pytestmark = pytest.mark.django_db


def evolved(generations: int, planned: int = 2000, median: float = 0.5) -> Run:
    run = make_run(planned=planned, generation=generations)
    RunStatistics.objects.bulk_create(
        RunStatistics(
            run=run,
            generation=generation,
            median=median * (generation + 1) / generations,
            mean=0.4,
            minimum=0.0,
            maximum=0.999999,
            takeovers=1,
            evaluations=200 * (generation + 1),
            elapsed=float(generation),
        )
        for generation in range(generations)
    )
    return run


class TestThePlot:
    def test_there_is_none_before_the_first_generation(self) -> None:
        assert plots.confidence_plot(make_run()) is None

    def test_a_single_generation_is_drawn(self) -> None:
        plot = plots.confidence_plot(evolved(1))
        assert plot is not None
        assert plot.median == "M0 500"
        assert "in generation 0" in plot.sentence

    @pytest.mark.parametrize("generations", [1, 119, 120, 121, 240, 1999])
    def test_it_has_a_bounded_number_of_points_with_both_ends(self, generations: int) -> None:
        points = plots.sampled(evolved(generations))
        assert len(points) <= plots.MOST_POINTS + 1
        assert [points[0].generation, points[-1].generation] == [0, generations - 1]

    def test_the_sentence_tells_the_result(self) -> None:
        plot = plots.confidence_plot(evolved(100))
        assert plot is not None
        assert plot.sentence.startswith(
            "Median confidence rises from 0.50% in generation 0 to 50.00% in generation 99"
        )
        assert "maximum 99.99%, minimum below 0.01%" in plot.sentence

    def test_words_at_the_ends_of_lines_do_not_overlap(self) -> None:
        for median in (0.0001, 0.4, 0.999999):
            plot = plots.confidence_plot(evolved(50, median=median))
            assert plot is not None
            places = [end.at for end in plot.ends]
            gaps = [upper - lower for upper, lower in pairwise(places)]
            assert min(gaps) >= plots.GAP - 1e-9
            assert 0 <= min(places) <= max(places) <= 1


class TestTheAxis:
    @pytest.mark.parametrize(
        ("last", "planned", "end"), [(0, 200, 10), (11, 200, 20), (90, 200, 200), (3, 15, 15)]
    )
    def test_grows_by_doubling_until_the_plan_fits(self, last: int, planned: int, end: int) -> None:
        assert plots.extent(last, planned) == end

    def test_holds_every_generation(self) -> None:
        assert all(plots.extent(last, 777) >= last for last in range(778))
