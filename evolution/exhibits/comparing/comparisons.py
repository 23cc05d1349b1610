"""Is group A surer than group B, in words; and what the paper found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evolution.exhibits import naming
from evolution.exhibits.comparing.groups import Group
from evolution.measures.mann_whitney import MannWhitney
from evolution.templatetags.readings import percent

IMAGENET_LABELS = 1000


@dataclass(frozen=True)
class PaperFigure:
    encoding: str
    median: float
    source: str


PAPER: Final = {
    "direct": PaperFigure("direct", 0.2159, "§3.3, 20,000 generations, 5 runs"),
    "cppn": PaperFigure("CPPN", 0.8811, "§3.4, 5,000 generations, 5 runs"),
}


def headline(test: MannWhitney) -> str:
    """What came out, in one sentence."""
    if not test.is_significant:
        return "No difference between A and B is shown that chance would not explain."
    surer, other = ("A", "B") if test.effect > 0.5 else ("B", "A")
    high, low = test.median_a, test.median_b
    if surer == "B":
        high, low = low, high
    return (
        f"The networks are surer of {surer} than of {other}: "
        f"{percent(high)} in the median class against {percent(low)}."
    )


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
