"""Is one sample surer than another? The Mann-Whitney U test, as the paper uses it (§3.4)."""

from dataclasses import dataclass

import numpy as np

from evolution.measures.medians import Field, without_holes

MOST_EXACT = 50  # values a sample; beyond it the normal approximation is as good
CHANCE = 0.05
SMALLEST_P = 0.0001


@dataclass(frozen=True)
class MannWhitney:
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
        """Common-language effect size: how likely a value of A is above one of B."""
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


def mann_whitney(a: Field, b: Field) -> MannWhitney | None:
    """Compare two samples. a, b: (n,) numbers; holes (NaN) are left out.

    Returns None if a sample has no values. The p-value is exact for small samples without ties;
    otherwise the normal approximation, corrected for ties and continuity.
    """
    a, b = without_holes(a), without_holes(b)
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
    return MannWhitney(len(a), len(b), u, p, float(np.median(a)), float(np.median(b)), exact)
