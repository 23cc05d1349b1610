"""All pictures of a large archive in one image, so that its page needs one request for them.

A sprite shows the archive as it was after one generation, which rows in the database tell for ever:
what an address shows never changes. The newest one is reused while few cells changed since.
"""

from collections.abc import Collection, Iterable
from io import BytesIO

from django.db.models import Q
from PIL import Image

from evolution.exhibits import kept, naming
from evolution.exhibits.thumbnails import webp
from evolution.exhibits.tiles import GENOME
from evolution.models import Run

COLUMNS = 40
SIDE = 40  # pixels a cell
REUSED_UP_TO = 60  # changed cells; each of them brings a picture of its own
QUALITY = 60  # of WebP: a fifth of a megabyte for a thousand pictures
KEPT_FOR = 3600  # seconds
EMPTY = (220, 220, 220)


def generation(run_id: int, taken: Collection[int]) -> int | None:
    """The generation whose sprite a page shows; None for an archive without pictures.

    taken: the generation in which each cell changed hands last.
    """
    if not taken:
        return None
    last, newest = max(taken), kept.get(_newest_key(run_id))
    if isinstance(newest, int) and newest <= last and changed_since(newest, taken) <= REUSED_UP_TO:
        return newest
    if not isinstance(newest, int) or newest < last:
        kept.keep(_newest_key(run_id), last, KEPT_FOR)
    return last


def changed_since(generation: int, taken: Iterable[int]) -> int:
    return sum(since > generation for since in taken)


def side(run: Run) -> int:
    """Pixels a cell: small pictures keep theirs."""
    return min(SIDE, naming.side(run.parameters))


def known(run_id: int, generation: int) -> bytes | None:
    """A sprite that was composed a short while ago."""
    found = kept.get(_key(run_id, generation))
    return found if isinstance(found, bytes) else None


def make(run: Run, generation: int) -> bytes:
    """Compose the sprite of a generation, and keep it."""
    then = run.elites.filter(since_generation__lte=generation).filter(
        Q(until_generation__isnull=True) | Q(until_generation__gt=generation)
    )
    rows = then.annotate(drawn_from=GENOME).values_list(
        "cell", "individual__thumbnail", "drawn_from"
    )
    pixels = naming.side(run.parameters)
    pictures = {cell: webp(stored, genome, pixels) for cell, stored, genome in rows}
    n_cells = max([naming.n_cells(run.classifier, run.parameters), *(c + 1 for c in pictures)])
    composed = compose(pictures, n_cells, side(run))
    kept.keep(_key(run.pk, generation), composed, KEPT_FOR)
    return composed


def compose(pictures: dict[int, bytes | None], n_cells: int, side: int) -> bytes:
    """A WebP, COLUMNS cells of side x side pixels wide, from the picture of each cell."""
    sheet = Image.new("RGB", (COLUMNS * side, -(-n_cells // COLUMNS) * side), EMPTY)
    for cell, picture in pictures.items():
        if picture:
            with Image.open(BytesIO(picture), formats=["WEBP"]) as image:
                small = image.convert("RGB").resize((side, side), Image.Resampling.HAMMING)
            sheet.paste(small, (cell % COLUMNS * side, cell // COLUMNS * side))
    file = BytesIO()
    sheet.save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()


def _newest_key(run_id: int) -> str:
    return f"sprite-{run_id}"


def _key(run_id: int, generation: int) -> str:
    return f"sprite-{run_id}-{generation}"
