"""What came of showing a published picture to the classifiers of runs; cells that people took."""

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.exhibits import naming
from evolution.exhibits.publications import author
from evolution.models import Challenge, Conquest, Individual, Run


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what the network gave the picture, and what it had given the holder then.

    is_lost: somebody else's picture has it now, or the run's own does.
    """

    number: int
    label: str
    confidence: float
    held: float
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One challenge. closest: the cell that it is surest to fit, where none was taken."""

    challenge: Challenge
    run_id: int
    heading: str
    network: str
    taken: Sequence[Cell]
    closest: Cell | None

    @property
    def is_waiting(self) -> bool:
        return self.challenge.judged_at is None and not self.challenge.error


@dataclass(frozen=True, slots=True)
class Conqueror:
    """A person's picture that the classifier of a run is surer of than of the run's own."""

    individual_id: int
    title: str
    author: str
    confidence: float


def outcomes(individual: Individual) -> list[Outcome]:
    """The challenges of a picture, newest first."""
    asked = individual.challenges.select_related("run").prefetch_related("conquests")
    found = list(asked.order_by("-pk"))
    standing = set(
        Conquest.objects.standing().filter(individual=individual).values_list("pk", flat=True)
    )
    return [_outcome(challenge, standing) for challenge in found]


def conqueror(run: Run, label: int) -> Conqueror | None:
    """Who stands in a cell over the run's own holder."""
    standing = Conquest.objects.standing().filter(run=run, label=label)
    found = standing.select_related("individual__publication__author").first()
    if found is None:
        return None
    publication = found.individual.publication
    return Conqueror(found.individual_id, publication.title, author(publication), found.confidence)


def offer(run: Run) -> str:
    """A run in the list of those that can be challenged."""
    heading = naming.run_heading(run.classifier, run.encoding, run.parameters)
    return f"Run {run.pk}: {heading}, {naming.classifier_title(run.classifier)}"


def _outcome(challenge: Challenge, standing: set[int]) -> Outcome:
    run = challenge.run
    taken = [
        Cell(
            one.cell,
            naming.label(run.classifier, one.label),
            one.confidence,
            one.beaten,
            is_lost=one.pk not in standing,
        )
        for one in sorted(challenge.conquests.all(), key=lambda one: -one.confidence)
    ]
    return Outcome(
        challenge=challenge,
        run_id=run.pk,
        heading=naming.run_heading(run.classifier, run.encoding, run.parameters),
        network=naming.classifier_title(run.classifier),
        taken=taken,
        closest=None if taken else _closest(challenge),
    )


def _closest(challenge: Challenge) -> Cell | None:
    if not challenge.best:
        return None
    cell, label, confidence, held = challenge.best[0]
    return Cell(cell, naming.label(challenge.run.classifier, label), confidence, held)
