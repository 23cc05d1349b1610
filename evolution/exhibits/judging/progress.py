"""How far a sitting has come. Practice is counted apart."""

from dataclasses import dataclass

from evolution.models import Stimulus, Trial


@dataclass(frozen=True, slots=True)
class Progress:
    """number: of this trial, from 1. answered: for each trial in order, whether it was."""

    number: int
    answered: list[bool]
    is_practice: bool

    @property
    def count(self) -> int:
        return len(self.answered)

    @property
    def words(self) -> str:
        return f"{'Practice' if self.is_practice else 'Question'} {self.number} of {self.count}"

    @property
    def marks(self) -> list[tuple[bool, bool]]:
        """Of each trial: whether it was answered, and whether it is this one."""
        return [(done, place == self.number) for place, done in enumerate(self.answered, 1)]


def progress(trial: Trial) -> Progress:
    """Among the trials of its kind that are not left out."""
    is_practice = trial.stimulus.kind == Stimulus.Kind.PRACTICE
    rows = trial.sitting.trials.filter(skipped_at=None).order_by("position")
    if is_practice:
        rows = rows.filter(stimulus__kind=Stimulus.Kind.PRACTICE)
    else:
        rows = rows.exclude(stimulus__kind=Stimulus.Kind.PRACTICE)
    known = list(rows.values_list("pk", "judgment"))
    places = [number for number, _ in known]
    number = places.index(trial.pk) + 1 if trial.pk in places else len(places)
    return Progress(number, [judged is not None for _, judged in known], is_practice)
