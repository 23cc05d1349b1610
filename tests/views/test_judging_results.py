"""The page of results: what it says, what it is asked, what it never tells."""

import json
import re
from io import StringIO

import numpy as np
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evolution.models import Judgment
from tests.exhibits.results.filling import NAMES, Filled, add_sittings, make_filled
from tests.judging_factories import make_judging_study

pytestmark = pytest.mark.django_db

PAGE = "/judge/results/"
FRAGMENT = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


@pytest.fixture
def filled() -> Filled:
    return make_filled(pictures=20, sittings=80)


def text(client: Client, address: str = PAGE, headers: dict[str, str] | None = None) -> str:
    answer = client.get(address, headers=headers or {})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


class TestPage:
    def test_before_any_study_it_says_so_and_computes_sample_sizes(self, client: Client) -> None:
        html = text(client)
        assert "No judging study was opened yet." in html
        assert "How many answers are needed?" in html
        assert "hx-get" not in html.split('id="results"')[1].split(">")[0]

    def test_a_study_without_answers(self, client: Client) -> None:
        make_judging_study()
        html = text(client)
        assert "Nobody has answered this question yet." in html
        assert "0 answers" in html

    def test_the_headline_is_generated(self, client: Client, filled: Filled) -> None:
        said = words(text(client))
        found = re.search(r"picked a network’s name for a picture in (\d+)% of (\d+) blind", said)
        assert found
        primary = Judgment.objects.filter(
            form="two", trial__foil="random", stimulus__kind="bred", is_counted=True
        )
        told = primary.exclude(agrees=None)
        assert int(found[2]) == told.count()
        assert int(found[1]) == round(100 * told.filter(agrees=True).count() / told.count())
        assert "Guessing gives 50%." in said

    def test_chance_stands_beside_each_share(self, client: Client, filled: Filled) -> None:
        html = text(client)
        rows = re.findall(r"<tr[ >].*?</tr>", html.split('id="sample-size"')[0])
        shares = [row for row in rows if "not enough yet" in row or 'class="people"' in row]
        assert len(shares) > 15
        assert all("chance" in row for row in shares)

    def test_it_tells_no_label(self, client: Client, filled: Filled) -> None:
        html = text(client)
        assert f"/individuals/{filled.claims[0].stimulus.individual_id}/" in html
        assert not [name for name in NAMES if re.search(rf"{name}\b", html)]

    @pytest.mark.parametrize("form", ["two", "all", "right", "pick", "free"])
    def test_every_question_has_a_page(self, client: Client, filled: Filled, form: str) -> None:
        html = text(client, f"{PAGE}?form={form}&above=significant&failed=in")
        assert re.search(rf'value="{form}" checked', html)
        assert ("chance unknown" in html) == (form == "free") or form != "free"
        assert "error consistency" in html

    def test_few_answers_are_hollow_and_have_no_share(self, client: Client) -> None:
        make_filled(pictures=20, sittings=1)
        html = text(client)
        assert 'class="too-few"' in html
        assert "not enough yet" in html
        assert 'class="people">' not in html.split("<tbody>")[1].split("</tbody>")[0]

    def test_a_wish_that_cannot_be_met_is_told(self, client: Client, filled: Filled) -> None:
        assert "form: expected two, all, right, pick, free, got “&lt;b&gt;”." in text(
            client, f"{PAGE}?form=<b>"
        )

    def test_the_plan_is_shown(self, client: Client, filled: Filled) -> None:
        said = words(text(client))
        assert filled.study.digest in said
        assert "exact 95% interval (Clopper and Pearson)" in said
        assert "of 20 bred by networks, 20 answers each" in said
        assert 'href="/judge/data/judgments.csv?study=filled-0"' in text(client)

    def test_no_post(self, client: Client) -> None:
        assert client.post(PAGE).status_code == 405


