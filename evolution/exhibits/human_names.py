"""What people call a picture when they are asked for a name of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from evolution.exhibits.said import Counted
from evolution.judging.forms import Form
from evolution.judging.free_names import folded
from evolution.models import HiddenName, Judgment

MOST = 12  # names that a list shows
MOST_READ = 5000  # answers, the newest
FEWEST_PEOPLE = 2  # who wrote a word before it shows: nobody puts words on a page alone
SIZES = 3


@dataclass(frozen=True, slots=True)
class Name(Counted):
    """text: a label, or a word that several people wrote."""

    text: str
    is_label: bool
    size: int  # 1 to SIZES, by how many gave it


@dataclass(frozen=True, slots=True)
class Names:
    """asked: people who gave a name. kept_back: answers whose name does not show."""

    asked: int
    kept_back: int
    shown: Sequence[Name]


@dataclass
class _Given:
    """The people who gave one name. spelling: of the label, or as it was first written."""

    spelling: str = ""
    is_label: bool = False
    people: set[UUID] = field(default_factory=set)


def names(individual_id: int) -> Names:
    """The names of an individual over all studies, the most frequent first; each person once a name."""
    rows = _rows(individual_id)
    given = _gathered(rows)
    public = _public(given)
    return Names(
        asked=len({visitor for visitor, _, _ in rows}),
        kept_back=sum(len(one.people) for word, one in given.items() if word not in public),
        shown=_shown(public, len({visitor for visitor, _, _ in rows})),
    )


def _rows(individual_id: int) -> list[tuple[UUID, str, str]]:
    """Who answered what, and the label that it stands for; the newest first."""
    answers = Judgment.objects.filter(
        stimulus__individual=individual_id, form=Form.FREE, is_counted=True, occasion=0
    ).exclude(answer="")
    newest = answers.order_by("-pk").values_list("visitor", "answer", "matched")
    return list(newest[:MOST_READ])


def _gathered(rows: list[tuple[UUID, str, str]]) -> dict[str, _Given]:
    """Names by what they are without capitals and articles."""
    given: dict[str, _Given] = defaultdict(_Given)
    for visitor, answer, matched in rows:
        one = given[folded(matched or answer)]
        one.people.add(visitor)
        one.is_label |= bool(matched)
        one.spelling = matched or (one.spelling if one.is_label else answer)
    return given


def _public(given: dict[str, _Given]) -> dict[str, _Given]:
    """Labels, and words that several people wrote and staff did not hide."""
    shown = {
        word: one
        for word, one in given.items()
        if one.is_label or (word and len(one.people) >= FEWEST_PEOPLE)
    }
    words = [word for word, one in shown.items() if not one.is_label]
    if words:
        for word in HiddenName.objects.filter(folded__in=words).values_list("folded", flat=True):
            del shown[word]
    return shown


def _shown(public: dict[str, _Given], asked: int) -> list[Name]:
    ordered = sorted(public, key=lambda word: (-len(public[word].people), word))[:MOST]
    most = max((len(one.people) for one in public.values()), default=1)
    return [
        Name(
            answers=asked,
            agreeing=len(one.people),
            text=one.spelling,
            is_label=one.is_label,
            size=-(-SIZES * len(one.people) // most),
        )
        for one in (public[word] for word in ordered)
    ]
