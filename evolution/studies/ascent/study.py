"""§3.9 and §E, Fig. 13 and S5 to S9: pictures that climb a network's gradient, in four styles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from classifiers import ascent_styles, catalogue
from classifiers.entries import AnyEntry
from classifiers.labels import imagenet
from evolution.errors import InvalidInput
from evolution.services import numbers
from evolution.studies import networks
from evolution.studies.ascent import shown
from evolution.studies.base import Beat, Done, Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.settings import setting

STYLES: Final = tuple(ascent_styles.STYLES)
# The classes of the published code, from 0 (caffe/ascent/run_chosen_supplementary.sh).
PAPER_CLASSES: Final = (
    200, 207, 215, 279, 366, 367, 390, 414, 445, 500, 509, 580, 643, 657, 704, 713, 782, 805, 826, 906,
)  # fmt: skip
FEW_LABELS = 100  # of a network all of whose labels are taken where none are named
MOST_PICTURES = 10_000
SMALL = 64  # pixels a side
# Iterations of one picture a second, on two cores of an AMD EPYC.
SPEEDS = {"small": 1300.0, "large": 25.0}
SECONDS_A_PART = 60
POINTS = 50  # of a curve that is kept


@dataclass(frozen=True)
class Parameters:
    classifiers: tuple[str, ...] = setting(
        ("lenet-a", "squeezenet"), "The networks whose gradient is climbed."
    )
    styles: tuple[str, ...] = setting(STYLES, "Ways to hold a picture back.", choices=STYLES)
    labels: str = setting(
        "", "Indices, as 3,7 or 0-9; empty: all digits, and the paper’s 20 classes of ImageNet."
    )
    starts: int = setting(5, "Starts from noise, for each label.", least=1, most=1000)
    iterations: int = setting(0, "Of a picture; 0: as published.", least=0, most=100_000)


class AscentStudy(Study[Parameters]):
    name = "ascent"
    title = "Climbing the gradient"
    section = "§3.9 and §E, Fig. 13 and S5 to S9"
    question = "Can pictures that fool a network be found without evolution?"
    parameters = Parameters
    scales: ClassVar = {
        "paper": Parameters(),
        "scaled": Parameters(starts=1),
        "quick": Parameters(classifiers=("lenet-a",), styles=("none", "l2"), iterations=150),
    }
    usual = "scaled"

    def check(self, parameters: Parameters) -> None:
        for name in ("classifiers", "styles"):
            given = getattr(parameters, name)
            if not given or len(set(given)) < len(given):
                raise InvalidInput(
                    name, f"expected one or more different ones, got {', '.join(given) or 'none'}"
                )
        if parameters.iterations == 1:
            raise InvalidInput("iterations", "expected 0 or at least 2, got 1")
        units = 0
        for name in parameters.classifiers:
            entry = networks.named("classifiers", name)
            _check_gradients(entry)
            units += len(labels_of(entry, parameters.labels)) * parameters.starts
        if units * len(parameters.styles) > MOST_PICTURES:
            raise InvalidInput("starts", f"expected at most {MOST_PICTURES:,} pictures in all")

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        return [
            part
            for name in parameters.classifiers
            for style in parameters.styles
            for seed in range(parameters.starts)
            for part in _parts(catalogue.entry(name), style, seed, parameters)
        ]

    def work(self, parameters: Parameters, part: Part, finished: Finished, beat: Beat) -> Done:
        from evolution.studies.ascent.work import climb

        return Done(climb(part.arguments, beat))

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        return shown.findings(parameters.classifiers, parameters.styles, list(finished))


def labels_of(entry: AnyEntry, wanted: str) -> list[int]:
    """The labels to climb for. Raises InvalidInput."""
    count = len(entry.targets)
    if not wanted:
        if entry.targets == imagenet().names:
            return list(PAPER_CLASSES)
        if count > FEW_LABELS:
            raise InvalidInput(
                "labels", f"expected some of the {count:,} of {entry.name}, got none"
            )
        return list(range(count))
    found = numbers.listed("labels", wanted)
    if max(found) >= count:
        raise InvalidInput(
            "labels", f"expected 0 to {count - 1} as {entry.name} has them, got {max(found)}"
        )
    return found


def _check_gradients(entry: AnyEntry) -> None:
    for member in entry.members:
        if member.weights.file.endswith(".onnx"):
            raise InvalidInput(
                "classifiers",
                f"expected networks with gradients, got {member.name}: an ONNX file has none, since "
                "onnxruntime computes answers alone",
            )


def _parts(entry: AnyEntry, style: str, seed: int, parameters: Parameters) -> list[Part]:
    iterations = parameters.iterations or ascent_styles.STYLES[style].iterations
    large = max(member.input_size for member in entry.members) > SMALL
    speed = SPEEDS["large" if large else "small"] / len(entry.members)
    batch = max(1, min(10, int(SECONDS_A_PART * speed / iterations)))
    labels = labels_of(entry, parameters.labels)
    chunks = [labels[at : at + batch] for at in range(0, len(labels), batch)]
    return [
        Part(
            f"{entry.name}, {style}, start {seed}, {_words(chunk)}",
            arguments={
                "classifier": entry.name,
                "versions": networks.versions(entry.name),
                "style": style,
                "iterations": iterations,
                "seed": seed,
                "labels": chunk,
                "batch": batch,
                "points": POINTS,
            },
            evaluations=iterations * len(chunk),
            seconds=iterations * len(chunk) / speed,
        )
        for chunk in chunks
    ]


def _words(labels: Sequence[int]) -> str:
    if len(labels) == 1:
        return f"label {labels[0]}"
    return f"{len(labels)} labels from {labels[0]} to {labels[-1]}"
