"""What is told once a question is answered: you, the machine, everybody, and what the picture was."""

from dataclasses import dataclass

from evolution.exhibits import naming
from evolution.exhibits.judging import crowd, machine
from evolution.exhibits.judging.crowd import Crowd
from evolution.exhibits.judging.machine import Said
from evolution.exhibits.judging.progress import Progress, progress
from evolution.judging.forms import Foil, Form
from evolution.models import Individual, Judgment, Stimulus, Trial

Kind = Stimulus.Kind


@dataclass(frozen=True, slots=True)
class Reveal:
    """you, machine: what each said; you: empty for somebody who could not tell.

    is_right: of practice and checks alone. individual_id: where more is told; None: nowhere.
    """

    trial: Trial
    judgment: Judgment
    you: str
    machine: str
    about: list[str]
    is_right: bool | None
    crowd: Crowd | None
    said: Said | None
    individual_id: int | None
    progress: Progress

    @property
    def is_small(self) -> bool:
        return self.trial.stimulus.side <= naming.LARGEST_THUMBNAIL

    @property
    def pictures(self) -> list[tuple[int, bool, bool]]:
        """Of the pictures to pick from: the place, whether you picked it, whether the machine did."""
        if self.trial.form != Form.PICK:
            return []
        yours, machines = self.judgment.answer, self.trial.expected
        places = range(len(self.trial.options))
        return [(place, str(place) == yours, str(place) == machines) for place in places]


def is_told(trial: Trial) -> bool:
    """Whether the visitor may be told by now. Some is told only when the sitting is over."""
    return trial.is_revealed or trial.sitting.finished_at is not None


def reveal(trial: Trial, judgment: Judgment) -> Reveal:
    said = machine.said(trial, judgment)
    return Reveal(
        trial=trial,
        judgment=judgment,
        you=words(trial, judgment.answer),
        machine=machine_words(trial),
        about=[line for line in (_other_option(trial), _source(trial)) if line],
        is_right=judgment.is_right if said is None else None,
        crowd=crowd.crowd(trial, judgment) if said else None,
        said=said,
        individual_id=_address(trial.stimulus),
        progress=progress(trial),
    )


def words(trial: Trial, answer: str) -> str:
    """An answer as it is told: what is right or wrong; of a picture its place, from 1."""
    if trial.form == Form.PICK and answer:
        return f"picture\N{NO-BREAK SPACE}{int(answer) + 1}"
    if trial.form == Form.RIGHT and answer:
        return f"“{trial.shown}” is {answer}"
    return answer


def machine_words(trial: Trial) -> str:
    """What the machine said; empty where none was asked."""
    if trial.claim is None:
        return ""
    if trial.form == Form.PICK:
        return words(trial, trial.expected)
    if trial.form == Form.TWO:
        return trial.machine_answer
    return trial.claim.label


def _other_option(trial: Trial) -> str:
    if trial.claim is None:
        return _of_practice(trial)
    if trial.form == Form.TWO and trial.foil == Foil.SECOND:
        return "Both names came from the network: its first and its second choice."
    if trial.form == Form.TWO and not trial.right_answers:
        return "The other name was drawn at random from all that the network knows."
    if trial.form == Form.TWO:
        return "One name is right, the other was drawn at random. The network had the same two."
    if trial.form == Form.RIGHT:
        return (
            f"“{trial.shown}” was drawn at random."
            if trial.foil == Foil.LURE
            else f"“{trial.shown}” was the machine’s own name."
        )
    if trial.form == Form.PICK:
        return f"“{trial.shown}” is its name for that picture; it names the others otherwise."
    return ""


def _of_practice(trial: Trial) -> str:
    if trial.stimulus.kind == Kind.CHECK:
        return f"The question asked for “{trial.shown}”. Checks tell who reads them."
    return ""


def _source(trial: Trial) -> str:
    stimulus = trial.stimulus
    shows = f"It shows: {stimulus.truth[0]}." if stimulus.truth else ""
    match stimulus.kind:
        case Kind.BRED:
            network = (
                naming.classifier_title(trial.claim.classifier) if trial.claim else "a network"
            )
            return f"A run bred this picture so that {network} would be sure of it."
        case Kind.HAND_BRED:
            return f"A person bred this picture and called it “{stimulus.name}”."
        case Kind.PHOTOGRAPH:
            return f"This is a photograph. {shows}".strip()
        case Kind.DEGRADED:
            return f"This is a photograph that was made hard to see. {shows}".strip()
        case Kind.NOISE:
            return "This is noise, drawn at random: there is nothing in it."
        case Kind.PRACTICE:
            return shows
        case _:
            return ""


def _address(stimulus: Stimulus) -> int | None:
    """The individual of a picture, unless staff hid it."""
    if stimulus.individual_id is None:
        return None
    public = Individual.objects.not_hidden().filter(pk=stimulus.individual_id)
    return stimulus.individual_id if public.exists() else None
