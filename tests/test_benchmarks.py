"""The benchmarks measure what they say; how fast it is, is nobody's test."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command

from classifiers import catalogue
from evolution import phenotypes
from evolution.algorithms.presets import values
from evolution.benchmarks import interleaved, peers, primitives, rendering, suite, tables
from evolution.benchmarks.baselines import arrays, naive, neurons, objects, tensors
from evolution.benchmarks.baselines.eager import EagerNetwork
from evolution.benchmarks.figure import Baseline, Figure, Goal, against
from evolution.benchmarks.interleaved import Scope
from evolution.benchmarks.loops import DIGITS, grown, naive_loop
from evolution.benchmarks.machine import machine, sentence
from evolution.benchmarks.populations import count_needed, networks
from evolution.genomes.base import Colour
from evolution.genomes.cppn import ACTIVATIONS, CppnGenome
from evolution.genomes.extents import needed_nodes

TINY = Scope(rounds=1, seconds=0.0, genomes=4, stored=0.0)
SIZE = 16
MOST_OFF = 0.2  # steps of 1/255 on average: where float32 falls on the other side of a step
in_both_colours = pytest.mark.parametrize("colour", ["grey", "hsv"])


@pytest.fixture(autouse=True)
def _no_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interleaved, "SHORTEST", 0.0)
    monkeypatch.setattr(interleaved, "STEADY", 0.0)
    monkeypatch.setattr(primitives, "TRIALS", 2)


def genomes(colour: Colour) -> list[CppnGenome]:
    population = networks(6, np.random.default_rng(1), colour)
    return [population[i] for i in range(len(population))]


def mean_difference(picture: np.ndarray, genome: CppnGenome) -> float:
    wanted = phenotypes.express(genome, SIZE)
    assert picture.shape == wanted.shape
    return float(np.abs(picture.astype(int) - wanted).mean())


class TestBaselines:
    @in_both_colours
    def test_arrays_draw_the_same_pictures(self, colour: Colour) -> None:
        for genome in genomes(colour):
            assert mean_difference(arrays.picture(genome, SIZE), genome) <= MOST_OFF
            exact = arrays.picture(genome, SIZE, np.float64)
            assert mean_difference(exact, genome) <= MOST_OFF

    @in_both_colours
    def test_tensors_draw_the_same_pictures(self, colour: Colour) -> None:
        for genome in genomes(colour):
            assert mean_difference(tensors.picture(genome, SIZE), genome) <= MOST_OFF

    @in_both_colours
    def test_neurons_draw_the_same_pictures(self, colour: Colour) -> None:
        for genome in genomes(colour):
            drawn = neurons.picture(objects.from_arrays(genome), SIZE)
            as_bytes = (drawn * 255).round().to(torch.uint8).numpy()
            assert mean_difference(as_bytes, genome) <= MOST_OFF

    @pytest.mark.parametrize("name", ["lenet-a", "squeezenet", "efficientnet-lite0"])
    def test_the_eager_network_says_what_the_classifier_says(self, name: str) -> None:
        [entry] = catalogue.entry(name).members
        side = entry.input_size + 5
        shape = (2, side, side, entry.channels)
        images = (np.random.default_rng(0).integers(0, 256, shape) / 255).astype(np.float32)
        said = EagerNetwork(entry).confidences(torch.from_numpy(images).permute(0, 3, 1, 2))
        wanted = catalogue.load(name, chunk=2).confidences(images)
        np.testing.assert_allclose(said, wanted, atol=1e-5)

    def test_children_of_objects_are_networks_without_cycles(self) -> None:
        rng = np.random.default_rng(2)
        child = objects.from_arrays(genomes("grey")[0])
        for _ in range(60):
            parent, child = child, objects.child(child, rng, values.CPPN_RATES)
            assert child.nodes is not parent.nodes
            assert {node for edge in child.edges for node in edge} <= {*range(4), *child.nodes}
            assert not {source for source, _ in child.edges} & {*child.outputs}
            assert not any(source in _reached(child, target) for source, target in child.edges)
        assert len(child.nodes) > 5

    def test_the_naive_loop_keeps_the_best_child_of_every_cell(self) -> None:
        held = objects.from_arrays(genomes("grey")[0])
        born = [objects.from_arrays(genome) for genome in genomes("grey")[:2]]
        archive = {0: (held, 0.5), 1: (held, 0.5)}
        naive.compete(archive, born, np.array([[0.4, 0.6], [0.5, 0.7]], np.float32))
        assert archive[0] == (held, 0.5)
        assert archive[1][0] is born[1]

    def test_a_naive_generation_judges_its_children(self) -> None:
        loop = naive_loop(DIGITS)
        loop.generation(3)
        assert set(loop.spent) == {"varying", "drawing", "network", "archive"}
        assert max(confidence for _, confidence in loop.archive.values()) > 0


def _reached(genome: objects.ObjectGenome, start: int) -> set[int]:
    """The nodes that are reached from one along edges."""
    found: set[int] = set()
    waiting = [start]
    while waiting:
        node = waiting.pop()
        after = {target for source, target in genome.edges if source == node} - found
        found |= after
        waiting += after
    return found


class TestBounds:
    def test_operations_compute_what_they_are_named_after(self) -> None:
        rows = np.random.default_rng(0).uniform(-20, 20, (primitives.ROWS, primitives.LENGTH))
        rows = rows.astype(np.float32)
        for name, function in zip(ACTIVATIONS, arrays.FUNCTIONS, strict=True):
            for kernel, _ in primitives.KERNELS[name]:
                drawn = np.empty(primitives.LENGTH, np.float32)
                kernel(rows, drawn, 1)
                np.testing.assert_allclose(drawn, function(rows[0].astype(float)), atol=3e-6)

    def test_a_bound_is_the_sum_of_the_needed_nodes_and_their_edges(self) -> None:
        [genome, *_] = genomes("grey")
        rates = dict.fromkeys(ACTIVATIONS, 1.0) | {"edge": 0.0}
        population = networks(6, np.random.default_rng(1))
        assert primitives.bound([genome], rates) == count_needed(population.take(np.array([0])))
        rates = dict.fromkeys(ACTIVATIONS, 0.0) | {"edge": 1.0}
        needed = needed_nodes(genome)
        edges = sum(bool(needed[target]) for target in genome.targets)
        assert primitives.bound([genome], rates) == edges


class TestFigures:
    def test_a_missed_goal_is_said(self) -> None:
        figure = Figure("a", 2.0, "ms", "", goal=Goal(1.0, 0.5), lower_is_better=True)
        assert figure.verdict == "missed"
        assert "missed" in tables.text([figure])
        assert replace(figure, value=0.9).verdict == "reached"
        assert replace(figure, value=0.5).verdict == "aim reached"

    def test_a_ratio_says_how_many_times_as_good(self) -> None:
        slower, rarer = Baseline("b", 8.0), Baseline("b", 0.5)
        assert Figure("a", 2.0, "ms", "", baseline=slower, lower_is_better=True).ratio == 4
        assert Figure("a", 2.0, "1/s", "", baseline=rarer).ratio == 4
        goal = Goal(4, 5, "ratio")
        assert Figure("a", 2.0, "1/s", "", baseline=rarer, goal=goal).verdict == "reached"

    def test_a_goal_without_its_number_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'a' has no ratio"):
            Figure("a", 1.0, "ms", "", goal=Goal(1, 2, "ratio"))

    def test_goals_go_to_the_baselines_that_they_name(self) -> None:
        figure = Figure("a", 2.0, "1/s", "")
        first, second = against(figure, {"b": 1.0, "c": 4.0}, {"b": Goal(2, 3, "ratio")})
        assert (first.verdict, second.verdict) == ("reached", "")
        assert second.ratio == 0.5

    @pytest.mark.parametrize(
        ("value", "text"),
        [(0.01234, "0.0123"), (1.3, "1.30"), (96.25, "96.2"), (123.4, "123"), (66_344, "66,300")],
    )
    def test_numbers_have_three_digits_that_count(self, value: float, text: str) -> None:
        assert tables.number(value) == text

    def test_rows_of_markdown_have_as_many_cells_as_its_head(self) -> None:
        head, rule, row = tables.markdown([Figure("a", 1.0, "ms", "quiet")]).splitlines()
        assert head.count("|") == rule.count("|") == row.count("|") == 9


class TestTurns:
    def test_every_competitor_takes_its_turn_and_the_median_counts(self) -> None:
        clock = iter(np.cumsum([0.0, 1.0] * 4)).__next__
        turns: list[str] = []
        works = {name: lambda name=name: turns.append(name) for name in "ab"}
        found = interleaved.medians(works, TINY, clock=lambda: float(clock()))
        assert turns == ["a", "b", "a", "b"]
        assert found == {"a": 1.0, "b": 1.0}

    def test_threads_are_set_for_a_block(self) -> None:
        before = torch.get_num_threads()
        with interleaved.threads(1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == before


class TestPeers:
    def test_a_missing_one_is_skipped_with_its_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(peers, "PEERS", {"pyribs": "no_such_module", "neat-python": "json"})
        assert peers.missing() == ("pyribs",)
        assert not peers.is_there("pyribs")

    @in_both_colours
    def test_neat_python_draws_the_same_pictures(self, colour: Colour) -> None:
        pytest.importorskip("neat")
        from evolution.benchmarks.peers import neat_python

        for genome in genomes(colour)[:3]:
            drawn = neat_python.picture(genome, SIZE)
            assert mean_difference(drawn, genome) <= MOST_OFF

    @in_both_colours
    def test_pytorch_neat_draws_the_same_pictures(self, colour: Colour) -> None:
        pytest.importorskip("pytorch_neat")
        pytest.importorskip("neat")
        from evolution.benchmarks.peers import pytorch_neat

        for genome in genomes(colour)[:3]:
            drawn = pytorch_neat.picture(genome, SIZE)
            assert mean_difference(drawn, genome) <= MOST_OFF

    def test_pyribs_keeps_the_best_of_every_cell(self) -> None:
        pytest.importorskip("ribs")
        from evolution.benchmarks.peers import pyribs

        batch = np.random.default_rng(0).random((5, 7), dtype=np.float32)
        np.testing.assert_allclose(pyribs.full_archive(batch).data("objective"), batch.max(axis=0))

    def test_qdax_keeps_the_best_of_every_cell(self) -> None:
        pytest.importorskip("qdax")
        from evolution.benchmarks.peers import qdax

        batch = np.random.default_rng(0).random((5, 7), dtype=np.float32)
        held = np.asarray(qdax.full_repertoire(batch).fitnesses).ravel()
        np.testing.assert_allclose(held, batch.max(axis=0))


class TestParts:
    @pytest.mark.parametrize("name", ["limits", "variation", "archive", "gpu"])
    def test_figures_are_numbers_above_nothing(self, name: str) -> None:
        for figure in suite.PARTS[name](TINY):
            assert np.isfinite(figure.value), figure
            assert figure.value > 0, figure

    def test_drawing_is_measured_against_everybody_and_the_bound(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rendering, "DRAWN", ((28, "grey"),))
        monkeypatch.setattr(rendering, "NEAT_ONE_BY_ONE", {})
        figures = list(suite.PARTS["drawing"](TINY))
        against = {figure.baseline.name for figure in figures if figure.baseline}
        assert against >= {"NumPy per genome", "torch per genome", "torch neurons per genome"}
        assert all(figure.bound_share for figure in figures if not figure.baseline)

    def test_a_bare_loop_says_where_the_time_goes(self) -> None:
        with grown(DIGITS) as loop:
            loop.step()
            assert loop.spent["all"] == 0  # kernels may have been loaded
            loop.step()
        shares = [loop.share(part) for part in ("network", "drawing", "varying", "archive")]
        assert all(share > 0 for share in shares)
        assert sum(shares) <= 101


class TestCommand:
    def test_writes_everything_down(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "bench.json"
        call_command("bench", "--only", "limits", "--json", str(file), "--quick")
        written = json.loads(file.read_text())
        told = {"cpu", "cores", "flags", "memory_gib", "versions", "threads", "date", "commit"}
        assert told <= set(written["machine"])
        assert {"torch", "numpy", "numba"} <= set(written["machine"]["versions"])
        keys = {"name", "value", "unit", "baseline", "ratio", "bound_share", "lower_is_better"}
        assert keys | {"goal_reach", "goal_aim"} <= set(written["figures"][0])
        assert len(written["figures"]) == 7
        assert "sine, each float32" in capsys.readouterr().out

    def test_a_file_that_cannot_be_written_is_refused_before_anything_is_measured(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(suite, "PARTS", {"limits": lambda _: pytest.fail("measured")})
        with pytest.raises(CommandError, match="--json: expected a file that can be written, got"):
            call_command("bench", "--json", str(tmp_path / "nowhere" / "bench.json"))

    def test_an_unknown_part_is_named(self) -> None:
        with pytest.raises(CommandError, match=r"expected some of limits, .* got speed"):
            call_command("bench", "--only", "speed")

    def test_the_machine_is_told_in_a_sentence(self) -> None:
        assert "cores" in sentence(machine())
