"""Pictures of gradient ascent for tests: few iterations, stored as the site stores them."""

from collections.abc import Sequence

from classifiers import ascent_styles, catalogue
from classifiers.ascent import Ascent, Unit
from evolution.models import Individual, Run
from evolution.services.ascending import AscentGallery

ITERATIONS = 20


def ascent(style: str = "none", iterations: int = ITERATIONS, batch: int = 2) -> Ascent:
    settings = ascent_styles.settings(style, iterations)
    return Ascent(catalogue.load("lenet-a"), settings, batch=batch)


def climbed(labels: Sequence[int] = (3, 7), seed: int = 0, style: str = "none") -> Run:
    """A stored run with a picture of each of these labels."""
    climbing = ascent(style)
    gallery = AscentGallery(climbing)
    for found in climbing.climb([Unit(label, seed) for label in labels]):
        individual = gallery.keep(found, 0.5)
    run = Individual.objects.get(pk=individual).run
    assert run is not None
    return run
