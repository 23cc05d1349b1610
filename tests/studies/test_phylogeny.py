"""Related classes and related pictures: archives in which the answer was planted, or shuffled away."""

import json
from functools import partial
from typing import Any

import pytest

from evolution.errors import Interrupted, InvalidInput
from evolution.models import Run
from evolution.studies.base import Done, Finished, Outcome, Part
from evolution.studies.phylogeny import Parameters, Phylogeny, kinship
from evolution.studying import planning
from tests.studies.archives import archive, classes, outcomes, shuffled

pytestmark = pytest.mark.django_db
ASKED = Parameters(runs=2, generations=2, crops="whole", observer="", permutations=99)
STUDY = Phylogeny()
RELATED = Parameters(runs=1, generations=2, crops="whole", observer="", permutations=199)


def worked(parameters: Parameters, runs: list[Run]) -> Finished:
    """All parts of the study worked off, with runs that are there already."""
    before = outcomes(runs)
    finished = Finished(before)
    done = []
    for part in STUDY.parts(parameters):
        if part.run is None:
            found = STUDY.work(parameters, part, finished, lambda: None)
            done.append(_kept(part, found))
    return Finished([*before, *done])


def _kept(part: Part, found: Done) -> Outcome:
    result = json.loads(json.dumps(found.result, allow_nan=False))  # as it is stored
    return Outcome(part.key, part.stage, part.arguments, result, None, 1.0)


def mantels(finished: Finished, key: str) -> dict[str, Any]:
    return dict(finished[key].result["tests"])


class TestPlanted:
    def test_related_pictures_of_related_classes_are_found(self) -> None:
        found = worked(RELATED, [archive(classes())])
        for key in ("likeness to squeezenet, seed 0", "descent, seed 0"):
            for name, test in mantels(found, key).items():
                assert test["r"] > 0.25, (key, name)
                assert test["p"] <= 0.02
                assert test["things"] == 32
        assert "In 1 of 1 runs" in STUDY.findings(RELATED, found).headline

    def test_the_same_pictures_dealt_out_by_lot_are_not(self) -> None:
        found = worked(RELATED, [archive(shuffled(classes(), 1))])
        for key in ("likeness to squeezenet, seed 0", "descent, seed 0"):
            for test in mantels(found, key).values():
                assert abs(test["r"]) < 0.2
                assert test["p"] > 0.05
        shown = STUDY.findings(RELATED, found)
        assert shown.headline.startswith("In none of 1 runs")
        assert shown.comparisons[0].verdict == "differs"

    def test_one_picture_of_a_whole_family_counts_once_among_different_ones(self) -> None:
        found = worked(RELATED, [archive(classes(), pictures_apart=False)])
        result = found["likeness to squeezenet, seed 0"].result
        assert (result["things"], result["pictures"]) == (32, 4)
        assert result["tests"]["distinct"]["things"] == 4
        assert result["tests"]["path"]["p"] == 1 / 200
        nearest = result["bands"][0]
        assert nearest[3] == 1.0  # all pairs that are nearest in WordNet have one picture


def test_likeness_by_super_class_is_of_pairs_of_different_classes() -> None:
    found = worked(RELATED, [archive(classes())])["likeness to squeezenet, seed 0"].result["groups"]
    assert len(found["names"]) == 20
    dogs, birds, cats = (found["names"].index(name) for name in ("dogs", "birds", "cats"))
    assert found["means"][dogs][dogs] == pytest.approx(1, abs=1e-5)
    assert found["means"][dogs][birds] < 0.99
    assert found["means"][cats] == [None] * 20  # this archive has none


class TestDescent:
    def test_families_founders_and_their_kinds(self) -> None:
        result = worked(RELATED, [archive(classes())])["descent, seed 0"].result
        assert (result["founders"], result["sizes"]) == (4, [8, 8, 8, 8])
        kinds = [one["kinds"] for one in result["largest"]]
        assert kinds == [[["dogs", 8]], [["birds", 8]], [["vehicles", 8]], [["food and drink", 8]]]

    def test_pictures_without_a_common_ancestor_are_the_furthest_and_it_is_said(self) -> None:
        found = worked(RELATED, [archive(classes())])
        result = found["descent, seed 0"].result
        assert result["far"] == 2 * (2 + 1)
        related = [row for row in result["bands"] if row[2] > 0]
        assert all(row[3] == 4 < result["far"] for row in related)
        assert any("count as 6 generations apart" in note for note in notes(RELATED, found))

    def test_goal_switches_by_generation_and_way(self) -> None:
        run = archive(classes())
        label, other = list(classes())[:2]
        holder = run.elites.get(cell=label).individual
        taken = run.elites.get(cell=other)
        type(taken).objects.filter(pk=taken.pk).update(until_generation=3)
        taken.pk = None
        taken.individual = run.individuals.create(
            generation=3, position=0, parent=holder, encoding="cppn",
            genome=holder.genome, selected_by="network",
        )  # fmt: skip
        taken.since_generation, taken.until_generation = 3, None
        taken._state.adding = True
        taken.save()
        found = worked(RELATED, [run])
        switches = found["descent, seed 0"].result["switches"]
        assert (switches["takeovers"], switches["switches"]) == (1, 1)
        assert switches["by_generation"] == [[3, 1, 1]]
        ((start, end, times, steps),) = switches["ways"]
        assert (start, end, times) == (label, other, 1.0)
        assert steps == switches["steps"] == kinship.related(ids(label, other)).path[0, 1]


