"""What visitors may name: the networks that are known here, their labels and super-classes."""

from collections.abc import Mapping

from classifiers import catalogue
from classifiers.labels import LabelSet
from evolution.exhibits import naming
from evolution.exhibits.filters import meant
from evolution.models import Run


def networks() -> list[str]:
    """Installed networks, and whatever else runs were bred against."""
    installed = [entry.name for entry in catalogue.entries()]
    return installed + sorted(set(_bred_against()) - set(installed))


def groups() -> list[str]:
    """The super-classes of all networks."""
    known = {entry.label_set for entry in catalogue.entries()}
    return sorted({group for labels in known for group in labels.groups or ()})


def label_sets() -> dict[LabelSet, list[str]]:
    """Every set of labels, with the classifiers that know it."""
    known: dict[LabelSet, list[str]] = {}
    for name in sorted({entry.name for entry in catalogue.entries()} | set(_bred_against())):
        if labels := naming.label_set(name):
            known.setdefault(labels, []).append(name)
    return known


def numbers(
    label: str, group: str = "", known: Mapping[LabelSet, list[str]] | None = None
) -> dict[str, frozenset[int]]:
    """What is meant by part of a label's name: for each classifier that has it, its numbers.

    known: what `label_sets` found, where that was asked for before.
    """
    return {
        classifier: found
        for labels, classifiers in (label_sets() if known is None else known).items()
        if (found := frozenset(meant(labels.names, labels.groups or (), label, group)))
        for classifier in classifiers
    }


def _bred_against() -> list[str]:
    """The classifiers of all runs, ensembles among them."""
    return list(Run.objects.order_by().values_list("classifier", flat=True).distinct())
