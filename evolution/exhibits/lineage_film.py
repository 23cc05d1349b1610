"""A line of descent as a strip of pictures, with the confidence in one label plotted along it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, When
from django.urls import reverse

from evolution.exhibits import naming
from evolution.exhibits.thumbnails import thumbnail
from evolution.lineages import Ancestor
from evolution.models import Elite, Individual, Prediction, Publication
from evolution.templatetags.readings import percent

FOLDED_FROM = 40  # frames; from here on the middle of the line is folded
NEWEST = 30
MOST = 300
LARGE = 256  # pixels a side of the picture under the slider
INLINED = 60  # frames; a longer strip fetches its pictures one by one as they scroll into view
WORTH_WRITING = 0.005  # a lower confidence has its point on the curve, but no number
NO = ("", False)  # an individual that nobody published: without a title, not hidden
APART = 0.01  # a number is written where it differs by this much from the one written before


@dataclass(frozen=True, slots=True)
class Seer:
    """Whose confidence in what is plotted. label: its index; None: nothing is plotted."""

    classifier: str
    version: str
    label: int | None

    @property
    def name(self) -> str:
        return "" if self.label is None else naming.label(self.classifier, self.label)


@dataclass(frozen=True, slots=True)
class Frame:
    """at: its middle, as a share of the strip. confidence: None where none was stored.

    is_below: the label was not among the first ones that the network named. title: of a published
    picture. is_hand_bred: whether a person bred it. large: the address of its picture at LARGE.
    """

    individual_id: int
    generation: int
    picture: str
    at: float
    held: str
    held_confidence: float | None
    others: int
    confidence: float | None
    is_below: bool
    has_number: bool
    is_current: bool
    title: str
    is_hand_bred: bool
    is_hidden: bool
    large: str


@dataclass(frozen=True, slots=True)
class Film:
    """folded: how many frames are left out between the oldest and the others."""

    label: str
    became: str
    frames: list[Frame]
    folded: int
    curves: list[str]
    bands: list[str]
    summary: str

    @property
    def width(self) -> int:
        return len(self.frames) + (1 if self.folded else 0)

    @property
    def has_below(self) -> bool:
        return any(frame.is_below for frame in self.frames)


@dataclass(frozen=True, slots=True)
class _Origin:
    """side: of its small picture, in pixels."""

    is_hand_bred: bool
    side: int


def film(seer: Seer, line: list[Ancestor], *, whole: bool) -> Film:
    """The strip of a line, oldest first. line: as parent_line returns it, not empty."""
    shown, folded = _shown(line, whole=whole)
    places = _places(len(shown), has_fold=folded > 0)
    frames = _frames(shown, places, _confidences(seer, shown))
    pieces = _pieces(frames, has_fold=folded > 0)
    return Film(
        label=seer.name,
        became=naming.with_article(seer.name) if seer.name else "",
        frames=frames,
        folded=folded,
        curves=[_curve(piece) for piece in pieces],
        bands=[_band(piece) for piece in pieces],
        summary=_summary(frames),
    )


def _shown(line: list[Ancestor], *, whole: bool) -> tuple[list[Ancestor], int]:
    """The oldest and the newest of a line, oldest first, and how many lie between."""
    newest = MOST - 1 if whole else NEWEST
    if len(line) <= (MOST if whole else FOLDED_FROM - 1):
        return line[::-1], 0
    return [line[-1], *line[newest - 1 :: -1]], len(line) - newest - 1


def _places(count: int, *, has_fold: bool) -> list[float]:
    columns = [0, *range(2, count + 1)] if has_fold else list(range(count))
    return [(column + 0.5) / (count + has_fold) for column in columns]


def _confidences(seer: Seer, shown: Iterable[Ancestor]) -> dict[int, float | None]:
    """What the classifier said of the label; None where it is not among the labels that were kept."""
    rows = Prediction.objects.filter(
        individual__pk__in=[ancestor.individual_id for ancestor in shown],
        classifier=seer.classifier,
        version=seer.version,
    ).values_list("individual", "top")
    return {
        individual: next((share for index, share in top if index == seer.label), None)
        for individual, top in rows
    }


def _frames(
    shown: list[Ancestor], places: list[float], confidences: dict[int, float | None]
) -> list[Frame]:
    ids = [ancestor.individual_id for ancestor in shown]
    published = _published(ids)
    origins = _origins(ids)
    seen = [one for one in shown if one.drawable and not published.get(one.individual_id, NO)[1]]
    pictures = _pictures({one.individual_id: origins[one.individual_id].side for one in seen})
    held = _held(ids)
    numbered = _numbered([confidences.get(number) for number in ids])
    frames = []
    for place, (ancestor, at) in enumerate(zip(shown, places, strict=True)):
        number = ancestor.individual_id
        reigns = held.get(number, [])
        title, hidden = published.get(number, NO)
        frames.append(
            Frame(
                individual_id=number,
                generation=ancestor.generation,
                picture=pictures.get(number, ""),
                at=at,
                held=reigns[0][0] if reigns else "",
                held_confidence=reigns[0][1] if reigns else None,
                others=max(0, len(reigns) - 1),
                confidence=confidences.get(number),
                is_below=number in confidences and confidences[number] is None,
                has_number=numbered[place],
                is_current=ancestor.steps == 0,
                title="" if hidden else title,
                is_hand_bred=origins[number].is_hand_bred,
                is_hidden=hidden,
                large=reverse("picture", args=[number, LARGE, "webp"])
                if number in pictures
                else "",
            )
        )
    return frames


def _published(ids: list[int]) -> dict[int, tuple[str, bool]]:
    """The titles of published ones, and whether staff hid them."""
    rows = Publication.objects.filter(individual__in=ids)
    return {
        number: (title, hidden_at is not None)
        for number, title, hidden_at in rows.values_list("individual", "title", "hidden_at")
    }


def _held(ids: list[int]) -> dict[int, list[tuple[str, float]]]:
    """The label and confidence of every cell that each individual held, surest first."""
    rows = Elite.objects.filter(individual__in=ids).order_by("-confidence", "cell")
    held: dict[int, list[tuple[str, float]]] = {}
    for individual, label, confidence, classifier in rows.values_list(
        "individual", "label", "confidence", "run__classifier"
    ):
        held.setdefault(individual, []).append((naming.label(classifier, label), confidence))
    return held


def _origins(ids: list[int]) -> dict[int, _Origin]:
    rows = Individual.objects.filter(pk__in=ids)
    return {
        number: _Origin(parameters is None, _side(parameters, image_size))
        for number, parameters, image_size in rows.values_list(
            "pk", "run__parameters", "brood__session__image_size"
        )
    }


def _pictures(sides: dict[int, int]) -> dict[int, str]:
    """Those of a short strip travel inside the page. sides: of each, in pixels."""
    if len(sides) > INLINED:
        return {
            number: reverse("picture", args=[number, side, "webp"])
            for number, side in sides.items()
        }
    genome = Case(When(thumbnail__isnull=True, then=F("genome")))  # else it stays unread
    rows = Individual.objects.filter(pk__in=sides).values_list("pk", "thumbnail", genome)
    return {number: thumbnail(stored, content, sides[number]) for number, stored, content in rows}


def _side(parameters: dict[str, Any] | None, image_size: int | None) -> int:
    if parameters is not None:
        return naming.side(parameters)
    return min(image_size or naming.LARGEST_THUMBNAIL, naming.LARGEST_THUMBNAIL)


def _numbered(confidences: list[float | None]) -> list[bool]:
    """Which points carry their number: the last one, and those that differ visibly."""
    written, before = [], 0.0
    for confidence in confidences:
        worth = confidence is not None and confidence >= WORTH_WRITING
        write = worth and abs((confidence or 0.0) - before) >= APART
        before = (confidence or 0.0) if write else before
        written.append(write)
    if confidences and confidences[-1] is not None:
        written[-1] = True
    return written


def _pieces(frames: list[Frame], *, has_fold: bool) -> list[list[tuple[float, float]]]:
    """Unbroken stretches of the curve, as points (x, y) in a square of 1000."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for place, frame in enumerate(frames):
        if frame.confidence is None or (has_fold and place == 1):
            pieces.append([])
        if frame.confidence is not None:
            pieces[-1].append((1000 * frame.at, 1000 * (1 - frame.confidence)))
    return [piece for piece in pieces if len(piece) > 1]


def _curve(piece: list[tuple[float, float]]) -> str:
    return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in piece)


def _band(piece: list[tuple[float, float]]) -> str:
    return f"{_curve(piece)} L{piece[-1][0]:.1f} 1000 L{piece[0][0]:.1f} 1000Z"


def _summary(frames: list[Frame]) -> str:
    told = [frame for frame in frames if frame.has_number and frame.confidence is not None][-6:]
    return ", ".join(f"{percent(f.confidence or 0.0)} at generation {f.generation}" for f in told)
