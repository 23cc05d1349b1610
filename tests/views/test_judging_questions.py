"""Questions of every form: asked blind, answered, told of, in a browser without scripts."""

import re
from typing import Any

import pytest
from django.test import Client

from classifiers import catalogue
from evolution.judging.forms import Form
from evolution.models import Judgment, Publication, Trial
from tests.factories import (
    NOW,
    make_brood,
    make_hand_bred,
    make_publication,
    make_session,
)
from tests.judging_factories import (
    LABEL,
    NETWORK,
    OTHER,
    SECOND,
    make_claim,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)
from tests.views.judging import address, ask, send, sit

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    """The words of the page's main part."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    plain = re.sub(r"<[^>]*>", "", main).replace("&#x27;", "'")
    return re.sub(r"\s+", " ", plain)


def told(client: Client, trial: Trial, answer: str | None) -> str:
    """What is told after an answer."""
    ask(client, trial)
    sent = send(client, trial, answer)
    assert (sent.status_code, sent["Location"]) == (303, address(trial))
    return text(client.get(address(trial)))


class TestAsking:
    def test_two_names_in_the_order_of_the_trial(self, client: Client) -> None:
        trial = make_trial(sit(client), options=[LABEL, SECOND])
        words = text(ask(client, trial))
        assert "Which name did it give?" in words
        assert words.index(LABEL) < words.index(SECOND)

    def test_all_of_few_names_are_buttons_and_digits_answer_by_themselves(
        self, client: Client
    ) -> None:
        digits = [str(digit) for digit in (3, 1, 0, 2, 9, 8, 7, 6, 5, 4)]
        sitting = sit(client)
        claim = make_claim(make_stimulus(sitting.study, side=28), "lenet-a", label="3", second="1")
        trial = make_trial(sitting, Form.ALL, claim.stimulus, options=digits, offered=10)
        page = ask(client, trial).content.decode()
        assert re.findall(r'name="answer" value="(\d)" data-key="(\d)"', page) == [
            (digit, digit) for digit in digits
        ]
        assert "data-pixels" in page

    def test_all_of_many_names_are_searched_in_the_order_of_the_alphabet(
        self, client: Client
    ) -> None:
        page = ask(client, make_trial(sit(client), Form.ALL)).content.decode()
        names = re.findall(r'<option value="([^"]*)">', page)
        assert len(names) == len(set(catalogue.entry(NETWORK).labels))
        assert names == sorted(names, key=str.casefold)

    @pytest.mark.parametrize(("framing", "words"), [("own", "would you"), ("guess", "did it")])
    def test_whose_name_is_asked_for(self, client: Client, framing: str, words: str) -> None:
        assert words in text(ask(client, make_trial(sit(client), Form.ALL, framing=framing)))

    def test_a_name_of_ones_own(self, client: Client) -> None:
        page = ask(client, make_trial(sit(client), Form.FREE)).content.decode()
        assert "How would you name what you see?" in page
        assert 'maxlength="60"' in page

    def test_right_or_wrong(self, client: Client) -> None:
        words = text(ask(client, make_trial(sit(client), Form.RIGHT, shown=OTHER, foil="lure")))
        assert f"“{OTHER}”: right or wrong?" in words

    def test_picking_a_picture(self, client: Client) -> None:
        page = ask(client, make_trial(sit(client), Form.PICK)).content.decode()
        assert f"A machine named one of these “{LABEL}”" in page
        assert [f"Picture {place}" in page for place in (1, 2, 3, 4, 5)] == [True] * 4 + [False]
        assert "The picture to judge" not in page

    def test_a_check_looks_like_two_names(self, client: Client) -> None:
        sitting = sit(client)
        check = make_trial(sitting, stimulus=make_stimulus(sitting.study, "check"), shown=OTHER)
        page = ask(client, check).content.decode()
        assert f"This is a check: choose “{OTHER}”." in page
        assert 'class="trial trial--two"' in page

    def test_practice_is_counted_apart(self, client: Client) -> None:
        sitting = sit(client)
        practice = make_trial(sitting, stimulus=make_stimulus(sitting.study, "practice"))
        trial = make_trial(sitting)
        make_trial(sitting)
        assert "Practice 1 of 1" in text(ask(client, practice))
        assert "Question 1 of 2" in text(ask(client, trial))


class TestTelling:
    def test_two_names(self, client: Client) -> None:
        trial = make_trial(sit(client))
        words = told(client, trial, SECOND)
        assert f"You said {SECOND}. The machine said {LABEL}." in words
        assert "You are the first to answer this." in words
        assert "94.55%" in words
        assert "3.05%" in words
        assert "drawn at random from all" in words
        assert f"No. {trial.stimulus.individual_id}" in words

    def test_both_names_of_the_network(self, client: Client) -> None:
        words = told(client, make_trial(sit(client), foil="second"), None)
        assert f"You could not tell. The machine said {LABEL}." in words
        assert "its first and its second choice" in words

    def test_all_names(self, client: Client) -> None:
        words = told(client, make_trial(sit(client), Form.ALL), "zebra")
        assert f"You said zebra. The machine said {LABEL}." in words
        assert re.search(r"zebra 0\.00%", words)

    def test_a_name_of_ones_own(self, client: Client) -> None:
        words = told(client, make_trial(sit(client), Form.FREE), "a  Stethoscope")
        assert "You said a Stethoscope." in words
        assert re.search(rf"{SECOND} 1 of 1", words)

    @pytest.mark.parametrize(
        ("fields", "because"),
        [
            ({}, f"“{LABEL}” was the machine’s own name."),
            ({"shown": OTHER, "foil": "lure"}, f"“{OTHER}” was drawn at random."),
        ],
    )
    def test_right_or_wrong(self, client: Client, fields: dict[str, Any], because: str) -> None:
        words = told(client, make_trial(sit(client), Form.RIGHT, **fields), "wrong")
        said = fields.get("shown", LABEL)
        assert f"You said “{said}” is wrong. The machine said {LABEL}." in words
        assert because in words

    def test_a_picture(self, client: Client) -> None:
        words = told(client, make_trial(sit(client), Form.PICK), "3")
        assert "You picked picture 4. The machine meant picture 2." in words
        assert re.search("another picture 1 of 1", words)

    @pytest.mark.parametrize(
        ("kind", "because"),
        [
            ("photograph", "This is a photograph. It shows: banana."),
            ("degraded", "made hard to see. It shows: banana."),
        ],
    )
    def test_what_is_known_of_a_control(self, client: Client, kind: str, because: str) -> None:
        sitting = sit(client)
        stimulus = make_stimulus(sitting.study, kind, truth=["banana"])
        trial = make_trial(
            sitting, stimulus=stimulus, options=["banana", SECOND], right_answers=["banana"],
            machine_answer=SECOND, expected=SECOND,
        )  # fmt: skip
        words = told(client, trial, "banana")
        assert f"You said banana. The machine said {SECOND}." in words
        assert because in words
        assert "No." not in words

    def test_noise_shows_nothing(self, client: Client) -> None:
        sitting = sit(client)
        trial = make_trial(sitting, stimulus=make_stimulus(sitting.study, "noise"))
        assert "there is nothing in it" in told(client, trial, LABEL)

    def test_a_title_and_no_address_of_what_staff_hid(self, client: Client) -> None:
        sitting = sit(client)
        bred = make_hand_bred(make_brood(make_session()))
        make_publication(bred)
        stimulus = make_stimulus(sitting.study, "hand-bred", individual=bred, name="Two rings")
        trial = make_trial(sitting, stimulus=stimulus)
        words = told(client, trial, LABEL)
        assert "A person bred this picture and called it “Two rings”." in words
        assert f"No. {bred.pk}" in words
        Publication.objects.update(hidden_at=NOW, hidden_because="rude")
        assert f"No. {bred.pk}" not in text(client.get(address(trial)))

    @pytest.mark.parametrize(("answer", "verdict"), [(OTHER, "Right."), (SECOND, "Not quite.")])
    def test_practice(self, client: Client, answer: str, verdict: str) -> None:
        sitting = sit(client)
        stimulus = make_stimulus(sitting.study, "practice", truth=[OTHER])
        trial = make_trial(sitting, stimulus=stimulus, right_answers=[OTHER], expected="")
        words = told(client, trial, answer)
        assert f"{verdict} You said {answer}." in words
        assert f"It shows: {OTHER}." in words
        assert "The machine" not in words

    def test_what_comes_at_the_end(self, client: Client) -> None:
        sitting = sit(client)
        first, second = make_trial(sitting, is_revealed=False), make_trial(sitting)
        ask(client, first)
        sent = send(client, first, LABEL)
        assert (sent.status_code, sent["Location"]) == (303, address(second) + "?noted=1")
        assert "Noted. What the machine said comes at the end." in text(
            client.get(sent["Location"])
        )
        words = text(client.get(address(first)))
        assert "comes at the end" in words
        assert LABEL not in words
        ask(client, second)
        send(client, second, LABEL)
        assert f"The machine said {LABEL}." in text(client.get(address(first)))


class TestOthers:
    def others(self, trial: Trial, answers: list[str], **fields: Any) -> None:
        for answer in answers:
            asked = {name: getattr(trial, name) for name in ("options", "shown", "foil", "framing")}
            same = make_trial(
                make_sitting(trial.sitting.study), trial.form, trial.stimulus, **asked | fields
            )
            make_judgment(same, answer, matched=SECOND if answer == "a stethoscope" else "")

    def test_are_counted_with_ones_own_told_apart(self, client: Client) -> None:
        trial = make_trial(sit(client))
        self.others(trial, [LABEL, LABEL, SECOND, ""])
        self.others(trial, ["zebra"], options=[LABEL, "zebra"])
        words = told(client, trial, SECOND)
        assert "6 answered, you among them" in words
        assert re.search(rf"{SECOND} 2 of 6 ?your answer", words)
        assert f"{LABEL} 2 of 6" in words
        assert "another name 1 of 6" in words
        assert "could not tell 1 of 6" in words

    def test_answers_that_do_not_count_are_left_out(self, client: Client) -> None:
        trial = make_trial(sit(client))
        self.others(trial, [LABEL])
        Judgment.objects.update(is_counted=False)
        assert "You are the first to answer this." in told(client, trial, SECOND)

    def test_names_of_their_own_are_told_as_labels_alone(self, client: Client) -> None:
        trial = make_trial(sit(client), Form.FREE)
        self.others(trial, ["a stethoscope", "something rude"])
        words = told(client, trial, "a blob")
        assert f"{SECOND} 1 of 3" in words
        assert "other words 2 of 3" in words
        assert "rude" not in words

    def test_many_are_twenty_dots(self, client: Client) -> None:
        trial = make_trial(sit(client))
        self.others(trial, [LABEL] * 30)
        ask(client, trial)
        send(client, trial, SECOND)
        page = client.get(address(trial)).content.decode()
        assert 'style="--k:19;--n:20"' in page


def test_nothing_of_what_a_network_says_is_there_before_the_answer(client: Client) -> None:
    sitting = sit(client)
    for form in Form:
        trial = make_trial(sitting, form)
        claim = trial.claim
        assert claim
        page = ask(client, trial).content.decode()
        words = page.replace(trial.shown or "\0", "")
        for option in trial.options:
            words = words.replace(str(option), "")
        secrets = ["94.5", "0.945", claim.classifier, "SqueezeNet", claim.version]
        if form not in (Form.ALL, Form.TWO):
            secrets += [LABEL]
        number = trial.stimulus.individual_id
        secrets += [f"/individuals/{number}", f"No. {number}", trial.sitting.study.name]
        assert [secret for secret in secrets if secret in words] == [], form
