"""What is offered beside the network's label, and in which order. All orders are drawn by lot."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evolution.errors import InvalidInput

MOST_BUTTONS = 20  # labels; a longer vocabulary is searched, in alphabetical order


def random_foil(vocabulary: Sequence[str], avoided: Sequence[str], rng: np.random.Generator) -> str:
    """Any label but those avoided, each as likely. Labels of the same name are one (two kinds of
    crane). Raises InvalidInput where none is left."""
    left = sorted(set(vocabulary) - set(avoided))
    if not left:
        raise InvalidInput("vocabulary", "expected a label besides the network's, got none")
    return left[int(rng.integers(len(left)))]


def shuffled(options: Sequence[str], rng: np.random.Generator) -> list[str]:
    return [options[index] for index in rng.permutation(len(options))]


def whole_vocabulary(vocabulary: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Shuffled buttons, or nothing where there are too many: those are searched."""
    names = list(dict.fromkeys(vocabulary))
    return shuffled(names, rng) if len(names) <= MOST_BUTTONS else []


def surest(
    vocabulary: Sequence[str], confidences: npt.NDArray[np.float32], options: Sequence[str]
) -> str:
    """Of the options, the one that a network is surest of: its answer to the same question.

    confidences: (n_labels,). Empty where no option is a label. Of equal ones the first label wins.
    """
    offered = set(options)
    known = [index for index, name in enumerate(vocabulary) if name in offered]
    return vocabulary[max(known, key=lambda index: confidences[index])] if known else ""
