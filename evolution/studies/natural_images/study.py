"""§F: how sure networks are of photographs and digits, beside what fools them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal

from classifiers import catalogue, datasets, folders
from classifiers.base import BadDataset
from classifiers.entries import AnyEntry
from classifiers.folders import Labelled
from classifiers.labels import DIGITS, imagenet
from evolution.errors import InvalidInput
from evolution.studies import networks
from evolution.studies.base import Beat, Done, Evolution, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.imagenet.settings import CROPS, preset
from evolution.studies.natural_images import shown
from evolution.studies.settings import setting

Source = Literal["shipped", "mnist", "folder"]
AT_ONCE = 2000  # photographs a part
TEST_DIGITS = 10_000
SHIPPED = {"digits": 30, "photographs": 20}
SPEEDS: Final = {"digits": 5000.0, "photographs": 60.0}  # pictures a second, on two cores


@dataclass(frozen=True)
class Parameters:
    classifiers: tuple[str, ...] = setting(("lenet-a", "squeezenet"), "The networks to ask.")
    digits: str = setting(
        "", "Folder with MNIST’s four files; empty: 30 digits that come with the project."
    )
    photographs: str = setting(
        "",
        "Folder in ImageNet’s layout, one folder a label; empty: 20 photographs that come with the "
        "project. The page names it.",
    )
    pictures: int = setting(50_000, "Photographs of the folder, at most.", least=1, most=2_000_000)
    mnist_generations: int = setting(
        200, "Of the run of CPPNs to compare digits with; 0: none.", least=0, most=100_000
    )
    imagenet_generations: int = setting(
        5000, "Of the run of CPPNs to compare photographs with; 0: none.", least=0, most=100_000
    )
    crops: str = setting("ten", "What the network sees of a bred picture.", choices=CROPS)
    seed: int = setting(0, "Of these runs.", least=0, most=2**31)


class NaturalImages(Study[Parameters]):
    name = "natural-images"
    title = "Photographs beside fooling pictures"
    section = "§F"
    question = "Is a network as sure of photographs as of pictures that fool it?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(imagenet_generations=100, crops="whole"),
        "quick": Parameters(mnist_generations=20, imagenet_generations=0, crops="whole"),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        given = parameters.classifiers
        if not given or len(set(given)) < len(given):
            raise InvalidInput(
                "classifiers",
                f"expected one or more different ones, got {', '.join(given) or 'none'}",
            )
        for name in given:
            _asked(networks.named("classifiers", name), parameters)

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        parts: list[Part] = []
        for name in parameters.classifiers:
            entry = catalogue.entry(name)
            parts += [*_asked(entry, parameters), *_fooling(entry, parameters)]
        return parts

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        from evolution.studies.natural_images.work import ask

        return ask(part.arguments, beat)

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        return shown.findings(parameters.classifiers, list(finished))


def listed(folder: str, entry: AnyEntry, most: int) -> list[Labelled]:
    """The photographs of a folder, as many of each label as of the others where not all are wanted.

    Raises InvalidInput.
    """
    try:
        found = folders.labelled(Path(folder), entry.label_set)
    except BadDataset as error:
        raise InvalidInput("photographs", str(error)) from None
    if found.unknown:
        names = ", ".join(found.unknown[:5])
        raise InvalidInput(
            "photographs",
            f"expected folders named by labels of {entry.name} alone, got {len(found.unknown)} "
            f"others: {names}",
        )
    return _spread(found.pictures, most)


def digest(pictures: Sequence[Labelled]) -> str:
    """Names the photographs: by label, file name and size."""
    told = hashlib.sha256()
    for one in pictures:
        told.update(f"{one.label}/{one.path.name}/{one.path.stat().st_size}\n".encode())
    return told.hexdigest()[:24]


def _spread(pictures: Sequence[Labelled], most: int) -> list[Labelled]:
    if len(pictures) <= most:
        return list(pictures)
    seen: dict[int, int] = {}
    ranked = []
    for one in pictures:
        seen[one.label] = seen.get(one.label, 0) + 1
        ranked.append((seen[one.label], one.label, one))
    ranked.sort(key=lambda row: row[:2])
    return [one for _, _, one in ranked[:most]]


def _asked(entry: AnyEntry, parameters: Parameters) -> list[Part]:
    if entry.targets == DIGITS.names:
        if parameters.digits:
            _check_digits(parameters.digits)
            return [_part(entry, "mnist", "MNIST’s test set", TEST_DIGITS, parameters.digits)]
        return [_part(entry, "shipped", "30 digits", SHIPPED["digits"])]
    if parameters.photographs:
        return _of_folder(entry, parameters)
    if entry.targets == imagenet().names:
        return [_part(entry, "shipped", "20 photographs", SHIPPED["photographs"])]
    raise InvalidInput(
        "photographs",
        f"expected a folder for the labels of {entry.name}: the project has photographs for the "
        "1,000 labels of ImageNet alone",
    )


def _check_digits(folder: str) -> None:
    """Whether the files are there; whether they are the published ones, the work finds out."""
    try:
        datasets.check_is_there(Path(folder))
    except BadDataset as error:
        raise InvalidInput("digits", str(error)) from None


def _of_folder(entry: AnyEntry, parameters: Parameters) -> list[Part]:
    pictures = listed(parameters.photographs, entry, parameters.pictures)
    told = digest(pictures)
    parts = []
    for first in range(0, len(pictures), AT_ONCE):
        last = min(first + AT_ONCE, len(pictures))
        words = f"photographs {first + 1} to {last}"
        kept = {"first": first, "last": last, "most": parameters.pictures, "digest": told}
        parts.append(_part(entry, "folder", words, last - first, parameters.photographs, **kept))
    return parts


def _part(
    entry: AnyEntry, source: Source, words: str, count: int, folder: str = "", **more: object
) -> Part:
    kind = "digits" if entry.targets == DIGITS.names else "photographs"
    return Part(
        f"{entry.name}, {words}",
        arguments={
            "classifier": entry.name,
            "versions": networks.versions(entry.name),
            "source": source,
            "kind": kind,
            "folder": folder,
            **more,
        },
        evaluations=count,
        seconds=count / SPEEDS[kind] * len(entry.members),
    )


def _fooling(entry: AnyEntry, parameters: Parameters) -> list[Part]:
    if entry.targets == DIGITS.names:
        name, generations = "mnist-cppn-paper", parameters.mnist_generations
    elif entry.targets == imagenet().names:
        name, generations = preset("cppn", parameters.crops), parameters.imagenet_generations
    else:
        return []
    if not generations:
        return []
    run = Evolution(name, entry.name, parameters.seed, generations)
    return [Part(f"{entry.name}, pictures that fool it", run=run)]
