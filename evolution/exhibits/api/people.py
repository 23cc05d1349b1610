"""What people answered about one individual, for programs."""

from typing import Any

from evolution.exhibits import asked
from evolution.exhibits.asked import About, Question, Score


def of(individual_id: int) -> list[dict[str, Any]]:
    """One entry for each network whose first label people were asked about."""
    return [_about(found) for found in asked.about(individual_id)]


def _about(found: About) -> dict[str, Any]:
    return {
        "classifier": found.classifier,
        "version": found.version,
        "label_name": found.label,
        "forms": [_question(question) for question in found.questions],
        "fooling": _fooling(found.score) if found.score else None,
    }


def _question(found: Question) -> dict[str, Any]:
    interval = found.interval if found.answers else None
    return {
        "form": found.form,
        "foil": found.foil,
        "framing": found.framing,
        "answers": found.answers,
        "agreeing": found.agreeing,
        "share": found.share if found.answers else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "chance": found.chance,
        "cannot_tell": found.unsure,
    }


def _fooling(score: Score) -> dict[str, Any]:
    return {
        "score": score.value,
        "low": score.low,
        "high": score.high,
        "is_enough": score.is_enough,
    }
