"""What people answered, beside what networks claim; as long as too few did, that is what is told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evolution.models import JudgingStudy
from evolution.studies.base import Finished
from evolution.studies.findings import (
    Cell,
    Comparison,
    Findings,
    Line,
    Link,
    Picture,
    Plot,
    Sheet,
    Table,
    verdict,
)
from evolution.studies.human_vs_dnn import answers, asking
from evolution.studies.human_vs_dnn.answers import Answers
from evolution.studies.human_vs_dnn.kinds import ENCODINGS, Kind
from evolution.templatetags.readings import percent

if TYPE_CHECKING:
    from evolution.studies.human_vs_dnn.study import Parameters

JUDGING = "judging study"
NOT_YET = "not enough answers yet"
SCALE = (
    "The paper shows its pictures and says that people cannot recognise them; it asked nobody. Here "
    "whoever comes to the site is asked, blind, which of two names a network gave: its own, or a "
    "random one."
)
NAMING = (
    "Picking one of two names is easier than recognising: a colour or a shape can decide it. That "
    "people do better than chance at it was found by Zhou and Firestone (2019) as well."
)


def findings(parameters: "Parameters", finished: Finished) -> Findings:
    if JUDGING not in finished:
        waiting = "The pictures are being bred; people are asked once they are there."
        return Findings(waiting, SCALE, comparisons=_comparisons(parameters, []))
    kept = finished[JUDGING].result
    study = JudgingStudy.objects.filter(name=kept["study"]).first()
    if study is None:
        gone = f"The judging study {kept['study']} was deleted, and its answers with it."
        return Findings(gone, SCALE, comparisons=_comparisons(parameters, []))
    found = sorted(answers.of(study), key=lambda one: parameters.kinds.index(one.kind))
    return Findings(
        headline=_headline(found),
        scale=SCALE,
        comparisons=_comparisons(parameters, found),
        tables=[_table(found)],
        plots=[_plot(enough)] if (enough := [one for one in found if one.is_enough]) else [],
        sheets=[_sheet(kept["examples"])] if kept["examples"] else [],
        links=[
            Link("All figures of this judging study", f"/judge/results/?study={study.name}"),
            *(_invitation(study)),
        ],
        notes=_notes(study, kept["missing"]),
    )


def _invitation(study: JudgingStudy) -> list[Link]:
    if study.status != JudgingStudy.Status.OPEN:
        return []
    return [Link("Answer it yourself", f"/judge/?study={study.name}")]


def _headline(found: Sequence[Answers]) -> str:
    bred = [one for one in found if one.kind.kind == "bred"]
    enough = [one for one in bred if one.is_enough]
    given = sum(one.answers for one in bred)
    if not enough:
        wanted = sum(one.pictures * one.wanted for one in bred)
        return (
            f"{NOT_YET.capitalize()}: {given:,} of {wanted:,} about pictures that networks bred. "
            "Answers come from visitors, over weeks."
        )
    told = "; ".join(f"{_share(one)} of {one.answers:,} ({one.kind.name})" for one in enough)
    return f"People picked the network’s name rather than a random one in {told}. Chance is 50%."


def _share(one: Answers) -> str:
    return f"{100 * one.share:.0f}%"


def _comparisons(parameters: "Parameters", found: Sequence[Answers]) -> list[Comparison]:
    known = {one.kind: one for one in found}
    return [
        _comparison(number, Kind("bred", encoding, classifier), known)
        for number, classifier in (("digits", parameters.digits), ("colours", parameters.colours))
        for encoding in ENCODINGS
    ]


def _comparison(where: str, kind: Kind, known: dict[Kind, Answers]) -> Comparison:
    """where: digits or colours, for the number's key."""
    one = known.get(kind)
    is_told = one is not None and one.is_enough
    return Comparison(
        f"human-vs-dnn-{where}-{kind.encoding}",
        "abstract, Fig. 13" if kind.encoding == "ascent" else "abstract, Fig. 1",
        f"do people recognise what the network claims? {kind.name}",
        "“unrecognizable to humans”; nobody was asked",
        _words(one) if one and is_told else "",
        _conditions(one) if one else "no such pictures were there when the study started",
        verdict(not one.is_above_chance) if one and one.is_complete else "open",
        NAMING if one and one.is_complete and one.is_above_chance else "",
    )


def _words(one: Answers) -> str:
    low, high = one.interval.low, one.interval.high
    return (
        f"{_share(one)} pick its name (95%: {100 * low:.0f} to {100 * high:.0f}; chance "
        f"{100 * one.chance:.0f}%), where the network’s median confidence is {percent(one.confidence)}"
    )


def _conditions(one: Answers) -> str:
    return (
        f"{one.answers:,} answers about {one.pictures} pictures, of which {one.complete} have all "
        f"{one.wanted} that the plan wants; two names, random foil; holds: the exact interval does "
        "not lie above chance"
    )


def _table(found: Sequence[Answers]) -> Table:
    rows: list[list[Cell]] = []
    for one in found:
        figures: list[Cell] = [None, None, None, None]
        if one.is_enough:
            figures = [one.share, one.interval.low, one.interval.high, one.chance]
        rows.append(
            [
                one.kind.name,
                one.pictures,
                one.answers,
                *figures,
                one.confidence,
                "" if one.is_enough else NOT_YET,
            ]
        )
    columns = [
        "kind", "pictures", "answers", "people agree", "at least", "at most", "chance",
        "network’s median confidence", "state",
    ]  # fmt: skip
    return Table(
        "by-kind",
        "Who picks the network’s name rather than a random one",
        columns,
        rows,
        shares=(3, 4, 5, 6, 7),
    )


def _plot(enough: Sequence[Answers]) -> Plot:
    people = [(place, one.share) for place, one in enumerate(enough)]
    machine = [(place, one.confidence) for place, one in enumerate(enough)]
    words = "; ".join(f"{one.kind.name}: {_share(one)}" for one in enough)
    return Plot(
        "people-and-networks",
        "People who pick the network’s name, and the network’s own confidence",
        "pictures",
        "share",
        [Line("people", people), Line("network, median", machine)],
        f"{words}. Guessing gives 50%.",
        style="bars",
        ticks=[one.kind.name for one in enough],
    )


def _sheet(facts: Sequence[dict[str, Any]]) -> Sheet:
    pictures = [
        Picture(
            Kind("bred", one["encoding"], one["classifier"]).name,
            part=JUDGING,
            number=number,
            side=one["side"],
        )
        for number, one in enumerate(facts)
    ]
    return Sheet(
        "asked", "Some of the pictures that people are asked about", pictures, asking.EXAMPLES
    )


def _notes(study: JudgingStudy, missing: Sequence[str]) -> list[str]:
    notes = [
        "Only answers of people who passed the checks of attention count, and “I cannot tell” is "
        "neither agreement nor disagreement. Shares are told from "
        f"{study.plan['answers']} answers of a kind on, verdicts when every picture has its answers.",
        "No label stands beside a picture here, so that whoever looks may still answer.",
    ]
    return notes + [f"Missing: {words}." for words in missing]
