"""Sheets of studies as one picture to take away."""

import logging
from collections.abc import Mapping, Sequence
from io import BytesIO

from django.db.models import Case, F, When
from PIL import Image, UnidentifiedImageError

from evolution.exhibits import sheets as drawing
from evolution.exhibits.naming import LARGEST_THUMBNAIL
from evolution.exhibits.studies import sheets
from evolution.models import Individual, Study, StudyPicture
from evolution.studies.findings import Picture, Sheet

WITHOUT_THUMBNAIL = Case(When(thumbnail__isnull=True, then=F("genome")))
Files = Mapping[int, tuple[bytes | None, bytes | None]]
log = logging.getLogger(__name__)


def drawn(study: Study, sheet: Sheet) -> Image.Image:
    """Draw a sheet, every picture with its caption and its note below it."""
    placed = sheets.layout(sheet)
    bred = _bred(sheet.pictures, placed.size)
    made = _made(study, sheet)
    items = []
    for one in sheet.pictures:
        if one.individual is not None:
            picture = _of_individual(bred.get(one.individual), one.side, placed.size)
        else:
            picture = fitted(made.get((one.part, one.number)), placed.size)
        items.append(drawing.Item(picture, one.caption, one.note))
    return drawing.drawn(items, placed)


def webp(sheet: Image.Image) -> bytes:
    """To look at inside a report, where many have to fit."""
    file = BytesIO()
    sheet.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()


def fitted(content: bytes | None, size: int) -> Image.Image | None:
    """A stored picture inside a white square of this side: small ones enlarged as pixels."""
    if content is None:
        return None
    try:
        picture = Image.open(BytesIO(content)).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        log.warning("a picture of %s bytes cannot be drawn: %s", len(content), error)
        return None
    scale = size / max(picture.size)
    method = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
    sides = [max(1, round(side * scale)) for side in picture.size]
    square = Image.new("RGB", (size, size), drawing.PAPER)
    square.paste(
        picture.resize((sides[0], sides[1]), method),
        ((size - sides[0]) // 2, (size - sides[1]) // 2),
    )
    return square


def _bred(pictures: Sequence[Picture], size: int) -> Files:
    """Thumbnail and genome of individuals. A large genome stays unread where a thumbnail will do."""
    numbers = [one.individual for one in pictures if one.individual is not None]
    drawn_from = F("genome") if size > LARGEST_THUMBNAIL else WITHOUT_THUMBNAIL
    rows = Individual.objects.not_hidden().filter(pk__in=numbers).annotate(drawn_from=drawn_from)
    return {
        number: (_bytes(thumbnail), _bytes(genome))
        for number, thumbnail, genome in rows.values_list("pk", "thumbnail", "drawn_from")
    }


def _bytes(stored: bytes | memoryview | None) -> bytes | None:
    return None if stored is None else bytes(stored)


def _made(study: Study, sheet: Sheet) -> dict[tuple[str, int], bytes]:
    """What parts drew, by key and number."""
    stored = sheets.places_of(study, [sheet])
    asked = {(study.pk, one.part, one.number) for one in sheet.pictures}
    found = {pk: place for place, pk in stored.items() if place in asked}
    rows = StudyPicture.objects.filter(pk__in=found).values_list("pk", "content")
    return {(found[pk][1], found[pk][2]): bytes(content) for pk, content in rows}


def _of_individual(
    files: tuple[bytes | None, bytes | None] | None, side: int, size: int
) -> Image.Image | None:
    thumbnail, genome = files or (None, None)
    if genome is not None:
        return drawing.of_genome(genome, side, size)
    return fitted(thumbnail, size)
