"""The families of an archive as an SVG picture: one row each, generations from left to right.

What lies between forks is a straight line, so that a row has at most two points a champion.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape

from evolution.exhibits.descents import Descent, Family
from evolution.exhibits.family_addresses import address_of, page_of
from evolution.exhibits.naming import LARGEST_THUMBNAIL
from evolution.measures.descent import Born
from evolution.templatetags.readings import percent

SIDE, EDGE, GAP, WORDS = 50, 8, 14, 20  # pixels
FIRST, LAST = EDGE + SIDE + 24, 760  # where generation 0 and the newest are
WIDTH = LAST + 24 + SIDE + 200
LETTERS = 28  # of a label
A_CHAMPION = 4.0  # pixels of height, until a row is as tall as it may be
TALLEST = 300
Children = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Scale:
    """From generations to places across."""

    last: int

    def at(self, generation: int) -> float:
        return FIRST + (LAST - FIRST) * generation / max(1, self.last)


def height_of(family: Family) -> float:
    """Of a row without its words."""
    return max(float(SIDE), min(TALLEST, A_CHAMPION * len(family.holders)))


def svg(found: Descent) -> str:
    scale = Scale(found.run.last_generation or 0)
    parts: list[str] = []
    top = float(EDGE)
    for family in found.drawn:
        parts += _row(found, family, scale, top)
        top += height_of(family) + WORDS + GAP
    words = (
        f"Families of run {found.run.pk}: {len(found.drawn)} founders and what descends from each"
    )
    size = f'width="{WIDTH}" height="{top:.0f}" viewBox="0 0 {WIDTH} {top:.0f}"'
    return f'<svg {size} role="group" aria-label="{words}">{"".join(parts)}</svg>'


def _row(found: Descent, family: Family, scale: Scale, top: float) -> Iterator[str]:
    middle, beyond = top + height_of(family) / 2, (height_of(family) - SIDE) / 2
    ends = _ends(family, found.born)
    heights = _heights(family, ends, top)
    start = min(max(heights[family.founder], middle - beyond), middle + beyond)
    yield _lines(ends, heights, found.born, scale)
    marks = "".join(
        f"M{scale.at(found.born[one].generation):.1f} {heights[one]:.1f}h0"
        for one in family.holders
    )
    yield f'<path class="marks" d="{marks}"/>'
    count = len(family.champions)
    words = f"{count:,} class{'es' * (count != 1)}"
    yield _picture(found, family.founder, EDGE, start, f"founder of {words}", words)
    one = family.surest
    told = f"{_shortened(one.name)} {percent(one.confidence)}"
    yield _picture(found, one.individual, LAST + 24, middle, f"{one.name}, surest", told)


def _ends(family: Family, born: Mapping[int, Born]) -> dict[int, list[int]]:
    """The founder, forks and holders, each with those of them that come next below it."""
    children: dict[int, list[int]] = {family.founder: []}
    for holder in family.holders:
        current = holder
        children.setdefault(holder, [])
        while current != family.founder:
            parent = born[current].parent
            assert parent is not None  # of all others than the founder it is known
            siblings = children.setdefault(parent, [])
            if current in siblings:
                break  # the line from here on is known
            siblings.append(current)
            current = parent
    return _without_steps(family, children)


def _without_steps(family: Family, children: Children) -> dict[int, list[int]]:
    kept = {family.founder, *family.holders}
    kept |= {number for number, below in children.items() if len(below) > 1}
    result: dict[int, list[int]] = {}
    for number in kept:
        result[number] = []
        for child in children[number]:
            end = child
            while end not in kept:
                (end,) = children[end]
            result[number].append(end)
    return result


def _heights(family: Family, ends: Children, top: float) -> dict[int, float]:
    """Holders below each other in the order of the tree; forks in the middle of what they lead to."""
    order, waiting = [], [family.founder]
    while waiting:
        current = waiting.pop()
        order.append(current)
        waiting += sorted(ends[current], reverse=True)
    leaves = [number for number in order if not ends[number]]
    step = height_of(family) / len(leaves)
    heights = {number: top + step * (place + 0.5) for place, number in enumerate(leaves)}
    for number in reversed(order):
        if ends[number]:
            below = [heights[child] for child in ends[number]]
            heights[number] = (min(below) + max(below)) / 2
    return heights


def _lines(
    ends: Children, heights: Mapping[int, float], born: Mapping[int, Born], scale: Scale
) -> str:
    drawn = []
    for parent, below in ends.items():
        x = scale.at(born[parent].generation)
        for child in below:
            to = scale.at(born[child].generation)
            drawn.append(f"M{x:.1f} {heights[parent]:.1f}V{heights[child]:.1f}H{to:.1f}")
    return f'<path d="{"".join(drawn)}"/>' if drawn else ""


def _picture(
    found: Descent, individual: int, left: float, middle: float, name: str, below: str
) -> str:
    top = middle - SIDE / 2
    box = f'x="{left:g}" y="{top:.1f}" width="{SIDE}" height="{SIDE}"'
    image = ""
    if individual in found.pictures:
        pixels = ' class="pixels"' if found.side < LARGEST_THUMBNAIL else ""
        address = address_of(individual, found.side)
        image = f'<image href="{address}" {box} preserveAspectRatio="none"{pixels}/>'
    words = escape(f"No. {individual}, {name}")
    return (
        f'<a href="{page_of(individual)}" aria-label="{words}"><title>{words}</title>'
        f'{image}<rect {box}/><text class="label" x="{left:g}" y="{top + SIDE + 14:.1f}">'
        f"{escape(below)}</text></a>"
    )


def _shortened(words: str) -> str:
    return words if len(words) <= LETTERS else f"{words[: LETTERS - 1].rstrip()}…"
