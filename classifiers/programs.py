"""Networks that come as programs: torch.export's archives and ONNX files. Nothing is unpickled."""

import operator
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn
from torch._ops import OpOverload

from classifiers import onnx_files, pt2
from classifiers.base import BadOutput, BadWeights
from classifiers.entries import Entry

QUIET = 3  # of onnxruntime's log: errors alone


class Program(nn.Module):
    """A function of whole batches as a network that takes any number of pictures.

    Input (B, C, H, W), output (B, n_labels). Where the program was exported for batches of one
    size, or of a least size, pictures go through it in such batches, the last one filled up.
    """

    def __init__(
        self,
        run: Callable[[Tensor], Tensor],
        runtime: str,
        *,
        batch: int | None = None,
        least: int = 1,
    ) -> None:
        super().__init__()
        self._run = (run,)  # in a tuple: an exported module may not be asked to switch modes
        self.runtime = runtime
        """What runs it, as Classifier.engine tells."""
        self.batch = batch
        """The one size of a batch, if there is one."""
        self._least = batch or least
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        (run,) = self._run
        size = self.batch or max(len(images), self._least)
        answers = [
            run(_filled(images[start : start + size].contiguous(), size))
            for start in range(0, len(images), size)
        ]
        return torch.cat(answers)[: len(images)]


def exported(entry: Entry, content: bytes, device: str) -> Program:
    """Load a program from torch.export. Raises BadWeights."""
    archive = pt2.harmless(entry.name, content)
    try:
        program = torch.export.load(BytesIO(archive))
        module = _on_device(program, device).module(check_guards=False)
    except Exception as error:
        raise BadWeights(
            f"{entry.name}: expected a program that torch {torch.__version__} can load, got: "
            f"{type(error).__name__}: {error}"
        ) from error
    for node in program.graph.nodes:
        if node.op == "call_function" and not _is_arithmetic(node.target):
            raise BadWeights(f"{entry.name}: expected operators of ATen, got {node.target}")
    batch, least = _batch_sizes(entry, program)

    def run(images: Tensor) -> Tensor:
        answer = module(images)
        if isinstance(answer, tuple | list) and len(answer) == 1:
            (answer,) = answer
        if not isinstance(answer, Tensor):
            raise BadOutput(f"{entry.name}: expected one output, got {type(answer).__name__}")
        return answer

    return Program(
        run, f"torch {torch.__version__.partition('+')[0]}, float32", batch=batch, least=least
    )


def _on_device(program: torch.export.ExportedProgram, device: str) -> torch.export.ExportedProgram:
    if device == "cpu":
        return program
    from torch.export.passes import move_to_device_pass

    return move_to_device_pass(program, device)


def _is_arithmetic(target: object) -> bool:
    return (isinstance(target, OpOverload) and target.namespace == "aten") or target in (
        operator.getitem, operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod
    )  # fmt: skip


def _batch_sizes(entry: Entry, program: torch.export.ExportedProgram) -> tuple[int | None, int]:
    """Return the only size that a batch may have, or None; and the least size."""
    inputs = program.graph_signature.user_inputs
    if len(inputs) != 1:
        raise BadWeights(f"{entry.name}: expected one input, got {len(inputs)}")
    (told,) = (
        node.meta["val"]
        for node in program.graph.nodes
        if node.op == "placeholder" and node.name == inputs[0]
    )
    _check_input(entry, list(told.shape), str(told.dtype), "torch.float32")
    size = told.shape[0]
    if isinstance(size, int):
        return size, size
    constraint = program.range_constraints.get(size.node.expr)
    return None, max(1, int(constraint.lower)) if constraint is not None else 1


def onnx(entry: Entry, content: bytes, device: str) -> Program:
    """Load an ONNX file. Raises BadWeights."""
    onnx_files.check_is_complete(entry.name, content)
    sessions = _Sessions(entry, content, device)
    session = sessions.get()
    inputs = session.get_inputs()
    if len(inputs) != 1:
        raise BadWeights(f"{entry.name}: expected one input, got {len(inputs)}")
    _check_input(entry, inputs[0].shape, inputs[0].type, "tensor(float)")
    fed, wanted = inputs[0].name, _output(entry, session)

    def run(images: Tensor) -> Tensor:
        pictures = images.detach().cpu().numpy()
        try:
            (answer,) = sessions.get().run([wanted], {fed: pictures})
        except Exception as error:  # its errors have no common class
            raise BadOutput(f"{entry.name}: onnxruntime stopped: {error}") from error
        return torch.from_numpy(np.asarray(answer)).to(images.device)

    batch = inputs[0].shape[0]
    runtime = f"onnxruntime {onnxruntime.__version__}, float32"
    return Program(run, runtime, batch=batch if isinstance(batch, int) else None)


class _Sessions:
    """A model, ready to run on as many threads as torch may use at the moment."""

    def __init__(self, entry: Entry, content: bytes, device: str) -> None:
        self._entry, self._content = entry, content
        gpu = device.startswith("cuda")
        self._providers = [
            name
            for name in (["CUDAExecutionProvider"] if gpu else []) + ["CPUExecutionProvider"]
            if name in onnxruntime.get_available_providers()
        ]
        self._sessions: dict[int, Any] = {}
        self._lock = threading.Lock()

    def get(self) -> Any:
        threads = torch.get_num_threads()
        with self._lock:
            if threads not in self._sessions:
                self._sessions[threads] = self._session(threads)
            return self._sessions[threads]

    def _session(self, threads: int) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = QUIET
        # Threads that spin while they wait take the cores from those that draw.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(self._content, options, providers=self._providers)
        except Exception as error:  # its errors have no common class
            raise BadWeights(
                f"{self._entry.name}: expected an ONNX model that onnxruntime "
                f"{onnxruntime.__version__} can load, got: {error}"
            ) from error


def _output(entry: Entry, session: Any) -> str:
    """The name of the output with one value a label; a model may have others beside it."""
    told = {output.name: output.shape for output in session.get_outputs()}
    if len(told) > 1:
        told = {
            name: shape
            for name, shape in told.items()
            if len(shape) == 2 and shape[1] == len(entry.labels)
        }
    if len(told) != 1:
        raise BadWeights(
            f"{entry.name}: expected one output with {len(entry.labels)} values, one a label, got "
            f"{[output.shape for output in session.get_outputs()]}"
        )
    return str(next(iter(told)))


def _check_input(entry: Entry, shape: list[Any], dtype: str, wanted: str) -> None:
    """Compare what a program was made for with its description; a size that is no int is open."""
    described = [None, entry.channels, entry.input_size, entry.input_size]
    fits = len(shape) == 4 and all(
        size is None or not isinstance(got, int) or got == size
        for got, size in zip(shape, described, strict=True)
    )
    if not fits or dtype != wanted:
        raise BadWeights(
            f"{entry.name}: expected a program with an input of {wanted} and shape (batch, "
            f"{entry.channels}, {entry.input_size}, {entry.input_size}), got {dtype} and "
            f"({', '.join(str(size) for size in shape)})"
        )


def _filled(images: Tensor, size: int) -> Tensor:
    """Add black pictures at the end of a batch that is too small."""
    if len(images) == size:
        return images
    return torch.cat([images, images.new_zeros((size - len(images), *images.shape[1:]))])
