"""Who judges a run: its network on this worker's device, and what of that the run remembers."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.conf import settings

from classifiers import catalogue
from classifiers.base import BadWeights, Classifier
from classifiers.batching import fitted
from classifiers.places import Place, Precision
from evolution import evaluation
from evolution.algorithms.settings import Preset
from evolution.devices import available_device, use_threads
from evolution.evaluation import Evaluator
from evolution.models import Run
from evolution.rendering import renderer
from evolution.services import places, runs

FEWER = 5  # times as few views at once are re-scored as are screened: a batch is always filled up
ROUGH: dict[str, Precision] = {Run.Screening.BFLOAT16: "bfloat16"}


def of(run: Run, preset: Preset, beat: Callable[[], object]) -> Evaluator:
    """The evaluator of a run. Raises ClassifierError, also where the network has changed."""
    found = catalogue.entry(run.classifier)
    if found.version != run.classifier_version:
        raise BadWeights(
            f"{found.name}: expected version {run.classifier_version}, with which the run began, "
            f"got {found.version}"
        )
    use_threads(settings.THREADS)
    place = places.place(available_device(settings.DEVICE))
    network = _network(run, place, preset)
    screener = None
    if run.screening:
        screener = _screener(run, place, preset)
        few = max(1, network.chunk // FEWER)
        network = evaluation.network(run.classifier, place, preset, few)
    return Evaluator(
        network,
        renderer(place.device),
        preset.encoding.image_size,
        beat=beat,
        halved=partial(_note_halved, run),
        screener=screener,
    )


def _network(run: Run, place: Place, preset: Preset) -> Classifier:
    """The network with the batch size with which the run began, as long as its engine is the same.

    The last bits of an answer may depend on both.
    """
    network = evaluation.network(run.classifier, place, preset, run.chunk)
    engine = engine_of(network)
    if not run.chunk:
        network = _fitted(network, place, preset)
    elif engine != run.engine:
        network = _fitted(evaluation.network(run.classifier, place, preset), place, preset)
        runs.note(
            run.pk,
            f"Judged by {engine} from here on, and by {run.engine} before: "
            "confidences may differ in their last digits.",
        )
    if notice := network.notice:
        runs.note(run.pk, notice)
    if (engine, network.chunk) != (run.engine, run.chunk):
        run.engine, run.chunk = engine, network.chunk
        Run.objects.filter(pk=run.pk).update(engine=engine, chunk=network.chunk)
    return network


def _fitted(network: Classifier, place: Place, preset: Preset) -> Classifier:
    """On a GPU that need not be exact, with the batch size that is fastest there.

    What is fastest is up to the clock, so that the same seed would not give the same run again.
    """
    if place.exact or place.device == "cpu":
        return network
    return fitted(network, preset.encoding.image_size, limit=preset.algorithm.children)


def engine_of(network: Classifier) -> str:
    """What computes a network, in words: engine, version, precision, and the device unless a CPU."""
    where = "" if network.device == "cpu" else f" on {network.device}"
    return f"{network.engine}{where}"


def _screener(run: Run, place: Place, preset: Preset) -> Classifier:
    rough = replace(place, precision=ROUGH[run.screening])
    screener = evaluation.network(run.classifier, rough, preset, run.chunk)
    if notice := screener.notice:
        runs.note(run.pk, f"Screening: {notice}")
    return screener


def _note_halved(run: Run, words: str) -> None:
    runs.note(run.pk, words)
    run.chunk = max(1, (run.chunk or 1) // 2)
    Run.objects.filter(pk=run.pk).update(chunk=run.chunk)
