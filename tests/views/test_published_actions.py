"""What visitors and staff do about a published picture from its page."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution import tasks
from evolution.models import Block, Challenge, Conquest, Rating, Report
from evolution.views import responding
from tests.factories import NOW, make_archive, make_publication, make_run
from tests.views.published import act, be, make_long, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(tasks.predict, "delay_on_commit", lambda *what: told.append(what))
    return told


@pytest.fixture
def challenged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    told: list[int] = []
    monkeypatch.setattr(tasks.challenge, "delay_on_commit", told.append)
    return told


class TestRating:
    def test_is_shown_with_its_count(self, client: Client) -> None:
        made = make_publication()
        assert "Nobody rated it yet." in page(client, made)
        for stars in (3, 4):
            Rating.objects.create(publication=made, visitor=uuid.uuid4(), stars=stars)
        found = page(client, made)
        assert "rated by 2" in found
        assert "3.5 of 5" in found

    def test_can_be_given_and_changed(self, client: Client) -> None:
        made = make_publication()
        for stars in (2, 5):
            assert act(client, made, "rate", stars=stars).status_code == 302
            assert f"You gave it {stars} of 5" in page(client, made)
        assert Rating.objects.count() == 1
        assert 'value="5" required checked' in page(client, made)

    def test_of_ones_own_is_not_offered(self, client: Client) -> None:
        made = make_publication()
        be(client, made.visitor)
        assert "It is yours" in page(client, made)
        assert act(client, made, "rate", stars=5).status_code == 403
        assert not Rating.objects.exists()

    @pytest.mark.parametrize("stars", ["", "0", "6", "x", "3.5", "9" * 30])
    def test_refuses_other_numbers(self, client: Client, stars: str) -> None:
        answer = act(client, make_publication(), "rate", stars=stars)
        assert answer.status_code == 400
        assert answer.content.decode().startswith("stars: expected")

    def test_is_bounded(self, client: Client) -> None:
        made = make_publication()
        statuses = [act(client, made, "rate", stars=1).status_code for _ in range(121)]
        assert statuses.count(302) == 120
        assert statuses[-1] == 429

    def test_is_not_for_who_is_blocked(self, client: Client) -> None:
        made, visitor = make_publication(), uuid.uuid4()
        be(client, visitor)
        Block.objects.create(visitor=visitor)
        assert act(client, made, "rate", stars=1).status_code == 403


class TestReport:
    def test_reaches_staff(self, client: Client, admin_client: Client) -> None:
        made = make_publication()
        act(client, made, "report", reason="It names <me>.")
        assert Report.objects.get().reason == "It names <me>."
        found = page(admin_client, made)
        assert "1 report to settle" in found
        assert "It names &lt;me&gt;." in found
        assert "names" not in page(client, made)

    def test_wants_a_reason(self, client: Client) -> None:
        assert act(client, make_publication(), "report", reason=" ").status_code == 400

    def test_is_bounded(self, client: Client) -> None:
        made = make_publication()
        statuses = [act(client, made, "report", reason="x").status_code for _ in range(11)]
        assert statuses == [302] * 10 + [429]
        assert Report.objects.count() == 1


class TestStaff:
    def test_hides_and_everybody_else_is_told(self, client: Client, admin_client: Client) -> None:
        made = make_publication()
        act(admin_client, made, "moderate", do="hide", reason="rude <words>")
        assert "This picture is not shown" in page(client, made, 410)
        assert "rude" not in page(client, made, 410)
        assert "rude &lt;words&gt;" in page(admin_client, made)
        number = made.individual_id
        for path in (
            f"/pictures/{number}/64.webp",
            f"/pictures/{number}/256.png",
            f"/individuals/{number}/genome.json",
            f"/individuals/{number}/predictions",
        ):
            assert client.get(path).status_code == 410, path
            answer = admin_client.get(path)
            assert answer.status_code == 200, path
            assert "public" not in answer.headers.get("Cache-Control", "")
        assert act(client, made, "rate", stars=5).status_code == 404
        act(admin_client, made, "moderate", do="show")
        assert page(client, made)
        assert client.get(f"/pictures/{number}/64.webp").status_code == 200

    @pytest.mark.parametrize("verb", ["feature", "block", "settle", "hide"])
    def test_alone_moderates(self, client: Client, verb: str) -> None:
        made = make_publication()
        assert 'name="do"' not in page(client, made)
        assert act(client, made, "moderate", do=verb, reason="x").status_code == 403
        client.force_login(User.objects.create_user("ada"))
        assert act(client, made, "moderate", do=verb, reason="x").status_code == 403
        assert not Block.objects.exists()
        made.refresh_from_db()
        assert (made.hidden_at, made.featured_at) == (None, None)

    def test_features_and_blocks(self, admin_client: Client) -> None:
        made = make_publication()
        act(admin_client, made, "moderate", do="feature")
        act(admin_client, made, "moderate", do="block", reason="spam")
        found = page(admin_client, made)
        assert "No longer feature" in found
        assert "Unblock publisher" in found

    def test_is_told_of_a_verb_that_is_none(self, admin_client: Client) -> None:
        answer = act(admin_client, make_publication(), "moderate", do="delete")
        assert answer.status_code == 400


@pytest.mark.usefixtures("challenged")
class TestChallenge:
    def test_is_offered_and_enqueued_once(self, client: Client, challenged: list[int]) -> None:
        made, run = make_publication(), make_run(status="running", generation=1)
        make_archive(run)
        assert f'<option value="{run.pk}">Run {run.pk}: MNIST, CPPN, LeNet A</option>' in page(
            client, made
        )
        for _ in range(2):
            assert act(client, made, "challenge", run=run.pk).status_code == 302
        assert "It is being judged" in page(client, made)
        assert challenged == [Challenge.objects.get().pk]

    def test_tells_what_it_took(self, client: Client) -> None:
        made, run = make_publication(), make_run(status="running", generation=1)
        make_archive(run)
        asked = Challenge.objects.create(individual=made.individual, run=run, judged_at=NOW)
        Conquest.objects.create(
            challenge=asked, run=run, individual=made.individual, cell=3, label=3,
            confidence=0.93129, beaten=0.912, taken_at=NOW,
        )  # fmt: skip
        found = page(client, made)
        assert ">3</a> of run" in found
        assert ": 93.12%, before 91.20%." in found
        assert "hx-get" not in found.partition('id="outcomes"')[2][:200]
        cell = client.get(f"/runs/{run.pk}/cells/3/").content.decode()
        assert 'Taken by a <span class="by people">person</span>' in cell
        assert "Two rings" in cell
        assert "Taken by" not in client.get(f"/runs/{run.pk}/cells/4/").content.decode()

    def test_tells_what_it_came_closest_to(self, client: Client) -> None:
        made, run = make_publication(), make_run()
        Challenge.objects.create(
            individual=made.individual, run=run, judged_at=NOW, best=[[7, 7, 0.4, 0.5]]
        )
        assert (
            f'closest to <a class="machine says__word" href="/runs/{run.pk}/cells/7/">7</a>: '
            "40.00%, and the holder has 50.00%." in page(client, made)
        )

    def test_tells_of_a_failure(self, client: Client) -> None:
        made = make_publication()
        Challenge.objects.create(individual=made.individual, run=make_run(), error="weights <x>")
        assert "It could not be judged: weights &lt;x&gt;" in page(client, made)

    def test_is_polled_until_it_is_judged(self, client: Client) -> None:
        made, run = make_publication(), make_run()
        Challenge.objects.create(individual=made.individual, run=run)
        address = f"/individuals/{made.individual_id}/outcomes"
        assert f'hx-get="{address}?tries=1"' in page(client, made)
        assert "tries=8" in client.get(address + "?tries=7").content.decode()
        assert "hx-get" not in client.get(address + "?tries=60").content.decode()

    @pytest.mark.parametrize("run", ["", "x", "404", "-1"])
    def test_refuses_a_run_that_is_none(self, client: Client, run: str) -> None:
        assert act(client, make_publication(), "challenge", run=run).status_code == 400

    def test_is_bounded(
        self, client: Client, challenged: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = make_run(status="running", generation=1)
        make_archive(run)
        made = make_publication()
        statuses = [act(client, made, "challenge", run=run.pk).status_code for _ in range(21)]
        assert statuses == [302] * 20 + [429]
        assert len(challenged) == 1
        assert responding.CHALLENGES == "20/h"


@pytest.mark.parametrize("what", ["rate", "report", "moderate", "challenge"])
def test_nothing_can_be_done_about_what_is_not_published(client: Client, what: str) -> None:
    step = make_long().individual.parent
    assert step
    assert client.post(f"/individuals/{step.pk}/{what}").status_code == 404
    assert client.post(f"/individuals/404/{what}").status_code == 404
    assert client.get(f"/individuals/{step.pk}/{what}").status_code == 405
