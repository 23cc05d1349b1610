"""What holds for every search: asking and telling in turn, repeatable, resumable, true parents."""

from dataclasses import replace

import numpy as np
import pytest

from evolution.algorithms import presets, searching
from evolution.algorithms.base import Search
from evolution.algorithms.settings import MapElitesSettings, SingleTargetSettings
from evolution.algorithms.single_target import parent_ranks
from evolution.archives import NOBODY
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.direct import DirectGenome
from tests.algorithms.toys import (
    GENERATIONS,
    N_LABELS,
    confidences,
    fingerprint,
    generation,
    ran,
    resumed,
    small,
)


def rng(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", presets.names())
class TestEverySearch:
    def test_the_seed_decides(self, name: str) -> None:
        preset = small(name)
        assert fingerprint(ran(preset)) == fingerprint(ran(preset))
        assert fingerprint(ran(preset)) != fingerprint(ran(preset, seed=2))

    def test_a_resumed_run_ends_like_an_uninterrupted_one(self, name: str) -> None:
        preset = small(name)
        search = ran(replace(preset, generations=1))
        for number in range(2, GENERATIONS + 1):
            search = resumed(search, preset)
            generation(search, preset, number)
        assert fingerprint(search) == fingerprint(ran(preset))

    def test_asking_and_telling_take_turns(self, name: str) -> None:
        search = searching.search(small(name), N_LABELS)
        offspring = search.ask(rng(0), 0)
        with pytest.raises(RuntimeError, match="generation 1 before generation 0 was told"):
            search.ask(rng(1), 1)
        judged = confidences(offspring.genomes, 28)
        with pytest.raises(ValueError, match="one row for each of"):
            search.tell(offspring, judged[:-1])
        search.tell(offspring, judged)
        with pytest.raises(RuntimeError, match="the offspring that the last ask returned"):
            search.tell(offspring, judged)

    def test_generations_follow_on_the_right_archive(self, name: str) -> None:
        preset = small(name)
        with pytest.raises(ValueError, match="archive that is empty"):
            searching.search(preset, N_LABELS).ask(rng(0), 1)
        with pytest.raises(ValueError, match="archive that is filled"):
            ran(preset).ask(rng(0), 0)

    def test_a_refused_answer_changes_nothing(self, name: str) -> None:
        preset = small(name)
        search = ran(preset)
        before = fingerprint(search)
        offspring = search.ask(rng(9), 5)
        judged = confidences(offspring.genomes, 28)
        wrong = judged.copy()
        wrong[3] = np.nan
        with pytest.raises(ValueError, match="finite"):
            search.tell(offspring, wrong)
        assert fingerprint(search) == before
        search.tell(offspring, judged)

    def test_parents_are_cells_and_their_holders(self, name: str) -> None:
        search = ran(small(name))
        search.archive.holders[:] = np.arange(len(search.archive)) + 100
        offspring = search.ask(rng(3), 5)
        assert (offspring.parent_holders == offspring.parents + 100).all()
        mated = offspring.mates != NOBODY
        assert (offspring.mate_holders[mated] == offspring.mates[mated] + 100).all()
        assert (offspring.mate_holders[~mated] == NOBODY).all()
        assert mated.any() == ("direct-published" in name)

    def test_the_first_generation_has_no_parents(self, name: str) -> None:
        offspring = searching.search(small(name), N_LABELS).ask(rng(0), 0)
        assert set(offspring.parents) == set(offspring.mates) == {NOBODY}
        assert set(offspring.parent_holders) == set(offspring.mate_holders) == {NOBODY}

    def test_an_incomplete_store_is_refused(self, name: str) -> None:
        few = ran(small(name)).archive.elites.take(np.arange(3))
        with pytest.raises(ValueError, match=r"one elite for each of \d+ cells, not 3"):
            searching.restore(small(name), N_LABELS, few, [0.5] * 3, [1, 2, 3])


class TestTrueParents:
    def test_a_child_without_mate_resembles_its_parent_most(self) -> None:
        search = ran(small("mnist-direct-published"))
        archive, offspring = search.archive, search.ask(rng(8), 5)
        for row in np.flatnonzero(offspring.mates == NOBODY):
            assert (nearest(offspring.genomes[int(row)], search) == offspring.parents[row]).any()
        assert len(archive) == N_LABELS

    def test_networks_have_their_parents_nodes_and_edges_but_few(self) -> None:
        search = ran(small("mnist-cppn-published"))
        offspring = search.ask(rng(8), 5)
        for row, cell in enumerate(offspring.parents):
            child, parent = offspring.genomes[row], search.archive.elites[int(cell)]
            assert isinstance(child, CppnGenome)
            assert isinstance(parent, CppnGenome)
            assert abs(child.n_nodes - parent.n_nodes) <= 1


def nearest(child: object, search: Search) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The cells whose elites share most genes with a child."""
    elites = [search.archive.elites[cell] for cell in range(len(search.archive))]
    assert isinstance(child, DirectGenome)
    shared = np.array([(child.genes == elite.genes).sum() for elite in elites])  # type: ignore[attr-defined]
    return np.flatnonzero(shared == shared.max())


class TestMapElites:
    def test_parents_are_drawn_uniformly_over_cells(self) -> None:
        preset = small("mnist-direct-paper")
        preset = replace(preset, algorithm=MapElitesSettings(initial=4, children=4000))
        search = searching.search(preset, N_LABELS)
        generation(search, preset, 0)
        counts = np.bincount(search.ask(rng(5), 1).parents, minlength=N_LABELS)
        assert counts / 4000 == pytest.approx([1 / N_LABELS] * N_LABELS, rel=0.1)

    def test_batches_have_the_sizes_of_the_preset(self) -> None:
        search = searching.search(small("mnist-cppn-paper"), N_LABELS)
        first = search.ask(rng(0), 0)
        search.tell(first, confidences(first.genomes, 28))
        assert (len(first), len(search.ask(rng(1), 1))) == (12, 16)


class TestSingleTarget:
    SETTINGS = SingleTargetSettings(size=100, keep_rate=0.6, coefficient=1.1, target=3)

    def test_ranks_favour_the_best_and_are_all_kept(self) -> None:
        ranks = parent_ranks(rng(0).random(50_000), self.SETTINGS)
        counts = np.bincount(ranks, minlength=60)
        assert len(counts) == 60
        assert counts[0] > counts[10] > counts[30]
        # P(rank 0) = 1 - (coefficient ** 61) ** (-1 / 60), up to terms in 1 / kappa.
        assert counts[0] / 50_000 == pytest.approx(1 - 1.1 ** (-61 / 60), rel=0.05)

    def test_the_extreme_draws_are_ranks_too(self) -> None:
        extremes = parent_ranks(np.array([0.0, np.nextafter(1.0, 0)]), self.SETTINGS)
        assert extremes.tolist() == [59, 0]

    def test_only_the_worst_slots_change_hands(self) -> None:
        preset = small("mnist-cppn-single")
        search = ran(preset)
        before = search.archive.confidences.copy()
        takeovers = generation(search, preset, 5)
        assert len(takeovers) == 8
        kept = np.setdiff1d(np.arange(20), takeovers.cells)
        assert before[kept].min() >= before[takeovers.cells].max()
        assert (search.archive.confidences[kept] == before[kept]).all()
        assert (takeovers.previous == before[takeovers.cells]).all()

    def test_confidence_is_that_of_the_target(self) -> None:
        preset = small("mnist-cppn-single")
        search = searching.search(preset, N_LABELS)
        offspring = search.ask(rng(0), 0)
        judged = confidences(offspring.genomes, 28)
        search.tell(offspring, judged)
        assert (search.archive.confidences == judged[:, 2]).all()

    def test_the_target_must_be_a_label(self) -> None:
        with pytest.raises(ValueError, match="target label 2 is not one of 2 labels"):
            searching.search(small("mnist-cppn-single"), 2)

    @pytest.mark.parametrize(
        "wrong", [{"keep_rate": 1.0}, {"keep_rate": 0.001}, {"coefficient": 1.0}, {"target": -1}]
    )
    def test_impossible_settings_are_refused(self, wrong: dict[str, float]) -> None:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            replace(self.SETTINGS, **wrong)  # type: ignore[arg-type]
