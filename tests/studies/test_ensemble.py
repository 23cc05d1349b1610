"""The mean of several networks: numbers of §B by hand, and whether each member believes."""

from typing import Any

import pytest

from evolution import studies
from evolution.errors import InvalidInput
from evolution.studies.base import Outcome
from evolution.studies.ensemble.study import SHIPPED, Parameters
from evolution.studies.findings import Findings
from evolution.studying import planning
from tests.studies.made_up import finished, outcome

RUN = "run with seed 0"


def run(**kept: Any) -> Outcome:
    """Three classes at 90% or more, the others at 65%."""
    sure = {0: 0.9999, 1: 0.95, 2: 0.9}
    return outcome(RUN, {label: sure.get(label, 0.65) for label in range(1000)}, **kept)


def answered(member: str, *said: tuple[int, float]) -> Outcome:
    """What a member says of the first classes, from 0 on."""
    result = {"labels": list(range(len(said))), "other": [list(one) for one in said]}
    arguments = {"run": RUN, "member": member}
    return Outcome(f"{RUN}, shown to {member}", 1, arguments, result, None, 1.0)


def found(*outcomes: Outcome) -> Findings:
    parameters = Parameters(members=SHIPPED[:2], generations=80, crops="whole")
    return studies.get("ensemble").findings(parameters, finished(*outcomes))


def test_numbers_of_the_paper() -> None:
    numbers = {one.number: one for one in found(run()).comparisons}
    assert numbers["ensemble-sure"].ours == "3 of 1,000"
    assert numbers["ensemble-sure"].verdict == "differs"
    assert "80 generations instead of 4,000" in numbers["ensemble-sure"].why
    assert (numbers["ensemble-median"].ours, numbers["ensemble-median"].verdict) == (
        "65.00%",
        "holds",
    )
    assert (numbers["ensemble-max"].ours, numbers["ensemble-max"].verdict) == ("99.99%", "holds")


def test_members_are_counted_one_by_one_and_together() -> None:
    first = answered(SHIPPED[0], (0, 0.99), (1, 0.95), (8, 0.8), (3, 0.5))
    second = answered(SHIPPED[1], (0, 0.99), (5, 0.5), (2, 0.8), (7, 0.5))
    shown = found(run(), first, second)
    (table,) = shown.tables
    # champions shown, called by their class, at 90% for the mean, of these called so, and at 90%
    assert table.rows == [
        ["squeezenet", 4, 0.75, 3, 2, 2],
        ["efficientnet-lite0", 4, 0.5, 3, 2, 1],
    ]
    assert shown.headline.endswith("of 3 such pictures every network by itself names 1 so.")


def test_before_every_member_was_asked_nothing_is_said_of_all() -> None:
    shown = found(run(), answered(SHIPPED[0], (0, 0.99)))
    assert shown.headline.endswith("at least 90% sure of 3 of 1,000 classes.")
    assert found().headline == "No run has finished yet."


def test_parts_are_a_run_and_a_question_to_each_member() -> None:
    parts = planning.plan("ensemble", "scaled").parts
    assert parts[0].run is not None
    assert parts[0].run.classifier == "squeezenet+efficientnet-lite0+efficientnet-lite1"
    assert [part.arguments["member"] for part in parts[1:]] == list(SHIPPED)


@pytest.mark.parametrize("members", ["squeezenet", "", "lenet-a,lenet-b", "squeezenet,squeezenet"])
def test_refuses_what_is_no_ensemble_of_such_networks(members: str) -> None:
    with pytest.raises(InvalidInput, match=r"^members: "):
        planning.plan("ensemble", "scaled", {"members": members})
