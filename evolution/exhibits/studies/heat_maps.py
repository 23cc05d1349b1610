"""Heat maps of studies: small ones as tables whose cells have colours, large ones as pictures."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evolution.exhibits.comparing import colour_maps, heat_maps
from evolution.exhibits.plots import Mark
from evolution.studies.findings import HeatMap

MOST_COLUMNS, MOST_ROWS = 14, 40  # of a table
MOST_TICKS = 12
FIRST_BRIGHT = 0.5  # from here on a colour is so bright that ink is read on it
DRAWING = 1  # raise it when the same heat map is drawn differently


@dataclass(frozen=True)
class Coloured:
    """A cell of a table. words: whole per cent, cut; empty for a hole."""

    value: float | None
    words: str
    colour: str
    is_bright: bool


@dataclass(frozen=True)
class Shown:
    """table: rows by name with their cells, of a small one; else the words around a picture.

    picture: its address.
    """

    map: HeatMap
    picture: str
    table: Sequence[tuple[str, Sequence[Coloured]]]
    rows: Sequence[str]
    ticks: Sequence[Mark]
    ramp: str

    @property
    def names_all(self) -> bool:
        return len(self.rows) == len(self.map.rows)


def shown(one: HeatMap, address: Callable[[HeatMap], str]) -> Shown:
    """address: says where the picture of a large one is."""
    is_small = len(one.columns) <= MOST_COLUMNS and len(one.rows) <= MOST_ROWS
    table = [
        (name, [_coloured(value, counted=one.counted) for value in values])
        for name, values in zip(one.rows, one.values, strict=True)
    ]
    named = heat_maps.rows_named(len(one.rows))
    return Shown(
        map=one,
        picture="" if is_small else address(one),
        table=table if is_small else (),
        rows=[one.rows[row] for row in named],
        ticks=_ticks(one),
        ramp=colour_maps.stops(),
    )


def tag(one: HeatMap) -> str:
    """Names the picture: equal heat maps have equal tags."""
    return hashlib.sha256(repr((one.values, DRAWING)).encode()).hexdigest()[:24]


def png(one: HeatMap) -> bytes:
    """One pixel a value; holes are transparent."""
    known = [[math.nan if value is None else value for value in row] for row in one.values]
    return heat_maps.png(np.array(known, dtype=np.float64))


def _ticks(one: HeatMap) -> list[Mark]:
    """Names below the middles of columns, at equal distances."""
    every = max(1, -(-len(one.columns) // MOST_TICKS))
    return [
        Mark(name, (place + 0.5) / len(one.columns))
        for place, name in list(enumerate(one.columns))[::every]
    ]


def _coloured(value: float | None, *, counted: bool) -> Coloured:
    if value is None:
        return Coloured(None, "", "", is_bright=True)
    step = min(int(value * colour_maps.STEPS), colour_maps.STEPS - 1)
    red, green, blue = colour_maps.palette()[max(step, 0)]
    colour = f"#{red:02x}{green:02x}{blue:02x}"
    whole = min(math.floor(100 * value + 1e-9), 100 if counted else 99)
    return Coloured(value, f"{whole}", colour, value >= FIRST_BRIGHT)
