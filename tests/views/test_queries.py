"""What every public page asks the database: a bounded number of statements, however much it holds."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from classifiers import catalogue
from evolution.exhibits.comparing import heat_maps
from evolution.judging.forms import Form
from evolution.models import (
    Challenge,
    Prediction,
    Publication,
    Rating,
    Run,
    Study,
    Tag,
)
from evolution.services import runs
from evolution.services.ancestry import stored_line
from evolution.services.judging import agreeing
from evolution.urls import urlpatterns
from tests.factories import (
    NOW,
    make_archive,
    make_brood,
    make_large_run,
    make_prediction,
    make_publication,
    make_run,
    make_session,
    take_cells,
)
from tests.judging_factories import (
    make_agreement,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)
from tests.study_factories import make_study_of_runs, note_statistics, working_on
from tests.views.test_api_queries import TO_PROGRAMS
from tests.views.test_breeding_queries import BY_HAND, BY_POST_ONLY
from tests.views.test_judging_queries import JUDGED

pytestmark = pytest.mark.django_db

# The name of an address, one such address, and the statements that it costs at most.
BOUNDS = {
    ("gallery", "/"): 32,
    ("gallery", "/?run={large}&least=0"): 26,
    ("gallery", "/?label=a&group=dogs&least=0&order=surest"): 29,
    ("gallery", "/?by=people&label=a&order=surest"): 28,
    ("gallery", "/?order=fooling"): 32,
    ("gallery", "/?order=disputed&least=0&label=a"): 33,
    ("changes", "/changes?since={gallery}"): 11,
    ("runs", "/runs/"): 4,
    ("run", "/runs/{large}/"): 15,
    ("run", "/runs/{large}/?order=confidence&find=cat"): 15,
    ("run", "/runs/{digits}/"): 14,
    ("run-changes", "/runs/{large}/changes?since=0.999:running:1"): 10,
    ("run-transfer", "/runs/{large}/transfer"): 6,
    ("run-descent", "/runs/{large}/descent"): 6,
    ("run-descent-table", "/runs/{large}/descent.csv"): 4,
    ("cell", "/runs/{large}/cells/3/"): 9,
    ("sprite", "/runs/{large}/archive/0.webp"): 2,
    ("compare", "/compare/"): 2,
    ("compare", "/compare/?a={large}"): 5,
    ("compare", "/compare/?a={digits}&b={sister}"): 6,
    ("compare-heat-map", "/compare/heat-map.png?a={digits}"): 2,
    ("compare-sheet", "/compare/sheet.png?a={large}&count=9"): 3,
    ("compare-table", "/compare/champions.csv?a={digits}"): 2,
    ("individual", "/individuals/{one}/"): 18,
    ("individual-predictions", "/individuals/{one}/predictions"): 3,
    ("individual-people", "/individuals/{one}/people"): 6,
    ("individual", "/individuals/{published}/"): 31,
    ("individual", "/individuals/{step}/"): 23,
    ("individual-predictions", "/individuals/{published}/predictions"): 3,
    ("outcomes", "/individuals/{published}/outcomes"): 4,
    ("picture", "/pictures/{published}/64.webp"): 1,
    ("genome", "/individuals/{one}/genome.json"): 1,
    ("picture", "/pictures/{one}/28.png"): 1,
    ("picture", "/pictures/{one}/64.webp"): 1,
    ("sign-in", "/sign-in/"): 1,
    ("start-run", "/runs/new/"): 0,
    ("favicon", "/favicon.ico"): 0,
    ("published", "/published/"): 7,
    ("published", "/published/?view=best&after={publication}"): 8,
    ("published", "/published/?q=two+mira&view=random&tag=red&author=Mira"): 15,
    ("tags", "/tags/"): 2,
    ("judging-data", "/judge/data/"): 2,
    ("judging-studies", "/judge/studies/"): 8,
    ("judging-data-csv", "/judge/data/judgments.csv"): 4,
    ("judging-data-parquet", "/judge/data/judgments.parquet"): 4,
    ("judging-dictionary", "/judge/data/dictionary.json"): 0,
    ("studies", "/studies/"): 3,
    ("studies-report", "/studies/report.html"): 8,
    ("study-kind", "/studies/mnist-cppn/"): 3,
    ("study", "/studies/{study}/"): 7,
    ("study-progress", "/studies/{study}/progress?since=0"): 4,
    ("study-findings", "/studies/{study}/findings"): 3,
    ("study-json", "/studies/{study}/findings.json"): 4,
    ("study-comparisons", "/studies/{study}/comparisons.csv"): 2,
    ("study-parts", "/studies/{study}/parts.csv"): 2,
    ("study-table", "/studies/{study}/tables/by-digit.csv"): 2,
    ("study-sheet", "/studies/{study}/sheets/pictures.png"): 3,
    ("people", "/people/"): 2,
    ("person", "/people/Mira/"): 11,
}
ELSEWHERE = {
    "run-action": "takes posts only",
    "study-action": "takes posts only",
    "study-new": "for staff: see test_studies_starting.py",
    "study-picture": "one row of one table",
    "study-heat-map": "as study-sheet, without pictures",
    "publish": "asks about the visitor's own session: see test_publish_page.py",
    "judging-study-plan": "for staff: see tests/judging/test_study_pages.py",
    "judging-study-close": "takes posts only",
    "rate": "takes posts only",
    "report": "takes posts only",
    "moderate": "takes posts only",
    "challenge": "takes posts only",
    "paint": "takes posts; else it leads to the page of the picture",
    "painted": "of a painting that is kept: see test_painting.py",
    "painted-picture": "of a painting that is kept: see test_painting.py",
    "sign-in-link": "asked for once a person",
    "sign-out": "takes posts only",
    "healthz": "asks in threads of its own",
    "account": "a page at a time, for its owner alone",
    "account-password": "for its owner alone",
    "account-data": "a file of all that one made, 20 an hour",
    "account-delete": "asked for once a person",
    "sign-up": "a form",
    "breeding-carry": "asked for once a device",
    "judging-results": "needs a study with answers: see test_judging_results.py",
}


@dataclass
class Site:
    """A run of many cells that goes on, and runs of digits of one order."""

    large: Run
    digits: Run
    sister: Run
    published: Publication
    study: Study

    @property
    def names(self) -> dict[str, object]:
        one = self.large.elites.holders().earliest("cell").individual_id
        return {
            "publication": Publication.objects.latest("pk").pk,
            "large": self.large.pk,
            "digits": self.digits.pk,
            "sister": self.sister.pk,
            "one": one,
            "published": self.published.individual_id,
            "study": self.study.pk,
            "step": self.published.individual.parent_id,
            "gallery": f"{self.large.pk}~{self.large.pk}=0.999:running:1",
        }


def make_digits(seed: int, generations: int, order: Run | None = None) -> Run:
    same: dict[str, Any] = {"submission": order.submission} if order else {}
    run = make_run(status="finished", generation=generations, seed=seed, **same)
    for elite in make_archive(run):
        make_prediction(elite.individual)
    note_statistics(run, generations)
    return run


def make_site(cells: int, sisters: int, generations: int, asked: int) -> Site:
    """asked: how many champions of the large run another network was asked about."""
    digits = make_digits(0, generations)
    others = [make_digits(seed, generations, digits) for seed in range(1, sisters + 1)]
    large = make_large_run(cells)
    note_statistics(large, 1)
    take_cells(large, range(10), 1)
    networks = [catalogue.entry(name) for name in (large.classifier, "efficientnet-lite0")]
    Prediction.objects.bulk_create(
        Prediction(
            individual=elite.individual,
            classifier=network.name,
            version=network.version,
            top=[[elite.label, 0.5], [999, 0.1]],
        )
        for elite in large.elites.holders().select_related("individual")[:asked]
        for network in networks
    )
    publish(3 * sisters)
    bred = make_bred(steps=generations + 1, others=sisters)
    judge(large, bred, asked)
    return Site(large, digits, others[0], bred, make_study_of([digits, *others]))


def make_study_of(digits: Sequence[Run]) -> Study:
    """A study that has these runs, with one more that goes on."""
    study = make_study_of_runs(digits)
    working_on(study, digits[0], len(digits))
    return study


def make_bred(steps: int, others: int) -> Publication:
    """A published picture of so many steps; others were bred from it, rated it, challenged with it."""
    session = make_session()
    brood = make_brood(session)
    for _ in range(steps):
        brood = make_brood(session, brood)
    published = make_publication(stored_line(brood, 1))
    for run in Run.objects.order_by("pk")[:others]:
        make_publication(branched_from=published)
        Rating.objects.create(publication=published, visitor=uuid.uuid4(), stars=3)
        Challenge.objects.create(
            individual=published.individual, run=run, judged_at=NOW, best=[[0, 0, 0.1, 0.5]]
        )
    return published


def judge(large: Run, bred: Publication, asked: int) -> None:
    """Answers to every form about a picture of each kind, and agreements about many."""
    first = large.elites.holders().earliest("cell").individual
    study = make_judging_study()
    for individual, kind in ((first, "bred"), (bred.individual, "hand-bred")):
        stimulus = make_stimulus(study, kind, individual=individual)
        for number in range(max(3, asked // 30)):
            sitting = make_sitting(study)
            for form in (Form.TWO, Form.ALL, Form.FREE, Form.RIGHT):
                answer = f"word {number // 2}" if form == Form.FREE else "no label"
                make_judgment(make_trial(sitting, form, stimulus), answer)
    agreeing.recount([first.pk, bred.individual_id])
    for elite in large.elites.holders().exclude(individual=first)[:asked]:
        make_agreement(elite.individual, 15, 20)
    for publication in Publication.objects.filter(individual__agreements=None):
        make_agreement(publication.individual, 15, 20)


def publish(count: int) -> None:
    """Pictures of one person, rated, tagged, and each bred from the one before."""
    mira, _ = User.objects.get_or_create(username="Mira")
    red, _ = Tag.objects.get_or_create(name="red")
    before = None
    for number in range(count):
        before = make_publication(author=mira, is_anonymous=number % 3 == 2, branched_from=before)
        before.tags.add(red)
        before.ratings.create(visitor=uuid.uuid4(), stars=4)
        make_prediction(before.individual, "squeezenet")


def statements(client: Client, address: str) -> int:
    """Of a page that nobody has seen yet."""
    cache.clear()
    heat_maps._grid.cache_clear()  # runs of another test may have had these numbers
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        _ = answer.getvalue()
    assert answer.status_code in (200, 301, 302), address
    return len(asked)


@pytest.mark.parametrize(("name", "address"), BOUNDS)
def test_is_bounded_and_does_not_grow(name: str, address: str, client: Client) -> None:
    few = statements(client, address.format_map(make_site(200, 1, 1, 5).names))
    Study.objects.all().delete()
    Run.objects.active().update(status="cancelled", finished_at=NOW)
    runs.delete(list(Run.objects.values_list("pk", flat=True)))
    many = statements(client, address.format_map(make_site(400, 4, 9, 300).names))
    assert few == many
    assert many <= BOUNDS[name, address]


def test_every_address_has_a_bound() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    bounded = {name for name, _ in (*BOUNDS, *BY_HAND, *TO_PROGRAMS, *JUDGED)}
    assert names - {None} - set(ELSEWHERE) - set(BY_POST_ONLY) - {"favicon"} <= bounded
    assert bounded <= names | {"favicon"}
