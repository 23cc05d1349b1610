"""From kinds of pictures to an open judging study. On a worker: networks are asked about all of them."""

import hashlib
import json
from typing import Any

from evolution.errors import InvalidInput, Stale
from evolution.judging.plans import JudgingPlan, Trials
from evolution.models import JudgingStudy, Stimulus
from evolution.services.judging import planning

TITLE = "What do people see in pictures that networks are sure of?"
# Of 25 trials 14 are about bred pictures with two names; other forms have the standing study.
TRIALS = Trials(
    two_random=10,
    two_second=4,
    all_labels=0,
    free=2,
    right=0,
    pick=0,
    photograph=2,
    degraded=0,
    noise=2,
    hand_bred=2,
    check=1,
    repeat=2,
)
EXAMPLES = 4  # pictures of each bred kind that the page shows, without a label
Status = JudgingStudy.Status


def named(plan: JudgingPlan, seed: int, runs: list[int | None]) -> str:
    """The name of the judging study: the same for the same plan, so that none is planned twice."""
    told = json.dumps([plan.as_json(), seed, runs], sort_keys=True)
    return f"human-vs-dnn-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def opened(plan: JudgingPlan, name: str, seed: int) -> JudgingStudy:
    """Plan a judging study and open it, or take the one that is there. Raises InvalidInput."""
    JudgingStudy.objects.filter(name=name, status=Status.FAILED).delete()
    study = JudgingStudy.objects.filter(name=name).first()
    if study is None:
        study = planning.plan_study(plan, name, seed=seed)
    if study.status == Status.PREPARING:
        try:
            study = planning.prepare(study.pk)
        except (Stale, JudgingStudy.DoesNotExist):  # the site's own worker was faster
            study.refresh_from_db()
    if study.status not in (Status.OPEN, Status.CLOSED):
        raise InvalidInput("pictures", f"no judging study could be opened: {study.error}")
    return study


def examples(study: JudgingStudy) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Some bred pictures of a study: what each is, and its file. No label goes with them."""
    facts: list[dict[str, Any]] = []
    files: list[bytes] = []
    seen: dict[tuple[str, str], int] = {}
    bred = study.stimuli.filter(kind=Stimulus.Kind.BRED).order_by("number")
    rows = bred.values_list("encoding", "claims__classifier", "picture", "side")
    for encoding, classifier, picture, side in rows:
        count = seen[encoding, classifier] = seen.get((encoding, classifier), 0) + 1
        if count <= EXAMPLES:
            facts.append({"encoding": encoding, "classifier": classifier, "side": side})
            files.append(bytes(picture))
    return facts, files
