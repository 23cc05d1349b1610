"""What every network says of one individual, those that were not asked yet included."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers import catalogue
from classifiers.entries import JOINT
from evolution.exhibits import naming
from evolution.models import Individual, Run

SHOWN = 5  # labels of each network


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one network says.

    readings: (label, confidence), most confident first; empty until the network has answered.
    agrees: whether its likeliest label is the one that the page speaks of; None where it cannot
    be, since it knows no such label or is the network that the picture was bred against.
    """

    classifier: str
    title: str
    note: str
    readings: list[tuple[str, float]]
    agrees: bool | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Of the other networks that know the label and have answered, how many are fooled too."""

    fooled: int
    asked: int


def transfer(shown: Sequence[Opinion]) -> Transfer | None:
    """Sum the opinions up; None while no other network has said anything."""
    verdicts = [opinion.agrees for opinion in shown if opinion.agrees is not None]
    return Transfer(sum(verdicts), len(verdicts)) if verdicts else None


def opinions(individual: Individual, label: str = "") -> list[Opinion]:
    """The network that bred it first, then every other one that can be shown its picture.

    label: the one that the page speaks of.
    """
    run = individual.run
    rows = individual.predictions.values_list("classifier", "version", "top")
    stored = {(classifier, version): top for classifier, version, top in rows}
    return [
        _opinion(run, classifier, version, stored.get((classifier, version), []), label)
        for classifier, version in observers(individual)
        # A version that is gone can no longer be asked; what it said stays.
        if (classifier, version) in stored or is_installed(classifier, version)
    ]


def _opinion(
    run: Run | None, classifier: str, version: str, top: list[list[float]], label: str
) -> Opinion:
    readings = _readings(classifier, top)
    bred_by = run is not None and (
        (run.classifier, run.classifier_version) == (classifier, version)
        or _is_member(run, classifier)
    )
    can_agree = readings and not bred_by and label in naming.labels(classifier)
    return Opinion(
        classifier,
        naming.classifier_title(classifier),
        note(run, classifier, version),
        readings,
        readings[0][0] == label if can_agree else None,
    )


def missing(shown: Sequence[Opinion]) -> list[str]:
    return [opinion.classifier for opinion in shown if not opinion.readings]


def observers(individual: Individual) -> list[tuple[str, str]]:
    run, shape = individual.run, individual.image_shape
    fitting = catalogue.onlookers(shape) if run is None else catalogue.fitting(shape)
    known = [(entry.name, entry.version) for entry in fitting]
    if run is None:
        return known
    bred_by = (run.classifier, run.classifier_version)
    return [bred_by, *(other for other in known if other != bred_by)]


def is_installed(classifier: str, version: str) -> bool:
    """Whether a single network can be asked with these very weights."""
    return any(
        (entry.name, entry.version) == (classifier, version) for entry in catalogue.entries()
    )


def note(run: Run | None, classifier: str, version: str) -> str:
    """What a network is to the picture, in a few words."""
    if run is None:
        return "looks on"
    if run.algorithm == naming.ASCENT and classifier == run.classifier:
        return "whose gradient it climbed"
    if (classifier, version) == (run.classifier, run.classifier_version):
        return "bred against"
    if classifier == run.classifier:
        return "with other weights than those it was bred against"
    if _is_member(run, classifier):
        return "one of those it was bred against"
    return "never saw it before"


def _is_member(run: Run, classifier: str) -> bool:
    """Whether a network is one of the ensemble that a run was bred against."""
    return JOINT in run.classifier and classifier in run.classifier.split(JOINT)


def _readings(classifier: str, top: list[list[float]]) -> list[tuple[str, float]]:
    return [(naming.label(classifier, int(index)), share) for index, share in top[:SHOWN]]
