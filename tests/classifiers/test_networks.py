"""The architectures for ImageNet are those that the weights were trained in."""

import hashlib
import json
from collections.abc import Callable

import pytest
import torch
from torch import nn

from classifiers.networks import googlenet
from classifiers.networks.alexnet import AlexNet
from classifiers.networks.efficientnet_lite import lite0, lite1, lite2
from classifiers.networks.googlenet import GoogLeNet
from classifiers.networks.squeezenet import SqueezeNet
from classifiers.places import WEIGHTS_DIR
from tests.classifiers.imagenet_networks import CAT, ESPRESSO, NAMES, classifier, prepared_by_hand


def on_meta(builder: Callable[[], nn.Module]) -> nn.Module:
    with torch.device("meta"):
        return builder().eval()


@pytest.mark.parametrize(
    ("builder", "parameters"),
    [
        (SqueezeNet, 1_235_496),
        (lite0, 4_652_008),
        (lite1, 5_416_680),
        (lite2, 6_092_072),
        (AlexNet, 61_100_840),
        (GoogLeNet, 6_624_904),
    ],
)
def test_there_are_as_many_parameters_as_published(
    builder: Callable[[], nn.Module], parameters: int
) -> None:
    assert sum(parameter.numel() for parameter in on_meta(builder).parameters()) == parameters


@pytest.mark.parametrize(
    ("builder", "size"),
    [(SqueezeNet, 227), (lite0, 224), (lite1, 240), (lite2, 260), (AlexNet, 224), (GoogLeNet, 224)],
)
def test_images_become_a_thousand_logits(builder: Callable[[], nn.Module], size: int) -> None:
    assert on_meta(builder)(torch.empty(2, 3, size, size, device="meta")).shape == (2, 1000)


def test_the_record_tells_of_the_weights_that_ship() -> None:
    record = json.loads((WEIGHTS_DIR / "squeezenet-1.1.json").read_text())
    content = (WEIGHTS_DIR / record["weights"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == record["weights_sha256"]


@pytest.mark.parametrize("name", NAMES)
def test_the_network_alone_treats_a_picture_in_a_batch_alike(name: str) -> None:
    network = classifier(name).network
    images = torch.cat([prepared_by_hand(file, name) for file in (CAT, ESPRESSO)])
    with torch.inference_mode():
        together = network(images).softmax(1)
        alone = torch.cat([network(image[None]).softmax(1) for image in images])
    assert torch.allclose(together, alone, rtol=0, atol=1e-5)


def test_alexnet_has_torchvisions_parameters() -> None:
    shapes = {name: tuple(tensor.shape) for name, tensor in on_meta(AlexNet).state_dict().items()}
    weights = {
        "features.0": (64, 3, 11, 11),
        "features.3": (192, 64, 5, 5),
        "features.6": (384, 192, 3, 3),
        "features.8": (256, 384, 3, 3),
        "features.10": (256, 256, 3, 3),
        "classifier.1": (4096, 9216),
        "classifier.4": (4096, 4096),
        "classifier.6": (1000, 4096),
    }
    biases = {f"{layer}.bias": shape[:1] for layer, shape in weights.items()}
    assert shapes == {f"{layer}.weight": shape for layer, shape in weights.items()} | biases


NORMALISED = [
    "conv.weight",
    *(f"bn.{name}" for name in ("weight", "bias", "running_mean", "running_var")),
    "bn.num_batches_tracked",
]
BRANCHES = ("branch1", "branch2.0", "branch2.1", "branch3.0", "branch3.1", "branch4.1")


def test_googlenet_has_torchvisions_parameters() -> None:
    modules = [
        f"inception{name}" for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
    ]
    convolutions = ["conv1", "conv2", "conv3"]
    convolutions += [f"{module}.{branch}" for module in modules for branch in BRANCHES]
    expected = {f"{convolution}.{name}" for convolution in convolutions for name in NORMALISED}
    assert on_meta(GoogLeNet).state_dict().keys() == expected | {"fc.weight", "fc.bias"}


def test_only_the_heads_of_training_are_left_out_of_a_googlenet_file() -> None:
    heads = [
        f"{head}.{name}" for head in ("aux1", "aux2") for name in ("conv.conv.weight", "fc2.bias")
    ]
    assert all(name.startswith(googlenet.UNUSED_PREFIXES) for name in heads)
    used = on_meta(GoogLeNet).state_dict()
    assert not any(name.startswith(googlenet.UNUSED_PREFIXES) for name in used)
