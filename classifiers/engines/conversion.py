"""From a torch network to a model of OpenVINO, which answers the same."""

import hashlib
import inspect
import tempfile
import threading
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from classifiers.engines import kept
from classifiers.engines.base import NoEngine
from classifiers.engines.runtime import VERSION, compiled, core, ov
from classifiers.entries import Entry
from classifiers.prepared import Prepared

CLOSE = 1e-5  # how far a converted network's probabilities may be from torch's
TRIED = 2  # pictures of the comparison; more than one, or torch.export takes the size for fixed
LENGTH = 8  # bytes that tell how long the first of two parts is

_one_at_a_time = threading.Lock()


def converted(network: nn.Module, entry: Entry) -> ov.Model:
    """Return a model whose batch size is open: (B, H, W, C) in [0, 1] to (B, n_labels).

    Converting takes seconds, so the result is kept. It is compared with torch before it is.
    Raises NoEngine.
    """
    prepared = Prepared(network, entry.preprocessing)
    identity = _identity(prepared, entry)
    if content := kept.read(entry.name, identity):
        return _parsed(content)
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what torch and OpenVINO deprecate within themselves
            model = _exported(_ChannelsLast(prepared), entry)
            furthest = _furthest(model, prepared, entry)
    except Exception as error:  # torch's and OpenVINO's errors have no common class
        raise NoEngine(f"OpenVINO cannot convert it ({_first_line(error)})") from error
    if not furthest <= CLOSE:  # NaN is none either
        raise NoEngine(f"OpenVINO's answers were off by {furthest:.1g}")
    content = _serialised(model)
    kept.write(entry.name, identity, content)
    return _parsed(content)  # the same way every time, so that the first run is like all others


class _ChannelsLast(nn.Module):
    """Takes (B, H, W, C), as pictures lie in memory; the engine turns them as it needs them."""

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.prepared = prepared
        self.training = False

    def forward(self, pictures: Tensor) -> object:
        answer: object = self.prepared(pictures.permute(0, 3, 1, 2))
        return answer


def _exported(network: nn.Module, entry: Entry) -> ov.Model:
    # Not openvino.convert_model: it wants the package that reports its use, see runtime.py.
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.fx_decoder import TorchFXPythonDecoder

    pictures = torch.zeros(TRIED, entry.input_size, entry.input_size, entry.channels)
    shapes = ({0: torch.export.Dim("batch")},)
    program = torch.export.export(network, (pictures,), dynamic_shapes=shapes)
    decoder = TorchFXPythonDecoder(program.run_decompositions().module(), dynamic_shapes=True)
    frontend = FrontEndManager().load_by_framework("pytorch")
    loaded = frontend.load(decoder)  # must live, as the decoder must, until it is converted
    return frontend.convert(loaded)


def _furthest(model: ov.Model, prepared: Prepared, entry: Entry) -> float:
    """How far the model's probabilities are from torch's, at most; NaN if one side has it."""
    rng = np.random.default_rng(0)
    pictures = torch.from_numpy(
        rng.random((TRIED, entry.input_size, entry.input_size, entry.channels), dtype=np.float32)
    )
    with torch.inference_mode():
        expected = prepared(pictures.permute(0, 3, 1, 2))
    (found,) = compiled(model, "float32")([pictures.numpy()]).values()
    answers = [expected, torch.from_numpy(found)]
    if entry.output == "logits":
        answers = [answer.softmax(1) for answer in answers]
    return float((answers[0] - answers[1]).abs().max())


def _identity(prepared: Prepared, entry: Entry) -> str:
    """A SHA-256 of all that decides about the converted network: weights, sources, versions."""
    digest = hashlib.sha256()
    for text in (VERSION, torch.__version__, entry.output, str(entry.input_size)):
        digest.update(f"{text}\n".encode())
    digest.update(f"{prepared.preprocessing}\n{prepared}\n".encode())
    for source in sorted(_sources(prepared)):
        digest.update(_digest_of(source))
    for name, tensor in prepared.state_dict().items():
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(np.ascontiguousarray(tensor.numpy()).data)
    return digest.hexdigest()


def _sources(network: nn.Module) -> set[str]:
    own = {type(module) for module in network.modules()}
    return {__file__} | {
        inspect.getfile(kind) for kind in own if not kind.__module__.startswith("torch.")
    }


@cache
def _digest_of(source: str) -> bytes:
    return hashlib.sha256(Path(source).read_bytes()).digest()


def _serialised(model: ov.Model) -> bytes:
    """Both files of OpenVINO's format in one: the length of the first, the first, the second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.xml"
        ov.save_model(model, path, compress_to_fp16=False)
        graph, weights = path.read_bytes(), path.with_suffix(".bin").read_bytes()
    return len(graph).to_bytes(LENGTH, "big") + graph + weights


def _parsed(content: bytes) -> ov.Model:
    end = LENGTH + int.from_bytes(content[:LENGTH], "big")
    weights = ov.Tensor(np.frombuffer(content[end:], np.uint8))
    return core().read_model(content[LENGTH:end], weights)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
