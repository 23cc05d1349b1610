import pytest

from evolution.exhibits import figures, runs
from evolution.models import Run
from tests.factories import make_archive, make_run

pytestmark = pytest.mark.django_db


def shown(run: Run) -> dict[str, str]:
    return {fact.name: fact.value for fact in runs.facts(run)}


class TestFacts:
    def test_a_run_without_an_archive_claims_nothing_of_one(self) -> None:
        assert shown(make_run()) == {"evaluations": "0", "evaluations a second": "none yet"}

    def test_the_archive_is_summed_up_from_its_holders(self) -> None:
        run = make_run(evaluations=25800, elapsed=60.0, stages={"forward": 15.0})
        make_archive(run, 8, confidence=0.999999)
        make_archive_of_doubt = make_archive(make_run(seed=5), 1, confidence=0.1)
        assert make_archive_of_doubt
        facts = shown(run)
        assert facts["evaluations"] == "25,800"
        assert facts["evaluations a second"] == "430"
        assert facts["median confidence"] == "99.99%"
        assert facts["cells at 99%"] == facts["cells at 99.99%"] == "8"
        assert facts["of the time inside the network"] == "25.0%"


class TestStages:
    def test_shares_add_up_and_are_told_in_the_order_of_the_loop(self) -> None:
        spent = {"forward": 30.0, "render": 6.0, "commit": 0.5, "beside": 2.5}
        run = make_run(elapsed=40.0, stages=spent)
        told = runs.stages(run)
        assert [(stage.name, stage.per_cent, stage.time) for stage in told] == [
            ("forward", "75.0%", "30 s"),
            ("render", "15.0%", "6.0 s"),
            ("vary", "0.0%", "0.0 s"),
            ("archive", "0.0%", "0.0 s"),
            ("commit", "1.2%", "0.5 s"),
            ("announce", "0.0%", "0.0 s"),
            ("other", "8.8%", "3.5 s"),
        ]
        assert runs.beside(run) == "2 s"

    def test_a_run_that_did_nothing_has_none(self) -> None:
        assert runs.stages(make_run()) == []
        assert runs.beside(make_run()) == ""

    def test_a_screened_run_says_so_and_counts_what_was_judged_twice(self) -> None:
        run = make_run(
            screening="bfloat16", rescored=1234, elapsed=1.0, engine="torch 2.13.0", chunk=50
        )
        assert shown(run)["judged again in float32"] == "1,234"
        settings = {setting.name: setting.value for setting in runs.settings_of(run)}
        assert settings["precision"] == (
            "screened in bfloat16, every takeover re-scored in float32"
        )
        assert (settings["computed by"], settings["views at once"]) == ("torch 2.13.0", "50")


class TestRemainingTime:
    def test_is_what_the_speed_so_far_promises(self) -> None:
        run = make_run(status="running", generation=51, planned=200, elapsed=51.0)
        assert runs.remaining_seconds(run) == 150

    def test_is_no_less_than_the_pace_allows(self) -> None:
        run = make_run(status="running", generation=51, planned=200, elapsed=5.1, pace=0.5)
        assert runs.remaining_seconds(run) == 300

    @pytest.mark.parametrize("status", ["paused", "finished", "cancelled", "failed"])
    def test_is_not_told_of_a_run_that_stands(self, status: str) -> None:
        run = make_run(status=status, generation=51, planned=200, elapsed=51.0)
        assert runs.remaining_seconds(run) is None

    def test_is_unknown_before_the_first_generation(self) -> None:
        assert runs.remaining_seconds(make_run(status="running")) is None


class TestState:
    def test_tells_how_far_the_run_is(self) -> None:
        run = make_run(status="running", generation=51, planned=200, elapsed=51.0)
        state = runs.state(run)
        assert state.words == "generation 50 of 200, 51 s, about 2 min 30 s left"
        assert state.per_cent == 25

    def test_a_queued_run_has_nothing_to_show(self) -> None:
        assert runs.state(make_run()).words == "nothing evaluated yet, 200 generations planned"


class TestSettings:
    @pytest.mark.parametrize("preset", ["mnist-cppn-paper", "mnist-direct-published"])
    def test_every_parameter_is_told_with_its_source(self, preset: str) -> None:
        settings = {s.name: s for s in runs.settings_of(make_run(preset))}
        assert {"classifier", "seed", "generations", "algorithm, children"} <= settings.keys()
        assert settings["algorithm, children"].value == "200"
        nameless = [s.name for s in settings.values() if not s.source and "kind" not in s.name]
        assert nameless == []

    def test_a_number_of_generations_that_somebody_chose_is_not_blamed_on_the_paper(self) -> None:
        settings = {s.name: s for s in runs.settings_of(make_run(planned=17))}
        assert settings["generations"].source == "chosen when the run was started"


class TestTheFeaturedRun:
    def test_there_may_be_none(self) -> None:
        assert figures.featured_run() is None

    def test_one_that_goes_on_comes_before_newer_ones_that_do_not(self) -> None:
        finished = make_run(status="finished", generation=5)
        running = make_run(status="running", generation=3)
        make_run(status="finished", generation=5)
        make_run(status="queued")
        assert figures.featured_run() == running
        Run.objects.filter(pk=running.pk).delete()
        featured = figures.featured_run()
        assert featured is not None
        assert featured.pk > finished.pk
        assert featured.status == "finished"
