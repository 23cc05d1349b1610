"""How many views should go through a network at once, found by trying."""

import time
from collections.abc import Callable

import numpy as np

from classifiers.base import Classifier

FIRST = 16
LIMIT = 4096
WORTH = 1.05  # twice the batch has to bring this much more
REPEATS = 3


def best_batch(
    views_per_second: Callable[[int], float],
    out_of_memory: type[Exception],
    *,
    first: int = FIRST,
    limit: int = LIMIT,
) -> int:
    """Return the size of a batch beyond which twice as many views bring less than 5% more speed.

    views_per_second: measures one size, and raises out_of_memory where it does not fit. The first
    size is not refused by this function: what does not fit at all is for the caller to tell.
    """
    best, speed = first, views_per_second(first)
    while best * 2 <= limit:
        try:
            faster = views_per_second(best * 2)
        except out_of_memory:
            break
        if faster < speed * WORTH:
            break
        best, speed = best * 2, faster
    return best


def fitted(classifier: Classifier, side: int, *, limit: int = LIMIT) -> Classifier:
    """Return the classifier with the batch size that suits its device.

    side: of the pictures that it will be shown, in pixels. What is found depends on the clock, and
    rounding depends on the size of a batch: not for runs that shall be repeated to the bit.
    """
    import torch

    def views_per_second(batch: int) -> float:
        return _speed(classifier.with_chunk(batch), side)

    first = min(FIRST, limit)
    found = best_batch(views_per_second, torch.OutOfMemoryError, first=first, limit=limit)
    return classifier.with_chunk(found)


def _speed(classifier: Classifier, side: int) -> float:
    pictures = np.zeros((classifier.chunk, side, side, classifier.channels), np.uint8)
    classifier.confidences(pictures)  # what is made ready at the first question is not counted
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        classifier.confidences(pictures)
        seconds.append(time.perf_counter() - began)
    return classifier.chunk / min(seconds)
