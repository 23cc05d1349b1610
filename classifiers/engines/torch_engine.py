"""Networks on torch itself: every network, every device."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from classifiers.entries import Entry
from classifiers.places import Place, Precision
from classifiers.prepared import Prepared
from classifiers.threads import cpu_threads

VERSION = torch.__version__.partition("+")[0]


class TorchNetwork:
    """A network that torch runs. It computes bfloat16 on any processor: fast where there are
    instructions for it."""

    def __init__(
        self, network: nn.Module, entry: Entry, place: Place, *, chunk: int, precision: Precision
    ) -> None:
        self.engine = getattr(network, "runtime", f"torch {VERSION}, {precision}")
        self._place = place
        dtype = torch.float32
        if precision == "bfloat16":
            dtype = torch.bfloat16
            network = copy.deepcopy(network).to(dtype)
        self._network = Prepared(network, entry.preprocessing, dtype).to(place.device)
        self._shape = (chunk, entry.channels, entry.input_size, entry.input_size)
        self._rows_agree: dict[int, bool] = {}

    def __call__(self, pictures: Tensor) -> object:
        with torch.inference_mode(), cpu_threads(self._threads()), numerics(self._place):
            answer: object = self._network(pictures)
        return answer

    def _threads(self) -> int:
        """As many threads as torch is set to, or one if that many would blur the rows.

        Some chunk sizes (7 on two threads, say) make a matrix product use another kernel, with
        other rounding, for the rows at the end of a thread's share.
        """
        threads = torch.get_num_threads()
        if threads not in self._rows_agree:
            self._rows_agree[threads] = threads == 1 or rows_agree(
                self._network(ramps(self._shape).to(self._place.device))
            )
        return threads if self._rows_agree[threads] else 1


def ramps(shape: tuple[int, ...]) -> Tensor:
    """Return (B, C, H, W) pictures that are all the same one, of many shades, channels last."""
    ramp = torch.linspace(0, 1, shape[1] * shape[2] * shape[3]).view(shape[1:])
    return ramp.expand(shape).contiguous(memory_format=torch.channels_last)


def rows_agree(answer: object) -> bool:
    """Whether a network said the same of every picture; an answer of a wrong kind is left alone."""
    return not isinstance(answer, Tensor) or bool((answer == answer[0]).all())


@contextmanager
def numerics(place: Place) -> Iterator[None]:
    """Keep a GPU's convolutions from rounding to TF32 or picking kernels by a race, or let them."""
    if not place.device.startswith("cuda"):
        yield
        return
    exact = place.exact
    with torch.backends.cudnn.flags(
        enabled=True, benchmark=not exact, deterministic=exact, allow_tf32=not exact
    ):
        yield
