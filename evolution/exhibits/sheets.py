"""Pictures with captions on one sheet to print or to send (paper, Fig. 1 and 8)."""

import functools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from evolution import phenotypes
from evolution.genomes import codec
from evolution.genomes.base import BadGenome

PAPER, INK, QUIET, HAIRLINE = (255, 255, 255), (23, 23, 22), (90, 90, 87), (220, 220, 216)
KEPT = 256  # drawn pictures a process remembers: 50 MB at most
SMALLEST_TYPE = 9  # pixels
DRAWING = 2  # raise it when the same sheet is drawn differently

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    """A picture of a sheet with two lines below it; without a picture its place stays white."""

    picture: Image.Image | None
    caption: str
    note: str


@dataclass(frozen=True)
class Layout:
    """Where things are on a sheet of n pictures, in pixels. size: of a picture's side."""

    n: int
    most_columns: int
    size: int

    @property
    def font_size(self) -> int:
        return max(SMALLEST_TYPE, self.size // 10)

    @property
    def line(self) -> int:
        return round(self.font_size * 1.3)

    @property
    def gap(self) -> int:
        return max(6, self.size // 12)

    @property
    def step(self) -> tuple[int, int]:
        return self.size + self.gap, self.size + 2 * self.line + self.gap + self.gap // 2

    @property
    def columns(self) -> int:
        return max(1, min(self.most_columns, self.n))

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height of the whole sheet."""
        rows = max(1, -(-self.n // self.columns))
        return self.gap + self.columns * self.step[0], self.gap + rows * self.step[1]

    def place(self, number: int) -> tuple[int, int]:
        """The upper left corner of a picture."""
        row, column = divmod(number, self.columns)
        return self.gap + column * self.step[0], self.gap + row * self.step[1]


def drawn(items: Sequence[Item], layout: Layout) -> Image.Image:
    """Draw the sheet: pictures in rows, below each its caption and its note, on white."""
    font = scaled_font(layout.font_size)
    sheet = Image.new("RGB", layout.extent, PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, item in enumerate(items):
        x, y = layout.place(number)
        if item.picture is not None:
            sheet.paste(item.picture, (x, y))
            _frame(draw, x, y, layout.size)
        top = y + layout.size + layout.gap // 3
        for line, (words, ink) in enumerate(((item.caption, INK), (item.note, QUIET))):
            at = (x, top + line * layout.line)
            draw.text(at, shortened(words, font, layout.size), fill=ink, font=font)
    return sheet


def png(sheet: Image.Image) -> bytes:
    file = BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def shortened(label: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The label, cut with an ellipsis where it is wider than this many pixels."""
    if font.getlength(label) <= width:
        return label
    kept = len(label)
    while kept and font.getlength(f"{label[:kept].rstrip()}…") > width:
        kept -= 1
    return f"{label[:kept].rstrip()}…"


@functools.cache
def scaled_font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType: its default font cannot be scaled")
    return font


@functools.lru_cache(maxsize=KEPT)
def of_genome(genome: bytes, side: int, size: int) -> Image.Image | None:
    """The picture as the network saw it, enlarged as pixels or reduced by averaging them."""
    try:
        picture = phenotypes.resized(phenotypes.express(codec.decode(genome), side), size)
    except BadGenome as error:
        log.warning("a genome of %s bytes cannot be drawn: %s", len(genome), error)
        return None
    return Image.fromarray(np.broadcast_to(picture, (size, size, 3)).copy())


def _frame(draw: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    """A hairline outside the picture, so that white ones do not melt into the sheet."""
    draw.rectangle((x - 1, y - 1, x + size, y + size), outline=HAIRLINE)
