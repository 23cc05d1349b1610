"""A sheet of champions with captions, as one picture to print (paper, Fig. 1 and 8)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from evolution.exhibits import sheets
from evolution.exhibits.comparing import champions
from evolution.exhibits.comparing.groups import Group
from evolution.exhibits.comparing.options import Options
from evolution.exhibits.sheets import DRAWING, Layout
from evolution.models import Individual
from evolution.templatetags.readings import percent

SIDE = 256  # pixels, of runs that do not say how large their pictures are


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


def layout(n: int, options: Options) -> Layout:
    return Layout(n, options.columns, options.size)


def png(shown: Sequence[Entry], options: Options) -> bytes:
    """Draw the sheet: below each picture its label and its confidence."""
    genomes = _genomes(shown)
    items = [
        sheets.Item(
            _picture(genomes.get(entry.individual), entry.side, options.size),
            entry.label,
            percent(entry.confidence),
        )
        for entry in shown
    ]
    return sheets.png(sheets.drawn(items, layout(len(shown), options)))


def _picture(genome: bytes | None, side: int, size: int) -> Image.Image | None:
    return sheets.of_genome(genome, side, size) if genome else None


def _genomes(shown: Sequence[Entry]) -> dict[int, bytes]:
    stored = Individual.objects.drawable().filter(pk__in=[entry.individual for entry in shown])
    return {number: bytes(genome or b"") for number, genome in stored.values_list("id", "genome")}
