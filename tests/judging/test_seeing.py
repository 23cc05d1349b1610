"""Every page notes which pictures it shows; the note becomes rows before anything is judged."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from evolution.models import Exposure, Trial
from evolution.services.judging.seen import Archive, Seen, Stream
from evolution.services.visitors import Visitor
from evolution.views import seeing
from tests.factories import (
    make_archive,
    make_brood,
    make_individual,
    make_large_run,
    make_run,
    take_cells,
)
from tests.judging import shown
from tests.judging.studies import full_study
from tests.views.breeders import begin
from tests.views.judging import begin as post_to_begin
from tests.views.test_breeding_queries import BY_HAND
from tests.views.test_queries import BOUNDS, make_site

pytestmark = pytest.mark.django_db

PAGES = [address for _, address in (*BOUNDS, *BY_HAND)]
Clock = Callable[[int], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def set_to(seconds: int) -> None:
        monkeypatch.setattr("evolution.views.seeing.time.time", lambda: seconds + 0.5)

    return set_to


def seen_by(client: Client) -> Seen:
    return seeing.read({name: morsel.value for name, morsel in client.cookies.items()})


def known(client: Client) -> Visitor:
    """Somebody who has done something, so that they have a name here."""
    number, session = uuid.uuid4(), client.session
    session["visitor"] = str(number)
    session.save()
    return Visitor(number)


class TestEveryPage:
    @pytest.mark.parametrize("address", PAGES)
    def test_notes_all_that_it_shows(self, address: str, client: Client) -> None:
        names = make_site(120, 1, 1, 5).names
        own = begin(client)
        brood = make_brood(own, own.broods.get(), n=15)
        names |= {"code": own.code, "number": brood.number}
        answer = client.get(address.format_map(names))
        if not answer["Content-Type"].startswith(seeing.SHOWN_IN):
            return
        there, noted = shown.individuals(answer), shown.noted(client)
        assert there <= noted, sorted(there - noted)
        assert all(noted & owners for owners in shown.inlined(answer))

    def test_the_search_for_pictures_finds_them(self, client: Client) -> None:
        """Of each kind of page that shows pictures, so that the test above is one."""
        site = make_site(120, 1, 1, 5)
        large = site.large.pk
        for address in ("/", "/runs/", f"/runs/{large}/", f"/compare/?a={large}", "/published/"):
            answer = client.get(address)
            assert len(shown.individuals(answer)) + len(shown.inlined(answer)) > 2, address
        assert shown.inlined(client.get("/runs/"))

    def test_a_cell_that_changed_since_the_common_picture_is_noted(self, client: Client) -> None:
        run = make_large_run(120)
        client.get("/")  # its sprite is kept, and used again
        take_cells(run, [7], 1, confidence=0.001)  # not on the wall
        taker = run.elites.holders().get(cell=7).individual_id
        before = run.elites.get(cell=7, until_generation=1).individual_id
        browser = Client()
        browser.get("/")
        assert seen_by(browser).archives == {Archive(run.pk, 0)}
        assert {taker, before} <= shown.noted(browser)

    @pytest.mark.parametrize(
        "mark",
        [
            '<a href="/individuals/7/">',
            '<img src="/pictures/7/64.webp" alt="">',
            '<img src="data:," alt="No. 7">',
            '<a class="cell" data-of="7" data-v="0.5"><img src="data:,">',
        ],
    )
    def test_one_mark_beside_a_picture_is_enough(self, mark: str) -> None:
        assert seeing.shown_on(mark.encode(), 0).individuals == {7}

    def test_parts_of_pages_and_drawings_are_noted(self, client: Client) -> None:
        site = make_site(120, 1, 1, 5)
        drawing = client.get(f"/individuals/{site.published.individual_id}/family/?svg=1")
        assert site.published.individual_id in seen_by(client).individuals
        assert drawing["Content-Type"].startswith("image/svg+xml")
        part = client.get("/?least=0", headers={"HX-Request": "true", "HX-Target": "pictures"})
        assert shown.individuals(part) <= shown.noted(client)


@pytest.mark.parametrize("name", ["one", "published", "step"])
def test_the_page_of_a_picture_says_that_it_is_no_longer_blind(name: str, client: Client) -> None:
    names = make_site(120, 1, 1, 5).names
    answer = client.get(f"/individuals/{names[name]}/")
    assert answer.content.count(b"you will not be asked about it when you judge blind") == 1


class TestCookie:
    def test_nobody_else_can_read_it_and_it_stays_a_year(self, client: Client) -> None:
        one = make_individual(make_run(status="finished"))
        answer = client.get(f"/individuals/{one.pk}/")
        (cookie,) = (c for name, c in answer.cookies.items() if name.startswith("seen-"))
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["max-age"] == 31_536_000
        assert "Cookie" in answer["Vary"]
        assert "private" in answer["Cache-Control"]

    def test_a_second_look_leaves_no_cookie(self, client: Client) -> None:
        one = make_individual(make_run(status="finished"))
        client.get(f"/individuals/{one.pk}/")
        again = client.get(f"/individuals/{one.pk}/")
        assert not [name for name in again.cookies if name.startswith("seen-")]

    def test_nobody_writes_it_but_the_site(self, client: Client) -> None:
        one, other = (make_individual(make_run(status="finished", seed=n)) for n in (1, 2))
        client.cookies["seen-000000"] = "1~~~:forged"
        client.cookies["seen-00000g"] = "nothing"
        client.get(f"/individuals/{one.pk}/")
        assert one.pk in seen_by(client).individuals
        assert other.pk not in seen_by(client).individuals

    def test_pages_that_are_opened_at_once_do_not_undo_one_another(self) -> None:
        run = make_run(status="finished")
        ones = [make_individual(run, position=number) for number in range(5)]
        browser = Client()
        for one in ones:  # each answer to a browser that has none of the others
            tab = Client()
            tab.get(f"/individuals/{one.pk}/")
            browser.cookies.update(tab.cookies)
        assert {one.pk for one in ones} <= seen_by(browser).individuals
        last = make_individual(run, position=9)
        browser.get(f"/individuals/{last.pk}/")
        left = [n for n, c in browser.cookies.items() if n.startswith("seen-") and c.value]
        assert len(left) == 1
        assert {one.pk for one in (*ones, last)} <= seen_by(browser).individuals

    def test_no_page_of_a_crowd_writes_to_the_database(
        self, client: Client, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        make_site(120, 1, 1, 5)
        client.get("/")
        assert seen_by(client)
        assert not Exposure.objects.exists()
        assert not client.session.session_key or "visitor" not in client.session

    def test_one_that_grew_long_becomes_rows(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(seeing, "MOST", 20)
        ids = {elite.individual_id for elite in make_archive(make_run(status="finished"))}
        client.get("/?least=0")
        noted = Exposure.objects.filter(visitor=client.session["visitor"])
        assert ids <= set(noted.values_list("individual", flat=True))
        assert not seen_by(client).individuals


class TestLive:
    def test_the_page_of_a_run_counts_for_all_of_it(self, client: Client) -> None:
        run, other = make_run(status="finished", seed=1), make_run(status="running", seed=2)
        make_archive(run)
        client.get(f"/runs/{run.pk}/")
        assert seen_by(client).runs == {run.pk}
        client.get(f"/runs/{other.pk}/")
        assert seen_by(client).runs == {run.pk, other.pk}

    def test_the_gallery_counts_until_its_next_look(self, client: Client, clock: Clock) -> None:
        make_archive(make_run(status="finished"))
        clock(1000)
        client.get("/")
        assert seen_by(client).streams == (Stream(1000, 1000 + seeing.NEXT_LOOK),)
        clock(1030)
        client.get("/changes?since=0")
        assert seen_by(client).streams == (Stream(1000, 1030 + seeing.NEXT_LOOK),)

    def test_a_look_after_all_was_stored_begins_anew(self, client: Client, clock: Clock) -> None:
        clock(5000)
        client.get("/changes?since=0")
        ahead = seeing.NEXT_LOOK
        assert seen_by(client).streams == (Stream(5000 - ahead, 5000 + ahead),)

    def test_an_archive_that_only_the_stream_sent_is_noted(self, client: Client) -> None:
        client.get("/")
        run = make_large_run(120, status="running")
        client.get("/changes?since=0")
        assert seen_by(client).archives == {Archive(run.pk, (run.last_generation or 0))}


class TestSettling:
    """What was seen is stored before a sitting begins, and while it goes on."""

    def test_who_begins_is_not_asked_what_they_saw(self, client: Client) -> None:
        study = full_study()
        shown_before = study.stimuli.filter(kind="bred")[:20]
        for stimulus in shown_before:
            client.get(f"/individuals/{stimulus.individual_id}/")
        assert not Exposure.objects.exists()
        begun = post_to_begin(client)
        assert begun.status_code == 303
        assert not seen_by(client)
        asked = Trial.objects.filter(stimulus__kind="bred").values_list("stimulus", flat=True)
        assert asked
        assert not {stimulus.pk for stimulus in shown_before} & set(asked)

    def test_without_consent_nothing_is_stored(self, client: Client) -> None:
        client.get(f"/individuals/{full_study().stimuli.earliest('pk').individual_id}/")
        assert post_to_begin(client, consent="").status_code == 422
        assert not Exposure.objects.exists()
        assert seen_by(client)

    def test_what_is_looked_up_during_a_sitting_is_left_out(self, client: Client) -> None:
        full_study()
        here = post_to_begin(client)["Location"]
        trial = Trial.objects.exclude(stimulus__individual=None).latest("position")
        client.get(f"/individuals/{trial.stimulus.individual_id}/")
        client.get(here)
        assert Exposure.objects.filter(individual=trial.stimulus.individual_id).exists()
        assert client.get(f"/judge/trials/{trial.token}/").status_code == 303
        trial.refresh_from_db()
        assert trial.skipped_at

    def test_a_gallery_that_stays_open_is_still_noted(self, client: Client, clock: Clock) -> None:
        full_study()
        known(client)
        clock(1000)
        client.get("/")
        clock(1010)
        post_to_begin(client)
        assert seen_by(client).streams == (Stream(1010, 1000 + seeing.NEXT_LOOK),)
