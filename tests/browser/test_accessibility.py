"""No page keeps anybody out: axe finds nothing serious, at desktop and phone width, light and dark."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from evolution.judging.forms import Form
from evolution.models import Run, Study
from evolution.services import accounts
from tests.browser.accessibility import grave_violations
from tests.browser.breeders import begin
from tests.browser.judges import be
from tests.exhibits.results.filling import make_filled
from tests.factories import (
    NOW,
    make_archive,
    make_brood,
    make_hand_bred,
    make_individual,
    make_large_run,
    make_prediction,
    make_publication,
    make_run,
    make_session,
    plain_webp,
)
from tests.judging_factories import (
    LABEL,
    make_answers,
    make_judging_study,
    make_judgment,
    make_sitting,
    make_stimulus,
    make_trial,
)
from tests.study_factories import make_part, make_study_of_runs, note_statistics, working_on

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/runs/",
    "/runs/{digits}/",
    "/runs/{large}/",
    "/runs/{large}/descent",
    "/runs/{digits}/cells/3/",
    "/compare/?a={digits}",
    "/individuals/{elite}/",
    "/individuals/{published}/",
    "/individuals/{published}/family/?show=steps",
    "/breed/",
    "/studies/",
    "/studies/mnist-cppn/",
    "/studies/{study}/",
    "/published/",
    "/published/?view=best&q=harbour",
    "/tags/",
    "/people/",
    "/judge/data/",
    "/judge/results/",
    "/judge/studies/",
    "/sign-in/",
    "/sign-up/",
    "/judge/",
    "/judge/mine/",
    "/nothing-here",
)


STAFF_PAGES = (
    *("/runs/new/", "/runs/{digits}/", "/runs/{large}/", "/individuals/{published}/"),
    *("/studies/mnist-cppn/new/", "/studies/{study}/"),
)
OWN_PAGES = ("/account/", "/account/password/", "/account/delete/", "/sign-up/", "/sign-in/")


@pytest.fixture
def names() -> dict[str, int]:
    """A site with a bit of everything."""
    large = make_large_run(60)
    digits = make_run(status="finished", generation=3)
    elites = make_archive(digits)
    for elite in elites:
        make_prediction(elite.individual)
    child = make_individual(digits, generation=1, parent=elites[0].individual)
    brood = make_brood(make_session(branched_from=child))
    bred = make_hand_bred(brood, 0, parent=child)
    publication = make_publication(bred, title="Harbour, night")
    publication.tags.create(name="harbour")
    make_prediction(bred, "squeezenet", top=[[327, 0.5], [1, 0.2], [2, 0.1]])
    study = make_judging_study()
    for one, kind, answers in ((elites[3].individual, "bred", 3), (bred, "hand-bred", 21)):
        picture = make_stimulus(study, kind, individual=one)
        make_answers(picture, 2, answers)
        for word in ("rings", "rings"):
            make_judgment(make_trial(make_sitting(study), "free", picture), word)
    make_filled(pictures=20, sittings=60)
    return {
        "large": large.pk,
        "digits": digits.pk,
        "elite": elites[3].individual_id,
        "published": bred.pk,
        "study": make_study_of(digits).pk,
    }


def make_study_of(run: Run) -> Study:
    """A study with a part that is done, one that is worked on and one that failed."""
    note_statistics(run, 3)
    study = make_study_of_runs([run])
    working_on(study, run, 1)
    make_part(study, 2, done=False, status="failed", error="no such network")
    return study


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=["light", "dark"])
def window(
    request: pytest.FixtureRequest, browser: Browser, size: tuple[int, int]
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=request.param,
        bypass_csp=True,
    )
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_serious(window: Page, site: str, names: dict[str, int]) -> None:
    found: dict[str, list[str]] = {}
    for path in PAGES:
        window.goto(site + path.format_map(names))
        if grave := grave_violations(window):
            found[path] = grave
    begin(window, site)
    window.locator("summary", has_text="Advanced").click()
    found["breeding"] = grave_violations(window)
    window.goto(window.url + "link/")
    found["link"] = grave_violations(window)
    window.goto(window.url.removesuffix("link/") + "publish/?brood=0&slot=1")
    found["publish"] = grave_violations(window)
    assert {path: grave for path, grave in found.items() if grave} == {}


def test_nor_in_what_an_account_sees(window: Page, site: str) -> None:
    mira = User.objects.create_user("mira")
    brood = make_brood(make_session(owner=mira), thumbnail=plain_webp(3))
    make_publication(make_hand_bred(brood, 0), author=mira, title="Harbour, night")
    make_publication(make_hand_bred(brood, 1), author=mira, hidden_at=NOW, hidden_because="rude")
    found: dict[str, list[str]] = {}
    link = accounts.sign_in_path(mira)
    window.goto(site + link)
    found[link] = grave_violations(window)
    window.get_by_role("button", name="Sign in").click()
    window.wait_for_url(f"{site}/")
    for path in OWN_PAGES:
        window.goto(site + path)
        found[path] = grave_violations(window)
    window.goto(f"{site}/account/delete/")
    window.get_by_label("Keep them without my name").check()
    for proof, told in (("tomasz", ".field__error"), ("mira", "#deleted")):
        window.get_by_label("Your username").fill(proof)
        window.get_by_role("button", name="Delete the account").click()
        expect(window.locator(told)).to_be_visible()
        found[told] = grave_violations(window)
    assert {path: grave for path, grave in found.items() if grave} == {}


def test_nor_in_what_staff_sees(window: Page, site: str, names: dict[str, int]) -> None:
    window.goto(site + accounts.sign_in_path(accounts.operator()))
    window.get_by_role("button", name="Sign in").click()
    window.wait_for_url(f"{site}/")
    found: dict[str, list[str]] = {}
    for path in STAFF_PAGES:
        window.goto(site + path.format_map(names))
        found[path] = grave_violations(window)
    assert {path: grave for path, grave in found.items() if grave} == {}


def test_nor_where_somebody_judges(window: Page, site: str) -> None:
    """Every form of question, what is told after it, refusals, and the end."""
    sitting = make_sitting(make_judging_study(), finished_at=None)
    be(window.context, site, sitting)
    trials = [make_trial(sitting, form) for form in Form]
    held = make_trial(sitting, is_revealed=False)
    make_judgment(held, LABEL)
    found: dict[str, list[str]] = {}
    for trial in trials:
        window.goto(f"{site}/judge/trials/{trial.token}/")
        found[f"{trial.form} asked"] = grave_violations(window)
    for trial in trials:
        window.goto(f"{site}/judge/trials/{trial.token}/")
        if trial.form == Form.ALL:
            window.locator("#answer").fill("bowl")
            window.get_by_role("button", name="Answer").click()
            expect(window.get_by_role("alert")).to_be_visible()
            found["asked again"] = grave_violations(window)
        window.locator("#cannot").click()
        expect(window.locator("#reveal")).to_be_visible()
        found[f"{trial.form} told"] = grave_violations(window)
    for path in (f"done/{sitting.code}", f"trials/{held.token}", "mine", "mine/delete"):
        window.goto(f"{site}/judge/{path}/")
        found[path] = grave_violations(window)
    assert {state: grave for state, grave in found.items() if grave} == {}


def test_a_broken_page_would_be_found(window: Page) -> None:
    window.set_content('<html lang="en"><title>x</title><main><img src="data:,"><input></main>')
    words = " ".join(grave_violations(window))
    assert "image-alt" in words
    assert "label" in words
