"""The rows of the page: by kind of picture and foil, and split by what else may matter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evolution.agreement.counts import Counts
from evolution.exhibits import naming
from evolution.exhibits.results import counting
from evolution.exhibits.results.choices import FORMS, Choice
from evolution.exhibits.results.shares import Names, Row, Share, row, rows
from evolution.judging.forms import Form, chance
from evolution.services.judging.counting import BRED, Cell, mean_chance

CONTROLS = {
    "hand-bred": "Bred by people",
    "photograph": "Photographs (control)",
    "degraded": "Degraded photographs (control)",
    "noise": "Noise (control)",
}
BANDS = {"low": "low", "middle": "middle", "high": "high"}
STEP = 5  # trials of a sitting in a row of the table
CONDITIONS = {
    (Form.TWO, "random"): "random other name",
    (Form.TWO, "second"): "the network’s second name",
    (Form.RIGHT, ""): "the network’s name is shown",
    (Form.RIGHT, "lure"): "a random name is shown",
    (Form.PICK, "random"): "pictures of other names",
}
FRAMINGS = {"guess": "guess the machine’s name", "own": "say your own name"}


@dataclass(frozen=True)
class Table:
    """Rows under one heading."""

    title: str
    rows: Sequence[Row]

    def as_json(self) -> dict[str, Any]:
        return {"title": self.title, "rows": [row.as_json() for row in self.rows]}


def main(choice: Choice, cells: Iterable[Cell]) -> list[Row]:
    """Every kind of picture with every foil and framing of the chosen form."""
    shown = [cell for cell in _chosen(choice, cells) if cell.form == choice.form]
    shown.sort(key=lambda cell: (_order(cell), cell.about.encoding, cell.foil, cell.framing))
    return rows(shown, lambda cell: (_kind(cell), _condition(cell)))


def whole(choice: Choice, cells: Iterable[Cell]) -> Row:
    """All bred pictures under the primary condition of the chosen form."""
    return row("", "", [cell for cell in _chosen(choice, cells) if is_primary(choice, cell)])


def splits(choice: Choice, cells: Sequence[Cell]) -> list[Table]:
    """Bred pictures, the primary condition of a form, by one thing at a time."""
    of_form = [cell for cell in _chosen(choice, cells) if is_primary(choice, cell)]
    every = [cell for cell in _chosen(choice, cells) if cell.about.kind == BRED]
    return [
        Table("By network", _split(of_form, lambda cell: (_network(cell), ""))),
        Table("By encoding", _split(of_form, lambda cell: (_encoding(cell), ""))),
        Table("By confidence of the network", _by_band(of_form, choice)),
        Table("By question", _by_form(choice, every)),
        Table(
            "By foil and framing",
            _split(
                (cell for cell in every if cell.form == choice.form),
                lambda cell: (_condition(cell), ""),
            ),
        ),
    ]


def habits(choice: Choice, cells: Sequence[Cell], primary: counting.Primary) -> list[Table]:
    """Who is counted, and whether people change while they answer."""
    return [
        Table("Checks of attention", _by_checks(choice, cells)),
        Table("Place in the sitting", _by_position(choice, primary)),
        Table("The same question again", _repeats(choice)),
    ]


def is_primary(choice: Choice, cell: Cell) -> bool:
    return (
        cell.about.kind == BRED
        and cell.form == choice.form
        and cell.foil in choice.foils
        and cell.framing == choice.framing
    )


def cannot_tell(choice: Choice, cells: Iterable[Cell]) -> tuple[int, int]:
    """How many answers of the chosen form were "I cannot tell", of how many."""
    asked = [cell for cell in _chosen(choice, cells) if cell.form == choice.form]
    return sum(cell.asked - cell.told for cell in asked), sum(cell.asked for cell in asked)


def _chosen(choice: Choice, cells: Iterable[Cell]) -> list[Cell]:
    return [
        cell
        for cell in cells
        if (choice.has_failed or cell.is_counted) and choice.network in ("", cell.about.classifier)
    ]


def _split(cells: Iterable[Cell], names: Callable[[Cell], Names]) -> list[Row]:
    return sorted(rows(cells, names), key=lambda row: row.name)


def _by_band(cells: Sequence[Cell], choice: Choice) -> list[Row]:
    assert choice.study is not None
    low, high = choice.study.plan["bands"]
    words = {
        "low": f"below {low:.0%}",
        "middle": f"{low:.0%} to {high:.0%}",
        "high": f"{high:.0%} and more",
    }
    found = rows(cells, lambda cell: (BANDS[cell.about.band], words[cell.about.band]))
    return sorted(found, key=lambda row: list(BANDS).index(row.name))


def _by_form(choice: Choice, cells: Sequence[Cell]) -> list[Row]:
    return [
        row(title, "", found)
        for form, title in FORMS.items()
        if (found := [c for c in cells if is_primary(replace(choice, form=form), c)])
    ]


def _by_checks(choice: Choice, cells: Iterable[Cell]) -> list[Row]:
    everybody = _chosen(replace(choice, has_failed=True), cells)
    primary = [cell for cell in everybody if is_primary(choice, cell)]
    groups = {
        "People who passed": [cell for cell in primary if cell.is_counted],
        "People who failed": [cell for cell in primary if not cell.is_counted],
        "Everybody": primary,
    }
    return [row(name, "", found) for name, found in groups.items()]


def _by_position(choice: Choice, primary: counting.Primary) -> list[Row]:
    """Whether people agree more, or less, the longer they answer."""
    steps = np.asarray(primary.positions, dtype=np.int64) // STEP
    hits, offered = np.asarray(primary.hits), np.asarray(primary.offered)
    return [
        _of_step(int(step), hits[steps == step], offered[steps == step], choice.form)
        for step in np.unique(steps)
    ]


def _of_step(step: int, hits: Counts, offered: Counts, form: Form) -> Row:
    share = Share(
        agreeing=int(hits.sum()),
        answers=hits.size,
        chance=mean_chance((chance(form, int(of)), 1) for of in offered),
    )
    return Row(f"Trials {step * STEP + 1} to {(step + 1) * STEP}", "", share, 0, None)


def _repeats(choice: Choice) -> list[Row]:
    asked, alike = counting.repeats(choice)
    share = Share(alike, asked, chance(Form.TWO, 2))
    return [Row("Answered alike both times", "two names, order drawn anew", share, 0, None)]


def _order(cell: Cell) -> int:
    return [BRED, *CONTROLS].index(cell.about.kind)


def _kind(cell: Cell) -> str:
    if cell.about.kind in CONTROLS:
        return CONTROLS[cell.about.kind]
    return f"{naming.dataset(cell.about.classifier) or _network(cell)}, {_encoding(cell)}"


def _network(cell: Cell) -> str:
    return naming.classifier_title(cell.about.classifier)


def _encoding(cell: Cell) -> str:
    return naming.ENCODINGS.get(cell.about.encoding, cell.about.encoding)


def _condition(cell: Cell) -> str:
    return CONDITIONS.get((cell.form, cell.foil)) or FRAMINGS[cell.framing]
