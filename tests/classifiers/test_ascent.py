"""Gradient ascent finds what a network is sure of, each picture for itself."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from classifiers.ascent import Ascended, Ascent, Unit
from classifiers.ascent_parts import blurred, mean_colour, zeroed_below
from classifiers.ascent_styles import STYLES, settings
from classifiers.base import ClassifierError
from classifiers.catalogue import load
from classifiers.shipped import CAFFE
from tests.classifiers.brought import bring, program, shapes


def climbed(name: str, units: list[Unit], iterations: int = 200, batch: int = 4) -> list[Ascended]:
    return list(Ascent(load(name), settings("none", iterations), batch=batch).climb(units))


def test_lenet_becomes_sure_of_every_digit() -> None:
    found = climbed("lenet-a", [Unit(label, 0) for label in range(10)], batch=10)
    assert all(one.is_top and one.confidence > 0.99 for one in found)
    assert all(one.picture.shape == (28, 28, 1) and one.picture.dtype == np.uint8 for one in found)


def test_confidence_is_that_of_the_bytes() -> None:
    (found,) = climbed("lenet-a", [Unit(7, 0)], 60)
    (asked,) = load("lenet-a").confidences(found.picture[None])
    assert found.confidence == asked[7]


def test_rises_by_what_is_wanted(folder: Path) -> None:
    """Where steps are small and nothing is clipped, by early_progress in each."""
    bring(folder, "shapes.pt2", program(".pt2", shapes()))
    small = dataclasses.replace(settings("none", 6), early_progress=1e-3)
    (found,) = Ascent(load("shapes"), small, batch=1).climb([Unit(0, 0)])
    assert np.diff(found.curve) == pytest.approx(1e-3, rel=0.1)


def test_first_iterations_are_those_of_the_curve() -> None:
    (found,) = climbed("lenet-a", [Unit(1, 0)], 300)
    first = found.first_above[0.99]
    assert first is not None
    assert first == int(np.argmax(found.curve > 0.99)) > 0
    assert found.first_top is not None
    assert first > found.first_top


@pytest.mark.parametrize("style", STYLES)
def test_a_picture_does_not_depend_on_its_batch_mates(style: str) -> None:
    ascent = Ascent(load("lenet-a"), settings(style, 30), batch=4)
    together = list(ascent.climb([Unit(label, 5) for label in (3, 1, 4, 9, 2)]))
    (alone,) = ascent.climb([Unit(4, 5)])
    assert np.array_equal(alone.picture, together[2].picture)
    assert np.array_equal(alone.curve, together[2].curve)


def test_a_seed_is_another_start() -> None:
    one, other = climbed("lenet-a", [Unit(4, 0), Unit(4, 1)], 30)
    assert not np.array_equal(one.picture, other.picture)


def test_ends_early_if_asked_to() -> None:
    chosen = settings("none", 300, stop_at=0.5)
    found = list(Ascent(load("lenet-a"), chosen, batch=2).climb([Unit(1, 0), Unit(5, 0)]))
    assert all(one.curve[-1] >= 0.5 and (one.curve[:-1] < 0.5).all() for one in found)
    assert len(found[0].curve) != len(found[1].curve)


def test_regularised_pictures_keep_nearer_to_the_mean() -> None:
    (plain,) = Ascent(load("lenet-a"), settings("none", 300), batch=1).climb([Unit(3, 0)])
    (decayed,) = Ascent(load("lenet-a"), settings("l2", 300), batch=1).climb([Unit(3, 0)])
    assert decayed.picture.mean() < plain.picture.mean() / 2


@pytest.mark.slow
def test_colours_and_an_ensemble_of_sizes() -> None:
    name = "squeezenet+efficientnet-lite0"  # 227 and 224 pixels
    (found,) = climbed(name, [Unit(291, 0)], 6, batch=1)
    assert found.picture.shape == (227, 227, 3)
    assert found.curve[-1] > found.curve[0]


def test_the_mean_is_in_the_order_of_pictures() -> None:
    assert mean_colour(CAFFE).flatten().tolist() == pytest.approx([122.679, 116.669, 104.006])


@pytest.mark.parametrize("sigma", [0.3, 0.4, 1.0])
def test_blur_keeps_a_flat_picture_and_spreads_a_dot(sigma: float) -> None:
    flat = blurred(torch.full((1, 1, 9, 9), 50.0), sigma)
    assert torch.allclose(flat, torch.full_like(flat, 50.0))
    dot = torch.zeros(1, 1, 9, 9)
    dot[0, 0, 4, 4] = 1
    beside = {0.3: (0.9923, 0.0038), 0.4: (0.919, 0.040), 1.0: (0.3989, 0.2420)}[sigma]
    row = blurred(dot, sigma)[0, 0].sum(0)
    assert (float(row[4]), float(row[3])) == pytest.approx(beside, abs=6e-4)


def test_blur_mirrors_at_the_border_as_scipy_does() -> None:
    ndimage = pytest.importorskip("scipy.ndimage")
    image = np.random.default_rng(0).random((7, 5))
    ours = blurred(torch.from_numpy(image)[None, None], 1.0)[0, 0].numpy()
    assert ours == pytest.approx(ndimage.gaussian_filter(image, 1.0))


def test_zeroes_the_share_of_pixels_that_is_named() -> None:
    values = torch.arange(100.0).view(1, 1, 10, 10)
    kept = zeroed_below(torch.ones(1, 3, 10, 10), values, 20)
    assert int((kept == 0).sum()) == 3 * 20


def test_an_exported_program_has_gradients(folder: Path) -> None:
    bring(folder, "shapes.pt2", program(".pt2", shapes()))
    (found,) = climbed("shapes", [Unit(1, 0)], 40, batch=2)
    assert found.curve[-1] > found.curve[0]


def test_refuses_a_network_without_gradients(folder: Path) -> None:
    bring(folder, "shapes.onnx", program(".onnx", shapes()))
    with pytest.raises(ClassifierError, match=r"shapes: expected a network with gradients.*ONNX"):
        climbed("shapes", [Unit(1, 0)], 2)


@pytest.mark.parametrize(
    ("field", "value"),
    [("iterations", 0), ("decay", 1.0), ("blur", 0.2), ("small_norm", 100), ("stop_at", 0.0)],
)
def test_settings_are_checked(field: str, value: float) -> None:
    with pytest.raises(ClassifierError, match=f"{field}: expected"):
        dataclasses.replace(STYLES["none"], **{field: value})  # type: ignore[arg-type]


def test_refuses_unknown_labels_and_styles() -> None:
    with pytest.raises(ClassifierError, match="label: expected 0 to 9, got 10"):
        climbed("lenet-a", [Unit(10, 0)], 2)
    with pytest.raises(ClassifierError, match="style: expected one of none, l2, blur, strong"):
        settings("loud")
