"""The results page as a whole: its figures, kept under a version, and its first sentence."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evolution.exhibits import kept
from evolution.exhibits.results import counting, facts, pictures, plans, tables
from evolution.exhibits.results.choices import Choice
from evolution.exhibits.results.facts import Fact
from evolution.exhibits.results.shares import Row, Share, number_of
from evolution.exhibits.results.tables import Table
from evolution.judging.forms import Form
from evolution.models import JudgingStudy
from evolution.services.judging import counting as answers
from evolution.templatetags.readings import percent

LOOKED_AT = 10  # seconds between two looks at the database, whoever asks
ANSWERS_A_SECOND = 1000  # a large study is looked at less often: its figures take longer, move less
KEPT = 600  # seconds that figures are kept; with the next answer they have another version
_computing = threading.Lock()
DRAWING = 1  # raise it when figures are computed differently
DOES = {
    Form.TWO: "picked a network’s name for a picture",
    Form.ALL: "picked a network’s name for a picture out of all names",
    Form.RIGHT: "told a network’s name from a random one",
    Form.PICK: "picked the picture that a network has a name for",
    Form.FREE: "named a picture as a network does",
}


@dataclass(frozen=True)
class Version:
    """Changes whenever a figure may look different. last: when somebody answered, or empty."""

    text: str
    answers: int
    last: str

    @property
    def last_at(self) -> datetime | None:
        return datetime.fromisoformat(self.last) if self.last else None


@dataclass(frozen=True)
class Figures:
    """Everything of the page that answers change. headline: of the primary condition."""

    version: Version
    headline: Share
    confidence: float | None
    main: Sequence[Row]
    facts: Sequence[Fact]
    scatter: pictures.Scatter
    splits: Sequence[Table]
    habits: Sequence[Table]
    cannot_tell: tuple[int, int]
    plan: plans.ShownPlan

    def as_json(self) -> dict[str, Any]:
        return {
            "study": self.plan.as_json(),
            "answers": self.version.answers,
            "headline": self.headline.as_json() | {"median_confidence": self.confidence},
            "rows": [row.as_json() for row in self.main],
            "facts": {fact.name: fact.as_json() for fact in self.facts},
            "pictures": [point.as_json() for point in self.scatter.points],
            "pictures_asked_about": self.scatter.of,
            "splits": [table.as_json() for table in self.splits],
            "habits": [table.as_json() for table in self.habits],
            "cannot_tell": self.cannot_tell,
        }


def version(study: JudgingStudy) -> Version:
    """Looked up every ten seconds at most, whoever asks; of a large study less often."""
    key = f"results-version-{study.pk}"
    found = kept.get(key)
    if isinstance(found, list):
        return Version(*found)
    looked_up = _version(study)
    seconds = max(LOOKED_AT, looked_up.answers // ANSWERS_A_SECOND)
    kept.keep(key, astuple(looked_up), seconds)
    return looked_up


def _version(study: JudgingStudy) -> Version:
    state = counting.state(study)
    numbers = [study.pk, state["answers"], state["counted"], state["newest"] or 0, DRAWING]
    text = f"{study.status}.{'.'.join(map(str, numbers))}"
    return Version(text, state["answers"], state["last"].isoformat() if state["last"] else "")


def living(choice: Choice) -> SafeString:
    """The part of the page that answers change, kept under its version."""
    if choice.study is None:
        return render_to_string("results/_none.html")
    now = version(choice.study)
    named = f"{now.text}?{choice.query}"
    key = f"results-{hashlib.sha256(named.encode()).hexdigest()}"
    found = kept.known_fragment(key)
    if found is not None:
        return found
    with _computing:  # so that many who wait for the same figures have them computed once
        return kept.fragment(key, lambda: _drawn(choice, now), KEPT)


def _drawn(choice: Choice, now: Version) -> str:
    found = figures(choice, now)
    context = {"choice": choice, "figures": found, "headline": headline(choice, found)}
    return render_to_string("results/_living.html", context)


def figures(choice: Choice, now: Version | None = None) -> Figures:
    """The figures of a study that was opened, computed anew."""
    assert choice.study is not None
    cells = answers.cells(choice.study)
    primary = counting.primary(choice)
    whole = tables.whole(choice, cells)
    return Figures(
        version=now or _version(choice.study),
        headline=whole.share,
        confidence=whole.confidence,
        main=tables.main(choice, cells),
        facts=facts.facts(choice, primary),
        scatter=pictures.scatter(choice, cells),
        splits=tables.splits(choice, cells),
        habits=tables.habits(choice, cells, primary),
        cannot_tell=tables.cannot_tell(choice, cells),
        plan=plans.shown_plan(choice.study, cells),
    )


@dataclass(frozen=True)
class Headline:
    """A sentence in parts, since people and networks have different looks."""

    does: str
    share: str
    trials: str
    chance: str
    confidence: str


def headline(choice: Choice, found: Figures) -> Headline | None:
    """What came out; None before anybody has answered."""
    of = found.headline
    if of.value is None:
        return None
    return Headline(
        does=DOES[choice.form],
        share=of.words,
        trials=number_of(of.answers, "blind trial"),
        chance=of.chance_words,
        confidence="" if found.confidence is None else percent(found.confidence),
    )
