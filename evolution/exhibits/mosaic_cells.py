"""One cell of a large archive: a place in the mosaic, whatever holds it, and its fragment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from evolution.exhibits.sprites import COLUMNS
from evolution.templatetags.readings import percent, raw, scale


class Held(NamedTuple):
    """Who holds a cell. holders: how many did so far."""

    individual_id: int
    confidence: float
    since: int
    holders: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the mosaic. picture: its own one, where the sprite shows an older; else empty."""

    run_id: int
    number: int
    name: str
    group: str
    address: str
    held: Held | None
    picture: str = ""
    marks: str = ""
    at: float | None = (
        None  # its place in a row, 0 to 1, where that does not follow from its number
    )

    @property
    def key(self) -> str:
        return f"cell-{self.run_id}-{self.number}"

    @property
    def words(self) -> str:
        """Number, name and confidence; the slots of one label have a number only."""
        title = self.name if self.name == str(self.number + 1) else f"{self.number} {self.name}"
        return f"{title} {percent(self.held.confidence) if self.held else 'empty'}"

    @property
    def style(self) -> str:
        at = "" if self.at is None else f";--at:{self.at:.2f}"
        v = scale(self.held.confidence if self.held else 0.0)
        return f"--x:{self.number % COLUMNS};--y:{self.number // COLUMNS};--v:{v}{at}"


def html(cells: Iterable[Cell], *, is_new: bool = False) -> SafeString:
    """All cells on a page, or those that changed in a live update.

    A template would take 50 ms longer for a thousand of them.
    """
    return mark_safe("".join(_fragment(cell, is_new=is_new) for cell in cells))


def _fragment(cell: Cell, *, is_new: bool) -> str:
    held, look, data = cell.held, cell.marks, ""
    if held:
        data = (
            f' data-of="{held.individual_id}" data-v="{raw(held.confidence)}"'
            f' data-since="{held.since}" data-holders="{held.holders}"'
        )
    else:
        look += " cell--empty"
    if cell.group:
        data += f' data-group="{escape(cell.group)}"'
    if is_new:
        look, data = f"{look} is-new", f'{data} hx-swap-oob="true"'
    picture = f'<img src="{cell.picture}" alt="" width="40" height="40">' if cell.picture else ""
    return (
        f'<a class="cell{look}" id="{cell.key}" href="{cell.address}"'
        f' aria-label="{escape(cell.words)}" style="{cell.style}"{data}>{picture}<i></i></a>\n'
    )
