"""Training the last layer of SqueezeNet anew, with photographs and with what fooled it."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from classifiers import catalogue, folders
from classifiers.base import BadDataset
from classifiers.folders import Labelled
from classifiers.labels import imagenet
from classifiers.pictures import BadPicture
from evolution.errors import InvalidInput
from evolution.phenotypes import Picture
from evolution.services.places import place
from evolution.studies.base import Beat, Finished
from evolution.studies.retraining import made, pools
from evolution.studies.retraining.photo_parameters import (
    NETWORK,
    Parameters,
    folder_of,
    runs_of,
)

if TYPE_CHECKING:
    from classifiers.networks.squeezenet import SqueezeNet
    from classifiers.refitting import Maps, Samples

SIDE = 256  # of photographs, and of pictures that evolve
AT_ONCE = 8  # pictures between two beats


class _Seen:
    """What the last layer sees of pictures: photographs first, in their order, then individuals."""

    def __init__(self, files: Sequence[Labelled], individuals: Sequence[int], folder: Path) -> None:
        from classifiers import refitting

        self.files = list(files)
        self.individuals = sorted(set(individuals))
        shape = (len(self.files) + len(self.individuals), *refitting.SHAPE)
        self.maps: Maps = np.memmap(folder / "maps", np.float16, "w+", shape=shape)
        self.readable = np.zeros(len(self.files), np.bool_)

    def fill(self, network: "SqueezeNet", beat: Beat) -> None:
        from classifiers import refitting

        photographs = refitting.seen(network, self._photographs(beat), self.maps)
        rest = self.maps[len(self.files) :]
        drawn = pools.drawn(self.individuals, SIDE, beat)
        parts = (
            images[start : start + AT_ONCE]
            for images in drawn
            for start in range(0, len(images), AT_ONCE)
        )
        refitting.seen(network, _beating(parts, beat), rest)
        assert photographs == len(self.files)

    def photographs(self, files: Sequence[Labelled]) -> "Samples":
        """Those that could be read, with their labels."""
        from classifiers.refitting import Samples

        places = {one.path: row for row, one in enumerate(self.files)}
        kept = [one for one in files if self.readable[places[one.path]]]
        return Samples(
            np.array([places[one.path] for one in kept], np.int64),
            np.array([one.label for one in kept], np.int64),
        )

    def fooling(self, individuals: Sequence[int]) -> "Samples":
        from classifiers.refitting import FOOLING_LABEL, Samples

        rows = len(self.files) + np.searchsorted(self.individuals, individuals)
        return Samples(rows, np.full(len(individuals), FOOLING_LABEL, np.int64))

    def _photographs(self, beat: Beat) -> Iterator[Picture]:
        """Squares, some at once; black ones stand for those that cannot be read."""
        files = iter(enumerate(self.files))
        while some := list(islice(files, AT_ONCE)):
            squares = np.zeros((len(some), SIDE, SIDE, 3), np.uint8)
            for place_, (row, file) in enumerate(some):
                try:
                    squares[place_] = folders.square(file.path, SIDE, 3)
                    self.readable[row] = True
                except BadPicture:
                    continue  # counted by who asks for those that were readable
            beat()
            yield squares


def trained(parameters: Parameters, name: str, finished: Finished, beat: Beat) -> dict[str, Any]:
    """Train network 2, publish it, and measure both. Raises ClassifierError, InvalidInput."""
    learnt, kept = _files(parameters)
    first, final = pools.of_runs(_runs(parameters, finished), beat)
    counts = parameters.fooling, parameters.fooling_validation
    fooling, fooling_kept = pools.sampled(first, final, counts, parameters.training_seed)
    network: SqueezeNet = _network()
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        seen = _Seen([*learnt, *kept], [*fooling, *fooling_kept], Path(folder))
        seen.fill(network, beat)
        samples = seen.photographs(learnt).joined(seen.fooling(fooling))
        wiser = _refitted(network, seen, samples, parameters, beat)
        measured = _measured(
            network, wiser, seen, (seen.photographs(kept), seen.fooling(fooling_kept)), beat
        )
        damaged = int((~seen.readable).sum())
    _publish(wiser, name, parameters, len(samples))
    return {
        "network": name,
        "version": catalogue.entry(name).version,
        **measured,
        "learnt": len(samples) - len(fooling),
        "fooling": len(fooling),
        "distinct": len(seen.individuals),
        "damaged": damaged,
        "known_labels": len({one.label for one in learnt}),
    }


def _files(parameters: Parameters) -> tuple[list[Labelled], list[Labelled]]:
    found = folders.labelled(folder_of(parameters), imagenet())
    learnt, kept = folders.divided(
        found.pictures, parameters.kept, parameters.pictures, parameters.training_seed
    )
    if not kept:
        raise BadDataset(f"{folder_of(parameters)}: expected a label with two or more pictures")
    return learnt, kept


def _runs(parameters: Parameters, finished: Finished) -> list[int]:
    found = []
    version = catalogue.entry(NETWORK).version
    for outcome in runs_of(finished, 1)[: parameters.runs]:
        made.check_version(outcome.key, outcome.result["version"], version)
        if outcome.run is None:
            raise InvalidInput(outcome.key, "expected its run, got none: somebody deleted it")
        found.append(outcome.run)
    return found


def _network() -> Any:
    """SqueezeNet as it ships, on the processor, and as torch has it."""
    loaded: Any = catalogue.load(NETWORK, replace(place(), engine="torch"))
    return loaded.network


def _refitted(
    network: "SqueezeNet", seen: _Seen, samples: "Samples", parameters: Parameters, beat: Beat
) -> "SqueezeNet":
    from classifiers import refitting

    solver = refitting.Solver(parameters.iterations, min(refitting.Solver.batch, len(samples)))
    return refitting.refit(network, seen.maps, samples, parameters.training_seed, solver, beat)


def _measured(
    before: "SqueezeNet",
    after: "SqueezeNet",
    seen: _Seen,
    kept: tuple["Samples", "Samples"],
    beat: Beat,
) -> dict[str, Any]:
    """Shares of pictures that were kept for it which each network gets wrong, 0 to 1."""
    from classifiers import refitting

    photographs, fooling = kept
    if not len(photographs):
        raise BadDataset("photographs: expected one that can be read to measure errors on")
    known = refitting.guesses(before, seen.maps, photographs.rows, beat) == photographs.labels
    learnt = refitting.guesses(after, seen.maps, photographs.rows, beat) == photographs.labels
    found = refitting.guesses(after, seen.maps, fooling.rows, beat) == fooling.labels
    right = int(learnt.sum()) + int(found.sum())
    return {
        "before": 1 - float(known.mean()),
        "after": 1 - float(learnt.mean()),
        "validation": 1 - right / (len(photographs) + len(fooling)),
        "found": float(found.mean()),
        "kept": len(photographs),
        "fooling_kept": len(fooling),
    }


def _publish(network: "SqueezeNet", name: str, parameters: Parameters, learnt: int) -> None:
    from classifiers import refitting

    refitting.publish(
        network,
        settings.NETWORKS_DIR,
        name,
        f"SqueezeNet, retrained ({name.removeprefix('squeezenet-fooled-')})",
        f"SqueezeNet 1.1 whose last layer learnt {learnt:,} pictures for {parameters.iterations:,} "
        f"iterations: photographs, and {parameters.fooling:,} that fooled it.",
    )


def _beating(batches: Iterator[Picture], beat: Beat) -> Iterator[Picture]:
    for batch in batches:
        beat()
        yield batch
