"""Studies from plan to opening: real networks look at real pictures; nothing is done by halves."""

import hashlib
import io
import uuid
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from evolution import tasks
from evolution.errors import ForbiddenTransition, InvalidInput, Stale
from evolution.judging.plans import Group, JudgingPlan, Trials, digest
from evolution.models import Claim, JudgingStudy, Judgment, Run, Stimulus, Trial
from evolution.services import predicting
from evolution.services.judging import gathering, planning, sittings, standing
from tests.factories import make_archive, make_elite, make_publication, make_run
from tests.judging.studies import new_visitor
from tests.judging_factories import make_judgment

pytestmark = pytest.mark.django_db
PLAN = JudgingPlan(
    "Digits",
    (
        Group("bred", "lenet-a", 6, "cppn"),
        Group("photograph", "lenet-a", 4),
        Group("degraded", "lenet-a", 4),
        Group("noise", "lenet-a", 2),
        Group("check", "lenet-a", 3),
    ),
)


@pytest.fixture
def archive() -> Run:
    run = make_run(classifier="lenet-a")
    make_archive(run, 10, confidence=0.9)
    return run


def prepared(plan: JudgingPlan = PLAN, name: str = "digits") -> JudgingStudy:
    return planning.prepare(planning.plan_study(plan, name, seed=7).pk)


def test_a_study_opens_with_what_it_planned(archive: Run) -> None:
    study = prepared()
    assert study.status == "open"
    assert study.opened_at is not None
    counts = {kind: study.stimuli.filter(kind=kind).count() for kind in Stimulus.Kind.values}
    assert counts == {
        "bred": 6,
        "hand-bred": 0,
        "photograph": 4,
        "degraded": 4,
        "noise": 2,
        "check": 3,
        "practice": 4,
    }
    assert set(study.stimuli.filter(kind="bred").values_list("individual__run", flat=True)) == {
        archive.pk
    }
    claimed = Claim.objects.filter(stimulus__study=study)
    assert claimed.count() == 6 + 4 + 4 + 2


def test_people_are_shown_the_pixels_that_the_network_saw(archive: Run) -> None:
    for stimulus in prepared().stimuli.filter(kind="bred").select_related("individual"):
        assert stimulus.individual is not None
        with Image.open(io.BytesIO(bytes(stimulus.picture))) as shown:
            assert shown.format == "WEBP"
            assert not shown.getexif()
            assert "exif" not in shown.info
            assert "xmp" not in shown.info
            pixels = np.asarray(shown.convert("RGB"))
        drawn = predicting.picture(bytes(stimulus.individual.genome or b""), 28)
        np.testing.assert_array_equal(pixels, np.repeat(drawn, 3, axis=2))


def test_claims_are_what_the_network_says(archive: Run) -> None:
    study = prepared()
    for claim in Claim.objects.filter(stimulus__study=study, stimulus__kind="bred"):
        assert claim.stimulus.individual is not None
        asked = predicting.predict(claim.stimulus.individual.pk, "lenet-a")
        assert claim.label == str(asked.top[0][0])
        assert claim.second == str(asked.top[1][0])
        assert claim.confidence == pytest.approx(asked.top[0][1], abs=1e-5)
        said = np.frombuffer(claim.confidences, "<f4")
        assert said.shape == (10,)
        assert said.sum() == pytest.approx(1, abs=1e-4)


def test_no_photograph_is_shown_both_clean_and_degraded(archive: Run) -> None:
    study = prepared()
    clean = set(study.stimuli.filter(kind="photograph").values_list("name", flat=True))
    degraded = study.stimuli.filter(kind="degraded").values_list("name", flat=True)
    assert not clean & {name.rpartition(", ")[0] for name in degraded}


def test_the_digest_is_that_of_plan_and_pictures(archive: Run) -> None:
    study = prepared()
    parts = []
    for stimulus in study.stimuli.order_by("number"):
        claim = stimulus.claims.first()
        said = f"{claim.classifier} {claim.version} {claim.label}" if claim else ""
        parts.append(f"{hashlib.sha256(bytes(stimulus.picture)).hexdigest()} {said}")
    assert study.digest == digest(PLAN.as_json(), parts)


def test_the_same_seed_gives_the_same_study(archive: Run) -> None:
    assert prepared(name="first").digest == prepared(name="second").digest


def test_a_study_is_prepared_once(archive: Run) -> None:
    study = prepared()
    with pytest.raises(JudgingStudy.DoesNotExist):
        planning.prepare(study.pk)
    assert study.stimuli.count() == 23


