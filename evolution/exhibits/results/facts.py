"""The figures that stand for a study: each with its interval, its chance, and what it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from evolution.agreement import bootstrap, detection
from evolution.agreement.above_chance import Above, AboveChance, Answered, above_chance
from evolution.agreement.bootstrap import Clusters, Resampling, Statistic
from evolution.agreement.counts import SMALLEST_SAMPLE
from evolution.agreement.error_consistency import error_consistency
from evolution.agreement.intervals import Interval, interval_of
from evolution.agreement.kappa import kappa_of_labels
from evolution.exhibits.results import counting
from evolution.exhibits.results.choices import Choice
from evolution.exhibits.results.counting import Primary
from evolution.exhibits.results.shares import chance_percent, number_of, two_decimals, whole_percent
from evolution.judging.forms import Foil, Form, chance

LEAST_OF_PERSON = 10  # a sitting is short; the exact interval of a person says the rest
RIGHT = "right"  # the answer to a name that is shown
TIMES = 1000  # resamples
ONE = {"pictures": ("picture", "pictures"), "people": ("person", "people")}
SOURCES = {"share": 1, "both": 2, "kappa": 3, "consistency": 4, "sensitivity": 5, "criterion": 6}


@dataclass(frozen=True)
class Fact:
    """over: what it was computed of, with its number. method: how its interval was found.

    chance: the value that guessing gives; None where there is none. reason: why there is no value.
    """

    name: str
    title: str
    value: float | None
    interval: Interval | None
    over: str
    method: str
    chance: float | None = None
    is_share: bool = True
    reason: str = ""

    @property
    def words(self) -> str:
        if self.value is None:
            return "none yet"
        return whole_percent(self.value) if self.is_share else two_decimals(self.value)

    @property
    def interval_words(self) -> str:
        if self.interval is None:
            return ""
        ends = (self.interval.low, self.interval.high)
        if self.is_share:
            return "–".join(f"{100 * end:.0f}" for end in ends)
        return " to ".join(two_decimals(end) for end in ends)

    @property
    def chance_words(self) -> str:
        if self.chance is None:
            return ""
        return chance_percent(self.chance) if self.is_share else f"{self.chance:g}"

    def as_json(self) -> dict[str, Any]:
        ends = [self.interval.low, self.interval.high] if self.interval else None
        return vars(self) | {"interval": ends}


def facts(choice: Choice, primary: Primary) -> list[Fact]:
    return [
        *_shares(choice, primary),
        *_above(choice, primary),
        _kappa(choice, primary),
        *(_detection(choice, primary) if choice.form == Form.RIGHT else ()),
        _consistency(choice),
    ]


def _pictures(choice: Choice, primary: Primary) -> AboveChance:
    chances = [chance(choice.form, offered) or 0.0 for offered in primary.offered]
    once = np.ones(len(primary.hits), dtype=np.int64)
    return above_chance(Answered.summed(primary.claims, chances, primary.hits, once))


def _people(choice: Choice) -> AboveChance:
    people, forms, offered, told, agreeing = counting.of_people(choice)
    chances = [chance(Form(form), of) or 0.0 for form, of in zip(forms, offered, strict=True)]
    return above_chance(Answered.summed(people, chances, agreeing, told), LEAST_OF_PERSON)


def _shares(choice: Choice, primary: Primary) -> Iterator[Fact]:
    n, agreeing = len(primary.hits), sum(primary.hits)
    people, pictures = len(set(primary.people)), len(set(primary.claims))
    value = agreeing / n if n else None
    guessing = _mean_chance(choice, primary)
    of_people = number_of(people, "person", "people")
    of_pictures = number_of(pictures, "picture")
    of_answers = f"{number_of(n, 'answer')} of {of_people} about {of_pictures}"
    clusters = Clusters.of(
        primary.people, primary.claims, np.column_stack([primary.hits, np.ones(n)]).astype(np.int64)
    )
    exact = interval_of(agreeing, n) if n else None
    yield Fact(
        "share", "answers that are the network’s", value, exact, of_answers,
        "Clopper–Pearson, answers taken as independent", guessing,
    )  # fmt: skip
    yield Fact(
        "share_people", "the same, for other people", value,
        _interval(choice, "share", clusters, bootstrap.share), of_people,
        "bootstrap over people", guessing,
    )  # fmt: skip
    yield Fact(
        "share_both", "the same, for other people and other pictures", value,
        _interval(choice, "both", clusters, bootstrap.share),
        f"{of_people} and {of_pictures}",
        "bootstrap over people and pictures", guessing,
    )  # fmt: skip


def _mean_chance(choice: Choice, primary: Primary) -> float | None:
    if choice.form == Form.FREE or not primary.offered:
        return None
    return float(np.mean(1 / np.asarray(primary.offered)))


def _above(choice: Choice, primary: Primary) -> Iterator[Fact]:
    if choice.form != Form.FREE:
        found = _pictures(choice, primary)
        yield from _both("pictures", choice, found, f"{SMALLEST_SAMPLE} answers or more")
    found = _people(choice)
    yield from _both(
        "people", choice, found, f"{LEAST_OF_PERSON} answers or more, to all questions"
    )


def _both(units: str, choice: Choice, found: AboveChance, least: str) -> Iterator[Fact]:
    """By both definitions, the chosen one first."""
    words = {"any": "above chance at all", "significant": "significantly above chance"}
    for name in sorted(words, key=lambda name: name != choice.above):
        of: Above = getattr(found, name)
        yield Fact(
            f"{units}_{name}", f"{units} {words[name]}", of.share, of.interval if of.of else None,
            f"{number_of(of.of, *ONE[units])} with {least}; {found.left_out:,} with fewer left out",
            "Clopper–Pearson", of.guessing,
        )  # fmt: skip


def _kappa(choice: Choice, primary: Primary) -> Fact:
    said, claimed = (np.asarray(one, dtype=str) for one in (primary.said, primary.claimed))
    kappa = kappa_of_labels(said, claimed)
    counts = bootstrap.kappa_counts(said, claimed)
    clusters = Clusters.of(primary.people, primary.claims, counts)
    return Fact(
        "kappa", "Cohen’s kappa, people and network", kappa.value,
        _interval(choice, "kappa", clusters, bootstrap.kappa),
        number_of(kappa.trials, "answer"), "bootstrap over people", 0.0, is_share=False,
        reason=kappa.reason,
    )  # fmt: skip


def _consistency(choice: Choice) -> Fact:
    people, counts = counting.right_and_wrong(choice)
    found = error_consistency(counts.sum(axis=0).reshape(2, 2))
    clusters = Clusters.of(people, np.zeros(len(people)), counts)
    accuracies = found.accuracies or (0.0, 0.0)
    right = (
        f", people right in {accuracies[0]:.0%}, the network in {accuracies[1]:.0%}"
        if found.trials
        else ""
    )
    return Fact(
        "error_consistency", "error consistency", found.value,
        _interval(choice, "consistency", clusters, bootstrap.consistency),
        f"{number_of(found.trials, 'answer')} about photographs with known content{right}",
        "bootstrap over people", 0.0, is_share=False, reason=found.reason,
    )  # fmt: skip


def _detection(choice: Choice, primary: Primary) -> Iterator[Fact]:
    """d' and criterion of the form "right"."""
    yes = np.asarray(primary.said, dtype=str) == RIGHT
    lure = np.asarray(primary.foils, dtype=str) == Foil.LURE
    counts = np.column_stack([yes & ~lure, ~lure, yes & lure, lure]).astype(np.int64)
    yes_to_signals, signals, yes_to_lures, lures = (int(one) for one in counts.sum(axis=0))
    found = detection.detect(yes_to_signals, signals, yes_to_lures, lures)
    clusters = Clusters.of(primary.people, primary.claims, counts)
    over = f"{signals:,} of the network’s names and {lures:,} random ones"
    for name, title, statistic, by_guessing in (
        ("sensitivity", "sensitivity, d′", detection.sensitivities, 0.0),
        ("criterion", "criterion, c: above 0, people seldom say “right”", detection.criteria, None),
    ):
        value = getattr(found, name) if found else None
        yield Fact(
            name, title, value, _interval(choice, name, clusters, statistic), over,
            "bootstrap over people", by_guessing, is_share=False,
            reason="" if found else "Both kinds of names are needed.",
        )  # fmt: skip


def _interval(
    choice: Choice, name: str, clusters: Clusters, statistic: Statistic
) -> Interval | None:
    """The same answers give the same interval: the seed is that of the study."""
    assert choice.study is not None
    rng = np.random.default_rng([choice.study.seed, SOURCES[name]])
    resampling = Resampling(rng, TIMES, with_pictures=name == "both")
    return bootstrap.bootstrap(clusters, statistic, resampling)
