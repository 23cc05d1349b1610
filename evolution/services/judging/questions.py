"""Trials as they are put: foils drawn, options in order, stored before anything is asked."""

from collections.abc import Sequence

import numpy as np

from classifiers import catalogue
from evolution.judging import options
from evolution.judging.allocation import Chosen
from evolution.judging.forms import Foil, Form, Framing
from evolution.judging.plans import JudgingPlan
from evolution.models import Claim, Sitting, Stimulus, Trial
from evolution.services.judging import exposing
from evolution.services.visitors import Visitor

Rng = np.random.Generator
Kind = Stimulus.Kind
RIGHT, WRONG = "right", "wrong"
PRACTISED = 3


def store(
    visitor: Visitor, sitting: Sitting, plan: JudgingPlan, ordered: Sequence[Chosen], rng: Rng
) -> None:
    """Store the practice of a newcomer and then the trials, in this order."""
    trials = [] if _has_sat(visitor) else _practice(sitting, rng)
    stimuli = Stimulus.objects.defer("picture").in_bulk([o.candidate.stimulus for o in ordered])
    claims = Claim.objects.in_bulk([o.candidate.claim for o in ordered if o.candidate.claim])
    distractors = _Distractors(visitor, sitting, [o.candidate.stimulus for o in ordered])
    made: list[Trial | None] = []
    for one in ordered:
        stimulus = stimuli[one.candidate.stimulus]
        claim = claims[one.candidate.claim] if one.candidate.claim else None
        trial = Trial(
            sitting=sitting,
            stimulus=stimulus,
            claim=claim,
            form=one.slot.form,
            foil=one.slot.foil,
            framing=one.slot.framing,
        )
        if one.repeat_of is not None:
            trial = _again(trial, made[one.repeat_of], rng)
        elif claim is None:
            _check(trial, rng)
        elif stimulus.truth:
            _known_content(trial, claim, rng)
        elif one.slot.form == Form.PICK:
            distractors.offer(trial, claim, plan.offered, rng)
        else:
            _ASKED[one.slot.form](trial, claim, rng)
        made.append(trial if trial.form != Form.PICK or trial.offered > 1 else None)
    _hold_back(made, plan)
    trials += [trial for trial in made if trial is not None]
    for position, trial in enumerate(trials):
        trial.position = position
    Trial.objects.bulk_create([trial for trial in trials if trial.repeat_of is None])
    Trial.objects.bulk_create([trial for trial in trials if trial.repeat_of is not None])


def _two(trial: Trial, claim: Claim, rng: Rng) -> None:
    vocabulary = _vocabulary(claim)
    avoided = [claim.label]
    foil = claim.second if trial.foil == Foil.SECOND else _foil(vocabulary, avoided, rng)
    _offer(trial, options.shuffled([claim.label, foil], rng), claim.label)


def _all(trial: Trial, claim: Claim, rng: Rng) -> None:
    vocabulary = _vocabulary(claim)
    _offer(trial, options.whole_vocabulary(vocabulary, rng), claim.label)
    trial.offered = len(set(vocabulary))


def _free(trial: Trial, claim: Claim, rng: Rng) -> None:
    _offer(trial, [], claim.label)


def _right(trial: Trial, claim: Claim, rng: Rng) -> None:
    is_lure = trial.foil == Foil.LURE
    trial.shown = _foil(_vocabulary(claim), [claim.label], rng) if is_lure else claim.label
    _offer(trial, [RIGHT, WRONG], WRONG if is_lure else RIGHT)


_ASKED = {Form.TWO: _two, Form.ALL: _all, Form.FREE: _free, Form.RIGHT: _right}


def _known_content(trial: Trial, claim: Claim, rng: Rng) -> None:
    """A control: its true name beside a random one. The network answers the same question."""
    vocabulary, truth = _vocabulary(claim), trial.stimulus.truth
    foil = _foil(vocabulary, truth, rng)
    offered = options.shuffled([truth[0], foil], rng)
    confidences = np.frombuffer(claim.confidences, "<f4")
    surest = options.surest(vocabulary, confidences, offered)
    _offer(trial, offered, surest)
    trial.right_answers = [truth[0]]


