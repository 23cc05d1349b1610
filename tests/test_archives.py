"""The archive: what takes a cell, and what is reported of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evolution.archives import NOBODY, Archive
from evolution.genomes.direct_population import DirectPopulation

Confidences = NDArray[np.float64]
COARSE = st.integers(0, 6).map(lambda k: k / 8)  # few values, so that ties are common


def genomes(n: int, seed: int = 0) -> DirectPopulation:
    return DirectPopulation.random(n, np.random.default_rng(seed), 2)


@st.composite
def batches(draw: st.DrawFn) -> list[Confidences]:
    n_cells = draw(st.integers(1, 5))
    sizes = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    rows = st.lists(COARSE, min_size=n_cells, max_size=n_cells)
    return [np.array(draw(st.lists(rows, min_size=n, max_size=n))) for n in sizes]


def filled(*confidences: float) -> Archive:
    archive = Archive(len(confidences))
    archive.add(genomes(1), np.array([confidences]))
    return archive


class TestAdd:
    @given(batches=batches())
    @settings(max_examples=80, deadline=None)
    def test_it_equals_offering_genomes_one_by_one(self, batches: list[Confidences]) -> None:
        archive = Archive(batches[0].shape[1])
        slow: list[tuple[float, object]] = [(-np.inf, None)] * len(archive)
        for number, confidences in enumerate(batches):
            batch = genomes(len(confidences), number)
            archive.add(batch, confidences)
            for row in range(len(batch)):
                for cell in range(len(archive)):
                    if confidences[row, cell] > slow[cell][0]:
                        slow[cell] = (confidences[row, cell], batch[row])
        assert archive.confidences.tolist() == [confidence for confidence, _ in slow]
        assert [archive.elites[cell] for cell in range(len(archive))] == [g for _, g in slow]

    @given(batches=batches())
    @settings(max_examples=40, deadline=None)
    def test_takeovers_tell_exactly_what_changed(self, batches: list[Confidences]) -> None:
        archive = Archive(batches[0].shape[1])
        for confidences in batches:
            before = archive.confidences.copy()
            takeovers = archive.add(genomes(len(confidences)), confidences)
            assert (takeovers.confidences > takeovers.previous).all()
            assert (archive.confidences >= before).all()
            assert (
                np.flatnonzero(archive.confidences != before).tolist() == takeovers.cells.tolist()
            )
            assert (takeovers.previous == before[takeovers.cells]).all()
            assert (
                takeovers.confidences == confidences[takeovers.challengers, takeovers.cells]
            ).all()

    def test_one_genome_may_take_many_cells(self) -> None:
        takeovers = filled(0.2, 0.2, 0.9).add(genomes(2), np.array([[0.1] * 3, [0.5] * 3]))
        assert takeovers.cells.tolist() == [0, 1]
        assert takeovers.challengers.tolist() == [1, 1]
        assert len(takeovers) == 2

    def test_a_tie_keeps_the_elite(self) -> None:
        assert len(filled(0.5).add(genomes(1, 1), np.array([[0.5]]))) == 0

    def test_of_equal_challengers_the_first_wins(self) -> None:
        assert filled(0.1).add(genomes(2), np.array([[0.5], [0.5]])).challengers.tolist() == [0]

    def test_the_batch_may_change_afterwards(self) -> None:
        archive, batch = Archive(1), genomes(1)
        archive.add(batch, np.array([[0.5]]))
        batch.genes[:] = 0
        assert archive.elites[0] == genomes(1)[0]

    @pytest.mark.parametrize("wrong", [np.nan, np.inf])
    def test_numbers_that_are_none_are_refused(self, wrong: float) -> None:
        archive = filled(0.5, 0.5)
        with pytest.raises(ValueError, match="finite"):
            archive.add(genomes(2), np.array([[0.9, 0.9], [0.9, wrong]]))
        assert archive.confidences.tolist() == [0.5, 0.5]

    @pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2,), (3, 2, 1)])
    def test_wrong_shapes_are_refused(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match=r"must have shape \(2, 3\)"):
            filled(0.1, 0.2, 0.3).add(genomes(2), np.zeros(shape))


class TestHolders:
    def test_a_taken_cell_has_no_known_holder_until_one_is_written(self) -> None:
        archive = filled(0.5, 0.5)
        archive.holders[:] = (41, 42)
        archive.add(genomes(1), np.array([[0.9, 0.1]]))
        assert archive.holders.tolist() == [NOBODY, 42]

    def test_nobody_holds_no_cell(self) -> None:
        archive = filled(0.5, 0.5)
        archive.holders[:] = (41, 42)
        assert archive.holders_of(np.array([1, NOBODY, 0])).tolist() == [42, NOBODY, 41]


class TestRestored:
    def test_it_goes_on_like_the_archive_that_was_stored(self) -> None:
        old = filled(0.3, 0.6)
        stored = old.elites.take(np.arange(2))
        new = Archive.restored(stored, old.confidences.tolist(), [7, 8])
        challenge = np.array([[0.4, 0.5]])
        assert new.add(genomes(1, 5), challenge).cells.tolist() == [0]
        old.add(genomes(1, 5), challenge)
        assert [new.elites[cell] for cell in range(2)] == [old.elites[cell] for cell in range(2)]
        assert new.holders.tolist() == [NOBODY, 8]

    def test_incomplete_stores_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one entry per cell"):
            Archive.restored(genomes(2), [0.5], [1])
        with pytest.raises(ValueError, match="finite"):
            Archive.restored(genomes(1), [-np.inf], [1])


def test_an_empty_archive_has_no_elites() -> None:
    with pytest.raises(ValueError, match="the archive is empty"):
        _ = Archive(3).elites
    with pytest.raises(ValueError, match="n_cells must be at least 1"):
        Archive(0)
