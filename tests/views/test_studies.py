"""The pages of studies: all experiments, one, one study, and its progress while it works."""

import re

import pytest
from django.test import Client

from evolution.models import Study, StudyPart
from tests.factories import make_individual, make_run
from tests.study_factories import make_part, make_picture, make_study, sampler, working_on

__all__ = ["sampler"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sampler")]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


class TestAllExperiments:
    def test_are_listed_in_the_order_of_the_paper(self, client: Client) -> None:
        page = text(client, "/studies/")
        assert page.index("Digits, one gene a pixel") < page.index("Digits, drawn by CPPNs")
        assert page.count("Not run yet.") == page.count('class="experiment"')

    def test_show_the_most_complete_study_with_its_numbers_counted(self, client: Client) -> None:
        study = make_study()
        make_study(parts=9, done=1)
        page = text(client, "/studies/")
        assert f'href="/studies/{study.pk}/"' in page
        assert "4 parts of &lt;everything&gt;." in page
        assert "1 of 3 numbers hold, 1 still open" in page
        assert page.count("marks__differs") == 2  # of the experiment and of all

    def test_hang_pictures_of_individuals(self, client: Client) -> None:
        individual = make_individual(make_run())
        make_study(result={"individuals": [individual.pk]})
        assert f'src="/pictures/{individual.pk}/28.webp"' in text(client, "/studies/")

    def test_only_staff_is_offered_to_start_one(self, client: Client, admin_client: Client) -> None:
        assert "/studies/sampler/new/" not in text(client, "/studies/")
        assert "/studies/sampler/new/" in text(admin_client, "/studies/")

    def test_stand_though_the_results_of_one_cannot_be_read(self, client: Client) -> None:
        make_study(result={"broken": True})
        assert "cannot be read by this version" in text(client, "/studies/")


class TestOneExperiment:
    def test_tells_of_itself_before_it_was_run(self, client: Client) -> None:
        page = text(client, "/studies/sampler/")
        assert "Can everything be shown?" in page
        assert "manage.py study sampler" in page

    def test_shows_every_parameter_at_every_scale(self, client: Client) -> None:
        page = text(client, "/studies/sampler/")
        rows = re.findall(r"<tr><th scope=\"row\">(\w[\w ]*) <.*?</tr>", page)
        assert rows == ["parts", "share", "style", "networks", "is quick"]
        assert '<th scope="col">quick</th>' in page

    def test_lists_its_studies_newest_first(self, client: Client) -> None:
        first, second = make_study(), make_study(parts=3, done=1)
        page = text(client, "/studies/sampler/")
        assert page.index(f"Study {second.pk}<") < page.index(f"Study {first.pk}<")
        assert "1 of 3 parts" in page

    @pytest.mark.parametrize(
        "address", ["/studies/nothing/", "/studies/99/", "/studies/99/progress"]
    )
    def test_what_there_is_not_is_not_found(self, client: Client, address: str) -> None:
        assert client.get(address).status_code == 404


class TestOneStudy:
    def test_shows_everything_that_was_found(self, client: Client) -> None:
        run = make_run(status="finished")
        individual = make_individual(run)
        study = make_study(result={"individuals": [individual.pk]})
        made = make_picture(study.parts.get(position=0))
        page = text(client, f"/studies/{study.pk}/")
        for words in (
            "4 parts of &lt;everything&gt;.",
            "Smaller than the paper’s.",
            "Because it is another machine.",
            "not known yet",
            'aria-label="Rise. It rises."',
            'aria-label="Two bars."',
            "A note.",
            f'href="/individuals/{individual.pk}/"',
            f'src="/studies/pictures/{made.pk}"',
            "not drawn",
            f"/studies/{study.pk}/heat-maps/large.png?v=",
            '<data value="0.999">99</data>',
        ):
            assert words in page, words
        assert "Nothing.</span>" not in page  # a plot without a value is not drawn

    def test_shows_no_results_before_there_are_some(self, client: Client) -> None:
        study = make_study(done=0)
        page = text(client, f"/studies/{study.pk}/")
        assert "Nothing yet." in page
        assert "The paper and here" not in page

    def test_tells_what_is_being_worked_on_and_what_failed(self, client: Client) -> None:
        study = make_study(parts=2, done=1)
        run = make_run(status="running", generation=7, planned=50)
        working_on(study, run, 5)
        make_part(study, 6, done=False, status="failed", error="no such network")
        page = text(client, f"/studies/{study.pk}/")
        assert f'<a href="/runs/{run.pk}/">part 5</a>' in page
        assert "generation 6 of 50" in page
        assert "no such network" in page
        assert "1 of 4 parts, 1 failed" in page
        assert "2 s of work; about 3 min left" in page

    def test_only_staff_may_steer_it(self, client: Client, admin_client: Client) -> None:
        study = make_study(done=1)
        assert "study-action" not in text(client, f"/studies/{study.pk}/")
        assert f"/studies/{study.pk}/action" not in text(client, f"/studies/{study.pk}/")
        assert f"/studies/{study.pk}/action" in text(admin_client, f"/studies/{study.pk}/")

    def test_of_a_kind_that_is_gone_is_not_found(self, client: Client) -> None:
        study = make_study("gone")
        assert client.get(f"/studies/{study.pk}/").status_code == 404
        assert client.get("/studies/").status_code == 200


class TestProgress:
    def ask(self, client: Client, study: Study, since: str) -> tuple[int, str, str]:
        answer = client.get(
            f"/studies/{study.pk}/progress", {"since": since}, headers={"HX-Request": "true"}
        )
        trigger = answer.headers.get("HX-Trigger-After-Swap", "")
        return answer.status_code, answer.content.decode(), trigger

    def version(self, page: str) -> str:
        found = re.search(r"since=([^\"]+)\"", page)
        assert found
        return found[1]

    def test_is_looked_at_again_only_while_the_study_goes_on(self, client: Client) -> None:
        running, over = make_study(done=1), make_study()
        assert 'hx-trigger="every 3s"' in text(client, f"/studies/{running.pk}/")
        assert 'hx-trigger="every 3s"' not in text(client, f"/studies/{over.pk}/")

    def test_answers_nothing_where_nothing_changed(self, client: Client) -> None:
        study = make_study(done=1)
        version = self.version(text(client, f"/studies/{study.pk}/"))
        assert self.ask(client, study, version) == (204, "", "")

    def test_of_a_run_does_not_renew_the_results(self, client: Client) -> None:
        study = make_study(done=1)
        run = make_run(status="running", generation=7)
        working_on(study, run, 7)
        version = self.version(text(client, f"/studies/{study.pk}/"))
        run.generation = 8
        run.save()
        status, page, trigger = self.ask(client, study, version)
        assert (status, trigger) == (200, "")
        assert "generation 7 of" in page

    def test_by_a_part_renews_the_results_too(self, client: Client) -> None:
        study = make_study(done=1)
        version = self.version(text(client, f"/studies/{study.pk}/"))
        part = study.parts.filter(status=StudyPart.Status.WAITING).first()
        assert part
        make_part(study, 8)
        status, page, trigger = self.ask(client, study, version)
        assert (status, trigger) == (200, "study-moved")
        assert "2 of 5 parts" in page
        results = text(client, f"/studies/{study.pk}/findings")
        assert "2 parts of &lt;everything&gt;." in results
        assert "<html" not in results

    def test_without_htmx_leads_to_the_page(self, client: Client) -> None:
        study = make_study(done=1)
        answer = client.get(f"/studies/{study.pk}/progress")
        assert answer["Location"] == f"/studies/{study.pk}/"
