"""On a GPU, networks either compute the same every time, or as fast as they can."""

import pytest
import torch

from classifiers.engines.torch_engine import numerics
from classifiers.places import Place


@pytest.mark.parametrize("exact", [True, False])
def test_a_gpu_is_exact_or_fast(exact: bool) -> None:
    cudnn = torch.backends.cudnn
    before = (cudnn.deterministic, cudnn.benchmark, cudnn.allow_tf32)
    with numerics(Place("cuda:0", exact=exact)):
        assert cudnn.deterministic is exact
        assert cudnn.benchmark is not exact
        assert cudnn.allow_tf32 is not exact
    assert (cudnn.deterministic, cudnn.benchmark, cudnn.allow_tf32) == before


def test_a_processor_is_left_alone() -> None:
    cudnn = torch.backends.cudnn
    before = (cudnn.deterministic, cudnn.benchmark, cudnn.allow_tf32)
    with numerics(Place("cpu", exact=True)):
        assert (cudnn.deterministic, cudnn.benchmark, cudnn.allow_tf32) == before
