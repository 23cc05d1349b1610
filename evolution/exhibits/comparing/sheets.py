"""A sheet of champions with captions, as one picture to print (paper, Fig. 1 and 8)."""

import functools
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from evolution import phenotypes
from evolution.exhibits.comparing import champions
from evolution.exhibits.comparing.groups import Group
from evolution.exhibits.comparing.options import Options
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.models import Individual
from evolution.templatetags.readings import percent

SIDE = 256  # pixels, of runs that do not say how large their pictures are
PAPER, INK, QUIET, HAIRLINE = (255, 255, 255), (23, 23, 22), (90, 90, 87), (220, 220, 216)
KEPT = 256  # drawn pictures a process remembers: 50 MB at most
SMALLEST_TYPE = 9  # pixels
DRAWING = 2  # raise it when the same sheet is drawn differently

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A champion on a sheet. side: of the picture that its run judged, in pixels."""

    individual: int
    label: str
    confidence: float
    side: int


def entries(group: Group, options: Options) -> list[Entry]:
    """The surest champion of each label whose genome was kept, in the order asked for.

    Labels asked for by number come in that order, unless the surest shall come first.
    """
    found = champions.of(group, drawable=True)
    surest = found.surest
    confidences = np.take_along_axis(found.confidences, surest[None], axis=0)[0]
    individuals = np.take_along_axis(found.individuals, surest[None], axis=0)[0]
    wanted = np.array(options.labels or range(len(group.labels)), dtype=np.int64)
    wanted = wanted[~np.isnan(confidences[wanted])]
    if options.order == "surest":
        wanted = wanted[np.argsort(-confidences[wanted], kind="stable")]
    return [
        Entry(
            int(individuals[label]),
            group.labels[label],
            float(confidences[label]),
            _side(group, int(surest[label])),
        )
        for label in wanted[: options.count]
    ]


def _side(group: Group, place: int) -> int:
    return int(group.runs[place].parameters.get("encoding", {}).get("image_size", SIDE))


def etag(shown: Sequence[Entry], options: Options) -> str:
    """Names the file: equal sheets have equal tags, and are known without drawing."""
    named = repr((shown, options.columns, options.size, DRAWING)).encode()
    return f'"{hashlib.sha256(named).hexdigest()[:24]}"'


@dataclass(frozen=True)
class Layout:
    """Where things are on a sheet of n pictures, in pixels."""

    n: int
    options: Options

    @property
    def font_size(self) -> int:
        return max(SMALLEST_TYPE, self.options.size // 10)

    @property
    def line(self) -> int:
        return round(self.font_size * 1.3)

    @property
    def gap(self) -> int:
        return max(6, self.options.size // 12)

    @property
    def step(self) -> tuple[int, int]:
        size = self.options.size
        return size + self.gap, size + 2 * self.line + self.gap + self.gap // 2

    @property
    def columns(self) -> int:
        return max(1, min(self.options.columns, self.n))

    @property
    def size(self) -> tuple[int, int]:
        rows = max(1, -(-self.n // self.columns))
        return self.gap + self.columns * self.step[0], self.gap + rows * self.step[1]

    def place(self, number: int) -> tuple[int, int]:
        """The upper left corner of a picture."""
        row, column = divmod(number, self.columns)
        return self.gap + column * self.step[0], self.gap + row * self.step[1]


def png(shown: Sequence[Entry], options: Options) -> bytes:
    """Draw the sheet: pictures in rows, below each its label and confidence, on white."""
    layout, genomes = Layout(len(shown), options), _genomes(shown)
    font = _font(layout.font_size)
    sheet = Image.new("RGB", layout.size, PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, entry in enumerate(shown):
        x, y = layout.place(number)
        genome = genomes.get(entry.individual)
        if genome and (picture := _drawn(genome, entry.side, options.size)) is not None:
            sheet.paste(picture, (x, y))
            _frame(draw, x, y, options.size)
        top = y + options.size + layout.gap // 3
        draw.text((x, top), shortened(entry.label, font, options.size), fill=INK, font=font)
        draw.text((x, top + layout.line), percent(entry.confidence), fill=QUIET, font=font)
    file = BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def _frame(draw: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    """A hairline outside the picture, so that white ones do not melt into the sheet."""
    draw.rectangle((x - 1, y - 1, x + size, y + size), outline=HAIRLINE)


def shortened(label: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The label, cut with an ellipsis where it is wider than this many pixels."""
    if font.getlength(label) <= width:
        return label
    kept = len(label)
    while kept and font.getlength(f"{label[:kept].rstrip()}…") > width:
        kept -= 1
    return f"{label[:kept].rstrip()}…"


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType: its default font cannot be scaled")
    return font


def _genomes(shown: Sequence[Entry]) -> dict[int, bytes]:
    stored = Individual.objects.drawable().filter(pk__in=[entry.individual for entry in shown])
    return {number: bytes(genome or b"") for number, genome in stored.values_list("id", "genome")}


@functools.lru_cache(maxsize=KEPT)
def _drawn(genome: bytes, side: int, size: int) -> Image.Image | None:
    """The picture as the network saw it, enlarged as pixels or reduced by averaging them."""
    try:
        picture = phenotypes.resized(phenotypes.express(codec.decode(genome), side), size)
    except BadGenome as error:
        log.warning("a genome of %s bytes cannot be drawn: %s", len(genome), error)
        return None
    return Image.fromarray(np.broadcast_to(picture, (size, size, 3)).copy())
