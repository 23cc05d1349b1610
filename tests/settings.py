"""The site's settings on a data folder of the tests' own: no test reaches a site that somebody uses."""

import os
import tempfile

if os.environ.get("FOOLBREEDER_TESTING") != "1":  # started as bare `pytest`, not by ./test
    os.environ |= {
        "FOOLBREEDER_TESTING": "1",
        "FOOLBREEDER_DATA": tempfile.mkdtemp(prefix="foolbreeder-test-"),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }

from fooling_site.settings import *  # noqa: F403
from fooling_site.settings import DATABASES, STORAGES

STORAGES = {  # pages are rendered without collected static files
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a connection that is kept would keep the test database
