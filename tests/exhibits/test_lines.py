"""A line of descent that crosses from a run to a person's hand, seen by a network of one's choice."""

import pytest
from django.test import Client

from classifiers import catalogue
from evolution.exhibits.lines import line
from evolution.models import Individual, Prediction
from evolution.services import predicting, predicting_lines
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

pytestmark = pytest.mark.django_db


def crossing(steps: int = 3) -> list[Individual]:
    """A random genome, an elite bred from it, and so many steps of a person; oldest first."""
    run = make_run()
    root = make_individual(run)
    elite = make_individual(run, generation=1, parent=root)
    make_elite(run, 4, individual=elite, since_generation=1)
    session = make_session(branched_from=elite)
    members, brood = [root, elite], make_brood(session)
    for number in range(steps):
        child = make_hand_bred(brood, 0, parent=members[-1], generation=number)
        members.append(child)
        brood = make_brood(session, brood)
    return members


class TestLine:
    def test_crosses_from_run_to_person(self) -> None:
        members = crossing()
        shown = line(members[-1], {})
        assert shown.steps == 4
        assert [frame.individual_id for frame in shown.film.frames] == [one.pk for one in members]
        assert [frame.is_hand_bred for frame in shown.film.frames] == [False] * 2 + [True] * 3
        assert shown.film.frames[1].held == "4"
        assert all(frame.picture for frame in shown.film.frames)

    def test_plots_what_is_asked_for(self) -> None:
        members = crossing()
        for number, member in enumerate(members):
            make_prediction(member, "squeezenet", top=[[327, 0.1 * number], [1, 0.05]])
        shown = line(members[-1], {"network": "squeezenet", "label": "starfish"})
        found = [frame.confidence for frame in shown.film.frames]
        assert found == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])
        assert shown.to_ask == 0

    def test_of_a_persons_picture_the_likeliest_label_is_plotted(self) -> None:
        members = crossing()
        make_prediction(members[-1], "squeezenet", top=[[327, 0.4], [1, 0.1]])
        shown = line(members[-1], {})
        assert (shown.seer.classifier, shown.film.label) == ("squeezenet", "starfish")
        assert shown.to_ask == 4

    def test_of_a_runs_picture_its_own_network_is_shown(self) -> None:
        members = crossing()
        shown = line(members[1], {})
        assert (shown.seer.classifier, shown.film.label, shown.to_ask) == ("lenet-a", "4", 0)

    @pytest.mark.parametrize(
        "asked", [{"network": "<b>"}, {"label": "no such thing"}, {"network": "a" * 999}]
    )
    def test_what_does_not_fit_is_noted_and_left_out(self, asked: dict[str, str]) -> None:
        shown = line(crossing()[-1], asked)
        assert "left out" in shown.note

    def test_shows_nothing_of_what_staff_has_hidden(self, client: Client) -> None:
        members = crossing()
        make_publication(members[3], title="Rude", hidden_at=NOW)
        frame = line(members[-1], {}).film.frames[3]
        assert (frame.title, frame.picture, frame.is_hidden) == ("", "", True)
        page = client.get(f"/individuals/{members[-1].pk}/").content.decode()
        assert "Rude" not in page


class TestAsking:
    def test_the_nearest_first_and_a_few_at_a_time(self) -> None:
        members = crossing()
        assert predicting_lines.predict_line(members[-1].pk, "squeezenet", most=2)
        asked = set(Prediction.objects.values_list("individual", flat=True))
        assert asked == {members[-1].pk, members[-2].pk}
        while predicting_lines.predict_line(members[-1].pk, "squeezenet", most=2):
            pass
        assert Prediction.objects.count() == len(members)

    def test_once(self) -> None:
        members = crossing()
        for _ in range(2):
            assert not predicting_lines.predict_line(members[-1].pk, "squeezenet")
        assert Prediction.objects.count() == len(members)

    def test_answers_are_those_of_a_single_question(self) -> None:
        members = crossing()
        predicting_lines.predict_line(members[-1].pk, "squeezenet")
        together = Prediction.objects.get(individual=members[-1]).top
        Prediction.objects.all().delete()
        alone = predicting.predict(members[-1].pk, "squeezenet").top
        assert [index for index, _ in together] == [index for index, _ in alone]

    def test_leaves_pruned_ones_out(self) -> None:
        members = crossing()
        Individual.objects.filter(pk=members[2].pk).update(genome=None)
        entry = catalogue.entry("squeezenet")
        ids = [one.pk for one in members]
        assert len(predicting_lines.unasked(ids, entry)) == len(members) - 1
