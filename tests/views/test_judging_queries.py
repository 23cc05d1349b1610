"""What the judging pages ask the database, whether little was judged or much."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evolution.judging.forms import Form
from tests.factories import NOW
from tests.judging_factories import (
    LABEL,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)
from tests.views.judging import sit

pytestmark = pytest.mark.django_db

# The name of an address, one such address, and the statements that it costs at most.
JUDGED = {
    ("judge", "/judge/"): 8,
    ("judging-next", "/judge/next/?sitting={code}"): 3,
    ("judging-trial", "/judge/trials/{asked}/"): 8,
    ("judging-trial", "/judge/trials/{picking}/"): 8,
    ("judging-trial", "/judge/trials/{answered}/"): 7,
    ("judging-picture", "/judge/trials/{asked}/picture"): 3,
    ("judging-pictures", "/judge/trials/{picking}/pictures/2"): 4,
    ("judging-done", "/judge/done/{finished}/"): 4,
    ("judging-mine", "/judge/mine/"): 3,
    ("judging-mine-data", "/judge/mine/answers.csv"): 2,
    ("judging-forget", "/judge/mine/delete/"): 3,
}


def statements(client: Client, address: str, answers: int) -> int:
    """answers: that the visitor gave, and as many others to the same question."""
    study = make_judging_study()
    sitting = sit(client, study=study)
    finished = make_sitting(study, visitor=sitting.visitor, finished_at=NOW)
    told = make_trial(sitting)
    make_judgment(told, LABEL)
    for _ in range(answers):
        make_judgment(make_trial(sitting), LABEL)
        make_judgment(make_trial(finished), LABEL)
        other = make_sitting(study)
        make_judgment(make_trial(other, stimulus=told.stimulus), LABEL)
    picking = make_trial(sitting, Form.PICK)
    names = {
        "code": sitting.code,
        "finished": finished.code,
        "answered": told.token,
        "picking": picking.token,
        "asked": make_trial(sitting, stimulus=make_stimulus(study)).token,
    }
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address.format_map(names))
        _ = answer.getvalue()
    assert answer.status_code in (200, 303), address
    return len(asked)


@pytest.mark.parametrize(("name", "address"), JUDGED)
def test_is_bounded_and_does_not_grow(name: str, address: str) -> None:
    few, many = statements(Client(), address, 2), statements(Client(), address, 20)
    assert few == many
    assert many <= JUDGED[name, address]
