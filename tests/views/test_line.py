"""How a picture came to be: the strip of any line, and the network and label that its curve shows."""

from typing import Any

import pytest
from django.test import Client

from evolution import tasks
from evolution.models import Individual
from tests.factories import (
    NOW,
    make_brood,
    make_elite,
    make_hand_bred,
    make_individual,
    make_prediction,
    make_publication,
    make_run,
    make_session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Which lines which networks are asked about: (individual, classifier)."""
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(tasks.predict_line, "delay_on_commit", lambda *what: told.append(what))
    monkeypatch.setattr(tasks.predict, "delay_on_commit", lambda *what: what)
    return told


def crossing() -> list[Individual]:
    """An elite of a run, and two steps that a person bred from it."""
    elite = make_elite(make_run(generation=1), 3, confidence=0.8).individual
    session = make_session(branched_from=elite)
    brood = make_brood(session)
    one = make_hand_bred(brood, parent=elite)
    two = make_hand_bred(make_brood(session, brood), parent=one)
    make_publication(two, title="Harbour, night")
    return [elite, one, two]


def section(client: Client, individual: Individual, query: str = "") -> str:
    answer = client.get(f"/individuals/{individual.pk}/line{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_of_a_hand_bred_picture_reaches_into_the_run(client: Client) -> None:
    elite, one, two = crossing()
    found = section(client, two)
    for individual in (elite, one, two):
        assert f'href="/individuals/{individual.pk}/"' in found
    assert 'as <span class="machine">3</span><br>80.00%' in found
    assert '<q class="words">Harbour, night</q>' in found
    page = client.get(f"/individuals/{two.pk}/").content.decode()
    assert 'id="line-strip"' in page


def test_of_a_run_shows_its_own_network_and_label(client: Client, asked: list[Any]) -> None:
    run = make_run(generation=2)
    first = make_individual(run)
    last = make_individual(run, generation=1, parent=first)
    for one, confidence in ((first, 0.2), (last, 0.9)):
        make_prediction(one, top=[[4, confidence]])
    make_elite(run, 4, individual=last, confidence=0.9, since_generation=1)
    found = section(client, last)
    assert found.count('class="film__point') == 2
    assert 'value="4"' in found
    assert asked == []


def test_another_network_is_asked_once_in_a_while(client: Client, asked: list[Any]) -> None:
    _, _, two = crossing()
    found = section(client, two, "?network=efficientnet-lite0")
    section(client, two, "?network=efficientnet-lite0")
    assert asked == [(two.pk, "efficientnet-lite0")]
    assert 'aria-busy="true"' in found
    assert "3 pictures of the line are being shown to it." in found


def test_a_poll_keeps_what_was_chosen_and_ends(client: Client) -> None:
    _, _, two = crossing()
    found = section(client, two, "?network=squeezenet&label=starfish&all=1&tries=7")
    assert "network=squeezenet&amp;label=starfish&amp;all=1&amp;tries=8" in found
    assert "aria-busy" not in section(client, two, "?network=squeezenet&tries=60")


def test_a_label_below_the_first_ten_is_marked_and_not_drawn(client: Client) -> None:
    elite, one, two = crossing()
    make_prediction(elite, "squeezenet", top=[[327, 0.5], [1, 0.1]])
    make_prediction(one, "squeezenet", top=[[1, 0.4], [2, 0.1]])
    found = section(client, two, "?network=squeezenet&label=starfish")
    assert found.count("film__point--below") == 1
    assert found.count('class="film__point"') == 1
    assert "was not among the first ten" in found


def test_what_does_not_fit_is_left_out_in_words(client: Client) -> None:
    _, _, two = crossing()
    make_prediction(two, "squeezenet", top=[[327, 0.5]])
    assert "“nobody” cannot look at this picture" in section(client, two, "?network=nobody")
    found = section(client, two, "?network=squeezenet&label=<b>x</b>")
    assert "“&lt;b&gt;x&lt;/b&gt;” is no label of that network" in found
    assert 'value="starfish"' in found
    section(client, two, f"?network={'x' * 3000}&label={'y' * 3000}&all=7&tries=-1")


def test_hidden_steps_show_neither_picture_nor_title(client: Client) -> None:
    _, one, two = crossing()
    make_publication(one, title="Rude", hidden_at=NOW)
    found = section(client, two)
    assert "Rude" not in found
    assert "hidden" in found
    assert f"/pictures/{one.pk}/" not in found
