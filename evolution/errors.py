"""Failures that a caller is expected to meet, each with words that a person can act on."""


class InvalidInput(ValueError):
    """A setting that cannot be used: names the argument, what was expected and what came."""

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(f"{argument}: {message}")
        self.argument = argument
        self.message = message


class ForbiddenTransition(Exception):
    """A run cannot go from the state it is in to the one asked for."""


class Interrupted(Exception):
    """A worker is asked to end. The generation that it was evaluating is evaluated again."""


class RunMoved(Exception):
    """Somebody else advanced, paused or ended the run since this slice read it. Nothing was written."""


class NotAllowed(Exception):
    """This visitor may not do that. The message says why."""


class Stale(Exception):
    """What was asked for was asked of something that has changed since. Nothing was written."""


class Expired(Exception):
    """A question that was asked too long ago. The message says so."""


class Skipped(Exception):
    """A question that is left out: the visitor has seen its answer meanwhile."""


class NothingToJudge(Exception):
    """There is no picture left to ask this visitor about. The message says why."""
