"""The study that the tests of this folder fill."""

import pytest

from evolution.models import JudgingStudy
from tests.judging_factories import make_judging_study


@pytest.fixture
def study() -> JudgingStudy:
    return make_judging_study(name="small")
