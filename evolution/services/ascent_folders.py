"""Pictures of gradient ascent in a folder: of each one a PNG, its curve, and what was found.

The JSON file is written last, under another name first: a picture that has one is complete.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from classifiers.ascent import Ascended, Ascent, Unit
from evolution import phenotypes
from evolution.errors import InvalidInput

LARGEST_FACTS = 100_000  # bytes


class AscentFolder:
    """A folder for one classifier and one set of settings; labels and seeds may be added."""

    def __init__(self, path: Path, ascent: Ascent) -> None:
        self._path = path
        self._conditions: dict[str, Any] = {
            "classifier": ascent.classifier.name,
            "classifier_version": ascent.classifier.version,
            "engine": ascent.classifier.engine,
            "batch": ascent.batch,
            "settings": asdict(ascent.settings),
        }
        self._labels = ascent.classifier.labels

    def missing(self, units: Sequence[Unit]) -> list[Unit]:
        """Those that are not in the folder yet. Raises InvalidInput for pictures of another kind."""
        return [unit for unit in units if self.found(unit) is None]

    def found(self, unit: Unit) -> dict[str, Any] | None:
        """What was found for a label and a seed; None if it is not there."""
        path = self._file(unit, "json")
        if not path.is_file():
            return None
        if path.stat().st_size > LARGEST_FACTS:
            raise InvalidInput("out", f"expected at most {LARGEST_FACTS:,} bytes in {path}")
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InvalidInput("out", f"expected JSON in {path}, got: {error}") from None
        for name, expected in self._conditions.items():
            got = facts.get(name) if isinstance(facts, dict) else None
            if got != expected:
                raise InvalidInput(
                    "out",
                    f"expected a folder of this ascent, got {path.name} with another {name}: {got}",
                )
        return dict(facts)

    def keep(self, found: Ascended, seconds: float = 0.0) -> None:
        """seconds: what it took is not written down: it differs, and the files do not."""
        unit = found.unit
        self._path.mkdir(parents=True, exist_ok=True)
        self._file(unit, "png").write_bytes(phenotypes.png(found.picture))
        lines = [f"{number},{confidence}" for number, confidence in enumerate(found.curve)]
        text = "\n".join(["iteration,confidence", *lines, ""])
        self._file(unit, "csv").write_text(text, encoding="utf-8")
        facts = self._conditions | {
            "label": unit.label,
            "name": self._labels[unit.label],
            "seed": unit.seed,
            "iterations": len(found.curve),
            "confidence": found.confidence,
            "confidence_unrounded": float(found.curve[-1]),
            "is_top": found.is_top,
            "first_top": found.first_top,
            "first_above": {str(least): first for least, first in found.first_above.items()},
            "lost_gradient": found.lost_gradient,
        }
        unfinished = self._file(unit, "json.part")
        unfinished.write_text(json.dumps(facts, indent=1), encoding="utf-8")
        unfinished.replace(self._file(unit, "json"))

    def _file(self, unit: Unit, ending: str) -> Path:
        return self._path / f"{unit.label}-{unit.seed}.{ending}"
