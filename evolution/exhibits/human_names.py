"""What people call a picture when they are asked for a name of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
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
    """text: a label, or a word that several people wrote. folded: the same without capitals."""

    text: str
    folded: str
    size: int  # 1 to SIZES, by how many gave it


@dataclass(frozen=True, slots=True)
class Names:
    """asked: people who gave a name. kept_back: answers whose name does not show."""

    asked: int
    kept_back: int
    shown: Sequence[Name]


def names(individual_id: int) -> Names:
    """The names of an individual over all studies, the most frequent first; each person once a name."""
    given = (
        Judgment.objects.filter(
            stimulus__individual=individual_id, form=Form.FREE, is_counted=True, occasion=0
        )
        .exclude(answer="")
        .order_by("-pk")
    )
    rows = list(given.values_list("visitor", "answer", "matched")[:MOST_READ])
    people: dict[str, set[UUID]] = defaultdict(set)
    spelling: dict[str, str] = {}
    labels = {folded(matched) for _, _, matched in rows if matched}
    for visitor, answer, matched in rows:
        word = folded(matched or answer)
        people[word].add(visitor)
        if matched or word not in labels:
            spelling[word] = matched or answer
    public = _public(people, labels)
    return Names(
        asked=len({visitor for visitor, _, _ in rows}),
        kept_back=sum(len(people[word]) for word in people if word not in public),
        shown=_shown({word: len(people[word]) for word in public}, spelling, len(rows)),
    )


def _public(people: dict[str, set[UUID]], labels: set[str]) -> set[str]:
    """Labels, and words that several people wrote and staff did not hide."""
    several = {word for word in people if word and len(people[word]) >= FEWEST_PEOPLE} - labels
    hidden = HiddenName.objects.filter(folded__in=several) if several else HiddenName.objects.none()
    return labels | (several - set(hidden.values_list("folded", flat=True)))


def _shown(counts: dict[str, int], spelling: dict[str, str], answers: int) -> list[Name]:
    ordered = sorted(counts, key=lambda word: (-counts[word], word))[:MOST]
    most = max(counts.values(), default=1)
    return [
        Name(answers, counts[word], spelling[word], word, -(-SIZES * counts[word] // most))
        for word in ordered
    ]
