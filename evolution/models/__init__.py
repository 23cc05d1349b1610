from evolution.models.agreements import Agreement, Exposure, HiddenName
from evolution.models.breeding import BreedingSession, Brood, Reading
from evolution.models.judging import Judgment, Sitting, Trial
from evolution.models.judging_studies import Claim, JudgingStudy, Stimulus
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
from evolution.models.studies import Study, StudyPart, StudyPicture

__all__ = [
    "Agreement",
    "Block",
    "BreedingSession",
    "Brood",
    "Challenge",
    "Claim",
    "Conquest",
    "Elite",
    "Exposure",
    "HiddenName",
    "Individual",
    "JudgingStudy",
    "Judgment",
    "Prediction",
    "Publication",
    "Rating",
    "Reading",
    "Report",
    "Run",
    "RunStatistics",
    "Sitting",
    "Stimulus",
    "Study",
    "StudyPart",
    "StudyPicture",
    "Tag",
    "Trial",
]
