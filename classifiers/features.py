"""What the last layer of a network reads: a picture as so many numbers, near ones for alike pictures.

A network tells it by a method `embedded`, from which its `forward` goes on to the labels.
"""

from collections.abc import Callable
from typing import cast

from torch import Tensor, nn

from classifiers.base import NoFeatures
from classifiers.engines.torch_engine import TorchNetwork
from classifiers.entries import Entry
from classifiers.places import Place


class Embedding(nn.Module):
    """The part of a network before its last layer. Output (B, D)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, batch: Tensor) -> Tensor:
        embedded = cast("Callable[[Tensor], Tensor]", self.network.embedded)
        return embedded(batch)


def embedding(
    network: nn.Module, entry: Entry, place: Place, chunk: int
) -> Callable[[Tensor], Tensor]:
    """Return what tells (chunk, D) features of (chunk, C, H, W) pictures. Raises NoFeatures."""
    if not callable(getattr(network, "embedded", None)):
        raise NoFeatures(
            f"{entry.name}: expected a network of classifiers/networks/, got one that does not "
            "tell what its last layer reads (a program shows nothing of its layers)"
        )
    running = TorchNetwork(Embedding(network), entry, place, chunk=chunk, precision="float32")

    def told(batch: Tensor) -> Tensor:
        found = running(batch)
        assert isinstance(found, Tensor)  # Embedding returns nothing else
        return found.float()

    return told
