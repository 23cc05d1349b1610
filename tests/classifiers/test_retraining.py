"""An eleventh label, "fooling": what a network learns it from, and where the network goes then."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifiers import catalogue, retraining, training
from classifiers.base import BadDataset, TrainingFailed
from classifiers.datasets import DigitData
from classifiers.retraining import Fooling, Sizes
from tests.classifiers.test_training import DATA, bars


def pictures(count: int, shade: int) -> retraining.Pictures:
    """Columns instead of rows, so that no digit looks like one; each picture is another one."""
    images = np.full((count, 28, 28), shade, np.uint8)
    images[:, :, ::4] = 255
    images[:, 0, 0] = np.arange(count)
    return images


def fooling() -> Fooling:
    return Fooling(pictures(40, 0), pictures(10, 9))


def test_sizes_are_those_of_table_s2() -> None:
    sizes = Sizes()
    totals = [sizes.total(number) for number in range(1, 16)]
    assert totals[:4] == [(0, 0), (6000, 1000), (7000, 1100), (8000, 1200)]
    assert totals[-1] == (19_000, 2300)


def test_a_sample_is_half_and_half_and_draws_nothing_twice() -> None:
    first, final = pictures(60, 1), pictures(60, 2)
    found = retraining.sample(first, final, (81, 20), np.random.default_rng(1))
    both = np.concatenate([found.train, found.validation])
    assert (len(found.train), len(found.validation)) == (81, 20)
    assert [int((part[:, 1, 1] == 1).sum()) for part in (found.train, found.validation)] == [40, 10]
    assert len(np.unique(both.reshape(101, -1), axis=0)) == 101
    again = retraining.sample(first, final, (81, 20), np.random.default_rng(1))
    assert (found.train == again.train).all()
    with pytest.raises(TrainingFailed, match="at least 61 of final archives, got 60"):
        retraining.sample(first, final, (101, 20), np.random.default_rng(1))


def test_later_pictures_join_those_before() -> None:
    both = fooling().joined(Fooling(pictures(5, 7), pictures(3, 7)))
    assert (len(both.train), len(both.validation)) == (45, 13)


def test_learns_to_tell_fooling_from_digits_and_measures_both() -> None:
    trained = retraining.retrain(DATA, fooling(), 3, iterations=60)
    measured = retraining.errors(trained.network, DATA, fooling())
    assert measured.digits <= 0.1
    assert measured.validation <= 0.1
    assert (measured.train_images, measured.validation_images) == (240, 60)
    never = retraining.errors(trained.network, DATA, Fooling(pictures(1, 0), bars(50).images))
    assert never.validation == pytest.approx((50 * measured.digits + 50) / 100, abs=0.06)


def test_what_progress_raises_ends_the_training() -> None:
    class StoppedByTest(Exception):
        pass

    def stop(done: int, total: int, loss: float) -> None:
        raise StoppedByTest

    with pytest.raises(StoppedByTest):
        retraining.retrain(DATA, fooling(), 1, iterations=150, progress=stop)


@pytest.fixture
def networks(tmp_path: Path) -> Iterator[Path]:
    before = list(catalogue._networks_dir)
    catalogue.look_in(tmp_path / "networks")
    yield tmp_path / "networks"
    catalogue._networks_dir[:] = before


def test_a_published_network_is_a_classifier_that_is_aimed_at_by_digit(networks: Path) -> None:
    trained = retraining.retrain(DATA, fooling(), 1, iterations=30)
    retraining.publish(trained, networks, "lenet-retrained-7-2", "LeNet, retrained once")
    entry = catalogue.entry("lenet-retrained-7-2")
    assert entry.labels == (*"0123456789", "fooling")
    assert entry.targets == tuple("0123456789")
    said = catalogue.load(entry.name).confidences(fooling().train[..., None])
    logits = trained.network(training._network_input(fooling().train))
    np.testing.assert_allclose(said, logits.softmax(1).detach().numpy(), atol=1e-5)
    assert not list(networks.glob("*.part"))


def test_a_name_that_no_file_should_have_is_refused(networks: Path) -> None:
    trained = retraining.retrain(DATA, fooling(), 1, iterations=1)
    with pytest.raises(BadDataset, match="name: expected up to 41 small letters"):
        retraining.publish(trained, networks, "../up", "Up")


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    for number, image in enumerate(pictures(14, 0)):
        Image.fromarray(image).save(tmp_path / f"{number:02}.png")
    found = retraining.from_folder(tmp_path, 1)
    assert (len(found.train), len(found.validation)) == (12, 2)
    both = np.concatenate([found.train, found.validation])
    assert set(both[:, 0, 0].tolist()) == set(range(14))
    Image.new("L", (29, 29)).save(tmp_path / "large.png")
    with pytest.raises(BadDataset, match=r"large.png: expected 28 x 28 pixels, got \(29, 29\)"):
        retraining.from_folder(tmp_path, 1)


def test_an_empty_folder_and_pictures_of_another_size_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="expected two or more pictures, got 0"):
        retraining.from_folder(tmp_path, 1)
    with pytest.raises(BadDataset, match=r"shape \(N, 28, 28\), got uint8 of \(2, 27, 27\)"):
        Fooling(np.zeros((2, 27, 27), np.uint8), pictures(1, 0))


def test_the_digits_keep_their_checksums() -> None:
    joined = retraining.with_fooling(DigitData(bars(20), bars(10), {"a": "b"}), fooling())
    assert dict(joined.sha256) == {"a": "b"}
    assert joined.train.labels[-1] == joined.test.labels[-1] == 10
