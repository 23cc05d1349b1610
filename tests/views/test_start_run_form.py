"""The form that starts runs."""

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from kombu.exceptions import OperationalError

from evolution import tasks
from evolution.algorithms import presets
from evolution.models import Run
from evolution.services import accounts, runs

pytestmark = pytest.mark.django_db
FORM = "/runs/new/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(accounts.operator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What was enqueued: (run, generation)."""
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(tasks.evolve_slice, "delay_on_commit", lambda *what: told.append(what))
    return told


def filled(**changes: Any) -> dict[str, Any]:
    fields = {
        "submission": str(uuid.uuid4()),
        "preset": "mnist-cppn-paper",
        "classifier": "lenet-a",
        "seed": 7,
        "runs": 1,
        "generations": "",
        "target": "",
        "pace": "",
    }
    return fields | changes


class TestVisitors:
    def test_are_asked_to_sign_in(self, client: Client) -> None:
        answer = client.get(FORM)
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={FORM}")

    def test_without_the_right_are_too(self, client: Client, sent: list[Any]) -> None:
        client.force_login(
            User.objects.create_user("guest"), backend="django.contrib.auth.backends.ModelBackend"
        )
        answer = client.post(FORM, filled())
        assert answer["Location"].startswith("/sign-in/")
        assert client.get(answer["Location"]).status_code == 200
        assert not Run.objects.exists()


class TestForm:
    def test_shows_what_each_preset_costs(self, staff: Client) -> None:
        page = staff.get(FORM).content.decode()
        assert "40,200</data> evaluations" in page
        assert "200 + 200 × 200" in page
        assert page.count('type="radio"') == len(presets.names())
        assert 'value="mnist-cppn-paper" checked' in page

    def test_starts_with_its_defaults(self, staff: Client, sent: list[Any]) -> None:
        page = staff.get(FORM).content.decode()
        names = re.findall(r'name="(\w+)"[^>]*value="([^"]+)"[^>]*(?:checked|type)?', page)
        submission = dict(names)["submission"]
        answer = staff.post(
            FORM,
            {"submission": submission, "preset": "mnist-cppn-paper", "classifier": "lenet-a"}
            | {"seed": 1, "runs": 1},
        )
        run = Run.objects.get()
        assert answer["Location"] == f"/runs/{run.pk}/"
        assert (run.seed, run.planned, run.pace, run.status) == (1, 200, None, "queued")
        assert run.owner == accounts.operator()
        assert sent == [(run.pk, 0)]

    def test_starts_several_with_the_seeds_that_follow(
        self, staff: Client, sent: list[Any]
    ) -> None:
        staff.post(FORM, filled(seed=3, runs=3, generations=50, pace="2.5"))
        assert list(Run.objects.order_by("seed").values_list("seed", "planned", "pace")) == [
            (3, 50, 2.5),
            (4, 50, 2.5),
            (5, 50, 2.5),
        ]
        assert len(sent) == 3

    def test_posted_twice_starts_one_set(self, staff: Client, sent: list[Any]) -> None:
        fields = filled(runs=2)
        first, second = staff.post(FORM, fields), staff.post(FORM, fields)
        assert first["Location"] == second["Location"]
        assert Run.objects.count() == 2
        assert len(sent) == 2
        assert "was sent before" in staff.get(FORM).content.decode()

    def test_without_a_network_takes_the_presets(self, staff: Client, sent: list[Any]) -> None:
        staff.post(FORM, filled(classifier=[]))
        staff.post(FORM, filled(classifier=[], preset="imagenet-cppn-fast"))
        assert list(Run.objects.order_by("pk").values_list("classifier", flat=True)) == [
            "lenet-a",
            "squeezenet",
        ]

    def test_several_networks_are_an_ensemble(self, staff: Client, sent: list[Any]) -> None:
        staff.post(FORM, filled(classifier=["lenet-a", "lenet-b"]))
        assert Run.objects.get().classifier == "lenet-a+lenet-b"

    def test_may_work_in_the_background(self, staff: Client, sent: list[Any]) -> None:
        staff.post(FORM, filled(background="on"))
        assert Run.objects.get().is_background

    def test_says_what_a_network_lacks(self, staff: Client) -> None:
        page = staff.get(FORM).content.decode()
        assert "AlexNet is not installed: put torchvision" in page
        assert 'value="alexnet" disabled' in page

    def test_aims_at_a_label(self, staff: Client, sent: list[Any]) -> None:
        staff.post(FORM, filled(preset="mnist-cppn-single", target=8))
        assert Run.objects.get().parameters["algorithm"]["target"] == 8

    def test_says_when_no_worker_can_be_reached(
        self, staff: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*what: int) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.evolve_slice, "delay_on_commit", refuse)
        assert staff.post(FORM, filled()).status_code == 302
        assert Run.objects.count() == 1
        assert "No worker can be reached" in staff.get(FORM).content.decode()


