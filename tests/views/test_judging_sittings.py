"""How a sitting begins, goes on, ends, and is forgotten."""

import csv
import io
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from evolution.judging.forms import Form
from evolution.models import Block, Judgment, Sitting
from tests.factories import NOW
from tests.judging_factories import (
    LABEL,
    OTHER,
    SECOND,
    make_judging_study,
    make_judgment,
    make_stimulus,
    make_trial,
    make_whole_study,
)
from tests.views.judging import address, ask, begin, send, sit

pytestmark = pytest.mark.django_db


def words(answer: Any) -> str:
    plain = re.sub(r"<[^>]*>", " ", answer.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", plain)


class TestBeginning:
    def test_without_a_study(self, client: Client) -> None:
        page = client.get("/judge/")
        assert page.status_code == 200
        assert "no study is open" in words(page)
        assert begin(client).status_code == 409

    def test_what_is_told_before(self, client: Client) -> None:
        make_whole_study()
        page = client.get("/judge/")
        assert "At most 24 questions, about 4 minutes" in words(page)
        assert "random key of this browser" in words(page)
        assert 'name="consent"' in page.content.decode()
        assert not client.cookies.get("sessionid")

    def test_without_consent_nothing_is_stored(self, client: Client) -> None:
        make_whole_study()
        refused = begin(client, consent="")
        assert refused.status_code == 422
        assert "tick the box" in words(refused)
        assert not Sitting.objects.exists()

    def test_a_form_without_its_number(self, client: Client) -> None:
        make_whole_study()
        assert begin(client, submission="x").status_code == 422

    def test_leads_to_practice_and_to_every_form(self, client: Client) -> None:
        make_whole_study()
        begun = begin(client)
        assert begun.status_code == 303
        assert "Practice 1 of 3" in words(client.get(begun["Location"]))
        forms = set(Sitting.objects.get().trials.values_list("form", flat=True))
        assert forms == set(Form)

    def test_goes_on_where_it_stopped(self, client: Client) -> None:
        make_whole_study()
        first = begin(client)["Location"]
        assert "Go on with practice 1 of 3" in words(client.get("/judge/"))
        assert begin(client)["Location"] == first
        assert client.get("/judge/next/")["Location"] == first
        assert Sitting.objects.count() == 1

    def test_next_without_a_sitting(self, client: Client) -> None:
        assert client.get("/judge/next/")["Location"] == "/judge/"

    def test_nothing_left_to_judge(self, client: Client) -> None:
        make_judging_study(is_standing=True)
        refused = begin(client)
        assert refused.status_code == 409
        assert "no picture left" in words(refused)

    def test_a_study_by_name(self, client: Client) -> None:
        make_whole_study()
        other = make_judging_study(name="rings")
        assert f'value="{other.name}"' in client.get("/judge/?study=rings").content.decode()
        assert client.get("/judge/?study=nothing").status_code == 404

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"status": "closed", "closed_at": NOW}, "is closed"),
            ({"status": "preparing"}, "are being prepared"),
            ({"status": "failed"}, "could not be prepared"),
        ],
    )
    def test_a_study_that_is_not_open(
        self, client: Client, fields: dict[str, Any], why: str
    ) -> None:
        make_judging_study(name="rings", **fields)
        page = client.get("/judge/?study=rings")
        assert page.status_code == 200
        assert why in words(page)
        assert 'name="consent"' not in page.content.decode()
        assert begin(client, study="rings").status_code == 409

    def test_somebody_who_is_blocked(self, client: Client) -> None:
        make_whole_study()
        sitting = sit(client)
        Block.objects.create(visitor=sitting.visitor)
        assert begin(client).status_code == 403


class TestWhole:
    def test_a_sitting_from_consent_to_the_end(self, client: Client) -> None:
        """Without scripts, by what the pages themselves offer."""
        make_whole_study()
        here = begin(client)["Location"]
        questions = 0
        while "/trials/" in here:
            page = client.get(here).content.decode()
            offered = re.findall(r'name="answer" value="([^"]*)" data-key', page)
            names = re.findall(r'<option value="([^"]*)">', page)
            said = (offered or names or ["a blob"])[0]
            if check := re.search("choose “(.*?)”", page):
                said = check[1]
            sent = client.post(here.partition("?")[0], {"answer": said})
            assert sent.status_code == 303
            questions += 1
            shown = client.get(sent["Location"])
            if "noted" in sent["Location"] or "/done/" in sent["Location"]:
                here = sent["Location"]
                continue
            forward = re.search('id="next" href="([^"]*)"', shown.content.decode())
            assert forward
            here = client.get(forward[1])["Location"]
            cache.clear()  # as if time had passed
        sitting = Sitting.objects.get()
        assert questions == sitting.trials.count() == Judgment.objects.count()
        assert sitting.finished_at
        end = words(client.get(here))
        assert "You agreed with the machine in" in end
        assert "came twice" in end

    def test_an_unfinished_sitting_has_no_end(self, client: Client) -> None:
        sitting = sit(client)
        trial = make_trial(sitting)
        assert client.get(f"/judge/done/{sitting.code}/")["Location"] == address(trial)


