"""Evolve pictures that fool a classifier, in this terminal."""

import contextlib
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from classifiers import catalogue
from evolution.errors import ForbiddenTransition, InvalidInput
from evolution.models import Run
from evolution.services import evolving, runs
from evolution.templatetags.readings import percent

FOREVER = 1e9
MILESTONES = (10, 50, 100, 200, 1000, 5000, 20_000)  # generations that the paper speaks of
THRESHOLDS = (0.5, 0.9, 0.99, 0.9999)


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("preset", nargs="?")
        parser.add_argument(
            "--classifier", help="a name, or several joined by + (default: as the preset has it)"
        )
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--generations", type=int, help="after the random first one")
        parser.add_argument("--target", type=int, help="label of a single-target preset")
        parser.add_argument(
            "--screening",
            default="",
            metavar="bfloat16",
            help="judge all children in this precision first, and every takeover again in float32",
        )
        parser.add_argument(
            "--minutes", type=float, help="pause the run after so many minutes, and tell how it is"
        )
        parser.add_argument("--resume", type=int, metavar="RUN", help="go on with a paused run")
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        run = self._resumed(options) if options["resume"] is not None else self._started(options)
        try:
            self._evolve(run, self._seconds(options))
        except KeyboardInterrupt:
            with contextlib.suppress(ForbiddenTransition):  # it ended in the same moment
                runs.pause(run.pk)
            raise CommandError(
                f"stopped; run {run.pk} is paused, go on with: evolve --resume {run.pk}"
            ) from None
        run.refresh_from_db()
        if run.status not in (Run.Status.FINISHED, Run.Status.PAUSED):
            raise CommandError(f"run {run.pk} {run.status}: {run.error or 'somebody moved it'}")
        result = summary(run)
        self.stdout.write(json.dumps(result) if options["json"] else _sentence(result))

    def _started(self, options: dict[str, Any]) -> Run:
        if options["preset"] is None:
            raise CommandError("preset: expected the name of a preset or --resume RUN, got neither")
        names = ("preset", "seed", "generations", "target", "screening")
        try:
            classifier = options["classifier"] or runs.usual_classifier(options["preset"])
            order = runs.Order(classifier=classifier, **{name: options[name] for name in names})
            return runs.start(order)[0]
        except InvalidInput as error:
            raise CommandError(str(error)) from None

    def _resumed(self, options: dict[str, Any]) -> Run:
        run = Run.objects.filter(pk=options["resume"], status=Run.Status.PAUSED).first()
        if run is None:
            raise CommandError(f"--resume: expected a paused run, got {options['resume']}")
        return runs.resume(run.pk)

    def _seconds(self, options: dict[str, Any]) -> float:
        minutes = options["minutes"]
        if minutes is None:
            return FOREVER
        if not 0 < minutes <= FOREVER / 60:
            raise CommandError(f"--minutes: expected a number above 0, got {minutes}")
        return float(minutes * 60)

    def _evolve(self, run: Run, seconds: float) -> None:
        """Work on a run until it has ended, or until its time is over: then it is paused."""
        with tqdm(total=run.planned, initial=run.generation, unit="gen", disable=None) as bar:

            def note(run: Run, generation: int) -> None:
                bar.update(generation - bar.n)

            budget = evolving.Budget(seconds, note=note)
            following = evolving.evolve_slice(run.pk, run.generation, budget)
            while following and budget.seconds_left > 0:
                budget = evolving.Budget(budget.seconds_left, note=note)
                following = evolving.evolve_slice(run.pk, following.generation, budget)
        if following:
            runs.pause(run.pk)


def summary(run: Run) -> dict[str, Any]:
    """What a finished run came to, for programs."""
    last = run.statistics.order_by("-generation")[0]
    labels = catalogue.entry(run.classifier).labels
    confidences: dict[str, float] = {}
    for label, confidence in run.elites.holders().values_list("label", "confidence"):
        confidences[labels[label]] = max(confidence, confidences.get(labels[label], 0.0))
    return {
        "run": run.pk,
        "status": run.status,
        "preset": run.preset,
        "classifier": run.classifier,
        "seed": run.seed,
        "generation": last.generation,
        "evaluations": run.evaluations,
        "seconds": round(run.elapsed, 3),
        "forward_seconds": round(run.forward_seconds, 3),
        "stages": {name: round(seconds, 3) for name, seconds in run.stages.items()},
        "engine": run.engine,
        "chunk": run.chunk,
        "screening": run.screening,
        "rescored": run.rescored,
        "median": last.median,
        "mean": last.mean,
        "min": last.minimum,
        "max": last.maximum,
        "median_at": dict(
            run.statistics.filter(generation__in=MILESTONES).values_list("generation", "median")
        ),
        "labels_at": {
            str(least): sum(confidence >= least for confidence in confidences.values())
            for least in THRESHOLDS
        },
        "confidences": confidences,
    }


def _sentence(result: dict[str, Any]) -> str:
    return (
        f"Run {result['run']}: {result['evaluations']:,} evaluations in {result['seconds']:.1f} s, "
        f"median confidence {percent(result['median'])} after generation {result['generation']}."
    )
