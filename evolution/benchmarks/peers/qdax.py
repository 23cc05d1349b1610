"""QDax: a repertoire whose cells are found by their nearest centroid, compiled by JAX."""

import os
from typing import Any

import numpy as np

from classifiers.base import FloatArray
from evolution.benchmarks.interleaved import Work
from evolution.benchmarks.peers import is_there

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
MOST_ROWS = 10_000  # more take seconds: the distance of every row to every cell is computed


def adding(batch: FloatArray) -> dict[str, Work]:
    """Offer a batch, (children, cells): as it is where that is feasible, and the best rows only."""
    if not is_there("QDax"):
        return {}
    os.environ.setdefault("XLA_FLAGS", ONE_THREAD)
    import jax
    import jax.numpy as jnp

    repertoire, add = full_repertoire(batch), jax.jit(lambda held, *rows: held.add(*rows))
    children, cells = batch.shape
    centroids = repertoire.centroids
    numbers = jnp.repeat(jnp.arange(children), cells)[:, None]
    rows = jnp.tile(centroids, (children, 1))

    def offer_all() -> None:
        jax.block_until_ready(add(repertoire, numbers, rows, jnp.asarray(batch.reshape(-1, 1))))

    def offer_best() -> None:
        best = batch.argmax(axis=0)
        values = jnp.asarray(batch[best, np.arange(cells)][:, None])
        jax.block_until_ready(add(repertoire, jnp.asarray(best[:, None]), centroids, values))

    works: dict[str, Work] = {"QDax, best rows only": offer_best}
    return works | ({"QDax": offer_all} if batch.size <= MOST_ROWS else {})


def full_repertoire(batch: FloatArray) -> Any:
    """Return a repertoire in which every cell is held by the best of the batch."""
    import jax.numpy as jnp
    from qdax.core.containers.mapelites_repertoire import MapElitesRepertoire

    centroids = jnp.arange(batch.shape[1], dtype=jnp.float32)[:, None]
    best = jnp.asarray(batch.argmax(axis=0))[:, None]
    fitnesses = jnp.asarray(batch.max(axis=0))[:, None]
    return MapElitesRepertoire.init(best, fitnesses, centroids, centroids)
