"""Parts of a pattern that stand out, and which of them are alike."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, center_of_mass, gaussian_filter, label

Mask = NDArray[np.bool_]
Field = NDArray[np.float64]
Shift = tuple[int, int]

ALIKE = 0.6  # Pearson's r of two elements and what is close around them
SMALLEST = 0.02  # of the square of a period; smaller parts are specks
LARGEST = 0.2  # of the picture; larger parts are ground rather than figure
MOST = 64  # parts that are compared, the most conspicuous
MOST_MODELS = 8  # parts that all others are compared with
SEEN = 0.5  # of an element and its surroundings must be inside the picture where it is compared
WAY = 4  # shifts tried to each side of the middle, twice: coarse, then fine
EDGE = 0.1  # of a period, to each side of an element
BINS = 128


def cut_out(pattern: Field, shift: Shift) -> list[Mask]:
    """Connected parts of a pattern (rows, columns) that lie above its ground.

    The ground ends where Otsu's method (1979) parts the values in two. shift: the period, which
    says what is too small.
    """
    smooth = gaussian_filter(pattern, 0.5)
    parts, n_parts = label(smooth > otsu(smooth))
    sizes = np.bincount(parts.ravel(), minlength=n_parts + 1)
    length = float(np.hypot(*shift))
    least, most = max(4.0, SMALLEST * length**2), LARGEST * pattern.size
    weights = np.bincount(parts.ravel(), np.abs(pattern).ravel(), minlength=n_parts + 1)
    fitting = [n for n in range(1, n_parts + 1) if least <= sizes[n] <= most]
    fitting.sort(key=lambda n: -weights[n])
    return [parts == n for n in fitting[:MOST]]


def matching(pattern: Field, parts: Sequence[Mask], shift: Shift) -> list[Mask]:
    """The largest set of parts that are like one of them, in their order. pattern: (rows, columns)."""
    reach = max(1, round(float(np.hypot(*shift)) / 4))
    middles = [np.array(center_of_mass(part)) for part in parts]
    best: tuple[float, list[Mask]] = (0.0, [])
    for model in range(min(len(parts), MOST_MODELS)):
        window = np.argwhere(binary_dilation(parts[model], iterations=reach))
        alike = [
            part
            for n, part in enumerate(parts)
            if n == model or _is_alike(pattern, window, middles[n] - middles[model], reach)
        ]
        weight = sum(float(np.abs(pattern[part]).sum()) for part in alike)
        best = max(best, (weight, alike), key=lambda one: one[0])
    return best[1]


def grown(parts: Sequence[Mask], shift: Shift) -> list[Mask]:
    """Parts with their soft edges, so far as these reach no other part. shift: the period."""
    iterations = max(1, round(float(np.hypot(*shift)) * EDGE))
    large = [binary_dilation(part, iterations=iterations) for part in parts]
    claims = np.sum(large, axis=0)
    return [part | (more & (claims == 1)) for part, more in zip(parts, large, strict=True)]


def otsu(values: Field) -> float:
    """The threshold that parts values into two classes as far from each other as can be."""
    counts, edges = np.histogram(values, BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = counts.sum() - below
    sums = np.cumsum(counts * middles)
    means = sums[:-1] / np.maximum(below, 1), (sums[-1] - sums[:-1]) / np.maximum(above, 1)
    return float(edges[1:-1][np.argmax(below * above * (means[0] - means[1]) ** 2)])


def _is_alike(pattern: Field, window: NDArray[np.int64], way: Field, reach: int) -> bool:
    """Whether a window's content is found again at about this way from it."""
    around = np.rint(way).astype(int)
    for step in (max(1, reach // 2), 1):
        tried = {shift: _likeness(pattern, window, shift) for shift in _near(around, step)}
        found = max(tried, key=tried.__getitem__)
        if tried[found] >= ALIKE:
            return True
        around = np.array(found)
    return False


def _near(middle: NDArray[np.int64], step: int) -> Iterator[Shift]:
    for down in range(-WAY // 2, WAY // 2 + 1):
        for right in range(-WAY // 2, WAY // 2 + 1):
            yield int(middle[0] + down * step), int(middle[1] + right * step)


def _likeness(pattern: Field, window: NDArray[np.int64], shift: Shift) -> float:
    """Pearson's r of a window and of what is there when it is moved; -1 where too little is seen."""
    moved = window + shift
    inside = ((moved >= 0) & (moved < pattern.shape)).all(axis=1)
    if inside.sum() < max(4, SEEN * len(window)):
        return -1.0
    here, there = window[inside], moved[inside]
    one, other = pattern[here[:, 0], here[:, 1]], pattern[there[:, 0], there[:, 1]]
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size > 0 else -1.0
