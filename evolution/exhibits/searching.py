"""Text search over published pictures: what people wrote, and what networks put first.

The sets of pictures for each word are cut here, not in the database: one look at all predictions
serves all words, and a database that is given them in one filter looks again for every word.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import FloatField, IntegerField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from evolution.exhibits import vocabularies
from evolution.exhibits.filters import WORTH_SHOWING
from evolution.models import Prediction, Publication
from evolution.models.publications import folded
from evolution.services import tagging

LONGEST = 100  # characters
MOST_WORDS = 8
MOST_FOUND = 10_000  # the newest; a question to a database may not name many more

FIRST_LABEL = Cast(KT("top__0__0"), IntegerField())
FIRST_CONFIDENCE = Cast(KT("top__0__1"), FloatField())

Meant = Mapping[str, frozenset[int]]  # classifier -> its numbers for the labels that are meant


def words_of(text: str) -> list[str]:
    """The words that all have to be found; no more than MOST_WORDS."""
    return list(dict.fromkeys(text[:LONGEST].split()))[:MOST_WORDS]


def found(words: Sequence[str]) -> list[int]:
    """Publications in which every word is found: in title, tags, shown author or first labels.

    At most the newest MOST_FOUND, hidden ones among them.
    """
    known = vocabularies.label_sets()
    meant = {word: vocabularies.numbers(word, known=known) for word in words}
    labelled = _labelled(meant)
    names = _names()
    everywhere = [_written(word, names) | labelled[word] for word in words]
    return sorted(set.intersection(*everywhere), reverse=True)[:MOST_FOUND]


def first_label_means(label: str, least: float) -> Q:
    """Publications to which some network gives such a label first, at least as surely as this."""
    claims = _claims(vocabularies.numbers(label), least)
    return Q(individual__in=claims.values("individual"))


def _written(word: str, names: Mapping[int, str]) -> set[int]:
    """Publications whose people wrote the word. Names are compared here: see `folded`."""
    text = folded(word)
    in_title = Publication.objects.filter(folded_title__contains=text)
    tag = tagging.written(word)
    in_tags = Publication.tags.through.objects.filter(tag__name__contains=tag)
    named = [number for number, name in names.items() if text in name]
    by_author = Publication.objects.filter(author__in=named, is_anonymous=False)
    return {
        *in_title.values_list("pk", flat=True),
        *(in_tags.values_list("publication", flat=True) if tag else ()),
        *(by_author.values_list("pk", flat=True) if named else ()),
    }


def _names() -> dict[int, str]:
    """The authors who show their names."""
    signed = Publication.objects.public().filter(is_anonymous=False)
    authors = User.objects.filter(pk__in=signed.values("author")).values_list("pk", "username")
    return {number: folded(name) for number, name in authors}


def _labelled(meant: Mapping[str, Meant]) -> dict[str, set[int]]:
    """For every word the publications to which some network gives such a label first."""
    any_word: dict[str, frozenset[int]] = {}
    for numbers in meant.values():
        for classifier, labels in numbers.items():
            any_word[classifier] = any_word.get(classifier, frozenset()) | labels
    claims = _claims(any_word, WORTH_SHOWING)
    rows = list(claims.values_list("individual__publication", "classifier", "first"))
    return {
        word: {number for number, name, first in rows if first in numbers.get(name, ())}
        for word, numbers in meant.items()
    }


def _claims(meant: Meant, least: float) -> QuerySet[Any]:
    """What networks say of published pictures, where they put such a label first."""
    fits = Q(pk__in=())
    for labels, classifiers in _alike(meant):
        fits |= Q(classifier__in=classifiers, first__in=labels)
    claims = Prediction.objects.annotate(first=FIRST_LABEL, confidence=FIRST_CONFIDENCE)
    return claims.filter(fits, individual__publication__isnull=False, confidence__gte=least)


def _alike(meant: Meant) -> Iterable[tuple[frozenset[int], list[str]]]:
    """Classifiers that use the same numbers."""
    alike: dict[frozenset[int], list[str]] = {}
    for classifier, labels in meant.items():
        alike.setdefault(labels, []).append(classifier)
    return alike.items()
