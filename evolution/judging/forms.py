"""The forms of a question, and how often somebody who only guesses agrees with the network."""

from enum import StrEnum


class Form(StrEnum):
    """What a person is asked of a picture."""

    TWO = "two"  # two names: which one did the machine give?
    ALL = "all"  # every label of the network's vocabulary
    FREE = "free"  # a name of their own
    RIGHT = "right"  # a name is shown, half the time the network's: is it right?
    PICK = "pick"  # several pictures: which one is it that has this name?


class Foil(StrEnum):
    """What stands beside the network's label."""

    NONE = ""
    RANDOM = "random"  # any other label of its vocabulary, each as likely
    SECOND = "second"  # the network's second label
    LURE = "lure"  # form "right": the name that is shown is a random other one


class Framing(StrEnum):
    """Whose name is asked for."""

    GUESS = "guess"  # the machine's
    OWN = "own"  # the person's


FOILS: dict[Form, tuple[Foil, ...]] = {
    Form.TWO: (Foil.RANDOM, Foil.SECOND),
    Form.ALL: (Foil.NONE,),
    Form.FREE: (Foil.NONE,),
    Form.RIGHT: (Foil.NONE, Foil.LURE),
    Form.PICK: (Foil.RANDOM,),
}
FRAMINGS: dict[Form, tuple[Framing, ...]] = {
    Form.TWO: (Framing.GUESS,),
    Form.ALL: (Framing.GUESS, Framing.OWN),
    Form.FREE: (Framing.OWN,),
    Form.RIGHT: (Framing.GUESS,),
    Form.PICK: (Framing.GUESS,),
}


def chance(form: Form, offered: int) -> float | None:
    """How often guessing agrees. offered: names or pictures to choose from. None: nobody knows."""
    return None if form == Form.FREE else 1 / offered
