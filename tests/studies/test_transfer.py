"""Table S1 counted by hand, and the parts that lead to it."""

from typing import Any

import pytest

from evolution import studies
from evolution.errors import InvalidInput
from evolution.studies.base import Outcome
from evolution.studies.findings import Comparison, Findings
from evolution.studies.transfer import numbers as transfer_numbers
from evolution.studies.transfer.pairs import Pair, Shown
from evolution.studies.transfer.study import Parameters
from evolution.studying import planning
from tests.studies.made_up import finished

STUDY = studies.get("transfer")
DIGITS_ALONE = Parameters(digit_runs=1, photo_networks=())


def asked(
    own: str, other: str, *answers: tuple[int, tuple[int, float], tuple[int, float]], stage: int = 1
) -> Outcome:
    """answers: (cell, what own says, what other says)."""
    result = {
        "labels": [cell for cell, _, _ in answers],
        "individuals": [100 + place for place in range(len(answers))],
        "own": [list(said) for _, said, _ in answers],
        "other": [list(said) for _, _, said in answers],
    }
    arguments = {"run": "", "own": own, "other": other}
    return Outcome(f"{own} to {other}", stage, arguments, result, None, 1.0)


# 4 pictures: three with the same label, two of these sure on both, one surer on its own network.
THERE = asked(
    "lenet-a",
    "lenet-b",
    (9, (9, 0.9999), (9, 0.995)),
    (6, (6, 0.99), (6, 0.99)),
    (2, (2, 0.95), (2, 0.999)),
    (1, (1, 0.9999), (7, 0.9999)),
)
# One of 2, and a picture that neither calls by its cell.
BACK = asked("lenet-b", "lenet-a", (9, (9, 0.999), (8, 0.9)), (5, (9, 0.6), (9, 0.5)))


def numbers(*outcomes: Outcome, **asked_for: Any) -> dict[str, Comparison]:
    return {one.number: one for one in findings(*outcomes, **asked_for).comparisons}


def findings(*outcomes: Outcome, **asked_for: Any) -> Findings:
    parameters = Parameters(**asked_for) if asked_for else DIGITS_ALONE
    return STUDY.findings(parameters, finished(*outcomes))


class TestParts:
    def test_of_digits_are_the_runs_of_the_study_of_digits(self) -> None:
        cross = planning.plan("transfer", "digits").parts
        runs = [part.run for part in cross if part.run]
        own = [part.run for part in planning.plan("mnist-cppn", "paper").parts]
        assert len(runs) == 60
        assert [run for run in runs if run.classifier == "lenet-a"] == own[:30]

    def test_ask_every_network_about_every_other_ones_pictures(self) -> None:
        parts = planning.plan("transfer", "scaled", {"digit_runs": 2}).parts
        photos = [part for part in parts if part.stage == 3]
        assert len(photos) == 4 * 3
        assert len([part for part in parts if part.stage == 1]) == 2 * 2
        assert {part.arguments["run"] for part in photos} == {p.key for p in parts if p.stage == 2}
        assert set(photos[0].arguments["versions"]) == {"squeezenet", "efficientnet-lite0"}

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"digit_networks": "lenet-a"}, "digit_networks: expected two or more different"),
            ({"digit_networks": "lenet-a,lenet-a"}, "digit_networks: expected two or more diff"),
            (
                {"digit_networks": "lenet-a,squeezenet"},
                "digit_networks: expected one that sees grey",
            ),
            ({"digit_networks": ""}, "digit_networks: expected networks of one kind at least"),
            ({"digit_networks": "lenet-a,lenet-c"}, "digit_networks: .*got 'lenet-c'"),
        ],
    )
    def test_refuse_networks_that_cannot_be_cross_fed(
        self, given: dict[str, str], words: str
    ) -> None:
        with pytest.raises(InvalidInput, match=words):
            planning.plan("transfer", "digits", given)


