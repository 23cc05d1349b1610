"""Compiled versions of the variation operators, for whole populations.

Each takes the same draws, in the same order, as the readable version, and gives the same bits;
`tests/genomes` holds them to it. They run without the interpreter lock.
"""

from pathlib import Path

from evolution.genomes.kernels.freshness import forget_stale

forget_stale(Path(__file__).parent)
