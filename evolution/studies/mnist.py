"""§3.1 and §3.2, Fig. 4, 5 and S4: digits that LeNet believes in, directly encoded and by CPPNs."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import ClassVar, Final

from classifiers import catalogue
from evolution.studies import networks, progress
from evolution.studies.base import Evolution, Finished, Outcome, Part, Study
from evolution.studies.findings import Cell, Comparison, Findings, Picture, Sheet, Table, verdict
from evolution.studies.settings import setting
from evolution.templatetags.readings import percent

DIGITS: Final = 10
MOST_ROWS = 50  # runs whose pictures are on the sheet, as in Fig. S4
SURE = 0.9999
SOON = 50  # generations, §3.1
A_FEW = 10  # generations: the paper says no number


@dataclass(frozen=True)
class Parameters:
    runs: int = setting(50, "Independent runs.", least=1, most=500)
    generations: int = setting(200, "Of children, after the random one.", least=1, most=100_000)
    classifier: str = setting("lenet-a", "The network to fool.")
    first_seed: int = setting(0, "Of the first run; the others follow.", least=0, most=2**31)


class _Mnist(Study[Parameters]):
    """Runs of one preset, one seed each."""

    preset: ClassVar[str]
    parameters = Parameters
    scales: ClassVar = {"paper": Parameters(), "quick": Parameters(runs=5)}

    def check(self, parameters: Parameters) -> None:
        networks.named("classifier", parameters.classifier, channels=1)

    def parts(self, parameters: Parameters) -> Sequence[Part]:
        seeds = range(parameters.first_seed, parameters.first_seed + parameters.runs)
        return [
            Part(
                f"run with seed {seed}",
                run=Evolution(self.preset, parameters.classifier, seed, parameters.generations),
            )
            for seed in seeds
        ]

    def findings(self, parameters: Parameters, finished: Finished) -> Findings:
        runs = list(finished)
        if not runs:
            return Findings("No run has finished yet.", _scale(parameters, 0))
        conditions = (
            f"{len(runs)} runs of {parameters.generations} generations against "
            f"{parameters.classifier}, preset {self.preset}"
        )
        return Findings(
            headline=_headline(runs, parameters.generations),
            scale=_scale(parameters, len(runs)),
            comparisons=self.comparisons(runs, conditions),
            tables=[_by_digit(runs, parameters.classifier)],
            plots=[
                progress.medians(runs),
                progress.share_of_believed(runs, DIGITS, "runs whose ten digits are all believed"),
            ],
            sheets=[_sheet(runs)],
        )

    @abstractmethod
    def comparisons(self, runs: Sequence[Outcome], conditions: str) -> list[Comparison]:
        """The paper's numbers beside those of finished runs, at least one."""


class MnistDirect(_Mnist):
    name = "mnist-direct"
    title = "Digits, one gene a pixel"
    section = "§3.1, Fig. 4"
    question = "Can evolution make noise that LeNet is sure is a digit?"
    preset = "mnist-direct-paper"

    def comparisons(self, runs: Sequence[Outcome], conditions: str) -> list[Comparison]:
        waited = [progress.generations_until_all(run, DIGITS) for run in runs]
        return [
            Comparison(
                "mnist-direct-generations",
                "§3.1, Fig. 4",
                "generations until every digit is believed at 99.99%",
                "below 50, in each run",
                progress.spread(waited),
                conditions,
                verdict(all(g is not None and g < SOON for g in waited)),
                "The text gives no size of a generation; 200 children are the published code’s. "
                "With fewer evaluations a generation more generations are needed."
                if any(g is None or g >= SOON for g in waited)
                else "",
            ),
            _median(runs, "mnist-direct-median", "§3.1", conditions),
        ]


class MnistCppn(_Mnist):
    name = "mnist-cppn"
    title = "Digits, drawn by CPPNs"
    section = "§3.2, Fig. 5 and S4"
    question = "Can evolution make regular patterns that LeNet is sure are digits?"
    preset = "mnist-cppn-paper"

    def comparisons(self, runs: Sequence[Outcome], conditions: str) -> list[Comparison]:
        first = [
            min((g for g in run.result["believed"] if g is not None), default=None) for run in runs
        ]
        sure = sum(sum(c >= SURE for c in run.result["confidences"]) for run in runs)
        pictures = len(runs) * DIGITS
        return [
            Comparison(
                "mnist-cppn-first",
                "§3.2, Fig. 5",
                "generations until the first picture is believed at 99.99%",
                "“a few”",
                progress.spread(first),
                conditions,
                verdict(all(g is not None and g <= A_FEW for g in first)),
            ),
            _median(runs, "mnist-cppn-median", "§3.2", conditions),
            Comparison(
                "mnist-cppn-pictures",
                "§D, Fig. S4",
                "pictures believed at 99.99% at the end",
                "500 of 500 (50 runs)",
                f"{sure:,} of {pictures:,}",
                conditions,
                verdict(sure == pictures),
                "" if sure == pictures else _missed(runs),
            ),
        ]


def _median(runs: Sequence[Outcome], number: str, source: str, conditions: str) -> Comparison:
    medians = [run.result["median"] for run in runs]
    return Comparison(
        number,
        source,
        "median confidence of the ten digits after 200 generations",
        "99.99%",
        f"{percent(median(medians))} (lowest run {percent(min(medians))})",
        conditions,
        verdict(median(medians) >= SURE),
    )


def _missed(runs: Sequence[Outcome]) -> str:
    lowest = min(c for run in runs for c in run.result["confidences"])
    return (
        f"The least believed one has {percent(lowest)}. The paper does not say how its 50 runs were "
        "chosen, or how long they went on."
    )


def _headline(runs: Sequence[Outcome], generations: int) -> str:
    confidences = [c for run in runs for c in run.result["confidences"]]
    sure = sum(c >= SURE for c in confidences)
    return (
        f"After {generations} generations LeNet is at least 99.99% sure of {sure:,} of "
        f"{len(confidences):,} pictures that are no digits."
    )


def _scale(parameters: Parameters, done: int) -> str:
    paper = Parameters()
    if (parameters.runs, parameters.generations) == (paper.runs, paper.generations):
        size = "The paper’s size"
    else:
        size = f"The paper has {paper.runs} runs of {paper.generations} generations"
    return f"{size}; here {done} of {parameters.runs} runs of {parameters.generations} generations."


def _by_digit(runs: Sequence[Outcome], classifier: str) -> Table:
    labels = catalogue.entry(classifier).targets
    rows: list[list[Cell]] = []
    for digit, label in enumerate(labels):
        believed = [progress.believed(run, digit) for run in runs]
        reached = [g for g in believed if g is not None]
        confidences = [progress.confidence(run, digit) for run in runs]
        rows.append(
            [
                label,
                len(reached),
                median(reached) if reached else None,
                min(reached, default=None),
                max(reached, default=None),
                median(confidences),
                min(confidences),
            ]
        )
    return Table(
        "by-digit",
        "Generations until 99.99%, by digit",
        ["digit", "runs that reach it", "median", "first", "last", "median confidence", "lowest"],
        rows,
        shares=(5, 6),
    )


def _sheet(runs: Sequence[Outcome]) -> Sheet:
    pictures = [
        Picture(
            caption=str(label),
            note=percent(confidence),
            individual=individual,
        )
        for run in runs[:MOST_ROWS]
        for label, confidence, individual in zip(
            run.result["labels"], run.result["confidences"], run.result["individuals"], strict=True
        )
    ]
    return Sheet("pictures", "The champions: a row a run, a column a digit", pictures, DIGITS)
