"""What the U test says in words, and the paper's figures beside it."""

import numpy as np
import pytest

from evolution.exhibits.comparing import comparisons
from evolution.exhibits.comparing.groups import Group
from tests.factories import make_run
from tests.measures.test_mann_whitney import compared


class TestTheWords:
    def test_of_a_tiny_p(self) -> None:
        found = compared(np.linspace(0.6, 0.9, 100), np.linspace(0.1, 0.4, 100))
        assert comparisons.headline(found) == (
            "The networks are surer of A than of B: 75.00% in the median class against 25.00%."
        )

    def test_name_the_surer_group(self) -> None:
        found = compared(np.linspace(0.1, 0.4, 100), np.linspace(0.6, 0.9, 100))
        assert "surer of B than of A: 75.00%" in comparisons.headline(found)

    def test_of_no_difference(self) -> None:
        found = compared([0.1, 0.9], [0.2, 0.8])
        assert comparisons.headline(found).startswith("No difference")


@pytest.mark.django_db
class TestThePapersFigures:
    def group(self, preset: str, classifier: str) -> Group:
        return Group("A", (make_run(preset, classifier=classifier),))

    def test_are_absent_for_other_labels(self) -> None:
        assert comparisons.paper_figures([self.group("mnist-cppn-paper", "lenet-a")]) == []

    def test_stand_beside_the_papers_presets(self) -> None:
        groups = [self.group(f"imagenet-{kind}-paper", "squeezenet") for kind in ("cppn", "direct")]
        found = comparisons.paper_figures(groups)
        assert [figure.median for figure in found] == [0.2159, 0.8811]
        assert comparisons.paper_figures(groups[:1]) == [comparisons.PAPER["cppn"]]

    def test_are_absent_for_other_presets(self) -> None:
        assert comparisons.paper_figures([self.group("imagenet-cppn-fast", "squeezenet")]) == []
