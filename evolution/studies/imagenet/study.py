"""§3.3 and §3.4, Fig. 1, 6, 7 and 8: a thousand classes, directly encoded and drawn by CPPNs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from evolution.models import Run
from evolution.studies.base import Finished, Part, Study
from evolution.studies.findings import Findings
from evolution.studies.imagenet import many_classes, numbers, shown
from evolution.studies.imagenet.many_runs import Measured
from evolution.studies.imagenet.settings import Cppn, Direct, check_classifier, runs_of


class ImagenetDirect(Study[Direct]):
    name = "imagenet-direct"
    title = "A thousand classes, one gene a pixel"
    section = "§3.3, Fig. 6"
    question = "Can evolution make noise that a network is sure is a thing?"
    parameters = Direct
    scales: ClassVar = {
        "paper": Direct(),
        "scaled": Direct(runs=2, generations=400, crops="whole"),
        "quick": Direct(runs=2, generations=20, crops="whole"),
    }
    usual = "scaled"

    def check(self, parameters: Direct) -> None:
        check_classifier(parameters.classifier)

    def parts(self, parameters: Direct) -> Sequence[Part]:
        return runs_of("direct", parameters, parameters.generations)

    def of_run(self, parameters: Direct, part: Part, run: Run) -> dict[str, Any]:
        return with_history(parameters, super().of_run(parameters, part, run), run)

    def findings(self, parameters: Direct, finished: Finished) -> Findings:
        runs = list(finished)
        size = shown.size(Direct(), parameters, len(runs))
        if not runs:
            return Findings("No run has finished yet.", size)
        measured = Measured("direct", runs, parameters)
        return Findings(
            headline=shown.headline(measured),
            scale=size,
            comparisons=numbers.of_direct(measured),
            tables=shown.tables(measured),
            plots=[shown.plot([measured])],
            heat_maps=[shown.heat_map(measured)],
            sheets=[shown.sheet(measured)],
            links=[shown.link(runs)],
        )


class ImagenetCppn(Study[Cppn]):
    """Runs of CPPNs, and the directly encoded ones that the paper compares them with."""

    name = "imagenet-cppn"
    title = "A thousand classes, drawn by CPPNs"
    section = "§3.4, Fig. 1, 7 and 8"
    question = "Does a network believe in regular patterns more than in noise?"
    parameters = Cppn
    scales: ClassVar = {
        "paper": Cppn(),
        "scaled": Cppn(runs=2, generations=100, direct_generations=400, crops="whole"),
        "quick": Cppn(runs=2, generations=5, direct_generations=20, crops="whole"),
    }
    usual = "scaled"

    def check(self, parameters: Cppn) -> None:
        check_classifier(parameters.classifier)

    def parts(self, parameters: Cppn) -> Sequence[Part]:
        return [
            *runs_of("cppn", parameters, parameters.generations),
            *runs_of("direct", parameters, parameters.direct_generations, stage=1),
        ]

    def of_run(self, parameters: Cppn, part: Part, run: Run) -> dict[str, Any]:
        found = super().of_run(parameters, part, run)
        return with_history(parameters, found, run) if part.key.startswith("cppn") else found

    def findings(self, parameters: Cppn, finished: Finished) -> Findings:
        runs, others = finished.begun_with("cppn"), finished.begun_with("direct")
        size = shown.size(Cppn(), parameters, len(runs))
        if not runs:
            return Findings("No run has finished yet.", size)
        cppn = Measured("cppn", runs, parameters)
        direct = Measured("direct", others, parameters) if others else None
        return Findings(
            headline=shown.headline(cppn, direct),
            scale=size,
            comparisons=numbers.of_cppn(cppn, direct),
            tables=shown.tables(cppn),
            plots=[shown.plot([cppn, direct] if direct else [cppn])],
            heat_maps=[shown.heat_map(cppn)],
            sheets=[shown.sheet(cppn)],
            links=[shown.link(runs, others)],
        )


def with_history(parameters: Direct, found: dict[str, Any], run: Run) -> dict[str, Any]:
    return {**found, "history": many_classes.history(run, parameters.n_labels)}
