"""Broods: who is in them, and that nobody is there twice or has nothing to show."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evolution.algorithms.breeding import (
    BreedingSettings,
    Child,
    first_brood,
    lone_brood,
    next_brood,
)
from evolution.algorithms.breeding.looks import ALIKE, DULL, FAR, PLAIN, distance, look, spread
from evolution.genomes.base import Expression
from evolution.genomes.codec import AnyGenome
from evolution.genomes.cppn import SIGMOID, SINE, CppnGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.markings import pairs
from evolution.genomes.neat import NeatGenome
from evolution.phenotypes import express

DEFAULT = BreedingSettings()
UNRULED = BreedingSettings(avoid_plain=False, avoid_duplicates=False)


def first(seed: int = 0, colour: Any = "colour", **changes: Any) -> list[AnyGenome]:
    settings = replace(DEFAULT, **changes)
    return genomes(first_brood(np.random.default_rng(seed), settings, colour, branch=3))


def bred(parents: Sequence[AnyGenome], seed: int = 0, **changes: Any) -> list[Child]:
    settings = replace(DEFAULT, **changes)
    return next_brood(parents, np.random.default_rng(seed), settings, branch=3)


def genomes(brood: Sequence[Child]) -> list[AnyGenome]:
    return [child.genome for child in brood]


def direct(seed: int, colour: Any = "hsv", side: int = 16) -> DirectGenome:
    return DirectGenome.random(np.random.default_rng(seed), side, colour)


def plain() -> NeatGenome:
    """A picture of one grey whose children are mostly plain, too."""
    genome = first(4, "grey")[0]
    assert isinstance(genome, NeatGenome)
    return replace(genome, weights=np.where(genome.sources == 3, genome.weights, 0.0))


class TestFirst:
    @pytest.mark.parametrize(("colour", "named"), [("grey", "ink"), ("colour", "hsb")])
    def test_pictures_that_have_something_to_show(self, colour: Any, named: str) -> None:
        for seed in range(4):
            brood = first(seed, colour)
            assert {one.expression for one in networks(brood)} == {Expression("site", 256, named)}  # type: ignore[arg-type]
            assert min(spread(look(one)) for one in brood) >= DULL

    def test_no_two_look_alike(self) -> None:
        for seed in range(4):
            assert closest(first(seed)) >= ALIKE[0]

    def test_hue_is_a_sine_and_saturation_a_sigmoid_fed_by_the_brightness(self) -> None:
        for genome in networks(first(1)):
            hue, saturation, brightness = genome.outputs
            assert genome.activations[[hue, saturation]].tolist() == [SINE, SIGMOID]
            assert genome.affinities[[hue, saturation, brightness]].tolist() == [1, 1, 0]

    def test_they_have_their_beginnings_in_common(self) -> None:
        brood = networks(first(2))
        assert len({one.output_marks() for one in brood}) == 1
        assert len({tuple(pairs(one.marks)[:4]) for one in brood}) == 1
        assert len(Counter(node for one in brood for node in pairs(one.marks))) > 20

    def test_settings_hold_from_the_beginning(self) -> None:
        brood = networks(first(3, inputs=("x", "bias"), activations=("cosine",), tiles=10))
        assert len(brood) == 10
        for genome in brood:
            assert not np.isin(genome.sources, (1, 2)).any()
            tints = genome.outputs[:2]
            kinds = [kind for n, kind in enumerate(genome.activations) if n > 3 and n not in tints]
            assert set(kinds) == {5}

    def test_a_focus_does_not_hinder(self) -> None:
        assert min(spread(look(one)) for one in first(1, focus="colour")) >= DULL

    def test_the_colour_is_named(self) -> None:
        with pytest.raises(ValueError, match="colour must be grey or colour, not 'hsb'"):
            first(0, "hsb")


def networks(brood: Sequence[AnyGenome]) -> list[NeatGenome]:
    return [one for one in brood if isinstance(one, NeatGenome)]


def closest(brood: Sequence[AnyGenome]) -> float:
    looks = np.array([look(one) for one in brood])
    return min(
        float(distance(one, np.delete(looks, n, axis=0)).min()) for n, one in enumerate(looks)
    )


class TestNext:
    @pytest.mark.parametrize("tiles", [10, 15, 30])
    @pytest.mark.parametrize("n_parents", [1, 2, 9, 20])
    @pytest.mark.parametrize("keep", [True, False])
    def test_every_place_is_taken(self, tiles: int, n_parents: int, *, keep: bool) -> None:
        parents = first(0, tiles=20)[:n_parents]
        brood = bred(parents, tiles=tiles, keep_parents=keep)
        n_kept = min(n_parents, tiles // 2) if keep else 0
        assert len(brood) == tiles
        assert [child.kept for child in brood] == [True] * n_kept + [False] * (tiles - n_kept)
        for number, child in enumerate(brood[:n_kept]):
            assert child == Child(parents[number], number, None, kept=True)  # type: ignore[arg-type]
        shares = Counter(child.parent for child in brood[n_kept:])
        counts = [shares[number] for number in range(n_parents)]
        assert max(counts) - min(counts) <= 1

    @pytest.mark.parametrize("crossover", [0.0, 1.0])
    def test_mates(self, crossover: float) -> None:
        parents = first()[:3]
        children = [child for child in bred(parents, crossover=crossover) if not child.kept]
        assert all((child.mate is not None) == bool(crossover) for child in children)
        assert all(child.mate != child.parent for child in children)

    def test_one_parent_has_no_mate(self) -> None:
        assert {child.mate for child in bred(first()[:1], crossover=1.0)} == {None}

    def test_mates_are_of_one_kind(self) -> None:
        parents = [first(0, "grey")[0], direct(1), *first(0)[:2], direct(2), direct(3, "grey")]
        kinds = [0, 1, 2, 2, 1, 3]
        for child in bred(parents, crossover=1.0, tiles=30):
            assert child.parent is not None
            assert child.mate is None or kinds[child.mate] == kinds[child.parent]
            assert type(child.genome) is type(parents[child.parent])

    def test_marks_are_of_the_branch_and_count_up(self) -> None:
        parent = networks(first())[0]
        highest = max(parent.marks[:, 1].max(), parent.link_marks[:, 1].max())
        rng = np.random.default_rng(0)
        brood = next_brood([parent], rng, BreedingSettings(add_node=1.0), branch=3, first_id=1000)
        known = {*pairs(parent.marks), *pairs(parent.link_marks)}
        ends: dict[Any, set[Any]] = {}
        for genome in networks(genomes(brood)):
            assert known >= {*pairs(genome.marks)} - {*new_marks(genome, highest)}
            assert min(new_marks(genome, highest), default=(3, 1000)) >= (3, 1000)
            for link in genome.link_list():
                ends.setdefault(link.mark, set()).add((link.source, link.target))
        assert {len(pair) for pair in ends.values()} == {1}
        assert len(ends) > parent.n_links

    def test_nobody_cannot_be_bred(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            bred([])

    def test_a_network_without_marks_cannot_be_bred(self) -> None:
        cppn = CppnGenome.random(np.random.default_rng(0), Expression("raw", 28))
        with pytest.raises(ValueError, match=r"NeatGenome\.of"):
            bred([cppn])
        assert len(bred([NeatGenome.of(cppn, 3)])) == 15

    def test_a_picture_that_was_brought_along_is_alone(self) -> None:
        (genome,) = first()[:1]
        assert lone_brood(genome) == [Child(genome, None, None, kept=True)]  # type: ignore[arg-type]


def new_marks(genome: NeatGenome, highest: int) -> list[tuple[int, int]]:
    return [mark for mark in pairs(genome.marks) if mark[1] > highest]


class TestDirect:
    def test_pixels_change_by_strength(self) -> None:
        parent = direct(0)
        shares = []
        for strength in (0.0, 0.5, 1.0):
            child = bred([parent], strength=strength)[1].genome
            assert isinstance(child, DirectGenome)
            shares.append((child.genes != parent.genes).mean())
        assert 0 < shares[0] < shares[1] < shares[2] < 0.5

    def test_pixels_are_either_parents(self) -> None:
        parents = [direct(0), direct(1)]
        for child in bred(parents, crossover=1.0, weight=0.0)[2:]:
            assert isinstance(child.genome, DirectGenome)
            theirs = child.genome.genes == parents[1].genes
            assert 0.4 < theirs.mean() < 0.6
            assert (child.genome.genes[~theirs] == parents[0].genes[~theirs]).all()


class TestSameAgain:
    def test_the_same_arguments_give_the_same_brood(self) -> None:
        once, again = (bred(first()[:3], seed=5) for _ in range(2))
        assert once == again
        assert bred(first()[:3], seed=6) != once

    def test_on_every_machine(self) -> None:
        # A change of these means that stored sessions can no longer be repeated.
        found = []
        for colour in ("grey", "colour"):
            parents = first(1, colour)[:2]
            found.append(hashlib.sha256(genes(genomes(bred(parents, seed=2)))).hexdigest())
        assert [name[:12] for name in found] == KNOWN


KNOWN = ["22617dac04b4", "e496007c6375"]


def genes(brood: Sequence[AnyGenome]) -> bytes:
    return b"".join(one.weights.tobytes() + one.link_marks.tobytes() for one in networks(brood))


class TestLooks:
    def test_no_child_is_plain_or_like_another(self) -> None:
        for seed in range(4):
            brood = genomes(bred(first(seed)[:2], seed, strength=0.5))
            assert min(spread(look(one)) for one in brood) >= PLAIN
            assert closest(brood) >= ALIKE[0]

    def test_the_rules_can_be_switched_off(self) -> None:
        still: dict[str, Any] = {"weight": 0.0, "add_link": 0.0, "add_node": 0.0, "strength": 0.0}
        still |= {"change_activation": 0.0, "delete_link": 0.0}
        parent = first(0)[:1]
        off: dict[str, Any] = {"avoid_duplicates": False, "avoid_plain": False}
        assert closest(genomes(bred(parent, **still, **off))) < closest(
            genomes(bred(parent, **still))
        )
        dull = [spread(look(one)) for one in genomes(bred([plain()], avoid_plain=False))]
        fair = [spread(look(one)) for one in genomes(bred([plain()]))]
        assert sum(found < PLAIN for found in dull) > sum(found < PLAIN for found in fair)

    def test_nothing_is_drawn_when_both_are_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("evolution.algorithms.breeding.looks.express", None)
        assert len(genomes(bred(first_unruled(), avoid_plain=False, avoid_duplicates=False))) == 15

    def test_a_brood_is_complete_even_if_nothing_can_differ(self) -> None:
        # Shapes of zero weights stay as they are, but for what a single weight does.
        brood = bred([plain()], strength=0.0, weight=0.0)
        assert len(brood) == 15

    def test_weak_variation_stays_near_the_parent_and_strong_does_not(self) -> None:
        medians = []
        for strength in (0.0, 0.4, 1.0):
            found: list[float] = []
            for seed in range(4):
                parent, *children = genomes(bred(first(seed)[:1], seed, strength=strength))
                seen = np.array([look(one) for one in children])
                found += distance(look(parent), seen).tolist()
            medians.append(float(np.median(found)))
        assert medians[0] < FAR[0]
        assert medians[0] * 1.5 < medians[1] < medians[2] / 1.2

    def test_a_glance_takes_in_colour(self) -> None:
        genome = networks(first(1))[0]
        seen = look(genome)
        assert seen.shape == (144, 3)
        assert seen.sum() == express(genome, 24).sum()
        assert distance(seen, np.array([seen, seen + 510])).tolist() == [0.0, 0.5]
        assert spread(seen) == pytest.approx(np.sqrt((seen / 1020).var(axis=0).mean()))


def first_unruled() -> list[AnyGenome]:
    return genomes(first_brood(np.random.default_rng(0), UNRULED, "colour", branch=3))[:2]
