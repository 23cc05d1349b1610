"""Plain functions that store what a test of judging needs: studies, sittings, trials, answers."""

import uuid
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from classifiers import catalogue
from evolution.agreement.fooling import fooling
from evolution.judging.forms import Form
from evolution.judging.plans import Group, JudgingPlan
from evolution.models import (
    Agreement,
    Claim,
    Individual,
    JudgingStudy,
    Judgment,
    Run,
    Sitting,
    Stimulus,
    Trial,
)
from evolution.services.judging import agreeing as agreeing_service
from tests.factories import NOW, make_individual, make_run, plain_webp

NETWORK = "squeezenet"
LABEL, SECOND, OTHER = "bow (weapon)", "stethoscope", "banana"
SIDE = 227


def make_judging_study(**fields: Any) -> JudgingStudy:
    """An open study, planned but without pictures."""
    plan = JudgingPlan("What do people see?", (Group("bred", NETWORK, 20, encoding="cppn"),))
    return JudgingStudy.objects.create(
        **{
            "name": f"study-{JudgingStudy.objects.count()}",
            "plan": plan.as_json(),
            "digest": "0" * 64,
            "seed": 0,
            "status": JudgingStudy.Status.OPEN,
            "opened_at": NOW,
            **fields,
        }
    )


def make_whole_study(**fields: Any) -> JudgingStudy:
    """A study with pictures enough for a sitting of every form, and no answer yet."""
    study = make_judging_study(is_standing=True, **fields)
    for number in range(30):
        label, second = (LABEL, SECOND, OTHER)[number % 3], ("mixing bowl", "soup bowl")[number % 2]
        make_claim(make_stimulus(study), label=label, second=second)
    for truth in (OTHER, "zebra", "teapot"):
        make_stimulus(study, "check", truth=[truth])
        make_stimulus(study, "practice", truth=[truth])
    return study


def make_stimulus(study: JudgingStudy, kind: str = "bred", **fields: Any) -> Stimulus:
    """The next picture of a study, plain. A bred one has an individual, of one run for all."""
    number, side = study.stimuli.count(), fields.pop("side", SIDE)
    if kind == "bred" and "individual" not in fields:
        fields["individual"] = make_individual(_run(), thumbnail=plain_webp(number))
    return Stimulus.objects.create(
        **{
            "study": study,
            "number": number,
            "kind": kind,
            "encoding": "cppn" if kind == "bred" else "",
            "name": "" if kind == "bred" else f"{kind}-{number}",
            "picture": plain_webp(number, side),
            "side": side,
            **fields,
        }
    )


def make_claim(stimulus: Stimulus, classifier: str = NETWORK, **fields: Any) -> Claim:
    """What a network says: `label` with 94.55%, `second` with 3.05%, others with less."""
    entry = catalogue.entry(classifier)
    label, second = fields.pop("label", LABEL), fields.pop("second", SECOND)
    others = [name for name in entry.labels if name not in (label, second)][:8]
    top = [[label, 0.9455], [second, 0.0305], *([name, 0.001] for name in others)]
    known = dict(top)
    confidences = np.array([known.get(name, 0.0) for name in entry.labels], "<f4")
    return Claim.objects.create(
        **{
            "stimulus": stimulus,
            "classifier": classifier,
            "version": entry.version,
            "top": top,
            "label": label,
            "second": second,
            "confidence": top[0][1],
            "band": "middle",
            "confidences": confidences.tobytes(),
            **fields,
        }
    )


def make_sitting(study: JudgingStudy, **fields: Any) -> Sitting:
    """A sitting that began just now; of a new visitor unless told otherwise."""
    return Sitting.objects.create(
        **{
            "study": study,
            "code": uuid.uuid4().hex,
            "visitor": uuid.uuid4(),
            "number": study.sittings.count(),
            "seed": 0,
            "submission": uuid.uuid4(),
            "consented_at": timezone.now(),
            **fields,
        }
    )


