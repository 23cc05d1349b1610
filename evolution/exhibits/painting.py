"""The tool to paint over a picture, and what networks say of it then."""

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.exhibits import naming, opinions
from evolution.exhibits.naming import LARGEST_THUMBNAIL
from evolution.models import Individual
from evolution.services import painted
from evolution.services.painting import GRID, LARGEST_SIDE

BRUSHES = (("Small", 28), ("Medium", 14), ("Large", 7))  # shares of the side: one of so many


@dataclass(frozen=True, slots=True)
class Tool:
    """side: of the picture, in pixels. brushes: their names and diameters in such pixels."""

    individual: Individual
    side: int
    brushes: Sequence[tuple[str, int]]
    cells: Sequence[tuple[int, int, int]]  # number, row and column, from 1 on

    @property
    def is_small(self) -> bool:
        return self.side <= LARGEST_THUMBNAIL


@dataclass(frozen=True, slots=True)
class Reading:
    label: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """readings: empty until the network has answered."""

    classifier: str
    title: str
    note: str
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Painted:
    """has_picture: as networks were shown it; not before the first of them was."""

    individual: Individual
    digest: str
    side: int
    opinions: Sequence[Opinion]
    has_picture: bool

    @property
    def missing(self) -> list[str]:
        return [one.classifier for one in self.opinions if not one.readings]

    @property
    def is_small(self) -> bool:
        return self.side <= LARGEST_THUMBNAIL


def tool(individual: Individual) -> Tool | None:
    """None where there is nothing to paint over, or nobody to ask."""
    side = individual.image_shape[0]
    if individual.genome is None or side > LARGEST_SIDE or not networks(individual):
        return None
    return Tool(
        individual,
        side,
        [(name, max(1, round(side / share))) for name, share in BRUSHES],
        [(n, n // GRID + 1, n % GRID + 1) for n in range(GRID**2)],
    )


def networks(individual: Individual) -> list[tuple[str, str]]:
    """Those that can be asked, and their versions: the one that it was bred against first."""
    known = opinions.observers(individual)
    return [(name, version) for name, version in known if opinions.is_installed(name, version)]


def of(individual: Individual, digest: str) -> Painted:
    """What has been answered so far."""
    return Painted(
        individual,
        digest,
        individual.image_shape[0],
        [
            Opinion(
                classifier,
                naming.classifier_title(classifier),
                opinions.note(individual.run, classifier, version),
                _readings(individual, digest, classifier),
            )
            for classifier, version in networks(individual)
        ],
        painted.picture(individual.pk, digest) is not None,
    )


def _readings(individual: Individual, digest: str, classifier: str) -> list[Reading]:
    answer = painted.answer(individual.pk, digest, classifier)
    if answer is None:
        return []
    return [
        Reading(naming.label(classifier, index), before, after)
        for index, before, after in answer.readings
    ]
