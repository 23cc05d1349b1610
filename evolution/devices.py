"""What judges on this machine: the device, its threads, and how large a batch they work on."""

import sys

from classifiers import catalogue
from classifiers.base import Classifier, ClassifierError
from classifiers.places import Place
from evolution.algorithms.settings import Preset

# Whoever has a chunk's answer waits this long at most for the thread that writes the last generation
# down. Python's own 5 ms are longer than a chunk of digits (4% of a run's speed, three pairs of runs).
SWITCH_SECONDS = 0.0005
FEWEST_CHUNKS = 4  # of a generation, where it can be divided so: the hands shall end together


class NoSuchDevice(ClassifierError):
    """The configured device is not there."""


def available_device(wanted: str) -> str:
    """Resolve "auto" to a GPU when torch sees one. Raises NoSuchDevice."""
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if wanted == "auto":
        return "cuda" if gpus else "cpu"
    names = ["cpu", *(["cuda"] if gpus else []), *(f"cuda:{number}" for number in range(gpus))]
    if wanted not in names:
        raise NoSuchDevice(
            f"FOOLBREEDER_DEVICE: expected auto or one of {', '.join(names)}, got {wanted!r}"
        )
    return wanted


def use_threads(count: int) -> None:
    """Let this process judge on so many processor threads."""
    import torch

    sys.setswitchinterval(SWITCH_SECONDS)
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)


def hands_on(classifier: Classifier) -> int:
    """How many chunks are worked on at once: one on a GPU, else one a thread that torch may use."""
    import torch

    return torch.get_num_threads() if classifier.device == "cpu" else 1


def even_chunk(n_genomes: int, usual: int) -> int:
    """A batch of at most `usual` views that divides a generation so that all hands end together.

    Where it can be, the generation is a multiple of four batches: 1, 2 and 4 hands then have equally
    many. It does not follow from the number of threads, since the last bits of an answer may change
    with the size of its batch.
    """
    largest = min(usual, -(-n_genomes // FEWEST_CHUNKS))
    for chunk in range(largest, largest // 2, -1):
        if n_genomes % (FEWEST_CHUNKS * chunk) == 0:
            return chunk
    return largest


def usual_chunk(classifier: str, place: Place, preset: Preset) -> int:
    """The batch size of a new run: it follows from preset, catalogue and kind of device."""
    usual = catalogue.default_chunk(classifier, place.device)
    if place.device == "cpu":
        return even_chunk(preset.algorithm.children, usual)
    # No larger than a generation: what is missing in it would be computed all the same.
    return min(preset.algorithm.children, usual)