def make_trial(
    sitting: Sitting, form: str = Form.TWO, stimulus: Stimulus | None = None, **fields: Any
) -> Trial:
    """The next trial of a sitting, not yet asked; about a new bred picture unless told otherwise."""
    stimulus = stimulus or make_stimulus(sitting.study)
    is_claimed = stimulus.kind not in ("check", "practice")
    claim = fields.pop("claim", None)
    if claim is None and is_claimed:
        claim = stimulus.claims.first() or make_claim(stimulus)
    label = claim.label if claim else OTHER
    return Trial.objects.create(
        **{
            "sitting": sitting,
            "position": sitting.trials.count(),
            "stimulus": stimulus,
            "claim": claim,
            "form": form,
            **_as_asked(Form(form), label, stimulus),
            **fields,
        }
    )


def make_judgment(trial: Trial, answer: str, **fields: Any) -> Judgment:
    """An answer that was given to a trial, and counted."""
    given_at = trial.given_at or timezone.now() - timedelta(seconds=3)
    Trial.objects.filter(pk=trial.pk).update(given_at=given_at)
    return Judgment.objects.create(
        **{
            "trial": trial,
            "visitor": trial.sitting.visitor,
            "stimulus": trial.stimulus,
            "form": trial.form,
            "occasion": 1 if trial.repeat_of_id else 0,
            "answer": answer,
            "agrees": answer == trial.expected if answer else None,
            "reaction_ms": 2100,
            "elapsed_ms": 3000,
            "answered_at": timezone.now(),
            **fields,
        }
    )


def _as_asked(form: Form, label: str, stimulus: Stimulus) -> dict[str, Any]:
    match form:
        case Form.TWO:
            other = SECOND if label != SECOND else OTHER
            return {
                "framing": "guess",
                "foil": "random",
                "options": [other, label],
                "expected": label,
                "machine_answer": label,
                "offered": 2,
            }
        case Form.RIGHT:
            return {
                "framing": "guess",
                "shown": label,
                "options": ["right", "wrong"],
                "expected": "right",
                "machine_answer": "right",
                "offered": 2,
            }
        case Form.PICK:
            others = [make_stimulus(stimulus.study) for _ in range(3)]
            pictures = [others[0].pk, stimulus.pk, others[1].pk, others[2].pk]
            return {
                "framing": "guess",
                "foil": "random",
                "shown": label,
                "options": pictures,
                "expected": "1",
                "machine_answer": "1",
                "offered": 4,
            }
        case Form.ALL:
            return {
                "framing": "guess",
                "expected": label,
                "machine_answer": label,
                "offered": len(catalogue.entry(NETWORK).labels),
            }
        case Form.FREE:
            return {"framing": "own", "expected": label}


def _run() -> Run:
    """The run that bred the pictures of all studies."""
    found = Run.objects.filter(preset="imagenet-cppn-fast", classifier=NETWORK).first()
    return found or make_run("imagenet-cppn-fast", classifier=NETWORK, status="finished")


def make_answers(stimulus: Stimulus, agreeing: int, answers: int) -> None:
    """So many people chose the network's label over a random name, of so many; and it was counted."""
    for number in range(answers):
        trial = make_trial(make_sitting(stimulus.study), stimulus=stimulus)
        make_judgment(trial, trial.expected if number < agreeing else OTHER)
    with transaction.atomic():
        agreeing_service.recount([stimulus.individual_id] if stimulus.individual_id else [])


def make_agreement(individual: Individual, agreeing: int, answers: int, **fields: Any) -> Agreement:
    """Summed up without the answers: about the network that bred it, or about NETWORK."""
    run = individual.run
    entry = catalogue.entry(run.classifier if run else NETWORK)
    confidence = fields.get("confidence", 0.9)
    score = fooling(confidence, agreeing, answers)
    assert score is not None
    return Agreement.objects.create(
        **{
            "individual": individual,
            "classifier": entry.name,
            "version": run.classifier_version if run else entry.version,
            "label": entry.labels[0],
            "confidence": confidence,
            "answers": answers,
            "agreeing": agreeing,
            "fooling": score.score,
            "fooling_low": score.interval.low,
            "fooling_high": score.interval.high,
            **fields,
        }
    )