def test_who_is_too_late_stores_nothing(archive: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else opens the study while this worker's network looks at the pictures."""
    study = planning.plan_study(PLAN, "twice", seed=7)
    asked = planning._asked

    def meanwhile(pictures: list[gathering.Picture]) -> object:
        monkeypatch.setattr(planning, "_asked", asked)
        planning.prepare(study.pk)
        return asked(pictures)

    monkeypatch.setattr(planning, "_asked", meanwhile)
    with pytest.raises(Stale, match="twice was opened"):
        planning.prepare(study.pk)
    assert study.stimuli.count() == 23


def test_a_study_without_pictures_fails_with_words() -> None:
    study = planning.plan_study(PLAN, "empty")
    tasks.prepare_judging_study(study.pk)
    study.refresh_from_db()
    assert study.status == "failed"
    assert study.error == "No picture was found that its plan asks for."


def test_names_are_unique(archive: Run) -> None:
    planning.plan_study(PLAN, "digits")
    with pytest.raises(InvalidInput, match="name: expected one that is not taken, got 'digits'"):
        planning.plan_study(PLAN, "digits")


def test_only_an_open_study_is_closed(archive: Run) -> None:
    study = prepared()
    planning.close(study)
    assert study.status == "closed"
    with pytest.raises(ForbiddenTransition):
        planning.close(study)


def test_a_lost_preparation_is_found_again(archive: Run) -> None:
    study = planning.plan_study(PLAN, "lost")
    assert planning.waiting() == [study.pk]
    assert planning.waiting() == []  # until a minute has passed
    prepared(name="other")
    assert JudgingStudy.objects.get(name="other").status == "open"


def test_the_site_plans_a_study_as_soon_as_there_is_something_to_judge() -> None:
    assert standing.renew() is None
    make_archive(make_run(classifier="lenet-a"), 10, confidence=0.9)
    study = standing.renew()
    assert study is not None
    assert standing.renew() is None  # one is being prepared
    opened = planning.prepare(study.pk)
    assert sittings.standing() == opened
    assert standing.renew() is None
    sitting = sittings.begin(new_visitor(), opened, uuid.uuid4())
    asked = sitting.trials.filter(stimulus__kind="bred", repeat_of=None)
    assert asked.count() >= 9  # of ten, where a picture to pick finds none to stand beside


def test_a_study_that_nobody_began_gives_way_when_there_is_more(archive: Run) -> None:
    first = standing.renew()
    assert first is not None
    planning.prepare(first.pk)
    make_archive(make_run(classifier="lenet-a", encoding="direct"), 10, confidence=0.9)
    second = standing.renew()
    assert second is not None
    assert not JudgingStudy.objects.filter(pk=first.pk).exists()
    assert len(JudgingPlan.from_json(second.plan).groups) == 6


def test_a_study_that_was_begun_stays_for_a_day(archive: Run) -> None:
    first = standing.renew()
    assert first is not None
    study = planning.prepare(first.pk)
    sittings.begin(new_visitor(), study, uuid.uuid4())
    make_archive(make_run(classifier="lenet-a", encoding="direct"), 10, confidence=0.9)
    assert standing.renew() is None
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    JudgingStudy.objects.update(opened_at=yesterday)
    assert standing.renew() is not None
    study.refresh_from_db()
    assert study.status == "closed"


def test_a_study_is_complete_when_every_picture_has_its_answers(archive: Run) -> None:
    plan = JudgingPlan("Two", PLAN.groups, Trials(3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), answers=1)
    study = prepared(plan)
    for turn in range(3):
        assert standing.is_complete(study) == (turn == 2)
        if turn < 2:
            sitting = sittings.begin(new_visitor(), study, uuid.uuid4())
            for trial in sitting.trials.exclude(stimulus__kind="practice"):
                make_judgment(trial, trial.expected)
    assert Judgment.objects.count() == 12


def test_who_held_a_cell_before_is_asked_about_as_well(archive: Run) -> None:
    for elite in archive.elites.all():
        make_elite(archive, elite.cell, since_generation=1, confidence=0.95, until_generation=2)
    plan = standing.plan()
    assert plan is not None
    assert plan.groups[0].count == 20
    study = prepared(plan)
    assert study.stimuli.filter(kind="bred").count() == 20


def test_who_came_through_the_gallery_still_finds_something_to_judge(
    archive: Run, client: Client
) -> None:
    """The front page shows all holders of the only run beside their labels."""
    former = [
        make_elite(archive, elite.cell, since_generation=1, confidence=0.95, until_generation=2)
        for elite in archive.elites.all()
    ]
    plan = standing.plan()
    assert plan is not None
    prepared(plan)
    client.get("/")
    begun = client.post("/judge/", {"consent": "1", "submission": str(uuid.uuid4())})
    assert begun.status_code == 303
    asked = Trial.objects.filter(stimulus__kind="bred").values_list("stimulus__individual")
    assert {number for (number,) in asked} <= {elite.individual_id for elite in former}


def test_a_damaged_genome_stands_in_nobodys_way(archive: Run) -> None:
    damaged = archive.individuals.earliest("pk")
    archive.individuals.filter(pk=damaged.pk).update(genome=b"nothing")
    plan = JudgingPlan("All", (Group("bred", "lenet-a", 10, "cppn"),))
    study = prepared(plan)
    shown = set(study.stimuli.filter(kind="bred").values_list("individual", flat=True))
    assert len(shown) == 9
    assert damaged.pk not in shown


def test_a_study_that_failed_is_not_planned_again_at_once(archive: Run) -> None:
    study = standing.renew()
    assert study is not None
    planning.fail(study, "the network’s weights are gone")
    assert standing.renew() is None
    an_hour_ago = timezone.now() - timedelta(hours=1, minutes=1)
    JudgingStudy.objects.update(created_at=an_hour_ago)
    assert standing.renew() is not None


def test_pictures_that_people_bred_come_with_their_titles(archive: Run) -> None:
    for title in ("Harbour", "Wind", "Gate"):
        make_publication(title=title)
    damaged = make_publication(title="Broken").individual
    archive.individuals.model.objects.filter(pk=damaged.pk).update(genome=b"nothing")
    groups = (Group("bred", "lenet-a", 6, "cppn"), Group("hand-bred", "squeezenet", 9))
    study = prepared(JudgingPlan("Both", groups))
    shown = study.stimuli.filter(kind="hand-bred")
    assert sorted(shown.values_list("name", flat=True)) == ["Gate", "Harbour", "Wind"]
    assert all(stimulus.claims.get().classifier == "squeezenet" for stimulus in shown)
