"""When a number of ours counts as the paper's: rules that are the same in several studies."""

from evolution.agreement.intervals import Interval, interval_of
from evolution.studies.findings import Verdict, verdict
from evolution.templatetags.readings import percent

POINTS = 0.05
FACTOR = 2


def near(ours: float, paper: float) -> Verdict:
    """Two confidences: they lie five percentage points apart or less."""
    return verdict(abs(ours - paper) <= POINTS)


def similar_count(ours: int, paper: int) -> Verdict:
    """Two counts: half to twice as many."""
    return verdict(paper <= FACTOR * ours and ours <= FACTOR * paper)


def same_share(hits: int, trials: int, paper_hits: int, paper_trials: int) -> Verdict:
    """Two shares: their 95% intervals (Clopper-Pearson) have values in common. Open without trials.

    Pictures of one run are no independent trials, so the intervals are narrower than they should be.
    """
    if not trials:
        return "open"
    ours, paper = interval_of(hits, trials), interval_of(paper_hits, paper_trials)
    return verdict(ours.low <= paper.high and paper.low <= ours.high)


def share_in_words(hits: int, trials: int) -> str:
    """12 of 300, 4.00% (2.08% to 6.88%); empty without trials."""
    if not trials:
        return ""
    found: Interval = interval_of(hits, trials)
    return (
        f"{hits:,} of {trials:,}, {share_of_things(hits / trials)} "
        f"({share_of_things(found.low)} to {share_of_things(found.high)})"
    )


def share_of_things(share: float) -> str:
    """In per cent. All of what is counted is 100%, which a confidence never is."""
    return "100%" if share >= 1 else percent(share)


def counted(number: int, thing: str) -> str:
    """1 run, 2 runs."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
