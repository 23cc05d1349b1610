"""What is refused at a question, with which words; the question stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evolution.judging.forms import Form
from evolution.models import Exposure, Judgment, Sitting
from tests.factories import NOW, make_brood, make_hand_bred, make_publication, make_session
from tests.judging_factories import LABEL, SECOND, make_stimulus, make_trial
from tests.views.judging import address, ask, send, sit

pytestmark = pytest.mark.django_db


def words(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


class TestAnswers:
    @pytest.mark.parametrize(
        ("form", "answer"),
        [
            (Form.TWO, "zebra"),
            (Form.TWO, ""),
            (Form.ALL, "no such name"),
            (Form.FREE, "x" * 61),
            (Form.FREE, "a\u202eb"),
            (Form.RIGHT, "perhaps"),
            (Form.PICK, "4"),
            (Form.PICK, "-1"),
        ],
    )
    def test_what_was_not_offered(self, client: Client, form: Form, answer: str) -> None:
        trial = make_trial(sit(client), form)
        ask(client, trial)
        refused = send(client, trial, answer)
        assert refused.status_code == 422
        assert 'role="alert"' in words(refused)
        assert "expected" in words(refused)
        assert 'data-state="question"' in words(refused)
        assert not Judgment.objects.exists()

    def test_a_name_that_is_none_is_kept_and_near_ones_are_offered(self, client: Client) -> None:
        trial = make_trial(sit(client), Form.ALL)
        ask(client, trial)
        page = words(send(client, trial, "Mixing"))
        assert 'value="Mixing"' in page
        assert "Did you mean one of these?" in page
        assert '<button class="answer" type="submit" name="answer" value="mixing bowl">' in page

    @pytest.mark.parametrize("reaction", ["-5", "soon", "1e3", "9" * 13, "²"])
    def test_a_time_that_is_none(self, client: Client, reaction: str) -> None:
        trial = make_trial(sit(client))
        ask(client, trial)
        refused = send(client, trial, LABEL, reaction_ms=reaction)
        assert refused.status_code == 422
        assert 'data-state="question"' in words(refused)

    def test_a_time_is_stored_and_none_without_scripts(self, client: Client) -> None:
        sitting = sit(client)
        for reaction, stored in (("1234", 1234), ("", None)):
            trial = make_trial(sitting)
            ask(client, trial)
            send(client, trial, LABEL, reaction_ms=reaction)
            assert Judgment.objects.get(trial=trial).reaction_ms == stored

    def test_twice(self, client: Client) -> None:
        trial = make_trial(sit(client))
        ask(client, trial)
        send(client, trial, SECOND)
        again = send(client, trial, LABEL)
        assert again.status_code == 409
        assert "answered already" in words(again)
        assert f'You said <span class="people words">{SECOND}</span>' in words(again)
        assert Judgment.objects.get().answer == SECOND

    def test_what_was_never_asked(self, client: Client) -> None:
        trial = make_trial(sit(client))
        early = send(client, trial, LABEL)
        assert early.status_code == 409
        assert "was not asked yet" in words(early)
        assert 'data-state="question"' in words(early)
        assert not Judgment.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_after_a_day(self, client: Client, method: str) -> None:
        trial = make_trial(sit(client))
        ask(client, trial)
        Sitting.objects.update(consented_at=timezone.now() - timedelta(days=1, minutes=1))
        gone = getattr(client, method)(address(trial), {"answer": LABEL})
        assert gone.status_code == 410
        assert "This question is too old" in words(gone)
        assert not Judgment.objects.exists()

    def test_quicker_than_anybody(self, client: Client) -> None:
        sitting = sit(client)
        trials = [make_trial(sitting) for _ in range(11)]
        statuses = []
        for trial in trials:
            ask(client, trial)
            statuses.append(send(client, trial, LABEL).status_code)
        assert statuses == [303] * 10 + [429]
        last = send(client, trials[-1], LABEL)
        assert "quicker than anybody answers" in words(last)
        assert 'data-state="question"' in words(last)


class TestPeople:
    @pytest.mark.parametrize("path", ["", "picture", "pictures/0"])
    def test_a_question_of_somebody_else(self, client: Client, path: str) -> None:
        trial = make_trial(sit(client), Form.PICK)
        for other in (Client(), _another()):
            assert other.get(address(trial) + path).status_code == 404
            if not path:
                assert other.post(address(trial), {"answer": "1"}).status_code == 404

    def test_what_was_seen_meanwhile_is_left_out(self, client: Client) -> None:
        sitting = sit(client)
        seen, other = make_trial(sitting), make_trial(sitting)
        Exposure.objects.create(visitor=sitting.visitor, individual=seen.stimulus.individual)
        sent = client.get(address(seen))
        assert (sent.status_code, sent["Location"]) == (303, address(other))

    def test_unknown_addresses(self, client: Client) -> None:
        sit(client)
        for path in ("trials/nothing/", "trials/00000000-0000-4000-8000-000000000000/", "done/x/"):
            assert client.get(f"/judge/{path}").status_code == 404


class TestPictures:
    def test_nothing_about_a_picture_tells_what_it_is(self, client: Client) -> None:
        trial = make_trial(sit(client))
        answer = client.get(address(trial) + "picture")
        assert answer.content == bytes(trial.stimulus.picture)
        assert answer["Content-Type"] == "image/webp"
        assert answer["Cache-Control"] == "private, no-store"
        for header in ("ETag", "Last-Modified", "Content-Disposition"):
            assert not answer.has_header(header)

    def test_a_picture_that_staff_hid_is_shown_to_nobody(self, client: Client) -> None:
        sitting = sit(client)
        bred = make_hand_bred(make_brood(make_session()))
        make_publication(bred, hidden_at=NOW, hidden_because="rude")
        stimulus = make_stimulus(sitting.study, "hand-bred", individual=bred)
        trial = make_trial(sitting, stimulus=stimulus)
        gone = client.get(address(trial) + "picture")
        assert gone.status_code == 410
        assert bytes(stimulus.picture) not in gone.content

    def test_one_of_several(self, client: Client) -> None:
        sitting = sit(client)
        trial = make_trial(sitting, Form.PICK)
        for place, number in enumerate(trial.options):
            answer = client.get(f"{address(trial)}pictures/{place}")
            stimulus = sitting.study.stimuli.get(pk=number)
            assert answer.content == bytes(stimulus.picture)
        assert client.get(f"{address(trial)}pictures/4").status_code == 404
        only = make_trial(sitting, stimulus=make_stimulus(sitting.study))
        assert client.get(f"{address(only)}pictures/0").status_code == 404


class TestFragments:
    HTMX = {"HX-Request": "true", "HX-Target": "trial"}

    def test_an_answer_and_the_next_question_are_fragments(self, client: Client) -> None:
        sitting = sit(client)
        first, second = make_trial(sitting), make_trial(sitting)
        ask(client, first)
        here = {**self.HTMX, "HX-Current-URL": f"http://testserver{address(first)}"}
        sent = client.post(address(first), {"answer": LABEL}, headers=here, follow=True)
        assert words(sent).startswith("<article")
        assert not sent.has_header("HX-Push-Url")
        following = client.get(f"/judge/next/?sitting={sitting.code}", headers=here, follow=True)
        assert words(following).startswith("<article")
        assert following["HX-Push-Url"] == address(second)

    def test_the_end_is_a_page_of_its_own(self, client: Client) -> None:
        sitting = sit(client)
        trial = make_trial(sitting)
        ask(client, trial)
        send(client, trial, LABEL)
        end = client.get(f"/judge/next/?sitting={sitting.code}", headers=self.HTMX)
        assert end["HX-Redirect"] == f"/judge/done/{sitting.code}/"

    def test_going_back_brings_the_whole_page(self, client: Client) -> None:
        trial = make_trial(sit(client))
        headers = {**self.HTMX, "HX-History-Restore-Request": "true"}
        assert "<!doctype html>" in words(client.get(address(trial), headers=headers))


def _another() -> Client:
    other = Client()
    sit(other)
    return other