class TestTableS1:
    def test_of_one_direction(self) -> None:
        found = numbers(THERE)
        assert found["transfer-mnist-same"].ours.startswith("3 of 4, 75.00%")
        assert found["transfer-mnist-sure"].ours.startswith("2 of 4, 50.00%")
        assert found["transfer-mnist-higher"].ours.startswith("1 of 3, 33.33%")

    def test_pools_both_directions_and_names_each(self) -> None:
        same = numbers(THERE, BACK)["transfer-mnist-same"].ours
        assert same.startswith("4 of 6, 66.66%")
        assert "lenet-a → lenet-b 75.00%; lenet-b → lenet-a 50.00%" in same

    def test_has_intervals_that_a_textbook_has(self) -> None:
        # Clopper-Pearson, 3 of 4: 19.4% to 99.4%.
        assert "(19.41% to 99.36%)" in numbers(THERE)["transfer-mnist-same"].ours

    def test_is_open_before_anything_was_asked(self) -> None:
        found = numbers()
        unknown = {key: one.verdict for key, one in found.items()}
        assert set(unknown.values()) == {"open"}
        assert len(unknown) == 10

    def test_differs_with_a_reason_where_the_intervals_lie_apart(self) -> None:
        none = [(9, (9, 0.99), (8, 0.99))] * 100
        found = numbers(asked("lenet-a", "lenet-b", *none))["transfer-mnist-same"]
        assert found.verdict == "differs"
        assert found.why.startswith("Not explained.")

    def test_of_other_networks_says_nothing_of_ours(self) -> None:
        shown = [Shown(9, 1, 9, 0.99, 8, 0.99)] * 100
        pairs = [Pair("lenet-a", "lenet-a-retrained", shown)]
        same = transfer_numbers.comparisons(pairs, [], {"digits": "some"})[0]
        assert (same.verdict, same.why) == ("differs", "Other networks than the paper’s.")

    def test_second_reading_leaves_out_what_its_own_network_calls_otherwise(self) -> None:
        (pairs, _) = findings(BACK).tables
        (row,) = pairs.rows
        assert (row[2], row[3]) == (2, 0.5)
        assert row[-2:] == [1, 0.0]


class TestDigits:
    def test_that_transfer_most_are_ranked_over_both_directions(self) -> None:
        found = numbers(THERE, BACK)["transfer-mnist-digits"]
        assert found.ours == "9 (2 pictures), 2 (1 picture), 6 (1 picture)"
        assert found.verdict == "holds"

    def test_are_shown_with_the_pictures_that_both_believe(self) -> None:
        (sheet,) = findings(THERE, BACK).sheets
        assert [picture.caption for picture in sheet.pictures] == ["9", "2", "6"]
        assert sheet.pictures[0].note == "99.99% lenet-a, 99.50% lenet-b"


class TestPhotographs:
    NETWORKS = ("squeezenet", "efficientnet-lite0", "efficientnet-lite1")

    def found(self) -> Findings:
        pairs = [
            asked("efficientnet-lite0", "efficientnet-lite1", (5, (5, 0.9), (5, 0.8)), stage=3),
            asked("efficientnet-lite0", "squeezenet", (5, (5, 0.9), (6, 0.8)), stage=3),
            asked("squeezenet", "efficientnet-lite1", (7, (7, 0.9), (7, 0.8)), stage=3),
        ]
        asked_for = {"digit_networks": (), "photo_networks": self.NETWORKS}
        return findings(*pairs, **asked_for)

    def test_of_one_family_stand_beside_networks_that_differ_in_their_first_weights(self) -> None:
        found = {one.number: one for one in self.found().comparisons}
        assert found["transfer-imagenet-same"].ours.startswith("1 of 1")
        assert "squeezenet" not in found["transfer-imagenet-same"].ours

    def test_of_two_families_stand_beside_alexnet_and_googlenet(self) -> None:
        found = {one.number: one for one in self.found().comparisons}
        newer, older = found["transfer-googlenet-alexnet"], found["transfer-alexnet-googlenet"]
        assert newer.ours.startswith("0 of 1")
        assert older.ours.startswith("1 of 1")
        assert "standing in for AlexNet and GoogLeNet" in older.conditions

    def test_make_a_matrix_with_holes_where_nobody_was_asked(self) -> None:
        (matrix,) = self.found().heat_maps
        assert matrix.values == [[None, None, 1.0], [0.0, None, 1.0], [None, None, None]]

    def test_names_of_pictures_are_those_of_the_classes(self) -> None:
        (sheet,) = self.found().sheets
        assert (sheet.pictures[0].side, sheet.pictures[0].caption) == (256, "cock")