def ids(*labels: int) -> tuple[str, ...]:
    from classifiers.labels import imagenet

    return kinship.ids_of(imagenet(), labels)


def notes(parameters: Parameters, finished: Finished) -> list[str]:
    return list(STUDY.findings(parameters, finished).notes)


class TestRunsApart:
    def test_a_run_whose_kinds_have_one_picture_each_beside_a_run_with_others(self) -> None:
        kinds = [kinship.below(kind, ids(*range(1000))) for kind in kinship.KINDS.values()]
        runs = [
            archive({label: first + n for n, kind in enumerate(kinds) for label in kind}, seed=seed)
            for seed, first in enumerate((0, 2))
        ]
        part = next(p for p in STUDY.parts(ASKED) if p.key == "runs apart, to squeezenet")
        result = STUDY.work(ASKED, part, Finished(outcomes(runs)), lambda: None).result
        assert [len(one["labels"]) for one in result.values()] == [11, 8]
        for one in result.values():
            assert one["within"] == pytest.approx(0, abs=1e-5)
            assert one["apart"] > 0.01
            assert one["pairs_apart"] == len(one["labels"])


class TestFindings:
    def test_before_anything_is_finished(self) -> None:
        found = STUDY.findings(ASKED, Finished([]))
        assert found.headline == "No run has been finished and measured yet."
        assert {one.verdict for one in found.comparisons} == {"open"}
        assert not found.tables

    def test_with_runs_alone(self) -> None:
        runs = [archive(classes())]
        found = STUDY.findings(ASKED, Finished(outcomes(runs)))
        assert [link.address for link in found.links] == [f"/runs/{runs[0].pk}/descent"]
        assert {one.verdict for one in found.comparisons} == {"open"}

    def test_with_everything(self) -> None:
        found = STUDY.findings(RELATED, worked(RELATED, [archive(classes())]))
        tables = {table.name: table for table in found.tables}
        assert set(tables) == {"mantel", "kinds", "families", "largest-families", "switches"}
        assert all(len(row) == len(table.columns) for table in found.tables for row in table.rows)
        assert [plot.name for plot in found.plots] == ["likeness", "shared", "switches", "families"]
        assert [one.name for one in found.heat_maps] == ["kinds-squeezenet"]


class TestParts:
    def test_measurements_wait_for_all_runs(self) -> None:
        parts = planning.plan("phylogeny", "scaled").parts
        assert {part.stage for part in parts if part.run} == {0}
        assert {part.stage for part in parts if not part.run} == {1}
        assert len([part for part in parts if part.run]) == 2

    def test_runs_are_those_of_the_study_of_imagenet(self) -> None:
        for scale in ("paper", "scaled"):
            own = [part.run for part in planning.plan("phylogeny", scale).parts if part.run]
            other = [part.run for part in planning.plan("imagenet-cppn", scale).parts if part.run]
            assert all(run in other for run in own)

    def test_name_the_versions_of_the_networks_that_look(self) -> None:
        for part in STUDY.parts(Parameters()):
            if "network" in part.arguments:
                assert list(part.arguments["versions"]) == [part.arguments["network"]]

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"classifier": "lenet-a"}, "classifier: expected one that sees pictures in colour"),
            ({"classifier": "squeezenet+efficientnet-lite0"}, "which is the mean of several"),
            ({"observer": "lenet-a"}, "observer: expected one that sees pictures in colour"),
            ({"observer": "squeezenet"}, "observer: expected another network"),
            ({"observer": "nobody"}, "observer: name: expected one of"),
        ],
    )
    def test_refuse_networks_that_cannot_tell(self, given: dict[str, str], words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            planning.plan("phylogeny", "scaled", given)


def test_work_ends_when_it_is_wanted_no_more() -> None:
    finished = Finished(outcomes([archive(classes())]))
    for part in STUDY.parts(RELATED):
        if part.run is None:
            with pytest.raises(Interrupted):
                STUDY.work(RELATED, part, finished, partial(_stop))


def _stop() -> None:
    raise Interrupted


def test_a_run_that_was_deleted_is_named() -> None:
    kept = outcomes([archive(classes())])[0]
    gone = Outcome(kept.key, 0, {}, kept.result, 999, 1.0)
    part = next(part for part in STUDY.parts(RELATED) if part.key == "descent, seed 0")
    with pytest.raises(InvalidInput, match="“run with seed 0”, but it was deleted"):
        STUDY.work(RELATED, part, Finished([gone]), lambda: None)
