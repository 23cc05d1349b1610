"""Pages of what gradient ascent found: like any other picture, without what it does not have."""

import pytest
from django.test import Client

from evolution import tasks
from evolution.exhibits import figures
from evolution.judging.plans import Group, JudgingPlan
from evolution.models import Run
from evolution.services.judging import gathering
from tests.ascents import ITERATIONS, climbed
from tests.factories import make_run
from tests.views.asking import get

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("predict", "predict_champions"):
        monkeypatch.setattr(getattr(tasks, name), "delay_on_commit", lambda *_: None)
    return climbed([3, 7])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


class TestTheRun:
    def test_shows_the_cells_that_were_asked_for_and_no_others(
        self, client: Client, run: Run
    ) -> None:
        html = page(client, f"/runs/{run.pk}/")
        assert html.count('class="slot"') == 2
        assert "slot--empty" not in html
        assert "Gradient ascent without regularisation" in html
        assert "MNIST, gradient ascent" in html
        assert f"{ITERATIONS} iterations a picture at most" in html
        assert "Newest pictures" in html
        for absent in ("Confidence over time", "inside the network", "Taken most recently"):
            assert absent not in html
        assert "Fig. 13; fooling" in html

    def test_is_listed_and_leads_no_gallery(self, client: Client, run: Run) -> None:
        assert f"Run {run.pk}" in page(client, "/runs/")
        bred = make_run()
        assert figures.featured_run() == bred

    def test_cells_name_their_neighbours_that_have_a_picture(
        self, client: Client, run: Run
    ) -> None:
        html = page(client, f"/runs/{run.pk}/cells/3/")
        assert f"was found for it by gradient ascent, in {ITERATIONS} iterations" in html
        assert "7 7 →" in html
        assert "Who held it" not in html
        assert "Nobody has held it yet" in page(client, f"/runs/{run.pk}/cells/4/")

    def test_can_be_compared(self, client: Client, run: Run) -> None:
        other = climbed([3, 7], seed=1)
        page(client, f"/compare/?a={run.pk}&b={other.pk}")
        assert client.get(f"/compare/sheet.png?a={run.pk}").status_code == 200
        assert client.get(f"/compare/classes.csv?a={run.pk}&b={other.pk}").status_code == 200

    def test_cannot_be_resumed(self, admin_client: Client, run: Run) -> None:
        answer = admin_client.post(f"/runs/{run.pk}/action", {"do": "resume"}, follow=True)
        assert "cannot become running" in answer.content.decode()
        assert Run.objects.get().status == "finished"


class TestThePicture:
    def test_says_how_it_was_found_and_what_it_lacks(self, client: Client, run: Run) -> None:
        individual = run.individuals.get(position=3)
        html = page(client, f"/individuals/{individual.pk}/")
        assert "Found by gradient ascent on" in html
        assert "LeNet A, whose gradient it climbed" in html
        assert f"in {ITERATIONS} iterations from the noise of seed 0" in html
        assert "Nothing can be bred from it" in html
        assert "There are no genes" in html
        for absent in ("Breed from this", "random genome", "Network SVG", "Drawn finely"):
            assert absent not in html

    def test_is_drawn_at_any_size(self, client: Client, run: Run) -> None:
        individual = run.individuals.get(position=3)
        for size, kind in ((28, "png"), (64, "webp"), (300, "png")):
            answer = client.get(f"/pictures/{individual.pk}/{size}.{kind}")
            assert answer.status_code == 200

    def test_has_a_genome_file_and_no_network_file(self, client: Client, run: Run) -> None:
        individual = run.individuals.get(position=3)
        genome = client.get(f"/individuals/{individual.pk}/genome.json").json()
        assert (genome["encoding"], len(genome["pixels"])) == ("ascent", 28)
        for name in ("network.svg", "genome.xml"):
            assert client.get(f"/individuals/{individual.pk}/{name}").status_code == 404

    def test_has_a_family_of_itself(self, client: Client, run: Run) -> None:
        individual = run.individuals.get(position=3)
        page(client, f"/individuals/{individual.pk}/family/")
        page(client, f"/individuals/{individual.pk}/line")

    def test_is_not_bred_from(self, client: Client, run: Run) -> None:
        individual = run.individuals.get(position=3)
        answer = client.post(f"/breed/branch/{individual.pk}/")
        assert answer.status_code == 400
        assert "of gradient ascent pixels alone are kept" in answer.content.decode()


class TestElsewhere:
    def test_the_wall_finds_it_by_its_encoding(self, client: Client, run: Run) -> None:
        html = page(client, "/?encoding=ascent&least=0")
        assert html.count('class="tile"') == 2
        assert "gradient ascent</span>" in html
        assert 'class="tile"' not in page(client, "/?encoding=direct&least=0")

    def test_programs_are_told_of_it(self, client: Client, run: Run) -> None:
        told = get(client, f"/api/1/runs/{run.pk}")
        assert (told["encoding"], told["algorithm"]) == ("ascent", "ascent")
        assert len(get(client, f"/api/1/runs/{run.pk}/elites")["items"]) == 2
        individual = run.individuals.get(position=3)
        about = get(client, f"/api/1/individuals/{individual.pk}")
        assert (about["encoding"], about["network"]) == ("ascent", None)

    def test_a_judging_study_gathers_it(self, run: Run) -> None:
        plan = JudgingPlan("Noise", (Group("bred", "lenet-a", 5, "ascent"),), least=0.0)
        bred = [one for one in gathering.gather(plan, 0) if one.kind == "bred"]
        assert {one.individual for one in bred} == set(run.individuals.values_list("pk", flat=True))
        assert {one.encoding for one in bred} == {"ascent"}
