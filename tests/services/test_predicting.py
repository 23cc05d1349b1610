"""Asking a classifier about a stored individual."""

import subprocess
import sys

import numpy as np
import pytest
import redis.exceptions
from django.core.cache import cache

from classifiers import catalogue
from classifiers.base import FloatArray, UnknownClassifier
from evolution import phenotypes
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.models import Individual, Prediction
from evolution.services import predicting
from tests.factories import make_individual, make_run

pytestmark = pytest.mark.django_db


class Brightness:
    """Says "label k" with confidences that fall with k; remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[FloatArray] = []

    def confidences(self, images: FloatArray) -> FloatArray:
        self.shown.append(images)
        falling = np.arange(10, 0, -1, dtype=np.float32)
        return np.tile(falling / falling.sum(), (len(images), 1))


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Brightness:
    toy = Brightness()
    monkeypatch.setattr(predicting, "_classifier", lambda *_: toy)
    return toy


@pytest.fixture
def individual() -> Individual:
    return make_individual(make_run())


class TestPredict:
    def test_stores_the_ten_surest_labels(
        self, individual: Individual, network: Brightness
    ) -> None:
        stored = predicting.predict(individual.pk, "lenet-b")
        row = Prediction.objects.get()
        assert row == stored
        assert (row.classifier, row.version) == ("lenet-b", catalogue.entry("lenet-b").version)
        assert [label for label, _ in row.top] == list(range(10))
        assert row.top[0][1] == pytest.approx(10 / 55)

    def test_shows_the_bytes_of_the_picture(
        self, individual: Individual, network: Brightness
    ) -> None:
        predicting.predict(individual.pk, "lenet-a")
        (batch,) = network.shown
        assert batch.shape == (1, 28, 28, 1)
        assert batch.dtype == np.uint8
        picture = phenotypes.express(codec.decode(bytes(individual.genome or b"")), 28)
        assert np.array_equal(batch[0], picture)

    def test_asks_once(self, individual: Individual, network: Brightness) -> None:
        first = predicting.predict(individual.pk, "lenet-a")
        assert predicting.predict(individual.pk, "lenet-a") == first
        assert len(network.shown) == 1

    def test_keeps_the_answer_of_whoever_was_quicker(
        self, individual: Individual, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = catalogue.entry("lenet-a").version

        class Slow(Brightness):
            def confidences(self, images: FloatArray) -> FloatArray:
                Prediction.objects.create(
                    individual=individual, classifier="lenet-a", version=version, top=[[3, 0.9]]
                )
                return super().confidences(images)

        monkeypatch.setattr(predicting, "_classifier", lambda *_: Slow())
        assert predicting.predict(individual.pk, "lenet-a").top == [[3, 0.9]]

    def test_equal_confidences_are_listed_by_label(self) -> None:
        listed = predicting.top(np.full(3, 0.25, np.float32))
        assert listed == [(0, 0.25), (1, 0.25), (2, 0.25)]

    def test_with_the_real_network(self, individual: Individual) -> None:
        shares = [share for _, share in predicting.predict(individual.pk, "lenet-a").top]
        assert sum(shares) == pytest.approx(1, abs=1e-5)
        assert shares == sorted(shares, reverse=True)


class TestRefusal:
    def test_of_an_unknown_classifier(self, individual: Individual) -> None:
        with pytest.raises(UnknownClassifier, match="nonsense"):
            predicting.predict(individual.pk, "nonsense")

    def test_of_an_unknown_individual(self) -> None:
        with pytest.raises(Individual.DoesNotExist):
            predicting.predict(404, "lenet-a")

    def test_of_a_pruned_genome(self) -> None:
        pruned = make_individual(make_run(), genome=None)
        with pytest.raises(InvalidInput, match="was pruned"):
            predicting.predict(pruned.pk, "lenet-a")

    def test_of_a_damaged_genome(self, network: Brightness) -> None:
        damaged = make_individual(make_run(), genome=b"nonsense")
        with pytest.raises(BadGenome):
            predicting.predict(damaged.pk, "lenet-a")
        assert not Prediction.objects.exists()


class TestMayAsk:
    def test_once_a_minute_for_each_question(self) -> None:
        assert predicting.may_ask(1, "lenet-a")
        assert not predicting.may_ask(1, "lenet-a")
        assert predicting.may_ask(1, "lenet-b")
        assert predicting.may_ask(2, "lenet-a")

    def test_always_while_the_cache_is_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object) -> bool:
            raise redis.exceptions.ConnectionError

        monkeypatch.setattr(cache, "add", refuse)
        assert predicting.may_ask(1, "lenet-a")
        assert predicting.may_ask(1, "lenet-a")


def test_importing_it_imports_no_torch() -> None:
    code = (
        "import django, sys; from django.conf import settings;"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'fooling_site.settings'; django.setup();"
        "import evolution.services.predicting, evolution.urls;"
        "sys.exit('torch' in sys.modules or 'numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
