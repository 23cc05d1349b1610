"""Draw whole populations at once, on a processor core or another device."""

from pathlib import Path
from typing import Any, Protocol

from evolution.genomes.base import Population
from evolution.genomes.kernels.freshness import forget_stale

forget_stale(Path(__file__).parent)


class Renderer(Protocol):
    """Draws populations of either encoding on one device."""

    def express(self, population: Population, size: int) -> Any:
        """Return (B, size, size, C) pictures, exactly the bytes of `phenotypes.express`.

        C = 1 grey, or 3 red, green, blue. A NumPy array from the CPU renderer, a tensor on its
        device from the other.
        """
        ...


def renderer(device: str) -> Renderer:
    """Return the renderer of a device: compiled kernels for "cpu", torch for any other."""
    # Imported on demand: a process without a GPU compiles nothing for torch, and the reverse.
    if device == "cpu":
        from evolution.rendering.cpu import CpuRenderer

        return CpuRenderer()
    from evolution.rendering.gpu import TorchRenderer

    return TorchRenderer(device)