class TestRefusal:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"preset": "nonsense"}, ["Preset", "expected mnist-direct-paper or", "nonsense"]),
            ({"preset": ""}, ["Preset", "got nothing"]),
            ({"classifier": "alexnet"}, ["Classifier", "expected lenet-a or lenet-b", "alexnet"]),
            ({"classifier": "squeezenet"}, ["Classifier", "grey pictures", "colour ones"]),
            ({"classifier": ["lenet-a", "squeezenet"]}, ["Classifier", "the same labels"]),
            ({"seed": "abc"}, ["Seed", "expected a whole number", "abc"]),
            ({"seed": ""}, ["Seed", "got nothing"]),
            ({"seed": -1}, ["Seed", "expected 0 to", "-1"]),
            ({"seed": 2**60}, ["Seed", f"{runs.MOST_SEED:,}", f"{2**60:,}"]),
            ({"runs": 0}, ["Independent runs", "expected 1 to 100", "got 0"]),
            ({"generations": 0}, ["Generations", "expected 1 to 1,000,000", "got 0"]),
            ({"generations": 10**9}, ["Generations", "got 1,000,000,000"]),
            ({"pace": "fast"}, ["Generations a second", "expected a number", "fast"]),
            ({"pace": "nan"}, ["Generations a second", "expected", "nan"]),
            ({"pace": 0}, ["Generations a second", "expected 0.05 to 100.0", "got 0"]),
            ({"target": 12, "preset": "mnist-cppn-single"}, ["Label to aim at", "0 to 9", "12"]),
            ({"target": 3}, ["Label to aim at"]),
            ({"submission": "again"}, ["Submission"]),
        ],
    )
    def test_names_field_expected_and_got(
        self, staff: Client, sent: list[Any], changes: dict[str, Any], words: list[str]
    ) -> None:
        answer = staff.post(FORM, filled(**changes))
        page = answer.content.decode()
        assert answer.status_code == 400
        mistakes = page[page.index('class="form__mistakes"') : page.index("<fieldset")]
        assert [word for word in words if word not in mistakes] == []
        assert not Run.objects.exists()
        assert not sent

    def test_keeps_what_was_typed(self, staff: Client) -> None:
        page = staff.post(FORM, filled(seed="abc", generations=33)).content.decode()
        assert 'value="abc"' in page
        assert 'value="33"' in page
        assert "<b>Nothing was started.</b>" in page


class TestScreening:
    def test_is_an_option_of_the_form(self, staff: Client, sent: list[Any]) -> None:
        words = "every takeover is re-scored in float32"
        assert words in re.sub(r"\s+", " ", staff.get(FORM).content.decode())
        staff.post(FORM, filled(screening="bfloat16"))
        assert Run.objects.get().screening == "bfloat16"

    def test_is_refused_where_one_label_is_aimed_at(self, staff: Client, sent: list[Any]) -> None:
        answer = staff.post(FORM, filled(preset="mnist-cppn-single", screening="bfloat16"))
        assert answer.status_code == 400
        assert "mnist-cppn-single keeps every child" in answer.content.decode()
        assert not Run.objects.exists()

    def test_another_precision_is_no_choice(self, staff: Client, sent: list[Any]) -> None:
        answer = staff.post(FORM, filled(screening="int8"))
        assert answer.status_code == 400
        assert not Run.objects.exists()
