"""How gradient ascent moves: the four published sets of settings. Importing this imports no torch.

Source: fooling, caffe/ascent/find_fooling_image.py and hyperparam_search.py. The published sets are
seeds of a random search; the values are those that its seeded choices give.
"""

from dataclasses import dataclass, replace

from classifiers.base import ClassifierError

SMALLEST_BLUR = 0.3  # pixels: what the published code accepts


@dataclass(frozen=True)
class AscentSettings:
    """What one picture's ascent is made of; a source for every value stands in docs/ascent.md.

    early_progress, late_progress: by how much the confidence should rise in a step: the first, or
        the second times what is missing to 1, whichever is less.
    max_rate: the largest learning rate. decay: the share of the distance to the mean picture that
        every step takes back. blur: standard deviation of a Gaussian in pixels, every blur_every steps.
    small_norm: percentage of the pixels that are set to the mean, those nearest to it.
    benefit, small_benefit: likewise those whose removal promises least (signed, or in size).
    stop_at: a confidence that ends the ascent; None goes on to the last iteration.
    """

    style: str
    iterations: int
    early_progress: float
    late_progress: float
    decay: float = 0.0
    blur: float = 0.0
    blur_every: int = 1
    small_norm: float = 0.0
    benefit: float = 0.0
    small_benefit: float = 0.0
    max_rate: float = 1e7
    stop_at: float | None = None

    def __post_init__(self) -> None:
        blur = f"0, or {SMALLEST_BLUR} to 10 pixels"
        bounds = {
            "iterations": (self.iterations >= 1, "at least 1"),
            "blur_every": (self.blur_every >= 1, "at least 1"),
            "early_progress": (self.early_progress > 0, "a number above 0"),
            "late_progress": (self.late_progress > 0, "a number above 0"),
            "max_rate": (self.max_rate > 0, "a number above 0"),
            "small_norm": (0 <= self.small_norm < 100, "0 to below 100"),
            "benefit": (0 <= self.benefit < 100, "0 to below 100"),
            "small_benefit": (0 <= self.small_benefit < 100, "0 to below 100"),
            "decay": (0 <= self.decay < 1, "0 to below 1"),
            "blur": (self.blur == 0 or SMALLEST_BLUR <= self.blur <= 10, blur),
            "stop_at": (self.stop_at is None or 0 < self.stop_at <= 1, "above 0 to 1"),
        }
        for name, (fits, told) in bounds.items():
            if not fits:
                raise ClassifierError(f"{name}: expected {told}, got {getattr(self, name)}")


STYLES = {
    settings.style: settings
    for settings in (
        # Figure 13, seed -1 of the search.
        AscentSettings("none", 500, early_progress=0.02, late_progress=0.10),
        # Figures S5 and S8, seed 169.
        AscentSettings("l2", 1500, early_progress=0.03, late_progress=0.02, decay=0.01),
        # Figure S6, seed 360. The paper names the criterion of the norm alone.
        AscentSettings(
            "blur",
            1500,
            early_progress=0.03,
            late_progress=0.05,
            decay=0.001,
            blur=0.3,
            small_norm=20,
            small_benefit=20,
        ),
        # Figures S7 and S9, seed 188.
        AscentSettings(
            "strong",
            1000,
            early_progress=0.03,
            late_progress=0.05,
            decay=0.001,
            blur=0.4,
            blur_every=2,
        ),
    )
}


def settings(
    style: str, iterations: int | None = None, stop_at: float | None = None
) -> AscentSettings:
    """Return a published set, with another number of iterations or an early end if asked for."""
    if style not in STYLES:
        raise ClassifierError(f"style: expected one of {', '.join(STYLES)}; got {style[:80]!r}")
    found = replace(STYLES[style], stop_at=stop_at)
    return found if iterations is None else replace(found, iterations=iterations)
