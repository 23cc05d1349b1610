"""All numbers so far as a table in Markdown: docs/reproduction.md is made of it."""

from collections.abc import Iterator, Sequence

from evolution.exhibits.studies.listing import Row
from evolution.studies.findings import Comparison

HEAD = ("where", "number", "the paper", "ours", "", "conditions of ours, and why it differs")
VERDICTS = {"holds": "holds", "differs": "**differs**", "open": "open"}


def page(listed: Sequence[Row]) -> str:
    """One table an experiment, in the order of the paper."""
    return "\n".join(line for row in listed for line in _chapter(row))


def _chapter(row: Row) -> Iterator[str]:
    yield f"## {row.definition.title}: `{row.definition.name}`"
    yield ""
    if row.findings is None:
        yield "Not run yet."
        yield ""
        return
    yield f"{row.findings.headline} {row.findings.scale}"
    yield ""
    yield _line(HEAD)
    yield _line(["---"] * len(HEAD))
    for one in row.findings.comparisons:
        yield _line(_cells(one))
    yield ""
    for note in row.findings.notes:
        yield f"- {note}"
    if row.findings.notes:
        yield ""


def _cells(one: Comparison) -> Sequence[str]:
    told = f"{one.conditions}. {one.why}" if one.why else one.conditions
    verdict = VERDICTS[one.verdict] if one.ours else "not known yet"
    return (one.source, one.quantity, one.paper, one.ours, verdict, told)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"
