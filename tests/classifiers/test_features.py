"""What the last layer of a network reads, held to what a hook sees go into that layer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor, nn

from classifiers import catalogue
from classifiers.base import BadImages, NoFeatures
from classifiers.networks.alexnet import AlexNet
from classifiers.networks.googlenet import GoogLeNet
from classifiers.places import Crops, Place
from classifiers.wrapped import NetworkClassifier
from tests.classifiers.brought import SIDE, TOML, program, shapes

WIDTHS = {"lenet-a": 500, "squeezenet": 512, "efficientnet-lite0": 1280}
LAST = {"lenet-a": "fc2", "squeezenet": "conv10", "efficientnet-lite0": "_fc"}
Pictures = npt.NDArray[np.uint8]


def loaded(name: str, crops: Crops = "whole", chunk: int = 2) -> NetworkClassifier:
    found = catalogue.load(name, crops=crops, chunk=chunk)
    assert isinstance(found, NetworkClassifier)
    return found


def pictures(name: str, count: int = 3) -> Pictures:
    """Blots of few colours, as networks are bred: no two alike."""
    channels = catalogue.entry(name).channels
    side = 28 if channels == 1 else 32
    small = np.random.default_rng(0).integers(0, 256, (count, 4, 4, channels), dtype=np.uint8)
    return small.repeat(side // 4, 1).repeat(side // 4, 2)


def into(network: nn.Module, layer: str, run: Callable[[], object]) -> list[Tensor]:
    """What goes into a layer while something runs: (B, D), of maps the mean of each."""
    seen: list[Tensor] = []

    def note(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        seen.append(given[0].mean((2, 3)) if given[0].ndim == 4 else given[0].clone())

    hook = network.get_submodule(layer).register_forward_pre_hook(note)
    try:
        run()
    finally:
        hook.remove()
    return seen


def by_hook(name: str, images: Pictures, crops: Crops) -> npt.NDArray[np.float64]:
    """Picture by picture and view by view, from what confidences() sends through the network."""
    found = catalogue.load(name, Place(engine="torch"), crops=crops, chunk=1)
    assert isinstance(found, NetworkClassifier)
    found.confidences(images[:1])  # the first time, it looks whether threads treat rows alike
    rows = []
    for number in range(len(images)):
        one = images[number : number + 1]
        views = into(found.network, LAST[name], lambda one=one: found.confidences(one))  # type: ignore[misc]
        assert len(views) == (10 if crops == "ten" else 1)
        rows.append(torch.cat(views).double().mean(0))
    return torch.stack(rows).numpy()


@pytest.mark.parametrize("crops", ["whole", "ten"])
@pytest.mark.parametrize("name", WIDTHS)
def test_features_are_what_goes_into_the_last_layer(name: str, crops: Crops) -> None:
    images = pictures(name)
    found = loaded(name, crops).features(images)
    assert found.shape == (3, WIDTHS[name])
    assert found.dtype == np.float32
    expected = by_hook(name, images, crops)
    assert expected.std(axis=0).max() > 0.01  # or nothing would be compared
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_the_mean_of_ten_crops_is_not_that_of_the_whole_picture() -> None:
    images = pictures("squeezenet")
    whole, ten = (loaded("squeezenet", crops).features(images) for crops in ("whole", "ten"))
    assert np.abs(whole - ten).max() > 0.01


def test_features_of_a_picture_do_not_depend_on_those_beside_it() -> None:
    images = pictures("lenet-a", 5)
    found = loaded("lenet-a", chunk=2)
    np.testing.assert_array_equal(found.features(images)[4:], found.features(images[4:]))


def test_asking_for_features_changes_no_confidence() -> None:
    images = pictures("squeezenet")
    found = loaded("squeezenet")
    before = found.confidences(images)
    found.features(images)
    np.testing.assert_array_equal(found.confidences(images), before)


@pytest.mark.parametrize(
    ("builder", "last", "width"), [(AlexNet, "classifier.6", 4096), (GoogLeNet, "fc", 1024)]
)
def test_networks_whose_weights_do_not_ship(
    builder: Callable[[], nn.Module], last: str, width: int
) -> None:
    with torch.random.fork_rng(), torch.inference_mode():
        torch.manual_seed(0)
        network = builder().eval()
        images = torch.rand(1, 3, 224, 224)
        (expected,) = into(network, last, lambda: network(images))
        found = network.embedded(images)  # type: ignore[operator]
        assert found.shape == (1, width)
        assert found.abs().max() > 0
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("suffix", [".pt2", ".onnx"])
def test_a_program_is_refused_with_its_name(folder: Path, suffix: str) -> None:
    (folder / f"shapes{suffix}").write_bytes(program(suffix, shapes()))
    (folder / "shapes.toml").write_text(TOML.format(file=f"shapes{suffix}"))
    found = loaded("shapes")
    images = np.zeros((1, SIDE, SIDE, 3), np.uint8)
    with pytest.raises(NoFeatures, match=r"shapes: expected a network of classifiers/networks/"):
        found.features(images)


def test_pictures_of_another_shape_are_refused() -> None:
    with pytest.raises(BadImages, match="expected shape"):
        loaded("lenet-a").features(np.zeros((1, 28, 28, 3), np.uint8))
