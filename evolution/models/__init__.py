from evolution.models.breeding import BreedingSession, Brood, Reading
from evolution.models.predictions import Prediction
from evolution.models.publications import (
    Block,
    Challenge,
    Conquest,
    Publication,
    Rating,
    Report,
    Tag,
)
from evolution.models.runs import Elite, Individual, Run, RunStatistics

__all__ = [
    "Block",
    "BreedingSession",
    "Brood",
    "Challenge",
    "Conquest",
    "Elite",
    "Individual",
    "Prediction",
    "Publication",
    "Rating",
    "Reading",
    "Report",
    "Run",
    "RunStatistics",
    "Tag",
]