def _check(trial: Trial, rng: Rng) -> None:
    """The question itself names the answer."""
    named = trial.stimulus.truth[0]
    _offer(trial, options.shuffled([named, _other(trial.stimulus, rng)], rng), "")
    trial.shown = named
    trial.right_answers = [named]


def _again(trial: Trial, original: Trial | None, rng: Rng) -> Trial:
    assert original is not None  # only questions with two names come again
    trial.repeat_of = original
    _offer(trial, options.shuffled(original.options, rng), original.expected)
    return trial


def _offer(trial: Trial, offered: Sequence[str], expected: str) -> None:
    trial.options = list(offered)
    trial.offered = len(offered)
    trial.expected = trial.machine_answer = expected


def _hold_back(trials: Sequence[Trial | None], plan: JudgingPlan) -> None:
    """What comes again is not told after the first time, and nothing at all where a plan says so."""
    repeated = {id(trial.repeat_of) for trial in trials if trial and trial.repeat_of}
    for trial in trials:
        if trial is not None:
            trial.is_revealed = plan.reveal == "each" and id(trial) not in repeated


def _has_sat(visitor: Visitor) -> bool:
    return Sitting.objects.filter(visitor=visitor.id, finished_at__isnull=False).exists()


def _practice(sitting: Sitting, rng: Rng) -> list[Trial]:
    """Pictures with known content: two names, then right or wrong?, in turns."""
    known = sitting.study.stimuli.filter(kind=Kind.PRACTICE).defer("picture").order_by("number")
    trials = []
    for turn, stimulus in enumerate(known[:PRACTISED]):
        true, other = stimulus.truth[0], _other(stimulus, rng)
        trial = Trial(sitting=sitting, stimulus=stimulus, framing=Framing.GUESS)
        if turn % 2:
            trial.form, trial.shown = Form.RIGHT, other
            _offer(trial, [RIGHT, WRONG], "")
            trial.right_answers = [WRONG]
        else:
            trial.form = Form.TWO
            _offer(trial, options.shuffled([true, other], rng), "")
            trial.right_answers = [true]
        trials.append(trial)
    return trials


def _other(stimulus: Stimulus, rng: Rng) -> str:
    """What another picture of its kind shows, in the same vocabulary: no digit beside a dam."""
    alike = Stimulus.objects.filter(study=stimulus.study_id, kind=stimulus.kind, side=stimulus.side)
    names = [name for truth in alike.values_list("truth", flat=True) for name in truth]
    return _foil(names, stimulus.truth, rng)


def _foil(vocabulary: Sequence[str], avoided: Sequence[str], rng: Rng) -> str:
    return options.random_foil(vocabulary, avoided, rng)


def _vocabulary(claim: Claim) -> tuple[str, ...]:
    return catalogue.entry(claim.classifier).labels


class _Distractors:
    """Pictures beside the one to pick: of the same network, with other labels, not asked about."""

    def __init__(self, visitor: Visitor, sitting: Sitting, asked: Sequence[int]) -> None:
        bred = sitting.study.stimuli.filter(kind=Kind.BRED)
        fresh = bred.exclude(exposing.hidden_from(visitor))
        self.claims = Claim.objects.filter(stimulus__in=fresh.exclude(pk__in=asked))

    def offer(self, trial: Trial, claim: Claim, count: int, rng: Rng) -> None:
        """Offer so many pictures, or as many as there are."""
        others = self.claims.filter(
            classifier=claim.classifier,
            version=claim.version,
            stimulus__side=trial.stimulus.side,
            stimulus__encoding=trial.stimulus.encoding,
        ).exclude(label=claim.label)
        known = list(others.order_by("pk").values_list("stimulus_id", flat=True))
        drawn = [known[index] for index in rng.permutation(len(known))[: count - 1]]
        order = rng.permutation(len(drawn) + 1)
        pictures = [[trial.stimulus_id, *drawn][index] for index in order]
        trial.options = pictures
        trial.offered = len(pictures)
        trial.shown = claim.label
        trial.expected = str(pictures.index(trial.stimulus_id))
