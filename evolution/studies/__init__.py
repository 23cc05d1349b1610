"""The experiments of the paper, each a file: what it does, and what its results come to.

No module here imports torch when it is imported, so that pages can tell of studies.
"""

from typing import Any

from evolution.errors import InvalidInput
from evolution.studies.ablation import Ablation
from evolution.studies.ascent import AscentStudy
from evolution.studies.base import Study
from evolution.studies.ensemble import EnsembleStudy
from evolution.studies.human_vs_dnn import HumanVsDnn
from evolution.studies.imagenet import ImagenetCppn, ImagenetDirect
from evolution.studies.mnist import MnistCppn, MnistDirect
from evolution.studies.natural_images import NaturalImages
from evolution.studies.phylogeny import Phylogeny
from evolution.studies.retraining import Retraining, RetrainingImagenet
from evolution.studies.single_targets import SingleTargets
from evolution.studies.transfer import Transfer

_STUDIES: dict[str, Study[Any]] = {
    study.name: study
    for study in (
        SingleTargets(),
        MnistDirect(),
        MnistCppn(),
        ImagenetDirect(),
        ImagenetCppn(),
        Phylogeny(),
        Ablation(),
        Transfer(),
        Retraining(),
        RetrainingImagenet(),
        AscentStudy(),
        EnsembleStudy(),
        NaturalImages(),
        HumanVsDnn(),
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
