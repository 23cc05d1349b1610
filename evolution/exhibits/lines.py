"""The section of a page that shows a line of descent: a strip, and the network and label to plot."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from classifiers import catalogue
from classifiers.base import ClassifierError
from evolution import lineages
from evolution.exhibits import naming, opinions
from evolution.exhibits.individuals import label_of
from evolution.exhibits.lineage_film import Film, Seer, film
from evolution.models import Individual, Prediction
from evolution.services import predicting_lines

LONGEST_LABEL = 200


@dataclass(frozen=True)
class Line:
    """steps: parents in line. to_ask: ancestors that the network was not asked about yet."""

    individual: Individual
    steps: int
    film: Film
    seer: Seer
    networks: list[tuple[str, str]]
    is_pixelated: bool
    to_ask: int
    is_whole: bool
    note: str = ""

    @property
    def choice(self) -> str:
        """What the form asks for, as the query of an address."""
        chosen = {"network": self.seer.classifier, "label": self.seer.name}
        return urlencode({**chosen, "all": "1"} if self.is_whole else chosen)

    @property
    def unfolded(self) -> str:
        """The same with every step."""
        return f"{self.choice}{'' if self.is_whole else '&all=1'}"

    @property
    def network(self) -> str:
        return naming.classifier_title(self.seer.classifier)


def line(individual: Individual, asked: Mapping[str, str]) -> Line:
    """asked: network, label and all, as the page's form sends them; what does not fit is noted."""
    ancestors = lineages.parent_line(individual.pk)
    observers = dict(opinions.observers(individual))
    network = asked.get("network", "")
    note = ""
    if network and network not in observers:
        note, network = f"“{network[:40]}” cannot look at this picture: left out.", ""
    network = network or _usual_network(individual, observers)
    label = asked.get("label", "").strip()[:LONGEST_LABEL] or _usual_label(
        individual, network, observers
    )
    known = naming.labels(network)
    if label and label not in known:
        note, label = f"“{label[:40]}” is no label of that network: left out.", ""
    label = label or _usual_label(individual, network, observers)
    seer = Seer(network, observers.get(network, ""), known.index(label) if label in known else None)
    return Line(
        individual=individual,
        steps=len(ancestors) - 1,
        film=film(seer, ancestors, whole=asked.get("all") == "1"),
        is_whole=asked.get("all") == "1",
        seer=seer,
        networks=[(name, naming.classifier_title(name)) for name in observers],
        is_pixelated=individual.image_shape[0] <= naming.LARGEST_THUMBNAIL,
        to_ask=_to_ask(individual, [one.individual_id for one in ancestors], seer),
        note=note,
    )


def _usual_network(individual: Individual, observers: Mapping[str, str]) -> str:
    """The network that bred it; of a person's picture, the one that knows the most labels."""
    if individual.run is not None:
        return individual.run.classifier
    return max(observers, key=lambda name: len(naming.labels(name)), default="")


def _usual_label(individual: Individual, network: str, observers: Mapping[str, str]) -> str:
    """The label that the page speaks of; else the one that the network is surest of."""
    spoken_of = label_of(individual)
    if spoken_of in naming.labels(network):
        return spoken_of
    said = Prediction.objects.filter(
        individual=individual, classifier=network, version=observers.get(network, "")
    ).first()
    return naming.label(network, int(said.top[0][0])) if said and said.top else ""


def _to_ask(individual: Individual, line: list[int], seer: Seer) -> int:
    """Of a run's own network every stored individual is known."""
    if individual.run is not None and seer.classifier == individual.run.classifier:
        return 0
    try:
        entry = catalogue.entry(seer.classifier)
    except ClassifierError:
        return 0
    return len(predicting_lines.unasked(line, entry))
