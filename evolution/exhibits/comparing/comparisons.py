"""Is group A surer than group B? The Mann-Whitney U test, as the paper uses it (§3.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evolution.exhibits import naming
from evolution.exhibits.comparing import medians
from evolution.exhibits.comparing.groups import Group
from evolution.templatetags.readings import percent

MOST_EXACT = 50  # classes a group; beyond it the normal approximation is as good
CHANCE = 0.05
SMALLEST_P = 0.0001
IMAGENET_LABELS = 1000


@dataclass(frozen=True)
class Comparison:
    """u counts the pairs that A wins, ties half; effect is their share; p is two-sided."""

    n_a: int
    n_b: int
    u: float
    p: float
    median_a: float
    median_b: float
    is_exact: bool

    @property
    def effect(self) -> float:
        """Common-language effect size: how likely a class of A is surer than one of B."""
        return self.u / (self.n_a * self.n_b)

    @property
    def p_words(self) -> str:
        return f"p < {SMALLEST_P}" if self.p < SMALLEST_P else f"p = {self.p:.4f}"

    @property
    def p_bare(self) -> str:
        """The same under a heading that says p already."""
        return self.p_words.removeprefix("p ").removeprefix("= ")

    @property
    def u_words(self) -> str:
        return f"{self.u:,g}" if self.u % 1 else f"{self.u:,.0f}"

    @property
    def is_significant(self) -> bool:
        return self.p < CHANCE

    @property
    def headline(self) -> str:
        """What came out, in one sentence."""
        if not self.is_significant:
            return "No difference between A and B is shown that chance would not explain."
        surer, other = ("A", "B") if self.effect > 0.5 else ("B", "A")
        high, low = self.median_a, self.median_b
        if surer == "B":
            high, low = low, high
        return (
            f"The networks are surer of {surer} than of {other}: "
            f"{percent(high)} in the median class against {percent(low)}."
        )


@dataclass(frozen=True)
class PaperFigure:
    encoding: str
    median: float
    source: str


PAPER: Final = {
    "direct": PaperFigure("direct", 0.2159, "§3.3, 20,000 generations, 5 runs"),
    "cppn": PaperFigure("CPPN", 0.8811, "§3.4, 5,000 generations, 5 runs"),
}


def mann_whitney(a: medians.Field, b: medians.Field) -> Comparison | None:
    """Compare two samples. a, b: (n,) confidences; holes (NaN) are left out.

    Returns None if a sample has no values. The p-value is exact for small samples without ties;
    otherwise the normal approximation, corrected for ties and continuity.
    """
    a, b = medians.without_holes(a), medians.without_holes(b)
    if not len(a) or not len(b):
        return None
    together = np.unique(np.concatenate([a, b]))
    exact = len(together) == len(a) + len(b) and max(len(a), len(b)) <= MOST_EXACT
    if len(together) == 1:
        u, p = len(a) * len(b) / 2, 1.0  # all pairs are ties, and the test has no variance
    else:
        from scipy.stats import mannwhitneyu  # half a second to load: not for pages without a test

        found = mannwhitneyu(
            a, b, alternative="two-sided", method="exact" if exact else "asymptotic"
        )
        u, p = float(found.statistic), float(found.pvalue)
    return Comparison(len(a), len(b), u, p, float(np.median(a)), float(np.median(b)), exact)


def paper_figures(groups: Sequence[Group]) -> list[PaperFigure]:
    """What the paper found with the same presets: for ImageNet's labels alone."""
    runs = [run for group in groups for run in group.runs]
    if not runs or not all(run.preset.endswith("-paper") for run in runs):
        return []
    if len(groups[0].labels) != IMAGENET_LABELS or any(group.single for group in groups):
        return []
    if not all(naming.dataset(run.classifier).startswith("ImageNet") for run in runs):
        return []
    encodings = {run.encoding for run in runs}
    return [figure for encoding, figure in PAPER.items() if encoding in encodings]
