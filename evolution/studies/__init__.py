"""The experiments of the paper, each a file: what it does, and what its results come to.

No module here imports torch when it is imported, so that pages can tell of studies.
"""

from typing import Any

from evolution.errors import InvalidInput
from evolution.studies import (
    ablation,
    ascent,
    ensemble,
    human_vs_dnn,
    imagenet,
    mnist,
    natural_images,
    phylogeny,
    single_targets,
    transfer,
)
from evolution.studies.base import Study
from evolution.studies.retraining import digits, photographs

_STUDIES: dict[str, Study[Any]] = {
    study.name: study
    for study in (
        human_vs_dnn.HumanVsDnn(),
        single_targets.SingleTargets(),
        mnist.MnistDirect(),
        mnist.MnistCppn(),
        imagenet.ImagenetDirect(),
        imagenet.ImagenetCppn(),
        phylogeny.Phylogeny(),
        ablation.Ablation(),
        transfer.Transfer(),
        ensemble.EnsembleStudy(),
        ascent.AscentStudy(),
        natural_images.NaturalImages(),
        digits.Retraining(),
        photographs.RetrainingImagenet(),
    )
}


def names() -> tuple[str, ...]:
    """Return the names of all studies, in the order of the paper."""
    return tuple(_STUDIES)


def get(name: str) -> Study[Any]:
    """Return a study. Raises InvalidInput, which lists the known names."""
    try:
        return _STUDIES[name]
    except KeyError:
        raise InvalidInput(
            "study", f"expected one of {', '.join(_STUDIES)}; got {name[:80]!r}"
        ) from None
