"""The last layer of SqueezeNet learns one label more, and nothing else changes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from classifiers import catalogue, refitting
from classifiers.base import TrainingFailed
from classifiers.networks.squeezenet import SqueezeNet
from classifiers.places import Place
from classifiers.refitting import FOOLING_LABEL, Maps, Samples, Solver

TORCH = Place(engine="torch")


@pytest.fixture(scope="module")
def shipped() -> SqueezeNet:
    network = getattr(catalogue.load("squeezenet", TORCH), "network", None)
    assert isinstance(network, SqueezeNet)
    return network


@pytest.fixture(scope="module")
def squares() -> refitting.Squares:
    """Six pictures of noise, and six of stripes."""
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (12, 256, 256, 3), np.uint8)
    for number, image in enumerate(images[6:]):
        image[:] = 0
        image[:, number :: 12 + number] = 255
    return images


@pytest.fixture(scope="module")
def maps(shipped: SqueezeNet, squares: refitting.Squares) -> Maps:
    found = np.zeros((12, *refitting.SHAPE), np.float16)
    assert refitting.seen(shipped, iter([squares[:5], squares[5:]]), found) == 12
    return found


def samples(maps: Maps, shipped: SqueezeNet) -> Samples:
    """Noise with the labels that it has already; stripes are fooling."""
    known = refitting.guesses(shipped, maps, np.arange(6), lambda: None)
    return Samples(np.arange(6), known).joined(Samples(np.arange(6, 12), np.full(6, FOOLING_LABEL)))


def test_what_is_seen_once_gives_the_networks_own_answers(
    shipped: SqueezeNet, squares: refitting.Squares, maps: Maps
) -> None:
    said = catalogue.load("squeezenet", TORCH).confidences(squares)
    logits = refitting._logits(shipped.conv10, maps)
    np.testing.assert_allclose(logits.softmax(1).numpy(), said, atol=5e-3)  # of half precision
    found = refitting.guesses(shipped, maps, np.arange(12), lambda: None)
    sure = np.sort(said, axis=1)[:, -1] - np.sort(said, axis=1)[:, -2] > 0.01
    np.testing.assert_array_equal(found[sure], said.argmax(1)[sure])


def test_a_widened_network_says_the_same_of_all_labels_that_it_had(
    shipped: SqueezeNet, maps: Maps
) -> None:
    wider = refitting.widened(shipped)
    before, after = (refitting._logits(net.conv10, maps).detach() for net in (shipped, wider))
    torch.testing.assert_close(after[:, :FOOLING_LABEL], before)
    assert (after[:, FOOLING_LABEL] == 1).all()


def test_learns_what_fooling_is_and_repeats_from_its_seed(shipped: SqueezeNet, maps: Maps) -> None:
    told = samples(maps, shipped)
    before = {name: value.clone() for name, value in shipped.state_dict().items()}
    solver = Solver(iterations=60, batch=6, rate=0.01)
    learnt, again = (
        refitting.refit(shipped, maps, told, 4, solver, lambda: None) for _ in range(2)
    )
    guesses = refitting.guesses(learnt, maps, told.rows, lambda: None)
    assert (guesses == told.labels).mean() >= 0.9
    for name, value in learnt.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
        assert torch.equal(shipped.state_dict()[name], before[name]), "the shipped one is untouched"
        if not name.startswith("conv10"):
            assert torch.equal(value, before[name])
    other = refitting.refit(shipped, maps, told, 5, solver, lambda: None)
    assert not torch.equal(other.conv10.weight, learnt.conv10.weight)


def test_too_few_pictures_and_a_diverging_loss_are_refused(shipped: SqueezeNet, maps: Maps) -> None:
    told = samples(maps, shipped)
    with pytest.raises(TrainingFailed, match="expected at least 64 to learn from, got 12"):
        refitting.refit(shipped, maps, told, 1, Solver(), lambda: None)
    with pytest.raises(TrainingFailed, match="loss: expected a finite number"):
        refitting.refit(shipped, maps, told, 1, Solver(100, 6, rate=1e20), lambda: None)


def test_what_progress_raises_ends_the_training(shipped: SqueezeNet, maps: Maps) -> None:
    class StoppedByTest(Exception):
        pass

    def stop() -> None:
        raise StoppedByTest

    with pytest.raises(StoppedByTest):
        refitting.refit(shipped, maps, samples(maps, shipped), 1, Solver(5, 6), stop)


@pytest.fixture
def networks(tmp_path: Path) -> Iterator[Path]:
    before = list(catalogue._networks_dir)
    catalogue.look_in(tmp_path / "networks")
    yield tmp_path / "networks"
    catalogue._networks_dir[:] = before


def test_a_published_network_has_a_label_that_nobody_aims_at(
    networks: Path, shipped: SqueezeNet, squares: refitting.Squares
) -> None:
    wider = refitting.widened(shipped)
    refitting.publish(wider, networks, "squeezenet-mine", "Mine", "“Quoted” and\nbroken")
    entry = catalogue.entry("squeezenet-mine")
    assert (len(entry.labels), entry.labels[-1], len(entry.targets)) == (1001, "fooling", 1000)
    own = catalogue.load("squeezenet-mine", TORCH).confidences(squares)
    said = catalogue.load("squeezenet", TORCH).confidences(squares)
    np.testing.assert_allclose(own[:, :1000] / own[:, :1000].sum(1, keepdims=True), said, atol=1e-5)
    assert not list(networks.glob("*.part"))
