"""What was shown, in a few characters and as rows."""

import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolution.models import Exposure, Stimulus
from evolution.services.judging import exposing, seen
from evolution.services.judging.seen import Archive, Seen, Stream
from evolution.services.visitors import Visitor
from tests.factories import (
    NOW,
    make_archive,
    make_brood,
    make_elite,
    make_hand_bred,
    make_individual,
    make_publication,
    make_run,
    make_session,
)
from tests.judging_factories import make_judging_study, make_stimulus

NUMBERS = st.integers(0, 10**9)
PAIRS = st.tuples(NUMBERS, NUMBERS)
WHEN = int(NOW.timestamp())


@given(st.frozensets(NUMBERS), st.frozensets(NUMBERS), st.frozensets(PAIRS), st.lists(PAIRS))
def test_it_is_read_back_as_it_was_written(
    individuals: frozenset[int],
    runs: frozenset[int],
    archives: frozenset[tuple[int, int]],
    streams: list[tuple[int, int]],
) -> None:
    times = tuple(Stream(min(pair), max(pair)) for pair in streams)
    shown = Seen() | Seen(individuals, runs, frozenset(Archive(*a) for a in archives), times)
    assert seen.read(str(shown)) == shown


@pytest.mark.parametrize(
    "text", ["", "1~2~3", "A~~~", "~~1~", "~~1-2-3~", "1..2~~~", "zzzzzzzzz~~~"]
)
def test_what_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unpack"):
        seen.read(text)


def test_streams_that_overlap_are_one() -> None:
    shown = Seen(streams=(Stream(10, 20),)) | Seen(streams=(Stream(15, 30), Stream(40, 50)))
    assert shown.streams == (Stream(10, 30), Stream(40, 50))
    assert shown.watched(60, 5).streams == (Stream(10, 30), Stream(40, 65))
    assert Seen().watched(60, 5).streams == (Stream(55, 65),)
    assert shown.after(45) == Seen(streams=(Stream(45, 50),))


def test_an_archive_of_a_run_that_is_noted_whole_adds_nothing() -> None:
    assert Seen(runs=frozenset([3])) | Seen(archives=frozenset([Archive(3, 9)])) == Seen(
        runs=frozenset([3])
    )


@pytest.mark.django_db
class TestRows:
    def noted(self, shown: Seen) -> tuple[set[int | None], set[int | None]]:
        visitor = Visitor(uuid.uuid4())
        exposing.store(visitor, shown)
        rows = Exposure.objects.filter(visitor=visitor.id)
        individuals = rows.exclude(individual=None).values_list("individual", flat=True)
        return set(individuals), set(rows.exclude(run=None).values_list("run", flat=True))

    def test_individuals_and_runs_that_are_still_there(self) -> None:
        one = make_individual(make_run())
        shown = Seen(frozenset([one.pk, one.pk + 1]), frozenset([one.run_id or 0, 9999]))
        assert self.noted(shown) == ({one.pk}, {one.run_id})

    def test_thousands_at_once(self) -> None:
        one = make_individual(make_run())
        assert self.noted(Seen(frozenset(range(one.pk, one.pk + 40_000)))) == ({one.pk}, set())

    def test_an_archive_is_who_held_it_then(self) -> None:
        run = make_run(generation=9)
        before = make_elite(run, 0, since_generation=0, until_generation=3)
        then = make_elite(run, 0, since_generation=3, until_generation=6)
        after = make_elite(run, 0, since_generation=6)
        other = make_elite(run, 1, since_generation=2)
        found, _ = self.noted(Seen(archives=frozenset([Archive(run.pk, 5)])))
        assert found == {then.individual_id, other.individual_id}
        assert not found & {before.individual_id, after.individual_id}

    def test_a_stream_is_what_took_a_cell_meanwhile(self) -> None:
        run = make_run(started_at=NOW - timedelta(hours=1))
        _, within, _ = (
            make_elite(run, cell, taken_at=NOW + timedelta(seconds=seconds))
            for cell, seconds in enumerate((-60, 50, 200))
        )
        found, runs = self.noted(Seen(streams=(Stream(WHEN, WHEN + 100),)))
        assert found == {within.individual_id}
        assert runs == set()

    def test_of_a_long_stream_whole_runs_are_noted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exposing, "MOST_OF_A_STREAM", 5)
        run = make_run(started_at=NOW - timedelta(hours=1))
        make_run(status="finished", started_at=NOW, finished_at=NOW - timedelta(minutes=9))
        make_archive(run, taken_at=NOW)
        assert self.noted(Seen(streams=(Stream(WHEN, WHEN + 1),))) == (set(), {run.pk})


@pytest.mark.django_db
class TestHidden:
    def test_what_was_seen_and_what_is_own(self) -> None:
        study = make_judging_study()
        visitor, other = Visitor(uuid.uuid4()), Visitor(uuid.uuid4())
        runs = [make_run(), make_run()]
        seen_one, fresh = (
            make_stimulus(study, individual=make_individual(runs[0], position=n)) for n in (0, 1)
        )
        of_run = make_stimulus(study, individual=make_individual(runs[1]))
        own = make_hand_bred(make_brood(make_session(visitor=visitor.id)), 0)
        bred = make_stimulus(study, "hand-bred", individual=own)
        published = make_publication(visitor=visitor.id).individual
        shown_to_all = make_stimulus(study, "hand-bred", individual=published)
        assert seen_one.individual_id is not None
        exposing.note(visitor, [seen_one.individual_id], [runs[1].pk])
        hidden = Stimulus.objects.filter(exposing.hidden_from(visitor))
        assert set(hidden) == {seen_one, of_run, bred, shown_to_all}
        assert not Stimulus.objects.filter(exposing.hidden_from(other)).exists()
        exposing.forget(visitor)
        assert set(Stimulus.objects.filter(exposing.hidden_from(visitor))) == {bred, shown_to_all}
        assert fresh not in hidden

    def test_noting_twice_is_noting_once(self) -> None:
        visitor, one = Visitor(uuid.uuid4()), make_individual(make_run())
        for _ in range(2):
            exposing.note(visitor, [one.pk], [one.run_id or 0])
        assert Exposure.objects.count() == 2
