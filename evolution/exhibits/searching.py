"""Text search over published pictures: what people wrote, and what networks put first."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import Exists, FloatField, IntegerField, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from evolution.exhibits import vocabularies
from evolution.exhibits.filters import WORTH_SHOWING
from evolution.models import Prediction, Publication, Tag
from evolution.models.publications import folded

LONGEST = 100  # characters
MOST_WORDS = 8

FIRST_LABEL = Cast(KT("top__0__0"), IntegerField())
FIRST_CONFIDENCE = Cast(KT("top__0__1"), FloatField())


def words_of(text: str) -> list[str]:
    """The words that all have to be found; no more than MOST_WORDS."""
    return list(dict.fromkeys(text[:LONGEST].split()))[:MOST_WORDS]


def containing(words: Sequence[str]) -> Q:
    """Publications in which every word is found: in title, tags, shown author or first labels."""
    found = Q()
    for word in words:
        found &= _somewhere(word)
    return found


def first_label_means(label: str, least: float) -> Q:
    """Publications to which some network gives such a label first, at least as surely as this."""
    meant = Q(pk__in=())
    for classifiers, numbers in vocabularies.numbers(label):
        meant |= Q(classifier__in=classifiers, first__in=numbers)
    claims = Prediction.objects.annotate(first=FIRST_LABEL, confidence=FIRST_CONFIDENCE)
    return Q(
        individual__in=claims.filter(
            meant, individual__publication__isnull=False, confidence__gte=least
        ).values("individual")
    )


def _somewhere(word: str) -> Q:
    written = folded(word)
    tagged = Tag.objects.filter(name__contains=word.lower(), publications=OuterRef("pk"))
    return (
        Q(folded_title__contains=written)
        | Q(Exists(tagged))
        | Q(author__in=_named(written), is_anonymous=False)
        | first_label_means(word, WORTH_SHOWING)
    )


def _named(written: str) -> list[int]:
    """Authors with this in their name. Compared here: databases disagree on what a capital is."""
    signed = Publication.objects.public().filter(is_anonymous=False)
    authors = User.objects.filter(pk__in=signed.values("author")).values_list("pk", "username")
    return [number for number, name in authors if written in folded(name)]
