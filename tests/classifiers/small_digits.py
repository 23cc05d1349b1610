"""A data set in MNIST's format that a network learns in a second."""

import hashlib
from pathlib import Path

import numpy as np

from tests.classifiers.test_datasets import idx
from tests.classifiers.test_training import DATA


def write(folder: Path) -> dict[str, str]:
    """Write IDX files with 200 bars to learn from and 50 to test with; return their MD5 sums."""
    sums = {}
    for part, images in (("train", DATA.train), ("t10k", DATA.test)):
        files = {
            f"{part}-images-idx3-ubyte": idx(images.images),
            f"{part}-labels-idx1-ubyte": idx(images.labels.astype(np.uint8)),
        }
        for name, content in files.items():
            (folder / name).write_bytes(content)
            sums[name] = hashlib.md5(content).hexdigest()
    return sums
