"""What a study shows: plain values that a page, a CSV file, a sheet and a report are made of.

Shares and confidences are 0 to 1 here; words for people are made where they are shown, save for
`paper`, `ours` and `conditions` of a comparison, which quote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["holds", "differs", "open"]
Cell = str | int | float | None


def verdict(holds: bool) -> Verdict:  # noqa: FBT001
    """Say whether a number of the paper reproduces."""
    return "holds" if holds else "differs"


@dataclass(frozen=True)
class Comparison:
    """A number of the paper beside ours.

    number: its key in the table of docs/reproduction.md, unique among all studies. ours: empty until
    it is known. conditions: under which ours was measured. why: where it differs, the likely reason.
    """

    number: str
    source: str
    quantity: str
    paper: str
    ours: str
    conditions: str
    verdict: Verdict = "open"
    why: str = ""


@dataclass(frozen=True)
class Table:
    """name: a slug, also of its CSV file. shares: columns (by index) that are shown as per cent.

    counted: those of them that count things. All is 100% there; a confidence is never shown so.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    shares: Sequence[int] = ()
    counted: Sequence[int] = ()


@dataclass(frozen=True)
class Line:
    """points: (x, y), in the order of x."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    """style: "lines", "points", or "bars" (of a category a point, whose names `ticks` has).

    sentence: what it shows, for whoever does not see it. y_is_share: the axis is 0 to 100%.
    counted: the shares count things, so that all of them are 100%; a confidence is never shown so.
    """

    name: str
    title: str
    x: str
    y: str
    lines: Sequence[Line]
    sentence: str
    style: Literal["lines", "points", "bars"] = "lines"
    y_is_share: bool = True
    log_x: bool = False
    ticks: Sequence[str] = ()
    counted: bool = False


@dataclass(frozen=True)
class HeatMap:
    """values: row by row, 0 to 1, None for a hole. counted: as of a table's columns, of all."""

    name: str
    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float | None]]
    sentence: str
    counted: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture of a sheet: a stored individual, or picture `number` of a part.

    side: of an individual's picture as its network saw it, in pixels.
    """

    caption: str
    note: str = ""
    individual: int | None = None
    part: str = ""
    number: int = 0
    side: int = 28


@dataclass(frozen=True)
class Sheet:
    """Pictures in rows of so many columns, as in a figure of the paper."""

    name: str
    title: str
    pictures: Sequence[Picture]
    columns: int = 10


@dataclass(frozen=True)
class Link:
    text: str
    address: str  # of this site, beginning with /


@dataclass(frozen=True)
class Findings:
    """headline: the answer so far in one sentence. scale: how this differs from the paper's size."""

    headline: str
    scale: str
    comparisons: Sequence[Comparison] = ()
    tables: Sequence[Table] = ()
    plots: Sequence[Plot] = ()
    heat_maps: Sequence[HeatMap] = ()
    sheets: Sequence[Sheet] = ()
    links: Sequence[Link] = ()
    notes: Sequence[str] = ()
