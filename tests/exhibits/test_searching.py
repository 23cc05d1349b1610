"""Text search: every word has to be found, in what people wrote or in what networks put first."""

import pytest
from django.contrib.auth.models import User

from evolution.exhibits import searching
from evolution.models import Publication, Tag
from tests.factories import make_prediction, make_publication

pytestmark = pytest.mark.django_db


def found(text: str) -> list[int]:
    return searching.found(searching.words_of(text))


def tagged(*names: str) -> Publication:
    publication = make_publication()
    publication.tags.set([Tag.objects.get_or_create(name=name)[0] for name in names])
    return publication


def claimed(label: int, confidence: float = 0.9, classifier: str = "squeezenet") -> Publication:
    publication = make_publication()
    make_prediction(publication.individual, classifier, top=[[label, confidence], [7, 0.05]])
    return publication


class TestWhatPeopleWrote:
    def test_parts_of_titles_in_any_case(self) -> None:
        rings = make_publication(title="Zwei Ringe Über dem Meer")
        make_publication(title="Moth")
        for text in ("ringe", "RING", "über", "ÜBER MEER", "meer zwei"):
            assert found(text) == [rings.pk], text

    def test_letters_are_folded_alike_on_every_database(self) -> None:
        street = make_publication(title="Große Straße Ｗｉｄｅ İstanbul")
        for text in ("STRASSE", "straße", "wide", "GROSSE"):
            assert found(text) == [street.pk], text

    def test_a_title_that_changes_is_found_as_it_is(self) -> None:
        publication = make_publication(title="Moth")
        publication.title = "Butterfly"
        publication.save()
        assert found("moth") == []
        assert found("butter") == [publication.pk]

    def test_tags(self) -> None:
        publication = tagged("night sky", "blue")
        tagged("day")
        assert found("SKY blue") == [publication.pk]

    def test_names_that_are_shown(self) -> None:
        mira = User.objects.create_user("Mira_Ö")
        shown = make_publication(author=mira)
        make_publication(author=mira, is_anonymous=True)
        assert found("mira_ö") == [shown.pk]
        assert found("MIRA_Ö") == [shown.pk]


class TestWhatNetworksPutFirst:
    def test_parts_of_the_label(self) -> None:
        shark = claimed(2)  # great white shark
        claimed(0)  # tench
        assert found("white SHARK") == [shark.pk]

    def test_not_what_comes_second(self) -> None:
        claimed(2)  # and label 7, a cock, second
        assert found("cock") == []

    def test_not_what_is_claimed_of_almost_nothing(self) -> None:
        claimed(2, confidence=0.0999)
        assert found("shark") == []
        surer = claimed(2, confidence=0.1)
        assert found("shark") == [surer.pk]

    def test_each_networks_own_numbers(self) -> None:
        digit = claimed(2, classifier="lenet-a")
        claimed(2)
        assert found("2") == [digit.pk]

    def test_of_published_pictures_alone(self) -> None:
        publication = claimed(2)
        individual = publication.individual
        publication.delete()
        assert individual.predictions.exists()
        assert found("shark") == []


class TestEveryWord:
    def test_may_be_found_in_another_place(self) -> None:
        everything = make_publication(title="Two rings", author=User.objects.create_user("Jonas"))
        everything.tags.add(Tag.objects.create(name="red"))
        make_prediction(everything.individual, "squeezenet", top=[[2, 0.9]])
        make_publication(title="Two rings")
        assert found("rings jonas red shark") == [everything.pk]
        assert found("rings jonas green") == []

    def test_no_more_words_than_can_be_asked_at_once(self) -> None:
        words = searching.words_of(" ".join(f"word{n}" for n in range(50)))
        assert len(words) == searching.MOST_WORDS


class TestSignsThatDatabasesRead:
    @pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', "%%", "a%b", "[a]", "*", "?"])
    def test_stand_for_themselves(self, text: str) -> None:
        make_publication(title="axb")
        literal = make_publication(title=f"so {text} it is")
        assert found(text) == [literal.pk]

    def test_no_tag_is_found_by_signs_that_tags_have_not(self) -> None:
        tagged("red")
        assert found("!!") == []
