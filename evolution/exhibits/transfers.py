"""Who else is fooled: what other networks say of a run's champions."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from classifiers.entries import Entry
from evolution.exhibits import kept, naming
from evolution.models import Prediction, Run
from evolution.services import predicting

VERY_SURE = 0.99  # as in the paper's Table S1
KEPT_FOR = 3600  # seconds


class Champion(NamedTuple):
    """An individual and the label of a cell that it holds, with its own network's confidence."""

    individual_id: int
    label: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Transfer:
    """What one other network says of the champions that the run's own calls by their label.

    asked: how many of these it has answered about, of `champions`. same: to how many it gives the
    same label; both_sure: to how many both networks do with a confidence of 99% or more.
    """

    classifier: str
    title: str
    champions: int
    asked: int
    same: int
    both_sure: int

    @property
    def share(self) -> float:
        return self.same / self.asked if self.asked else 0.0

    @property
    def is_complete(self) -> bool:
        return self.asked == self.champions


def transfers(run: Run) -> list[Transfer]:
    """One row for each other network with the same labels; empty where no cell has its own label.

    Source of the measure: Nguyen, Yosinski & Clune 2015, §3.5 and Table S1.
    """
    if naming.target(run.parameters) is not None:
        return []
    networks = predicting.other_networks(run)
    if isinstance(rows := kept.get(_key(run, networks)), list):
        return [Transfer(*row) for row in rows]
    champions = _champions(run)
    if not champions:
        return []
    found = [_transfer(one, champions, _tops(run, one.name, one.version)) for one in networks]
    if not run.is_active and all(row.is_complete for row in found):
        kept.keep(_key(run, networks), [astuple(row) for row in found], KEPT_FOR)
    return found


def _key(run: Run, networks: Sequence[Entry]) -> str:
    """Names what no later answer changes: these champions, and everything that these networks say."""
    asked = ",".join(f"{entry.name}@{entry.version}" for entry in networks)
    digest = hashlib.sha256(asked.encode()).hexdigest()[:24]
    return f"transfers-{run.pk}-{run.generation}-{digest}"


def _champions(run: Run) -> list[Champion]:
    """Holders whose cell has the label that the run's own network finds the likeliest."""
    own = _tops(run, run.classifier, run.classifier_version)
    holders = run.elites.holders().values_list("individual", "label", "confidence")
    return [
        Champion(individual, label, confidence)
        for individual, label, confidence in holders
        if individual in own and own[individual].label == label
    ]


class Top(NamedTuple):
    """A network's likeliest label, and how likely it finds it."""

    label: int
    confidence: float


def _tops(run: Run, classifier: str, version: str) -> Mapping[int, Top]:
    """The likeliest label of everyone who holds a cell, as far as the classifier was asked."""
    said = Prediction.objects.filter(
        individual__in=run.elites.holders().values("individual"),
        classifier=classifier,
        version=version,
    )
    rows = said.values_list("individual", "top__0__0", "top__0__1")
    return {individual: Top(label, confidence) for individual, label, confidence in rows}


def _transfer(entry: Entry, champions: Sequence[Champion], tops: Mapping[int, Top]) -> Transfer:
    answered = [
        (champion, tops[champion.individual_id])
        for champion in champions
        if champion.individual_id in tops
    ]
    same = [(champion, top) for champion, top in answered if top.label == champion.label]
    return Transfer(
        classifier=entry.name,
        title=entry.title,
        champions=len(champions),
        asked=len(answered),
        same=len(same),
        both_sure=sum(
            min(champion.confidence, top.confidence) >= VERY_SURE for champion, top in same
        ),
    )
