"""Networks on OpenVINO: a processor's fastest way, without gradients."""

import threading
from typing import Any

import torch
from torch import Tensor, nn

from classifiers.base import BadOutput
from classifiers.engines.base import NoEngine
from classifiers.engines.conversion import converted
from classifiers.engines.runtime import VERSION, compiled
from classifiers.engines.torch_engine import ramps, rows_agree
from classifiers.entries import Entry
from classifiers.places import Precision


class OpenVinoNetwork:
    """A network that OpenVINO runs, on one thread for each thread that asks.

    Threads that ask at the same time each have a compiled copy, made when it is first needed: the
    one that asks does the work itself, no other thread waits or spins, and an answer does not
    depend on how many there are. Raises NoEngine.
    """

    def __init__(
        self, network: nn.Module, entry: Entry, *, chunk: int, precision: Precision
    ) -> None:
        self.engine = f"openvino {VERSION}, {precision}"
        self._name = entry.name
        self._model = converted(network, entry)
        self._model.reshape([chunk, entry.input_size, entry.input_size, entry.channels])
        self._precision = precision
        self._idle: list[Any] = []
        self._compiling = threading.Lock()
        if not rows_agree(self(ramps((chunk, entry.channels, entry.input_size, entry.input_size)))):
            raise NoEngine(f"OpenVINO's answers depend on the batch, of {chunk}")

    def __call__(self, pictures: Tensor) -> object:
        batch = pictures.permute(0, 2, 3, 1).contiguous().numpy()
        request = self._request()
        try:
            (answer,) = request.infer([batch], share_inputs=True, share_outputs=False).values()
        except RuntimeError as error:
            raise BadOutput(f"{self._name}: OpenVINO stopped: {error}") from error
        finally:
            self._idle.append(request)
        return torch.from_numpy(answer)

    def _request(self) -> Any:
        try:
            return self._idle.pop()  # by one thread at a time, as all methods of lists
        except IndexError:
            with self._compiling:
                return compiled(self._model, self._precision).create_infer_request()