class TestLive:
    def poll(self, client: Client, since: str) -> int:
        return client.get(f"{PAGE}?since={since}", headers=FRAGMENT).status_code

    def version(self, client: Client) -> str:
        found = re.search(r"since=([\w.]+)", text(client))
        assert found
        return found[1]

    def test_nothing_changed(self, client: Client, filled: Filled) -> None:
        assert self.poll(client, self.version(client)) == 204

    def test_an_answer_changes_it_after_ten_seconds_at_most(
        self, client: Client, filled: Filled
    ) -> None:
        before = self.version(client)
        add_sittings(filled, 1, np.random.default_rng(1))
        assert self.poll(client, before) == 204  # looked at less than ten seconds ago
        cache.clear()
        assert self.poll(client, before) == 200

    def test_the_fragment_alone_is_sent(self, client: Client, filled: Filled) -> None:
        html = text(client, f"{PAGE}?form=all", FRAGMENT)
        assert html.startswith('<div class="results"')
        assert "<html" not in html
        assert "sample-size-form" in html  # its hidden fields carry the filters

    def test_a_closed_study_is_not_polled(self, client: Client, filled: Filled) -> None:
        filled.study.status, filled.study.closed_at = "closed", timezone.now()
        filled.study.save()
        assert "hx-trigger" not in text(client).split('id="results"')[1].split(">")[0]

    def test_figures_are_kept(self, client: Client, filled: Filled) -> None:
        text(client)
        with CaptureQueriesContext(connection) as asked:
            text(client)
        assert not [one for one in asked if "judgment" in one["sql"]]


class TestQueries:
    def test_their_number_does_not_grow(self, client: Client, filled: Filled) -> None:
        few = self.statements(client)
        add_sittings(filled, 60, np.random.default_rng(2))
        assert self.statements(client) == few <= 11

    def statements(self, client: Client) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            text(client, f"{PAGE}?form=right")
        return len(asked)


class TestSampleSizes:
    def test_the_usual_one_is_that_of_the_table(self, client: Client) -> None:
        said = words(text(client))
        assert "answers to be significantly above chance" in said
        assert "199" in said
        assert "from 210 on" in said

    def test_what_is_asked(self, client: Client) -> None:
        html = text(client, f"{PAGE}?chance=10&rate=20")
        assert ">94<" in html
        assert 'name="chance" value="10"' in html

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ("rate=40", "The true rate must be above chance (0.5), not 0.4."),
            ("chance=x", "Chance, per cent: expected 0.01 to 99, got “x”."),
            ("rate=50.001", "is too near to chance"),
            ("accuracy=95&machine=50&consistency=0.9", "allow an error consistency of"),
            ("width=nan", "Interval, points either way: expected 1 to 49, got “nan”."),
            ("power=1e400", "Power, per cent: expected 1 to 99.9, got “1e400”."),
        ],
    )
    def test_what_cannot_be_computed(self, client: Client, asked: str, expected: str) -> None:
        assert expected in text(client, f"{PAGE}?{asked}")


class TestCommand:
    def run(self, *arguments: str) -> str:
        out = StringIO()
        call_command("judging_results", *arguments, stdout=out)
        return out.getvalue()

    def test_text(self, filled: Filled) -> None:
        said = self.run("--form", "right")
        assert said.startswith("filled-0 (open), digest 000")
        assert "sensitivity, d′" in said
        assert re.search(r"Bred by a network|CPPN, a random name is shown +\d+ of \d+", said)

    def test_json_has_the_numbers_of_the_page(self, client: Client, filled: Filled) -> None:
        found = json.loads(self.run("--study", "filled-0", "--json"))
        assert f"{found['headline']['answers']} blind trials" in words(text(client))
        assert found["facts"]["kappa"]["interval"][0] < found["facts"]["kappa"]["value"]
        assert found["study"]["plan"] == filled.study.plan

    def test_refusals(self) -> None:
        with pytest.raises(CommandError, match="No judging study was opened yet"):
            self.run()
        make_judging_study(name="known")
        with pytest.raises(CommandError, match=r"none called “x”.*were opened: known"):
            self.run("--study", "x")