class TestDebrief:
    def test_agreement_beside_chance(self, client: Client) -> None:
        sitting = sit(client, finished_at=NOW)
        for answer in (LABEL, LABEL, SECOND, ""):
            make_judgment(make_trial(sitting, is_revealed=False), answer)
        pick = make_trial(sitting, Form.PICK)
        make_judgment(pick, "1")
        photograph = make_stimulus(sitting.study, "photograph", truth=[OTHER])
        known = make_trial(sitting, stimulus=photograph, right_answers=[OTHER])
        make_judgment(known, OTHER, is_right=True)
        again = make_trial(
            sitting, stimulus=pick.stimulus, repeat_of=sitting.trials.get(position=0)
        )
        make_judgment(again, SECOND)
        page = client.get(f"/judge/done/{sitting.code}/")
        told = words(page)
        assert "You agreed with the machine in 3 of 4" in told
        assert "Guessing alone would agree in about 1.8" in told  # three halves and a quarter
        assert re.search(r"one drawn at random 2 of 3 1 in 2", told)
        assert re.search(r"Pick the picture 1 of 1 1 in 4", told)
        assert "1 question came twice. You answered 0 of them alike." in told
        assert "Of 1 photograph you named 1 right." in told
        assert "1 time you could not tell." in told
        assert page.content.decode().count('class="tile"') == 6

    def test_is_ones_own(self, client: Client) -> None:
        sitting = sit(client, finished_at=NOW)
        assert Client().get(f"/judge/done/{sitting.code}/").status_code == 404

    def test_tells_of_checks_that_failed(self, client: Client) -> None:
        sitting = sit(client, finished_at=NOW, is_left_out=True)
        assert "kept apart" in words(client.get(f"/judge/done/{sitting.code}/"))


class TestBelongings:
    def test_of_nobody(self, client: Client) -> None:
        assert "Nothing of you is stored" in words(client.get("/judge/mine/"))
        assert client.get("/judge/mine/answers.csv").status_code == 404
        assert "nothing to delete" in words(client.get("/judge/mine/delete/"))
        assert client.post("/judge/mine/delete/").status_code == 200

    def test_all_answers_as_files(self, client: Client) -> None:
        sitting = sit(client)
        make_judgment(make_trial(sitting), LABEL, is_right=None)
        make_judgment(make_trial(sitting, is_revealed=False), LABEL)
        table = client.get("/judge/mine/answers.csv")
        assert table["Content-Disposition"] == 'attachment; filename="my-answers.csv"'
        rows = list(csv.DictReader(io.StringIO(table.content.decode())))
        assert [row["answer"] for row in rows] == [LABEL, LABEL]
        assert [row["agrees"] for row in rows] == ["True", ""]  # not told yet
        document = client.get("/judge/mine/answers.json").json()
        assert document["answers"][0]["offered"] == [SECOND, LABEL]

    def test_are_deleted_after_a_last_question(self, client: Client) -> None:
        sitting = sit(client)
        trial = make_trial(sitting)
        make_judgment(trial, LABEL)
        other = sit(Client())
        make_judgment(make_trial(other), LABEL)
        assert "1 answer of yours is stored" in words(client.get("/judge/mine/"))
        assert "Delete 1 answer" in words(client.get("/judge/mine/delete/"))
        assert Judgment.objects.count() == 2
        assert "1 answer was deleted" in words(client.post("/judge/mine/delete/"))
        assert Judgment.objects.get().visitor == other.visitor
        assert client.get(address(trial)).status_code == 404


def test_a_question_that_was_asked_is_still_there_after_a_reload(client: Client) -> None:
    trial = make_trial(sit(client))
    ask(client, trial)
    trial.refresh_from_db()
    first = trial.given_at
    client.get(address(trial))
    trial.refresh_from_db()
    assert trial.given_at == first
    send(client, trial, LABEL)
    assert "You said" in words(client.get(address(trial)))
    assert "You said" in words(client.get(address(trial)))
