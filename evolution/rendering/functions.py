"""Activation functions and colours as compiled scalar functions, to be inlined into kernels."""

from typing import Any

import numpy as np

from evolution.genomes import activations, colours, elementary
from evolution.genomes.elementary import DOUBLE, SINGLE
from evolution.genomes.kernels.primitives import COMPILED_32, COMPILED_64, clip, inlined


@inlined
def _floor(x: Any) -> Any:
    return np.floor(x)


sine_64, sigmoid_64, gaussian_64, linear_64 = activations.build(COMPILED_64, DOUBLE, inlined)
sine, sigmoid, gaussian, linear = activations.build(
    COMPILED_32, SINGLE._replace(number=np.float32), inlined
)
wrapped = elementary.wrapping(inlined)
hsv, hls = colours.build(_floor, clip, np.float32, inlined)
