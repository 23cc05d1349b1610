"""What retraining digits came to, beside Table S2 and Fig. 11."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from evolution.studies.base import Finished, Outcome
from evolution.studies.findings import (
    Cell,
    Comparison,
    Findings,
    Line,
    Link,
    Picture,
    Plot,
    Sheet,
    Table,
    verdict,
)
from evolution.studies.retraining import paper
from evolution.studies.retraining.digit_parameters import Parameters, key_of, runs_of
from evolution.templatetags.readings import percent

LOWEST_MEDIAN = min(row.median for row in paper.TABLE_S2)
HIGHEST_ERROR = max(row.digits for row in paper.TABLE_S2)
FULL_TRAINING = 10_000  # iterations
NOTES = (
    "Every retrained network begins from random weights; paper and code do not say how theirs began.",
    "A run’s first archive is the one after the first generation of children, as the published code "
    "stores it. Whoever holds several cells of an archive gives its picture once for each.",
    "As in the paper, validation is the 10,000 test digits and the fooling pictures kept for it.",
)


@dataclass(frozen=True)
class Net:
    """A network that is there. runs: those whose pictures its median is of, maybe none yet."""

    number: int
    result: dict[str, float]
    runs: Sequence[Outcome]

    @property
    def median(self) -> float | None:
        confidences = [c for run in self.runs for c in run.result["confidences"]]
        return median(confidences) if confidences else None

    @property
    def paper(self) -> paper.Row | None:
        within = self.number <= len(paper.TABLE_S2)
        return paper.TABLE_S2[self.number - 1] if within else None


def of(parameters: Parameters, finished: Finished) -> Findings:
    nets = [
        _net(parameters, number, finished)
        for number in range(1, parameters.networks + 1)
        if key_of(number) in finished
    ]
    if not nets:
        return Findings("Nothing has finished yet.", _scale(parameters, 0, 0), notes=NOTES)
    done = sum(len(runs_of(finished, net.number)) for net in nets)
    bred = [net for net in nets if net.runs]
    return Findings(
        headline=_headline(bred),
        scale=_scale(parameters, len(nets), done),
        comparisons=_comparisons(parameters, nets),
        tables=[_table(nets)],
        plots=[*([_medians(bred)] if bred else []), _errors(nets)],
        sheets=[_sheet(bred)] if bred else [],
        links=[Link(f"A run against network {n.number}", f"/runs/{n.runs[0].run}/") for n in bred],
        notes=NOTES,
    )


def _net(parameters: Parameters, number: int, finished: Finished) -> Net:
    result = dict(finished[key_of(number)].result)
    runs = [run for run in runs_of(finished, number) if run.result["version"] == result["version"]]
    return Net(number, result, runs[: parameters.measured_runs])


def _headline(nets: Sequence[Net]) -> str:
    if not nets:
        return "Network 1 is measured; no run has finished yet."
    last = nets[-1]
    own = percent(last.median or 0)
    if last.number == 1:
        return f"Network 1 is {own} sure of what was bred against it; none is retrained yet."
    return (
        f"Network {last.number}, which learnt {last.result['fooling']:,} fooling pictures of those "
        f"before it, is {own} sure (median) of what is bred against it; network 1 was "
        f"{percent(nets[0].median or 0)}."
    )


def _scale(parameters: Parameters, networks: int, runs: int) -> str:
    whole = Parameters()
    asked = sum(parameters.runs(number) for number in range(1, parameters.networks + 1))
    return (
        f"The paper has {whole.networks} networks, {whole.first:,} + {whole.first_validation:,} "
        f"pictures for the second and {whole.later:,} + {whole.later_validation:,} more for each "
        f"later one, and medians of 30 runs. A run gives 20 pictures, so its 300 first runs give "
        f"6,000 of these 7,000 and 30 later ones 600 of 1,100: the size that we call the paper’s has "
        f"{whole.first_runs} and {whole.later_runs}. Here {networks} of {parameters.networks} "
        f"networks and {runs:,} of {asked:,} runs are done: {parameters.first_runs} runs of "
        f"{parameters.generations} generations teach network 2 ({parameters.first:,} + "
        f"{parameters.first_validation:,} pictures), {parameters.later_runs} each later one "
        f"({parameters.later:,} + {parameters.later_validation:,} more); "
        f"{parameters.iterations:,} iterations of training; medians of "
        f"{parameters.measured_runs} runs."
    )


def _comparisons(parameters: Parameters, nets: Sequence[Net]) -> list[Comparison]:
    conditions = (
        f"{parameters.networks} networks, {parameters.iterations:,} iterations, "
        f"{parameters.measured_runs} runs of {parameters.generations} generations a network"
    )
    found = [_first_error(nets[0], parameters)]
    if retrained := nets[1:]:
        found.append(_errors_compared(parameters, retrained, conditions))
    medians = [(net.number, net.median) for net in nets[1:] if net.median is not None]
    if medians:
        found.append(_medians_compared(medians, conditions))
    return found


def _first_error(first: Net, parameters: Parameters) -> Comparison:
    error = first.result["digits"]
    return Comparison(
        "retraining-mnist-first-error",
        "§2.1, Table S2",
        "error of network 1 on the test digits",
        "0.94%",
        percent(error),
        f"10,000 test digits, {parameters.classifier}",
        verdict(error <= paper.TABLE_S2[0].digits),
        "" if error <= paper.TABLE_S2[0].digits else "Another network was chosen as network 1.",
    )


def _errors_compared(parameters: Parameters, nets: Sequence[Net], conditions: str) -> Comparison:
    errors = [net.result["digits"] for net in nets]
    short = parameters.iterations < FULL_TRAINING
    return Comparison(
        "retraining-mnist-errors",
        "§C.1, Table S2",
        "error of retrained networks on the test digits",
        "0.83% to 1.01%",
        f"{percent(min(errors))} to {percent(max(errors))}",
        conditions,
        verdict(max(errors) <= HIGHEST_ERROR),
        "Training was shorter than the 10,000 iterations of Caffe’s example."
        if short and max(errors) > HIGHEST_ERROR
        else "",
    )


def _medians_compared(medians: Sequence[tuple[int, float]], conditions: str) -> Comparison:
    values = [value for _, value in medians]
    return Comparison(
        "retraining-mnist-medians",
        "§3.7, Table S2",
        "median confidence of what is bred against each retrained network",
        "72.52% to 99.97%: all of them are fooled",
        f"{percent(min(values))} to {percent(max(values))}",
        conditions,
        verdict(min(values) >= LOWEST_MEDIAN),
    )


def _table(nets: Sequence[Net]) -> Table:
    columns = ["network"]
    for name in ("validation error", "test error", "trained with", "validated with", "median"):
        columns += [name, f"{name}, paper"]
    return Table(
        "networks",
        "The networks, beside Table S2",
        columns,
        [_row(net) for net in nets],
        shares=(1, 2, 3, 4, 9, 10),
    )


def _row(net: Net) -> list[Cell]:
    ours = [
        *(net.result[key] for key in ("validation", "digits", "train", "validated")),
        net.median,
    ]
    theirs = net.paper or (None,) * len(ours)
    pairs = zip(ours, theirs, strict=True)
    return [net.number, *(value for pair in pairs for value in pair)]


def _medians(nets: Sequence[Net]) -> Plot:
    ours = [(net.number, net.median or 0) for net in nets]
    lowest = min(value for _, value in ours)
    return Plot(
        "medians",
        "Median confidence of what is bred against each network",
        "network",
        "median confidence",
        [Line("here", ours), Line("paper", _of_paper(nets, lambda row: row.median))],
        f"From {percent(ours[0][1])} of network 1 to {percent(ours[-1][1])} of network "
        f"{ours[-1][0]}; the lowest is {percent(lowest)}.",
    )


def _errors(nets: Sequence[Net]) -> Plot:
    last = nets[-1]
    names = {"validation": "with fooling pictures", "digits": "test digits"}
    lines = [
        Line(f"{name}, here", [(net.number, net.result[key]) for net in nets])
        for key, name in names.items()
    ]
    lines += [
        Line(f"{names['validation']}, paper", _of_paper(nets, lambda row: row.validation)),
        Line(f"{names['digits']}, paper", _of_paper(nets, lambda row: row.digits)),
    ]
    return Plot(
        "errors",
        "Errors of each network",
        "network",
        "error",
        lines,
        f"Network {last.number} gets {percent(last.result['digits'])} of the test digits wrong, "
        f"network 1 {percent(nets[0].result['digits'])}.",
        counted=True,
    )


def _of_paper(
    nets: Sequence[Net], value: Callable[[paper.Row], float]
) -> list[tuple[float, float]]:
    return [(net.number, value(net.paper)) for net in nets if net.paper]


def _sheet(nets: Sequence[Net]) -> Sheet:
    """Of the first run against each network."""
    pictures = []
    for net in nets:
        result = net.runs[0].result
        kept = zip(result["labels"], result["confidences"], result["individuals"], strict=True)
        pictures += [
            Picture(f"network {net.number}: {label}", percent(confidence), individual)
            for label, confidence, individual in kept
        ]
    return Sheet(
        "champions", "One run against each network: a row a network, a column a digit", pictures, 10
    )
