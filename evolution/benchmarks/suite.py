"""Every part of the benchmark by name."""

from collections.abc import Callable, Iterator
from functools import partial

from evolution.benchmarks.accuracy import accuracy
from evolution.benchmarks.archive import archive
from evolution.benchmarks.figure import Figure
from evolution.benchmarks.gpu import gpu
from evolution.benchmarks.interleaved import Scope
from evolution.benchmarks.limits import limits
from evolution.benchmarks.loops import COLOUR, DIGITS, loops
from evolution.benchmarks.networks import forwards
from evolution.benchmarks.preparing import preparing
from evolution.benchmarks.rendering import drawing, evenness
from evolution.benchmarks.stored import stored
from evolution.benchmarks.variation import variation

Part = Callable[[Scope], Iterator[Figure]]

PARTS: dict[str, Part] = {
    "limits": limits,
    "drawing": drawing,
    "evenness": evenness,
    "preparing": preparing,
    "accuracy": accuracy,
    "variation": variation,
    "networks": forwards,
    "archive": archive,
    "digits": partial(loops, DIGITS),
    "photographs": partial(loops, COLOUR),
    "stored": stored,
    "gpu": gpu,
}
