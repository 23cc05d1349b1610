"""Sheets of studies as tiles of a page, and how large they are as one picture."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse

from evolution.exhibits import sheets as drawing
from evolution.exhibits.naming import LARGEST_THUMBNAIL
from evolution.models import Study, StudyPicture
from evolution.studies.findings import Picture, Sheet

FIRST = 100  # tiles that a page shows at once; the others on request
LARGE_TILES = 60  # of a sheet with more, large pictures are shown as thumbnails
LARGE_TILE = 128  # pixels
SIZES = ((48, 128), (120, 96))  # up to so many pictures, so many pixels of each on a drawn sheet
SMALL = 64
Places = Mapping[tuple[int, str, int], int]
"""From study, key of the part and number of a picture to the number under which it is stored."""


@dataclass(frozen=True)
class Tile:
    """picture: its address; empty where there is none. address: where it leads."""

    caption: str
    note: str
    name: str
    picture: str
    address: str
    is_small: bool


@dataclass(frozen=True)
class Shown:
    """first and more: the tiles at once and on request."""

    sheet: Sheet
    first: Sequence[Tile]
    more: Sequence[Tile]
    size: tuple[int, int]  # of the drawn sheet, in pixels


def shown(study: Study, sheet: Sheet, stored: Places) -> Shown:
    is_many = len(sheet.pictures) > LARGE_TILES
    tiles = [tile(study, one, stored, is_many=is_many) for one in sheet.pictures]
    cut = max(sheet.columns, FIRST // sheet.columns * sheet.columns)
    return Shown(sheet, tiles[:cut], tiles[cut:], layout(sheet).extent)


def places(wanted: Sequence[tuple[Study, Picture]]) -> Places:
    """Under which numbers the pictures of parts are stored; one query at most."""
    keys: dict[int, set[str]] = {}
    for study, one in wanted:
        if one.individual is None:
            keys.setdefault(study.pk, set()).add(one.part)
    if not keys:
        return {}
    chosen = [Q(part__study=study, part__key__in=names) for study, names in keys.items()]
    rows = StudyPicture.objects.filter(reduce(or_, chosen)).values_list(
        "part__study", "part__key", "number", "pk"
    )
    return {(study, key, number): pk for study, key, number, pk in rows}


def places_of(study: Study, sheets: Sequence[Sheet]) -> Places:
    return places([(study, one) for sheet in sheets for one in sheet.pictures])


def layout(sheet: Sheet) -> drawing.Layout:
    """Small pictures are enlarged a whole number of times, so that their pixels stay equal."""
    n = len(sheet.pictures)
    size = next((size for most, size in SIZES if n <= most), SMALL)
    side = max((one.side for one in sheet.pictures), default=size)
    if side <= SMALL:
        size = side * max(1, size // side)
    return drawing.Layout(n, sheet.columns, size)


def tag(study: Study, sheet: Sheet) -> str:
    """Names the drawn sheet: equal ones have equal tags."""
    named = repr((study.submission, sheet, drawing.DRAWING)).encode()
    return hashlib.sha256(named).hexdigest()[:24]


def tile(study: Study, one: Picture, stored: Places, *, is_many: bool) -> Tile:
    """is_many: whether large pictures are shown as thumbnails."""
    if one.individual is not None:
        is_small = one.side <= LARGEST_THUMBNAIL
        side = one.side if is_small else LARGEST_THUMBNAIL if is_many else LARGE_TILE
        picture = reverse("picture", args=[one.individual, side, "webp"])
        address = reverse("individual", args=[one.individual])
        return Tile(one.caption, one.note, f"No. {one.individual}", picture, address, is_small)
    place = stored.get((study.pk, one.part, one.number))
    address = reverse("study-picture", args=[place]) if place is not None else ""
    return Tile(one.caption, one.note, one.caption, address, address, is_small=False)
