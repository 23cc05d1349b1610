"""Estimates recover the truth: studies of simulated people, sat through the real site by HTTP.

Each study has people of one true agreement. The site's own report is asked for its intervals; how
often they hold the truth is counted. A few studies run with the other tests; docs/judging.md tells
of two hundred (FOOLBREEDER_STUDIES=200 and -s, to read the counts).
"""

import json
import os
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.test import override_settings
from scipy.stats import binom

from evolution.judging.plans import Checks, Group, JudgingPlan, Trials
from evolution.models import JudgingStudy
from tests.judging.observers import CARELESS, Observer, sit
from tests.judging.studies import LABELS
from tests.judging_factories import make_claim, make_judging_study, make_stimulus

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STUDIES = int(os.environ.get("FOOLBREEDER_STUDIES", "6"))
PEOPLE = 12  # of them one is careless
TRUTHS = (0.5, 0.6, 0.7, 0.8, 0.9)
PLAN = JudgingPlan(
    "Simulated",
    (Group("bred", "squeezenet", 16, encoding="cppn"),),
    trials=Trials(8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0),
    checks=Checks(failed_checks=1),
)


def small_study() -> JudgingStudy:
    study = make_judging_study(plan=PLAN.as_json())
    for number in range(16):
        stimulus = make_stimulus(study, side=28)
        make_claim(stimulus, label=LABELS[number % 8], second=LABELS[(number + 1) % 8])
    for number in range(2):
        make_stimulus(study, "check", side=28, truth=[LABELS[number]])
    return study


def reported(study: JudgingStudy) -> dict[str, Any]:
    out = StringIO()
    call_command("judging_results", "--study", study.name, "--json", stdout=out)
    facts: dict[str, Any] = json.loads(out.getvalue())["facts"]
    return facts


@pytest.mark.timeout(7200)
def test_intervals_hold_the_truth(capsys: pytest.CaptureFixture[str]) -> None:
    held = {"share": 0, "share_people": 0, "kappa": 0}
    with override_settings(RATELIMIT_ENABLE=False):
        for number in range(STUDIES):
            rng = np.random.default_rng([2026, number])
            truth = TRUTHS[number % len(TRUTHS)]
            study = small_study()
            for person in range(PEOPLE):
                sit(study, Observer(truth) if person else CARELESS, rng)
            assert study.sittings.filter(is_left_out=True).count() == 1
            facts = reported(study)
            for name in held:
                value = 2 * truth - 1 if name == "kappa" else truth
                low, high = facts[name]["interval"]
                held[name] += low <= value <= high
            if number + 1 in (STUDIES, *range(20, STUDIES, 20)):
                with capsys.disabled():
                    print(f"\n{number + 1} studies, intervals that hold the truth: {held}")  # noqa: T201
    # Fewer happen once in a thousand times if 95% of the intervals hold it.
    assert held["share"] >= binom.ppf(0.001, STUDIES, 0.95)
    # Resampling eleven people makes narrower intervals than it ought to: 90% is what to expect.
    assert held["share_people"] >= binom.ppf(0.001, STUDIES, 0.90)
    assert held["kappa"] >= binom.ppf(0.001, STUDIES, 0.90)
