"""Networks answer the same whichever engine runs them, and say which one it is."""

import importlib.metadata
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from classifiers import catalogue
from classifiers.base import BadOutput, Classifier, FloatArray
from classifiers.engines import kept
from classifiers.engines.base import NoEngine
from classifiers.entries import Entry
from classifiers.places import HERE, Crops, Engine, Place, Precision
from classifiers.wrapped import NetworkClassifier

try:
    from classifiers.engines.runtime import has_bfloat16
except NoEngine:
    INSTALLED, HAS_BFLOAT16 = False, False
else:
    INSTALLED, HAS_BFLOAT16 = True, has_bfloat16()
needs_openvino = pytest.mark.skipif(not INSTALLED, reason="OpenVINO is not installed")
every_entry = pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.name)
LENET = catalogue.entry("lenet-a").members[0]
CHUNK = 3


def pictures(entry: Entry, count: int) -> FloatArray:
    """Half of them noise, half of them smooth; ten crops are cut from them without scaling."""
    rng = np.random.default_rng(0)
    side = entry.canvas
    noise = rng.integers(0, 256, (count, side, side, entry.channels))
    rows, columns = np.mgrid[:side, :side] / side
    smooth = 255 * (np.sin(9 * rows + 5 * columns) / 2 + 0.5)
    noise[1::2] = smooth[None, :, :, None]
    return noise.astype(np.float32) / np.float32(255)


def on(engine: Engine, name: str = "lenet-a", precision: Precision = "float32") -> Classifier:
    return catalogue.load(name, Place(engine=engine, precision=precision), chunk=CHUNK)


