"""Which tags are offered before a picture is published."""

from typing import Any

import pytest

from classifiers import catalogue
from evolution.models import BreedingSession, Reading
from evolution.services import tagging
from tests.factories import make_brood, make_publication, make_session

pytestmark = pytest.mark.django_db


def tagged(names: list[str], **fields: Any) -> None:
    make_publication(**fields).tags.set(tagging.rows(names))


class TestOffered:
    def test_are_those_of_what_it_branched_from(self) -> None:
        origin = make_publication()
        origin.tags.set(tagging.rows(["moon", "eye"]))
        brood = make_brood(make_session(branched_from=origin.individual))
        assert tagging.offered(brood, 0) == ["eye", "moon"]

    @pytest.mark.parametrize("blind", [True, False])
    def test_name_what_networks_see_unless_blind(self, blind: bool) -> None:
        brood = make_brood(make_session(is_blind=blind))
        entry = catalogue.entry("lenet-a")
        tops = [[[7, 0.2], [3, 0.9], [1, 0.001]]] * 3
        Reading.objects.create(brood=brood, classifier=entry.name, version=entry.version, tops=tops)
        assert tagging.offered(brood, 1) == ([] if blind else ["3", "7"])

    def test_of_a_network_that_is_gone_nothing(self) -> None:
        brood = make_brood(make_session(is_blind=False))
        Reading.objects.create(brood=brood, classifier="gone", version="1", tops=[])
        assert tagging.offered(brood, 0) == []
        assert BreedingSession.objects.count() == 1


class TestMostUsed:
    def test_comes_first_and_hidden_ones_do_not_count(self) -> None:
        tagged(["eye"])
        tagged(["eye", "moon"])
        tagged(["secret"], hidden_at="2026-01-01T00:00Z")
        assert tagging.most_used() == ["eye", "moon"]

    def test_begins_as_typed(self) -> None:
        tagged(["eye", "egg", "moon"])
        assert tagging.most_used("E") == ["egg", "eye"]
        assert tagging.most_used("", most=1) == ["egg"]
