"""Which engine runs a network."""

from torch import nn

from classifiers.engines.base import NoEngine, Running
from classifiers.engines.torch_engine import TorchNetwork
from classifiers.entries import PROGRAMS, Entry
from classifiers.places import Place, Precision

NO_BFLOAT16 = "float32 is used, because this processor has no instructions for bfloat16"
PROGRAM_PRECISION = "float32 is used, because a program computes in what it was exported with"


def running(network: nn.Module, entry: Entry, place: Place, chunk: int) -> tuple[Running, str]:
    """Return the network on its engine, and one sentence where that is not the wanted one.

    A GPU's networks run on torch, and so do programs, which bring an engine of their own. On a
    processor, "auto" means OpenVINO or else torch; "openvino" that or none. Raises NoEngine.
    """
    if entry.weights.file.endswith(PROGRAMS):
        told = PROGRAM_PRECISION if place.precision != "float32" else ""
        return _on_torch(network, entry, place, chunk, "float32"), _sentence(entry, told)
    if place.engine == "torch" or place.device != "cpu":
        return _on_torch(network, entry, place, chunk, place.precision), ""
    try:
        return _on_openvino(network, entry, place, chunk)
    except NoEngine as error:
        if place.engine == "openvino":
            raise NoEngine(f"{entry.name}: expected to run on OpenVINO, got: {error}") from error
        notice = _sentence(entry, f"torch is used, which is slower, because {error}")
        return _on_torch(network, entry, place, chunk, place.precision), notice


def _on_openvino(network: nn.Module, entry: Entry, place: Place, chunk: int) -> tuple[Running, str]:
    from classifiers.engines.openvino_engine import OpenVinoNetwork
    from classifiers.engines.runtime import has_bfloat16

    precision, told = place.precision, ""
    if precision == "bfloat16" and not has_bfloat16():
        precision, told = "float32", NO_BFLOAT16
    return OpenVinoNetwork(network, entry, chunk=chunk, precision=precision), _sentence(entry, told)


def _on_torch(
    network: nn.Module, entry: Entry, place: Place, chunk: int, precision: Precision
) -> Running:
    return TorchNetwork(network, entry, place, chunk=chunk, precision=precision)


def _sentence(entry: Entry, told: str) -> str:
    return f"{entry.name}: {told}." if told else ""
