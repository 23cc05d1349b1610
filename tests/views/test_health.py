"""/healthz names what answers, quickly, and tells nobody why something does not."""

import time
from collections.abc import Callable

import pytest
import redis.exceptions
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from evolution.views import health

pytestmark = pytest.mark.django_db
NAMES = {"database", "broker", "channel layer", "evolve worker", "quick worker"}


@pytest.fixture
def workers() -> None:
    for queue in health.QUEUES:
        cache.set(f"worker:{queue}", time.time(), 120)


class TestHealth:
    @pytest.mark.usefixtures("workers")
    def test_is_ok_when_everything_answers(self, client: Client) -> None:
        answer = client.get("/healthz")
        found = answer.json()
        assert answer.status_code == 200
        assert found["status"] == "ok"
        assert set(found["checks"]) == NAMES
        assert {check["status"] for check in found["checks"].values()} == {"ok"}
        assert all(check["milliseconds"] < 2000 for check in found["checks"].values())
        assert "no-cache" in answer["Cache-Control"]

    @pytest.mark.usefixtures("workers")
    @pytest.mark.parametrize("written", [None, 0.0, "nonsense"])
    def test_misses_a_worker(self, client: Client, written: object) -> None:
        cache.set("worker:evolve", written, 120)
        answer = client.get("/healthz")
        checks = answer.json()["checks"]
        assert answer.status_code == 503
        assert checks["evolve worker"]["status"] == "error"
        assert checks["quick worker"]["status"] == "ok"

    @pytest.mark.parametrize(
        ("probe", "error", "name"),
        [
            ("_database", OperationalError("password=secret"), "database"),
            ("_broker", redis.exceptions.ConnectionError("/secret.sock"), "broker"),
            ("_worker", redis.exceptions.ConnectionError("/secret.sock"), "evolve worker"),
        ],
    )
    def test_tells_no_reasons(
        self,
        client: Client,
        monkeypatch: pytest.MonkeyPatch,
        probe: str,
        error: Exception,
        name: str,
    ) -> None:
        monkeypatch.setattr(health, probe, raising(error))
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert answer.json()["checks"][name]["status"] == "error"
        assert "secret" not in answer.content.decode()

    def test_never_hangs(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "PATIENCE", 0.2)
        monkeypatch.setattr(health, "_database", slow)
        started = time.perf_counter()
        answer = client.get("/healthz")
        assert time.perf_counter() - started < 1.2
        assert answer.json()["checks"]["database"]["status"] == "no answer in 0.2 s"
        assert answer.status_code == 503


def slow() -> bool:
    time.sleep(1.5)
    return True


def raising(error: Exception) -> Callable[..., bool]:
    def probe(*arguments: str) -> bool:
        raise error

    return probe
