"""A person's breeding: beginnings, steps forth and back, and what two tabs may not do to each other."""

import uuid
from dataclasses import replace

import numpy as np
import pytest
from django.contrib.auth.models import User

from evolution import phenotypes
from evolution.algorithms.breeding import BreedingSettings
from evolution.errors import InvalidInput, Stale
from evolution.genomes import codec
from evolution.models import BreedingSession, Brood
from evolution.services import breeding, broods, steps
from evolution.services.breeding import Beginning
from evolution.services.steps import Step
from evolution.services.visitors import Visitor, claim
from tests.factories import make_individual, make_run

pytestmark = pytest.mark.django_db

SETTINGS = BreedingSettings(tiles=10)


def somebody() -> Visitor:
    return Visitor(uuid.uuid4())


def begun(seed: int = 1, visitor: Visitor | None = None) -> BreedingSession:
    return breeding.begin(visitor or somebody(), Beginning(seed=seed, settings=SETTINGS))


def shown(session: BreedingSession) -> Brood:
    session.refresh_from_db()
    assert session.current
    return session.current


def step(session: BreedingSession, *chosen: int) -> Step:
    return Step(shown(session).number, SETTINGS, chosen)


class TestBeginning:
    def test_random_pictures_come_from_the_seed(self) -> None:
        one, same, other = begun(7), begun(7), begun(8)
        assert drawn(one) == drawn(same) != drawn(other)

    def test_a_form_sent_twice_begins_one_session(self) -> None:
        visitor = somebody()
        beginning = Beginning(settings=SETTINGS)
        assert breeding.begin(visitor, beginning) == breeding.begin(visitor, beginning)
        assert BreedingSession.objects.count() == 1

    def test_somebody_elses_form_is_refused(self) -> None:
        beginning = Beginning(settings=SETTINGS)
        breeding.begin(somebody(), beginning)
        with pytest.raises(InvalidInput, match="form of your own"):
            breeding.begin(somebody(), beginning)

    def test_grey_has_one_channel(self) -> None:
        session = breeding.begin(somebody(), Beginning(colour="grey", settings=SETTINGS))
        assert session.image_shape == (256, 256, 1)

    def test_an_elite_is_shown_unchanged_beside_its_children(self) -> None:
        elite = make_individual(make_run())
        session = breeding.branch(somebody(), elite, Beginning(settings=SETTINGS))
        first = broods.genomes(shown(session))[0]
        same = codec.decode(bytes(elite.genome or b""))
        assert np.array_equal(phenotypes.express(first, 28), phenotypes.express(same, 28))
        assert shown(session).origins[0] == [0, None, True]
        assert session.image_shape == (28, 28, 1)

    def test_pixels_can_be_bred_as_well(self) -> None:
        elite = make_individual(make_run("mnist-direct-paper"))
        session = breeding.branch(somebody(), elite, Beginning(settings=SETTINGS))
        steps.evolve(session, step(session, 1, 2))
        assert shown(session).generation == 1

    def test_a_pruned_genome_is_refused(self) -> None:
        elite = make_individual(make_run(), genome=None)
        with pytest.raises(InvalidInput, match="was not kept"):
            breeding.branch(somebody(), elite, Beginning())


def drawn(session: BreedingSession) -> list[bytes]:
    """Markings tell which session made a gene; pictures do not."""
    return [phenotypes.express(one, 32).tobytes() for one in broods.genomes(shown(session))]


class TestSteps:
    def test_children_are_of_the_chosen(self) -> None:
        session = begun()
        brood = steps.evolve(session, step(session, 3, 5))
        assert brood.parent
        assert brood.parent.number == 0
        assert {parent for parent, _, _ in brood.origins} == {3, 5}
        assert brood.chosen == [3, 5]
        assert shown(session) == brood

    def test_the_same_step_gives_the_same_brood(self) -> None:
        first, second = begun(), begun()
        steps.evolve(first, step(first, 2))
        steps.evolve(second, step(second, 2))
        assert drawn(first) == drawn(second)

    def test_nothing_chosen_explains_itself(self) -> None:
        session = begun()
        with pytest.raises(InvalidInput, match="Pick at least one picture"):
            steps.evolve(session, step(session))

    def test_a_forged_slot_is_refused(self) -> None:
        session = begun()
        with pytest.raises(InvalidInput, match="expected pictures 0 to 9, got 10"):
            steps.evolve(session, step(session, 10))
        assert session.broods.count() == 1

    def test_rolling_again_has_the_same_parents_and_other_children(self) -> None:
        session = begun()
        one = steps.evolve(session, step(session, 1))
        other = steps.roll_again(session, step(session))
        assert (other.parent, other.chosen) == (one.parent, one.chosen)
        assert bytes(other.genomes) != bytes(one.genomes)

    def test_back_and_forth_is_a_tree(self) -> None:
        session = begun()
        one = steps.evolve(session, step(session, 1))
        steps.evolve(session, step(session, 1))
        assert steps.undo(session, shown(session).number) == one
        other_way = steps.evolve(session, step(session, 2))
        steps.undo(session, shown(session).number)
        assert steps.redo(session, shown(session).number) == other_way
        assert session.broods.count() == 4
        assert steps.go(session, shown(session).number, 2).number == 2

    def test_undoing_the_first_changes_nothing(self) -> None:
        session = begun()
        assert steps.undo(session, 0).number == 0

    def test_starting_over_shows_others_and_keeps_the_old_ones(self) -> None:
        session = begun()
        before = drawn(session)
        steps.restart(session, step(session))
        assert drawn(session) != before
        assert session.broods.filter(parent=None).count() == 2

    def test_chance_picks_and_says_so(self) -> None:
        session = begun()
        brood = steps.evolve_by_chance(session, step(session))
        assert (brood.selected_by, len(brood.chosen)) == ("random", 1)

    def test_a_stale_tab_changes_nothing(self) -> None:
        session = begun()
        old = step(session, 1)
        steps.evolve(session, old)
        stale = BreedingSession.objects.get(pk=session.pk)
        with pytest.raises(Stale):
            steps.evolve(stale, old)
        with pytest.raises(Stale):
            steps.evolve(session, old)  # the row that was read before somebody else's step
        assert session.broods.count() == 2

    def test_settings_are_remembered(self) -> None:
        session = begun()
        bold = replace(SETTINGS, strength=1.0)
        steps.evolve(session, Step(0, bold, [1]))
        assert BreedingSettings.from_json(shown(session).settings) == bold
        session.refresh_from_db()
        assert BreedingSettings.from_json(session.settings) == bold


class TestClaiming:
    def test_an_account_gets_what_its_browser_bred(self) -> None:
        visitor = somebody()
        session = begun(visitor=visitor)
        account = User.objects.create_user("mira")
        claim(visitor.id, account)
        elsewhere = Visitor(uuid.uuid4(), account)
        assert list(elsewhere.sessions) == [session]

    def test_but_not_what_is_somebody_elses(self) -> None:
        visitor = somebody()
        first, second = User.objects.create_user("ada"), User.objects.create_user("ben")
        session = begun(visitor=visitor)
        claim(visitor.id, first)
        claim(visitor.id, second)
        session.refresh_from_db()
        assert session.owner == first
