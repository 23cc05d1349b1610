"""OpenVINO itself, without the part of it that tells its makers of every use."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from classifiers.engines.base import NoEngine
from classifiers.places import Precision


@contextmanager
def _absent(*names: str) -> Iterator[None]:
    """Let imports of these modules fail, as if they were not installed."""
    before = {name: sys.modules[name] for name in names if name in sys.modules}
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(before)


# Unless somebody has opted out, `import openvino` sends an event to a statistics service, from its
# converter. OpenVINO works without both; nothing here needs them.
with _absent("openvino.tools.ovc", "openvino_telemetry"):
    try:
        import openvino as ov
    except (ImportError, OSError) as error:
        raise NoEngine(f"OpenVINO cannot be loaded ({error})") from error

VERSION: str = ov.__version__.partition("-")[0]


@cache
def core() -> Any:
    """OpenVINO's entrance, one for all: making one takes a while."""
    return ov.Core()


def compiled(model: ov.Model, precision: Precision) -> Any:
    """Compile a model for one thread; nobody else's threads are pinned to a core or kept busy."""
    settings = {
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,  # all copies would be pinned to the same core
        "INFERENCE_PRECISION_HINT": "f32" if precision == "float32" else "bf16",
    }
    return core().compile_model(model, "CPU", settings)


def has_bfloat16() -> bool:
    """Whether this processor has instructions for it."""
    return "BF16" in core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


__all__ = ["VERSION", "compiled", "core", "has_bfloat16", "ov"]