@pytest.fixture
def no_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)  # its import fails
    for module in ("runtime", "conversion", "openvino_engine"):
        monkeypatch.delitem(sys.modules, f"classifiers.engines.{module}", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = list(kept._folders)
    kept.keep_in(tmp_path)
    yield tmp_path
    kept._folders[:] = before


def wrapped(network: nn.Module, engine: Engine = "auto", entry: Entry = LENET) -> NetworkClassifier:
    return NetworkClassifier(network.eval(), entry, Place(engine=engine), chunk=CHUNK)


@needs_openvino
@every_entry
@pytest.mark.parametrize(("crops", "count"), [("whole", 5), ("ten", 1)])
def test_openvino_says_what_torch_says(entry: Entry, crops: Crops, count: int) -> None:
    answers = {}
    for engine in ("openvino", "torch"):
        chunk = CHUNK if crops == "whole" else 1
        classifier = catalogue.load(entry.name, Place(engine=engine), crops=crops, chunk=chunk)
        assert classifier.engine.startswith(f"{engine} ")
        assert classifier.notice == ""
        answers[engine] = classifier.confidences(pictures(entry, count))
    np.testing.assert_allclose(answers["openvino"], answers["torch"], rtol=0, atol=1e-5)
    assert np.ptp(answers["torch"]) > 1e-3  # not all labels alike, which would be easy to hit


@needs_openvino
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_threads_that_ask_at_once_get_the_same_bits(precision: Precision) -> None:
    classifier, shown = on("openvino", precision=precision), pictures(LENET, 60)
    together = classifier.confidences(shown)
    chunks = [shown[start : start + CHUNK] for start in range(0, len(shown), CHUNK)]
    for threads in (1, 2, 5):
        with ThreadPoolExecutor(threads) as pool:
            answers = np.concatenate(list(pool.map(classifier.confidences, chunks)))
        assert answers.tobytes() == together.tobytes()


class TestChoice:
    @needs_openvino
    def test_a_processor_gets_openvino(self) -> None:
        version = importlib.metadata.version("openvino")
        assert on("auto").engine == f"openvino {version}, float32"

    def test_torch_may_be_asked_for(self) -> None:
        version = torch.__version__.partition("+")[0]
        assert on("torch").engine == f"torch {version}, float32"
        assert on("torch").notice == ""

    def test_an_ensemble_tells_of_its_members(self) -> None:
        both = on("torch", "lenet-a+lenet-b")
        assert both.engine == on("torch").engine
        assert both.notice == ""

    def test_without_openvino_torch_is_used_and_says_why(self, no_openvino: None) -> None:
        classifier = on("auto")
        assert classifier.engine.startswith("torch ")
        assert classifier.notice.startswith(
            "lenet-a: torch is used, which is slower, because OpenVINO cannot be loaded"
        )
        expected = on("torch").confidences(pictures(LENET, 4))
        assert classifier.confidences(pictures(LENET, 4)).tobytes() == expected.tobytes()
        assert on("auto", "lenet-a+lenet-b").notice.count("torch is used") == 2

    def test_without_openvino_who_insists_on_it_is_refused(self, no_openvino: None) -> None:
        with pytest.raises(NoEngine, match="lenet-a: expected to run on OpenVINO, got: OpenVINO"):
            on("openvino")


class Plain(nn.Module):
    """Any network with ten outputs for pictures of 28 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(28 * 28, 10)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.dense(images.flatten(1))
        return logits


class Moody(Plain):
    """Decides by what it sees, which no fixed graph can tell."""

    def forward(self, images: Tensor) -> Tensor:
        logits = super().forward(images)
        return -logits if images.mean() > 0.5 else logits


class Nonsense(Plain):
    """Answers with no numbers, which another engine might hide: a ReLU of NaN may be 0."""

    def forward(self, images: Tensor) -> Tensor:
        return torch.relu(super().forward(images) * torch.nan)


class Modes(Plain):
    def forward(self, images: Tensor) -> Tensor:
        raise ValueError("no pictures today")


@needs_openvino
class TestNetworksThatOpenVinoCannotRun:
    def test_what_cannot_be_converted_runs_on_torch(self) -> None:
        network, shown = Moody(), pictures(LENET, 4)
        classifier = wrapped(network)
        assert classifier.engine.startswith("torch ")
        assert "because OpenVINO cannot convert it (" in classifier.notice
        expected = wrapped(network, "torch").confidences(shown)
        assert classifier.confidences(shown).tobytes() == expected.tobytes()

    def test_what_answers_with_no_numbers_is_still_refused(self) -> None:
        classifier = wrapped(Nonsense())
        with pytest.raises(BadOutput, match="expected finite confidences"):
            classifier.confidences(pictures(LENET, 2))

    def test_what_takes_no_pictures_is_refused_by_its_answer(self) -> None:
        classifier = wrapped(Modes())
        with pytest.raises(BadOutput, match="no pictures today"):
            classifier.confidences(pictures(LENET, 2))

    def test_a_conversion_that_answers_otherwise_is_not_used(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("classifiers.engines.conversion._furthest", lambda *_: 2e-5)
        assert "OpenVINO's answers were off by 2e-05" in wrapped(Plain()).notice
        assert not list(folder.iterdir())

    def test_nor_is_one_whose_rows_depend_on_the_batch(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("classifiers.engines.openvino_engine.rows_agree", lambda _: False)
        assert "OpenVINO's answers depend on the batch" in wrapped(Plain()).notice


@needs_openvino
class TestKeeping:
    def test_a_network_is_converted_once(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        network, shown = Plain(), pictures(LENET, 4)
        first = wrapped(network).confidences(shown)
        (file,) = folder.iterdir()
        monkeypatch.setattr("classifiers.engines.conversion._exported", _refuse)
        again = wrapped(network)
        assert again.notice == ""
        assert again.confidences(shown).tobytes() == first.tobytes()
        file.write_bytes(file.read_bytes()[:-1])
        assert "somebody converts" in wrapped(network).notice

    @pytest.mark.parametrize("change", ["weights", "preprocessing", "sources"])
    def test_another_network_is_converted_anew(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, change: str
    ) -> None:
        network, entry = Plain(), LENET
        wrapped(network)
        monkeypatch.setattr("classifiers.engines.conversion._exported", _refuse)
        assert wrapped(network).notice == ""
        if change == "weights":
            network.dense.bias.data[3] += 1
        elif change == "preprocessing":
            entry = replace(LENET, preprocessing=replace(LENET.preprocessing, scale=1.0))
        else:
            monkeypatch.setattr("classifiers.engines.conversion._digest_of", str.encode)
        assert "somebody converts" in wrapped(network, entry=entry).notice


def _refuse(*_: object) -> None:
    raise RuntimeError("somebody converts")


class TestBfloat16:
    @pytest.mark.parametrize("engine", ["openvino", "torch"])
    def test_is_near_float32_and_not_the_same(self, engine: Engine) -> None:
        if engine == "openvino" and not HAS_BFLOAT16:
            pytest.skip("no OpenVINO, or no instructions for bfloat16")
        classifier, shown = on(engine, precision="bfloat16"), pictures(LENET, 5)
        assert classifier.engine.endswith(", bfloat16")
        assert classifier.notice == ""
        exact = on(engine).confidences(shown)
        coarse = classifier.confidences(shown)
        assert 1e-7 < np.abs(exact - coarse).max() < 0.05

    @needs_openvino
    def test_a_processor_without_it_computes_in_float32_and_says_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("classifiers.engines.runtime.has_bfloat16", lambda: False)
        classifier, shown = on("auto", precision="bfloat16"), pictures(LENET, 5)
        assert classifier.engine == on("auto").engine
        assert "because this processor has no instructions for bfloat16" in classifier.notice
        assert classifier.confidences(shown).tobytes() == on("auto").confidences(shown).tobytes()


@needs_openvino
def test_openvino_is_not_let_to_report_its_use() -> None:
    code = (
        "import sys; from classifiers import catalogue; "
        "found = catalogue.load('lenet-a', chunk=1); "
        "print(found.engine, *(name for name in sys.modules if 'telemetry' in name))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split()[0] == "openvino"
    assert told.stdout.split()[3:] == []


def test_the_usual_place_leaves_the_choice_open() -> None:
    assert (HERE.engine, HERE.precision) == ("auto", "float32")
