"""Exported programs answer as the networks that they were exported from."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from classifiers.base import BadOutput, BadWeights, Classifier, FloatArray
from classifiers.catalogue import load, shared
from classifiers.threads import cpu_threads
from tests.classifiers.brought import (
    SIDE,
    TOML,
    bring,
    exported,
    onnx,
    program,
    safetensors_of,
    shapes,
)

MEAN = np.array([0.5, 0.4, 0.3], np.float32)
STD = np.array([0.25, 0.3, 0.35], np.float32)


def pictures(count: int, side: int = SIDE, channels: int = 3) -> FloatArray:
    shades = np.random.default_rng(0).integers(0, 256, (count, side, side, channels))
    return shades.astype(np.float32) / np.float32(255)


def by_hand(network: nn.Module, images: FloatArray) -> FloatArray:
    planes = torch.from_numpy(((images - MEAN) / STD).transpose(0, 3, 1, 2).copy())
    with torch.inference_mode():
        answers: FloatArray = network(planes).softmax(1).numpy()
    return answers


def refused(folder: Path, file: str, content: bytes, toml: str = TOML) -> str:
    name = bring(folder, file, content, toml)
    with pytest.raises((BadWeights, BadOutput)) as error:
        load(name).confidences(pictures(2))
    return str(error.value)


@pytest.mark.parametrize("batch", [None, 1, 4])
@pytest.mark.parametrize("suffix", [".pt2", ".onnx"])
class TestEveryForm:
    def brought(self, folder: Path, suffix: str, batch: int | None) -> Classifier:
        return load(bring(folder, f"shapes{suffix}", program(suffix, shapes(), batch)))

    def test_answers_as_the_network(self, folder: Path, suffix: str, batch: int | None) -> None:
        classifier = self.brought(folder, suffix, batch)
        images = pictures(9)
        found, expected = classifier.confidences(images), by_hand(shapes(), images)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)

    def test_an_answer_does_not_depend_on_the_rest_of_the_batch(
        self, folder: Path, suffix: str, batch: int | None
    ) -> None:
        classifier = self.brought(folder, suffix, batch)
        images = pictures(9)
        for threads in (1, 2):
            with cpu_threads(threads):
                together = classifier.confidences(images)
                for row, image in zip(together, images, strict=True):
                    assert classifier.confidences(image[None]).tobytes() == row.tobytes()

    def test_a_batch_of_one_size_sets_the_chunk(
        self, folder: Path, suffix: str, batch: int | None
    ) -> None:
        classifier = self.brought(folder, suffix, batch)
        assert classifier.chunk == (batch or 16)
        smaller = classifier.with_chunk(3)  # where memory is short
        np.testing.assert_allclose(
            smaller.confidences(pictures(5)), classifier.confidences(pictures(5)), atol=1e-6
        )


class Probabilities(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.network(images)
        return logits.softmax(1)


class Several(Probabilities):
    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        return self.network(images), images.mean((1, 2, 3))


def test_probabilities_stay_as_they_are(folder: Path) -> None:
    toml = TOML.replace('"logits"', '"probabilities"')
    name = bring(folder, "shapes.pt2", exported(Probabilities(shapes()).eval()), toml)
    np.testing.assert_allclose(
        load(name).confidences(pictures(4)), by_hand(shapes(), pictures(4)), atol=1e-6
    )


def test_logits_are_not_probabilities(folder: Path) -> None:
    toml = TOML.replace('"logits"', '"probabilities"')
    words = refused(folder, "shapes.pt2", exported(shapes()), toml)
    assert "expected probabilities from 0 to 1 that sum to 1, got " in words
    assert "is its output logits?" in words


@pytest.mark.parametrize("suffix", [".pt2", ".onnx"])
def test_as_many_outputs_as_labels(folder: Path, suffix: str) -> None:
    content = program(suffix, shapes())
    words = refused(folder, f"shapes{suffix}", content, TOML.replace('"disc", ', ""))
    assert "expected an output of shape (16, 2), one value a label, got (16, 3)" in words


@pytest.mark.parametrize("suffix", [".pt2", ".onnx"])
def test_an_answer_that_is_no_number_is_refused(folder: Path, suffix: str) -> None:
    network = shapes()
    with torch.no_grad():
        network.dense.bias[1] = torch.nan
    content = program(suffix, network)
    assert "expected finite" in refused(folder, f"shapes{suffix}", content)


@pytest.mark.parametrize("suffix", [".pt2", ".onnx"])
def test_a_program_for_other_pictures_is_refused(folder: Path, suffix: str) -> None:
    content = program(suffix, shapes())
    toml = TOML.replace("input_size = 32", "input_size = 64")
    words = refused(folder, f"shapes{suffix}", content, toml)
    assert "and shape (batch, 3, 64, 64), got" in words


def test_several_outputs_are_refused_or_chosen_by_their_shape(folder: Path) -> None:
    network = Several(shapes()).eval()
    assert "expected one output, got tuple" in refused(folder, "two.pt2", exported(network))
    name = bring(folder, "three.onnx", onnx(network))
    np.testing.assert_allclose(
        load(name).confidences(pictures(4)), by_hand(shapes(), pictures(4)), atol=1e-6
    )


def test_a_network_exported_in_training_mode_is_refused(folder: Path) -> None:
    words = refused(folder, "shapes.pt2", exported(shapes().train()))
    assert "expected a network exported in eval mode, got torch.ops.aten." in words


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\x08\x01", b"x" * 1000])
@pytest.mark.parametrize("suffix", [".pt2", ".onnx", ".safetensors"])
def test_rubbish_is_refused(folder: Path, suffix: str, content: bytes) -> None:
    toml = TOML if suffix != ".safetensors" else f'architecture = "squeezenet"\n{TOML}'
    assert refused(folder, f"shapes{suffix}", content, toml).startswith("shapes: expected ")


def test_changed_files_are_another_network(folder: Path) -> None:
    name = bring(folder, "shapes.onnx", onnx(shapes(0)))
    first = shared(name)
    assert shared(name) is first
    bring(folder, "shapes.onnx", onnx(shapes(1)))
    second = shared(name)
    assert second.version != first.version
    np.testing.assert_allclose(
        second.confidences(pictures(2)), by_hand(shapes(1), pictures(2)), atol=1e-6
    )


@pytest.mark.parametrize(
    ("architecture", "side", "colours"),
    [
        ("lenet", 28, "grey"),
        ("squeezenet", 64, "rgb"),
        ("googlenet", 64, "rgb"),
        ("efficientnet-lite0", 64, "rgb"),
    ],
)
def test_weights_of_known_architectures_have_any_number_of_labels(
    folder: Path, architecture: str, side: int, colours: str
) -> None:
    from pkgutil import resolve_name

    from classifiers.descriptions import ARCHITECTURES

    network = resolve_name(ARCHITECTURES[architecture].builder)(n_labels=3).eval()
    toml = f'architecture = "{architecture}"\n{TOML}'.replace("= 32", f"= {side}")
    if colours == "grey":
        toml = toml.replace('"rgb"', '"grey"').replace("[0.5, 0.4, 0.3]", "[0.0]")
        toml = toml.replace("[0.25, 0.3, 0.35]", "[1.0]")
    name = bring(folder, "net.safetensors", safetensors_of(network), toml)
    classifier = load(name)
    answers = classifier.confidences(pictures(2, side, classifier.channels))
    assert answers.shape == (2, 3)
    with torch.inference_mode():
        planes = torch.from_numpy(pictures(2, side, classifier.channels)).permute(0, 3, 1, 2)
        if colours == "rgb":
            planes = (planes - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(
                1, 3, 1, 1
            )
        np.testing.assert_allclose(answers, network(planes).softmax(1).numpy(), atol=1e-5)
