"""Genomes to confidences: side by side, in whatever fits into memory, on a device that is there."""

import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from classifiers import catalogue
from classifiers.base import ClassifierError, FloatArray, Images
from classifiers.places import HERE, Place
from classifiers.threads import cpu_threads
from evolution import evaluation
from evolution.algorithms import presets
from evolution.devices import NoSuchDevice, available_device, even_chunk, usual_chunk
from evolution.evaluation import Evaluator, evaluator
from evolution.genomes.base import Expression
from evolution.genomes.cppn_population import CppnPopulation
from evolution.rendering import renderer
from evolution.rendering.gpu import TorchRenderer

SIZE = 28


class Counting:
    """A stand-in for a network on a device with room for `room` pictures."""

    name, version, channels, device = "counting", "1", 1, "cuda"
    engine, notice = "none, float32", ""
    labels: Sequence[str] = ("dark", "bright")
    forward_seconds = 0.0
    seconds = 0.0

    def __init__(self, chunk: int, room: int) -> None:
        self.chunk, self.room = chunk, room
        self.asked: list[int] = []

    def confidences(self, images: Images) -> FloatArray:
        self.asked.append(len(images))
        time.sleep(self.seconds)
        if self.chunk > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        bright = np.asarray(images).mean(axis=(1, 2, 3), dtype=np.float64)
        return np.stack([1 - bright, bright], axis=1).astype(np.float32)

    def with_chunk(self, chunk: int) -> "Counting":
        return Counting(chunk, self.room)


@pytest.fixture
def genomes(rng: np.random.Generator) -> CppnPopulation:
    return CppnPopulation.random(21, rng, expression=Expression("normalised", SIZE))


def judged(classifier: Counting, genomes: CppnPopulation) -> tuple[FloatArray, list[str]]:
    said: list[str] = []
    judge = Evaluator(classifier, renderer("cpu"), SIZE, halved=said.append)
    return judge.confidences(genomes), said


class TestOutOfMemory:
    def test_batches_are_halved_and_the_work_goes_on(self, genomes: CppnPopulation) -> None:
        whole, quiet = judged(Counting(8, room=8), genomes)
        halved, said = judged(Counting(8, room=2), genomes)
        assert quiet == []
        assert said == [
            "Out of memory: batches of 4 pictures instead of 8.",
            "Out of memory: batches of 2 pictures instead of 4.",
        ]
        assert np.array_equal(halved, whole)

    def test_one_picture_that_does_not_fit_is_the_end(self, genomes: CppnPopulation) -> None:
        with pytest.raises(ClassifierError, match=r"counting: .*too small for a single picture"):
            judged(Counting(4, room=0), genomes)


class TestDevice:
    @pytest.mark.parametrize("wanted", ["cuda:7", "gpu", "tpu", ""])
    def test_one_that_is_not_there_is_named(
        self, wanted: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
        with pytest.raises(NoSuchDevice, match=f"FOOLBREEDER_DEVICE: expected .*, got '{wanted}'"):
            available_device(wanted)

    def test_several_gpus_are_listed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
        assert available_device("auto") == "cuda"
        assert available_device("cuda:1") == "cuda:1"
        with pytest.raises(NoSuchDevice, match="cpu, cuda, cuda:0, cuda:1, got 'cuda:2'"):
            available_device("cuda:2")


class TestSideBySide:
    def test_several_hands_say_the_same_as_one(self, rng: np.random.Generator) -> None:
        preset = presets.get("imagenet-cppn-fast")
        genomes = CppnPopulation.random(9, rng, expression=preset.encoding.expression)  # type: ignore[union-attr]
        network = catalogue.load("squeezenet", HERE, chunk=2)
        with cpu_threads(1):
            alone = Evaluator(network, renderer("cpu"), 64).confidences(genomes)
        with cpu_threads(3):
            together = Evaluator(network, renderer("cpu"), 64).confidences(genomes)
            assert torch.get_num_threads() == 3
        assert together.tobytes() == alone.tobytes()

    def test_pictures_may_be_drawn_on_the_device_that_judges(self, genomes: CppnPopulation) -> None:
        network = catalogue.load("lenet-a")
        on_device = Evaluator(network, TorchRenderer("cpu"), SIZE)
        assert isinstance(on_device.draw(genomes), torch.Tensor)
        compiled = Evaluator(network, renderer("cpu"), SIZE)
        answers = on_device.confidences(genomes)
        assert answers.tobytes() == compiled.confidences(genomes).tobytes()

    def test_chunks_are_judged_in_different_threads(
        self, genomes: CppnPopulation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evaluation, "hands_on", lambda _: 2)
        meeting = threading.Barrier(2, timeout=30)  # passed only by two at once

        class Meeting(Counting):
            def confidences(self, images: Images) -> FloatArray:
                meeting.wait()
                return super().confidences(images)

        answers, _ = judged(Meeting(11, room=11), genomes)
        assert len(answers) == len(genomes)

    def test_nothing_more_is_judged_once_the_pulse_stops(
        self, genomes: CppnPopulation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evaluation, "hands_on", lambda _: 2)

        class Stopped(Exception): ...

        def stop() -> None:
            raise Stopped

        slow = Counting(1, room=1)
        slow.seconds = 0.02
        judge = Evaluator(slow, renderer("cpu"), SIZE, beat=stop)
        with pytest.raises(Stopped):
            judge.confidences(genomes)
        judged = len(slow.asked)
        assert judged < len(genomes)
        time.sleep(0.2)
        assert len(slow.asked) == judged

    def test_the_pulse_is_felt_after_every_chunk(self, genomes: CppnPopulation) -> None:
        beats: list[int] = []
        judge = Evaluator(Counting(5, room=5), renderer("cpu"), SIZE, beat=lambda: beats.append(1))
        judge.confidences(genomes)
        assert len(beats) == 5


class TestBatchSize:
    @pytest.mark.parametrize(
        ("n_genomes", "usual", "chunk"),
        [(200, 200, 50), (400, 200, 100), (400, 16, 10), (200, 16, 10), (80, 200, 20)],
    )
    def test_divides_a_generation_among_1_2_and_4_hands(
        self, n_genomes: int, usual: int, chunk: int
    ) -> None:
        assert even_chunk(n_genomes, usual) == chunk
        assert n_genomes % (4 * chunk) == 0

    @pytest.mark.parametrize(
        ("n_genomes", "usual", "chunk"), [(6, 16, 2), (1, 16, 1), (202, 16, 16), (202, 200, 51)]
    )
    def test_is_no_larger_than_usual_where_it_cannot(
        self, n_genomes: int, usual: int, chunk: int
    ) -> None:
        assert even_chunk(n_genomes, usual) == chunk

    def test_does_not_follow_from_the_number_of_threads(self) -> None:
        preset = presets.get("mnist-cppn-paper")
        chunks = set()
        for threads in (1, 2, 3):
            with cpu_threads(threads):
                chunks.add(evaluator("lenet-a", HERE, preset).classifier.chunk)
        assert chunks == {50}

    def test_is_a_generation_on_a_gpu(self) -> None:
        preset = presets.get("mnist-cppn-paper")
        assert usual_chunk("lenet-a", Place("cuda"), preset) == preset.algorithm.children
