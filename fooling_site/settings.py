"""The whole configuration. A clone runs with no variable set; docs/operations.md lists them."""

from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF, UNSAFE_INLINE
from redis.backoff import NoBackoff
from redis.retry import Retry

from classifiers.places import Engine
from fooling_site import environment as env

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_dir(BASE_DIR / ".data")

# Who may reach it ------------------------------------------------------------------------------------
DEBUG = env.boolean("DEBUG")
PRODUCTION = env.boolean("FOOLBREEDER_PRODUCTION")
SECRET_KEY = env.secret_key(DATA_DIR, required=PRODUCTION)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# What it is made of ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "csp",
    "django_htmx",
    "axes",
    "evolution",
    "fooling_site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "evolution.views.seeing.middleware",
]
ROOT_URLCONF = "fooling_site.urls"
ASGI_APPLICATION = "fooling_site.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evolution.context_processors.site",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Database: SQLite unless DATABASE_URL says otherwise -------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'foolbreeder.sqlite3'}",
        conn_max_age=env.number("DATABASE_CONN_MAX_AGE", 600),
        conn_health_checks=True,  # a database that was restarted costs nobody an error
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a read that becomes a write would otherwise fail at once with "database is locked",
    # which no timeout cures. WAL: readers never wait for the one writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# Broker, channel layer, cache: one Redis or Valkey, embedded unless REDIS_URL says otherwise ---------
REDIS_URL = env.text("REDIS_URL")
BROKER_SOCKET = env.broker_socket(DATA_DIR)
if REDIS_URL:
    CHANNEL_URL = CACHE_URL = REDIS_URL
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
else:
    CELERY_BROKER_URL = f"redis+socket://{BROKER_SOCKET}?virtual_host=0"
    CHANNEL_URL = f"unix://{BROKER_SOCKET}"
    CACHE_URL = f"unix://{BROKER_SOCKET}?db=2"
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [CHANNEL_URL], "prefix": "foolbreeder"},
    }
}
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "foolbreeder",
        "VERSION": 2,  # counts up when values are written in another way; older ones are not read
        # A page says at once what it can without a cache; the library would try for half a second.
        "OPTIONS": {
            "retry": Retry(NoBackoff(), 0),
            "socket_connect_timeout": 2,
            "serializer": "fooling_site.plain_cache.PlainSerializer",
        },
    }
}

# Workers ---------------------------------------------------------------------------------------------
CELERY_TIMEZONE = "UTC"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TASK_ROUTES = {
    "evolution.tasks.evolve_slice": {"queue": "evolve"},
    "evolution.tasks.work_on_part": {"queue": "evolve"},
    # A queue of its own, which its worker serves in turn with "quick": however many pictures wait to
    # be asked about, stalled runs are found.
    "evolution.tasks.revive_stalled_runs": {"queue": "watch"},
    "evolution.tasks.look_after_judging_studies": {"queue": "watch"},
    "evolution.tasks.look_after_studies": {"queue": "watch"},
    "evolution.tasks.advance_study": {"queue": "watch"},
}
VISIBILITY_SECONDS = 600  # after which the broker hands an unanswered message to somebody else
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_SECONDS,
    "unacked_restore_throttle": 1,
    "global_keyprefix": "foolbreeder-",
    "socket_keepalive": True,
}
PART_STALL_SECONDS = env.number("PART_STALL_SECONDS", 60)
STUDY_PARTS_AT_ONCE = env.number("STUDY_PARTS_AT_ONCE", 2)  # of one study
SLICE_SECONDS = env.number("SLICE_SECONDS", 20)
STALL_SECONDS = env.number("STALL_SECONDS", 15)
CELERY_BEAT_SCHEDULE = {
    "revive-stalled-runs": {
        "task": "evolution.tasks.revive_stalled_runs",
        "schedule": timedelta(seconds=env.number("REVIVE_EVERY_SECONDS", 5)),
        "options": {"expires": 5},
    },
    "look-after-studies": {
        "task": "evolution.tasks.look_after_studies",
        "schedule": timedelta(seconds=env.number("REVIVE_EVERY_SECONDS", 5)),
        "options": {"expires": 5},
    },
    "look-after-judging-studies": {
        "task": "evolution.tasks.look_after_judging_studies",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
}
DEVICE = env.text("FOOLBREEDER_DEVICE", "auto")
EXACT = env.boolean("FOOLBREEDER_EXACT", default=True)
THREADS = env.threads("FOOLBREEDER_THREADS")
ENGINE: Engine = env.choice("FOOLBREEDER_ENGINE", "auto", get_args(Engine))

# Files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "media"
WEIGHTS_DIR = Path(env.text("FOOLBREEDER_WEIGHTS") or BASE_DIR / "classifiers" / "weights")
NETWORKS_DIR = Path(env.text("FOOLBREEDER_NETWORKS") or DATA_DIR / "networks")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Security --------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "gallery"
LOGOUT_REDIRECT_URL = "gallery"
PASSWORD_RESET_TIMEOUT = 3600  # seconds that a one-time sign-in link is good for
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "signing_in/locked.html"
SESSION_COOKIE_AGE = 31_536_000  # seconds; who breeds without an account is known by this cookie
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        # Data reach the style sheet as custom properties in style attributes, and in nothing else.
        "style-src-attr": [UNSAFE_INLINE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.W001"]  # Django's own Redis cache counts atomically
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    if env.boolean("BEHIND_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Logs ------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname).1s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "evolution": {"level": env.text("LOG_LEVEL", "INFO")},
        "fooling_site": {"level": env.text("LOG_LEVEL", "INFO")},
    },
}
