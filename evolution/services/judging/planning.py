"""Studies: planned with everything that is decided before, prepared on a worker, opened, closed."""

import hashlib
import io
import logging
import secrets
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from classifiers import catalogue
from classifiers.base import FloatArray
from evolution.errors import ForbiddenTransition, InvalidInput, Stale
from evolution.judging.plans import JudgingPlan, digest
from evolution.models import Claim, JudgingStudy, Stimulus
from evolution.services import predicting
from evolution.services.judging import gathering
from evolution.services.judging.gathering import Picture, Pixels

TOP = 10
MOST_WORDS = 500
Status = JudgingStudy.Status
log = logging.getLogger(__name__)


def plan_study(
    plan: JudgingPlan,
    name: str,
    *,
    seed: int | None = None,
    owner: User | None = None,
    is_standing: bool = False,
) -> JudgingStudy:
    """Store a study that a worker has to prepare. Raises InvalidInput for a name that is taken, and
    for a network that is not there."""
    for group in plan.groups:
        catalogue.entry(group.classifier)
    try:
        with transaction.atomic():
            return JudgingStudy.objects.create(
                name=name,
                plan=plan.as_json(),
                seed=secrets.randbits(32) if seed is None else seed,
                owner=owner,
                is_standing=is_standing,
            )
    except IntegrityError:
        raise InvalidInput("name", f"expected one that is not taken, got {name!r}") from None


def prepare(study_id: int) -> JudgingStudy:
    """Draw the pictures of a study, ask the networks about them, and open it.

    All or nothing, so that a worker that was killed leaves nothing behind. Raises Stale if somebody
    else opened it meanwhile, ClassifierError, JudgingStudy.DoesNotExist.
    """
    study = JudgingStudy.objects.get(pk=study_id, status=Status.PREPARING)
    plan = JudgingPlan.from_json(study.plan)
    pictures = gathering.gather(plan, study.seed)
    if not any(picture.kind == "bred" for picture in pictures):
        return fail(study, "No picture was found that its plan asks for.")
    confidences = _asked(pictures)
    with transaction.atomic():
        preparing = JudgingStudy.objects.select_for_update().filter(status=Status.PREPARING)
        if preparing.filter(pk=study_id).first() is None:
            raise Stale(f"The study {study.name} was opened or given up meanwhile.")
        parts = _store(study, plan, pictures, confidences)
        preparing.filter(pk=study_id).update(
            status=Status.OPEN, opened_at=timezone.now(), digest=digest(study.plan, parts)
        )
    study.refresh_from_db()
    return study


def fail(study: JudgingStudy, reason: str) -> JudgingStudy:
    JudgingStudy.objects.filter(pk=study.pk, status=Status.PREPARING).update(
        status=Status.FAILED, error=reason[:MOST_WORDS]
    )
    study.refresh_from_db()
    return study


def close(study: JudgingStudy) -> None:
    """Take no more answers. Raises ForbiddenTransition for one that is not open."""
    closed = JudgingStudy.objects.filter(pk=study.pk, status=Status.OPEN).update(
        status=Status.CLOSED, closed_at=timezone.now()
    )
    if not closed:
        raise ForbiddenTransition(f"Only an open study can be closed; {study.name} is not.")
    study.refresh_from_db()


def waiting() -> list[int]:
    """Studies whose preparation was lost with its worker, or never picked up; each once a minute."""
    preparing = JudgingStudy.objects.filter(status=Status.PREPARING).values_list("pk", flat=True)
    return [number for number in preparing if may_prepare(number)]


def may_prepare(study_id: int) -> bool:
    """True for the first caller in a minute: preparing takes seconds, and twice is once."""
    return predicting.first_in_a_while(f"preparing-study:{study_id}")


def _asked(pictures: Sequence[Picture]) -> dict[int, FloatArray]:
    """What networks say of the pictures, by index: all of one network and one shape at once."""
    alike: dict[tuple[str, str, tuple[int, ...]], list[int]] = defaultdict(list)
    for index, one in enumerate(pictures):
        if one.is_claimed:
            alike[one.classifier, one.crops, one.pixels.shape].append(index)
    said: dict[int, FloatArray] = {}
    for indices in alike.values():
        first = pictures[indices[0]]
        images = np.stack([pictures[index].pixels for index in indices])
        entry = catalogue.entry(first.classifier)
        said |= zip(indices, predicting.answers(entry, images, first.crops), strict=True)
    return said


def _store(
    study: JudgingStudy,
    plan: JudgingPlan,
    pictures: Sequence[Picture],
    confidences: dict[int, FloatArray],
) -> list[str]:
    """Store pictures and claims; return what the digest is made of."""
    stimuli = Stimulus.objects.bulk_create(
        Stimulus(
            study=study,
            number=number,
            kind=one.kind,
            encoding=one.encoding,
            individual_id=one.individual,
            name=one.name,
            truth=list(one.truth),
            picture=webp(one.pixels),
            side=one.pixels.shape[0],
        )
        for number, one in enumerate(pictures)
    )
    claims = {
        number: _claim(plan, stimuli[number], pictures[number].classifier, said)
        for number, said in confidences.items()
    }
    Claim.objects.bulk_create(claims.values())
    return [
        f"{hashlib.sha256(stimulus.picture).hexdigest()} "
        + (f"{claims[n].classifier} {claims[n].version} {claims[n].label}" if n in claims else "")
        for n, stimulus in enumerate(stimuli)
    ]


def _claim(plan: JudgingPlan, stimulus: Stimulus, classifier: str, said: FloatArray) -> Claim:
    entry = catalogue.entry(classifier)
    order = np.argsort(-said, kind="stable")
    names = [entry.labels[index] for index in order[:TOP]]
    confidence = float(said[order[0]])
    return Claim(
        stimulus=stimulus,
        classifier=entry.name,
        version=entry.version,
        top=[[name, float(said[index])] for name, index in zip(names, order, strict=False)],
        label=names[0],
        second=next(name for name in names[1:] if name != names[0]),
        confidence=confidence,
        band=plan.band(confidence),
        confidences=said.astype("<f4").tobytes(),
    )


def webp(pixels: Pixels) -> bytes:
    """Every pixel as it is, and nothing besides: no name, no date, no profile."""
    squeezed = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    content = io.BytesIO()
    Image.fromarray(squeezed).convert("RGB").save(
        content, "WEBP", lossless=True, quality=60, method=4
    )
    return content.getvalue()
