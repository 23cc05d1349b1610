"""Many answers at once: a study as large as the measurements need, in a few statements."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.utils import timezone

from evolution.judging.forms import Foil, Form, Framing
from evolution.judging.plans import Group, JudgingPlan
from evolution.models import Claim, JudgingStudy, Judgment, Sitting, Stimulus, Trial
from tests.factories import make_individual, make_run, plain_webp
from tests.judging_factories import make_judging_study

NETWORKS = ("squeezenet", "efficientnet-lite0")
NAMES = [f"name {number}" for number in range(60)]
CONTROLS = ("photograph", "degraded", "noise", "hand-bred")
ASKED = (
    [(Form.TWO, Foil.RANDOM, Framing.GUESS)] * 7
    + [(Form.TWO, Foil.SECOND, Framing.GUESS)] * 4
    + [(Form.ALL, Foil.NONE, Framing.GUESS), (Form.ALL, Foil.NONE, Framing.OWN)]
    + [(Form.RIGHT, Foil.NONE, Framing.GUESS), (Form.RIGHT, Foil.LURE, Framing.GUESS)] * 2
    + [(Form.FREE, Foil.NONE, Framing.OWN), (Form.PICK, Foil.RANDOM, Framing.GUESS)]
)


@dataclass(frozen=True)
class Filled:
    study: JudgingStudy
    claims: Sequence[Claim]
    controls: Sequence[Claim]


def make_filled(pictures: int, sittings: int, seed: int = 0) -> Filled:
    """A study with bred pictures of two networks, controls, and 24 answers a sitting."""
    rng = np.random.default_rng(seed)
    groups = [Group("bred", name, pictures // 2, encoding="cppn") for name in NETWORKS]
    plan = JudgingPlan("What do people see?", tuple(groups)).as_json()
    study = make_judging_study(name=f"filled-{seed}", plan=plan)
    run = make_run("imagenet-cppn-fast", classifier="squeezenet", status="finished")
    kinds = ["bred"] * pictures + list(CONTROLS) * 4
    stimuli = Stimulus.objects.bulk_create(
        Stimulus(
            study=study,
            number=number,
            kind=kind,
            encoding="cppn" if kind == "bred" else "",
            name="" if kind == "bred" else f"{kind}-{number}",
            individual=make_individual(run, thumbnail=plain_webp(number))
            if kind == "bred"
            else None,
            truth=[NAMES[0]] if kind in ("photograph", "degraded") else [],
            picture=b"picture",
            side=227,
        )
        for number, kind in enumerate(kinds)
    )
    claims = Claim.objects.bulk_create(
        _claim(stimulus, NETWORKS[number % 2], rng) for number, stimulus in enumerate(stimuli)
    )
    filled = Filled(study, claims[:pictures], claims[pictures:])
    add_sittings(filled, sittings, rng)
    return filled


def add_sittings(filled: Filled, count: int, rng: np.random.Generator) -> None:
    """One in ten fails the checks."""
    before = filled.study.sittings.count()
    sittings = Sitting.objects.bulk_create(
        Sitting(
            study=filled.study,
            code=uuid.uuid4().hex,
            visitor=uuid.UUID(bytes=rng.bytes(16)),
            number=number,
            seed=number,
            submission=uuid.uuid4(),
            consented_at=timezone.now(),
            is_left_out=number % 10 == 9,
        )
        for number in range(before, before + count)
    )
    trials = [trial for sitting in sittings for trial in _trials(filled, sitting, rng)]
    for start in range(0, len(trials), 5000):
        made = Trial.objects.bulk_create(trials[start : start + 5000])
        Judgment.objects.bulk_create(_judgment(trial, rng) for trial in made)


def _claim(stimulus: Stimulus, classifier: str, rng: np.random.Generator) -> Claim:
    label, second = rng.choice(len(NAMES), 2, replace=False)
    confidence = float(1 - 10 ** rng.uniform(-5, -0.05))
    return Claim(
        stimulus=stimulus,
        classifier=classifier,
        version="1",
        top=[[NAMES[label], confidence]],
        label=NAMES[label],
        second=NAMES[second],
        confidence=confidence,
        band="low" if confidence < 0.5 else "middle" if confidence < 0.99 else "high",
        confidences=b"",
    )


def _trials(filled: Filled, sitting: Sitting, rng: np.random.Generator) -> Iterator[Trial]:
    bred = rng.choice(len(filled.claims), len(ASKED), replace=False)
    conditions = [*zip(ASKED, [filled.claims[index] for index in bred], strict=True)]
    known = rng.choice(len(filled.controls), 24 - len(ASKED), replace=False)
    conditions += [(ASKED[0], filled.controls[index]) for index in known]
    for position, index in enumerate(rng.permutation(len(conditions))):
        (form, foil, framing), claim = conditions[index]
        yield _trial(sitting, position, (form, foil, framing), claim, rng)


def _trial(
    sitting: Sitting,
    position: int,
    condition: tuple[Form, Foil, Framing],
    claim: Claim,
    rng: np.random.Generator,
) -> Trial:
    form, foil, framing = condition
    truth = claim.stimulus.truth
    named = truth[0] if truth else claim.label
    options: list[object] = [claim.second if claim.second != named else NAMES[1], named]
    expected = named
    if form == Form.RIGHT:
        options, expected = ["right", "wrong"], "wrong" if foil == Foil.LURE else "right"
    elif form == Form.PICK:
        options, expected = [claim.stimulus_id, 1, 2, 3], "0"
    elif form in (Form.ALL, Form.FREE):
        options = []
    elif rng.random() < 0.5:
        options.reverse()
    machine = expected if not truth or rng.random() < 0.8 else str(options[options[0] == named])
    return Trial(
        sitting=sitting,
        position=position,
        stimulus=claim.stimulus,
        claim=claim,
        form=form,
        foil=foil,
        framing=framing,
        shown=claim.label if form in (Form.RIGHT, Form.PICK) else "",
        options=options,
        expected=machine if truth else expected,
        offered={Form.ALL: 1000, Form.FREE: 0}.get(form, len(options)),
        right_answers=truth,
        machine_answer=machine,
        given_at=timezone.now() - timedelta(seconds=4),
    )


def _judgment(trial: Trial, rng: np.random.Generator) -> Judgment:
    """Most see some pictures as the network does, and others not at all."""
    ease = 0.45 + 0.5 * (trial.stimulus.number % 7) / 7
    agrees = bool(rng.random() < ease)
    others = [str(option) for option in trial.options if str(option) != trial.expected]
    wrong = {Form.PICK: "1"}.get(Form(trial.form)) or (others[0] if others else NAMES[2])
    answer = "" if rng.random() < 0.03 else trial.expected if agrees else wrong
    is_free = trial.form == Form.FREE
    return Judgment(
        trial=trial,
        visitor=trial.sitting.visitor,
        stimulus=trial.stimulus,
        form=trial.form,
        occasion=0,
        answer=answer,
        matched=answer if is_free else "",
        agrees=answer == trial.expected if answer else None,
        is_right=answer in trial.right_answers if trial.right_answers else None,
        reaction_ms=2100,
        elapsed_ms=3000,
        is_counted=not trial.sitting.is_left_out,
        answered_at=timezone.now(),
    )
