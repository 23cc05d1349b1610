"""Results as plain text, for a terminal."""

from collections.abc import Iterable, Iterator

from evolution.exhibits.results.choices import FORMS, Choice
from evolution.exhibits.results.facts import Fact
from evolution.exhibits.results.pages import Figures
from evolution.exhibits.results.shares import Row
from evolution.templatetags.readings import percent

WIDTH = 44


def text(choice: Choice, found: Figures) -> str:
    return "\n".join(_lines(choice, found))


def _lines(choice: Choice, found: Figures) -> Iterator[str]:
    study = found.plan.study
    yield f"{study.name} ({study.status}), digest {study.digest}"
    yield f"{found.version.answers:,} answers; question: {FORMS[choice.form]}"
    yield ""
    yield from _rows("Pictures", found.main)
    for fact in found.facts:
        yield _fact(fact)
    yield ""
    for table in (*found.splits, *found.habits):
        yield from _rows(table.title, table.rows)
    unsure, asked = found.cannot_tell
    yield f"“I cannot tell”: {unsure:,} of {asked:,}"


def _rows(title: str, rows: Iterable[Row]) -> Iterator[str]:
    yield title
    for row in rows:
        name = f"{row.name}, {row.note}" if row.note else row.name
        yield f"  {name:<{WIDTH}} {_share(row)}"
    yield ""


def _share(row: Row) -> str:
    of = row.share
    parts = [f"{of.agreeing:,} of {of.answers:,}"]
    if of.is_enough:
        parts.append(f"{of.words} ({of.interval_words})")
    else:
        parts.append("not enough answers yet")
    if of.chance is not None:
        parts.append(f"chance {of.chance_words}")
    if row.confidence is not None:
        parts.append(f"network {percent(row.confidence)}")
    return ", ".join(parts)


def _fact(fact: Fact) -> str:
    parts = [fact.words, f"({fact.interval_words})" if fact.interval else "", fact.reason]
    chance = f"; chance {fact.chance_words}" if fact.chance_words else ""
    words = " ".join(part for part in parts if part)
    return f"{fact.title:<{WIDTH + 2}} {words}; {fact.over}{chance}"
