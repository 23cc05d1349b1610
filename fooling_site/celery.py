"""The Celery application. Tasks live in evolution/tasks.py."""

import os
import warnings

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fooling_site.settings")

# In a container the workers are root. What they accept is JSON from a broker that is theirs alone.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("foolbreeder")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["evolution"])
