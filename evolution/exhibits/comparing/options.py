"""What an address may ask of the heat map and the picture sheet, beside the runs."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict

from evolution.exhibits.comparing import heat_maps

ORDERS = {"surest": "Most certain first", "class": "As the network lists them"}
RANGES = {"count": (1, 200), "columns": (1, 20), "size": (32, 256)}
MOST_LABELS = RANGES["count"][1]


@dataclass(frozen=True)
class Options:
    """rows: order of the heat map's classes; the rest is the sheet's. labels: empty for all."""

    rows: str = "class"
    order: str = "surest"
    count: int = 40
    columns: int = 8
    size: int = 128
    labels: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def query(self) -> str:
        """What an address of a sheet says beside the runs."""
        pairs = [(name, getattr(self, name)) for name in ("order", *RANGES)]
        return urlencode([*pairs, *(("label", label) for label in self.labels)])

    @property
    def tag(self) -> str:
        """Names the sheet in a page: letters, digits and hyphens, as a selector takes them."""
        return "-".join(map(str, [self.order, self.count, self.columns, self.size, *self.labels]))


def read(asked: QueryDict, n_labels: int | None = None) -> Options:
    """What can be used, and in `notes` a sentence for each that cannot and is left out."""
    usable: dict[str, str | int] = {}
    notes: list[str] = []
    for name, known in (("rows", heat_maps.ORDERS), ("order", ORDERS)):
        value = asked.get(name, "")
        if value in known:
            usable[name] = value
        elif value:
            expected = " or ".join(known)
            notes.append(f"{name}: expected {expected}, got “{value[:40]}”.")
    for name, (least, most) in RANGES.items():
        value = asked.get(name, "").strip()
        number = _whole_number(value, least, most)
        if number is not None:
            usable[name] = number
        elif value:
            notes.append(
                f"{name}: expected a whole number from {least} to {most}, got “{value[:40]}”."
            )
    labels = _labels(asked.getlist("label"), n_labels, notes)
    return Options(**usable, labels=labels, notes=tuple(notes))  # type: ignore[arg-type]


def _labels(texts: list[str], n_labels: int | None, notes: list[str]) -> tuple[int, ...]:
    most = (n_labels or 10**6) - 1
    found: dict[int, None] = {}
    for text in texts:
        number = _whole_number(text.strip(), 0, most)
        if number is not None:
            found[number] = None
        elif text.strip():
            expected = f"a label's number from 0 to {most}"
            notes.append(f"label: expected {expected}, got “{text[:40]}”.")
    if len(found) > MOST_LABELS:
        notes.append(f"label: expected at most {MOST_LABELS} labels, got {len(found)}.")
    return tuple(found)[:MOST_LABELS]


def _whole_number(text: str, least: int, most: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        return None
    return int(text) if least <= int(text) <= most else None
