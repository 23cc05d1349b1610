"""The page of a picture that a person bred: published, on the way to one, or hidden."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evolution import tasks
from evolution.models import Block, Challenge, Conquest, Publication, Rating, Report
from evolution.services import tagging
from evolution.services.ancestry import stored_line
from evolution.views import responding
from evolution.views.visitors import KEY
from tests.factories import (
    NOW,
    make_archive,
    make_brood,
    make_prediction,
    make_publication,
    make_run,
    make_session,
)

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


def page(client: Client, publication: Publication, status: int = 200) -> str:
    answer = client.get(f"/individuals/{publication.individual_id}/")
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def act(client: Client, publication: Publication, what: str, **fields: Any) -> Any:
    return client.post(f"/individuals/{publication.individual_id}/{what}", fields)


def be(client: Client, visitor: uuid.UUID) -> None:
    session = client.session
    session[KEY] = str(visitor)
    session.save()


def make_long(steps: int = 3) -> Publication:
    session = make_session()
    brood = make_brood(session)
    for step in range(steps):
        brood = make_brood(session, brood, selected_by="network" if step == 1 else "person")
    return make_publication(stored_line(brood, 1))


class TestWords:
    def test_tell_who_bred_it_and_under_which_licence(self, client: Client) -> None:
        ada = User.objects.create_user("ada")
        made = make_publication(author=ada, title="A <b>lamp</b>", licence="CC0-1.0")
        made.tags.set(tagging.rows(["night sky"]))
        found = page(client, made)
        assert "A &lt;b&gt;lamp&lt;/b&gt;</h1>" in found
        assert '<span class="by people">ada</span>, published' in found.replace("</a>", "")
        assert 'href="https://creativecommons.org/publicdomain/zero/1.0/">CC0</a>' in found
        assert "night sky" in found

    def test_keep_a_name_that_is_not_to_be_shown(self, client: Client) -> None:
        ada = User.objects.create_user("adalovelace")
        found = page(client, make_publication(author=ada, is_anonymous=True))
        assert "adalovelace" not in found
        assert "somebody without a name" in found

    def test_never_tell_the_browser(self, client: Client) -> None:
        made = make_publication()
        be(client, made.visitor)
        assert str(made.visitor) not in page(client, made)

    def test_count_steps_and_who_chose(self, client: Client) -> None:
        assert "3 steps from a random genome: people chose at 2 of them, networks at 1." in page(
            client, make_long()
        )

    def test_name_what_it_stems_from_and_what_came_of_it(self, client: Client) -> None:
        origin = make_publication(title="Origin")
        child = make_publication(title="Child", branched_from=origin)
        make_publication(title="Secret", branched_from=origin, hidden_at=NOW)
        assert "“" not in page(client, child).partition("Branched from")[0].partition("<main")[2]
        assert "<q>Origin</q>" in page(client, child)
        found = page(client, origin)
        assert "<q>Child</q>" in found
        assert "1 published picture" in found
        assert "Secret" not in found

    def test_show_the_title_beside_the_three_surest_labels(self, client: Client) -> None:
        made = make_publication()
        make_prediction(made.individual, "lenet-a", top=[[3, 0.62], [8, 0.3], [5, 0.02], [1, 0.01]])
        caption = page(client, made).partition("<figcaption")[2].partition("</figcaption>")[0]
        assert "Two rings" in caption
        assert [value in caption for value in ("62.00%", "30.00%", "2.00%", "1.00%")] == [
            True, True, True, False,
        ]  # fmt: skip

    def test_of_a_fragment_bring_the_caption_along(self, client: Client) -> None:
        made = make_publication()
        make_prediction(made.individual)
        answer = client.get(f"/individuals/{made.individual_id}/predictions")
        assert 'id="caption" hx-swap-oob="true"' in answer.content.decode()


class TestCard:
    def test_has_absolute_addresses_and_what_is_seen(self, client: Client) -> None:
        made = make_publication(title='A "lamp"', author=User.objects.create_user("ada"))
        make_prediction(made.individual, top=[[3, 0.62], [8, 0.3], [5, 0.02]])
        found = page(client, made)
        number = made.individual_id
        assert f'<link rel="canonical" href="http://testserver/individuals/{number}/">' in found
        assert 'property="og:title" content="“A &quot;lamp&quot;” by ada"' in found
        assert f'"og:image" content="http://testserver/pictures/{number}/640.png"' in found
        assert 'content="LeNet A sees 3 (62.00%), 8 (30.00%), 5 (2.00%)."' in found
        assert 'name="twitter:card"' in found
        assert client.get(f"/pictures/{number}/640.png").status_code == 200


class TestSteps:
    def test_say_where_they_led(self, client: Client) -> None:
        made = make_long()
        step = made.individual.parent
        assert step
        answer = client.get(f"/individuals/{step.pk}/").content.decode()
        assert (
            f'A step on the way to <a class="people" href="/individuals/{made.individual_id}/">'
            in answer
        )
        assert "og:title" not in answer
        assert "/rate" not in answer

    def test_of_a_hidden_picture_do_not_name_it(self, client: Client) -> None:
        made = make_long()
        Publication.objects.update(hidden_at=NOW)
        assert made.individual.parent_id
        answer = client.get(f"/individuals/{made.individual.parent_id}/").content.decode()
        assert "Two rings" not in answer
        assert "What it led to is not shown." in answer


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
