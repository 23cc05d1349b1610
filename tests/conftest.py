"""What every test may use. The services are real: a broker is started, none is imitated."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_django
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from fooling_site import broker
from tests.processes import Processes


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20150427)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Send away whoever is still connected at the end: PostgreSQL drops no database in use.

    A site or a worker that was killed a moment ago may still have its session there.
    """
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="session")
def _broker() -> Iterator[None]:
    """A broker for the whole session, unless REDIS_URL names one."""
    if settings.REDIS_URL:
        yield
        return
    with subprocess.Popen(broker.command(), stdout=subprocess.DEVNULL) as process:
        broker.wait()
        yield
        process.kill()


@pytest.fixture(autouse=True)
def _clean_broker(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that reach the database find an empty broker as well."""
    touching = {"db", "transactional_db", "client", "admin_client"} & set(request.fixturenames)
    if not touching and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("_broker")
    with broker.client() as connection:
        connection.flushdb()
    cache.clear()
    yield


@pytest.fixture
def processes(transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """Real processes of the site on the test database: workers, scheduler, web server, broker."""
    started = Processes(tmp_path)
    yield started
    started.end()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where a Chromium is; without one, browser tests say loudly that they were skipped."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    message = "no Chromium on this machine: the pages were NOT tested in a browser"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(message)
    pytest.skip(message)
