"""`./test`: the suite on the embedded defaults, then what touches services on PostgreSQL and Redis."""

import os
import subprocess
import sys
import tempfile

import psycopg
import redis

# What sees neither database nor broker, or brings its own, or is about what numbers come to and not
# about how they are stored: once is enough.
PURE = [
    "agreement",
    "algorithms",
    "classifiers",
    "controls",
    "genomes",
    "measures",
    "rendering",
    "studies",
    "test_archives.py",
    "test_ascend.py",
    "test_benchmarks.py",
    "test_broker.py",
    "test_deployment.py",
    "test_docs.py",
    "test_evaluation.py",
    "test_phenotypes.py",
    "test_reigns.py",
    "test_sizes.py",
    "test_supervisor.py",
    "test_up.py",
]
POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
TESTING = {"FOOLBREEDER_TESTING": "1"}
REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"


def main(arguments: list[str]) -> int:
    say("SQLite and the embedded broker")
    failed = run(arguments, DATABASE_URL="", REDIS_URL="")
    if arguments:
        return failed
    if trouble := what_is_missing():
        say(f"SKIPPED: the tests on PostgreSQL and Redis: {trouble}")
        return failed or int(REQUIRED)
    say("PostgreSQL and Redis")
    ignored = [f"--ignore=tests/{name}" for name in PURE]
    return failed or run(ignored, DATABASE_URL=POSTGRESQL, REDIS_URL=REDIS)


def run(arguments: list[str], **environment: str) -> int:
    with tempfile.TemporaryDirectory(prefix="foolbreeder-test-") as folder:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            env={**os.environ, **environment, **TESTING, "FOOLBREEDER_DATA": folder},
            check=False,
        ).returncode


def say(heading: str) -> None:
    sys.stdout.write(f"\n== {heading} ==\n")
    sys.stdout.flush()


def what_is_missing() -> str:
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
        redis.Redis.from_url(REDIS, socket_connect_timeout=3).ping()
    except (psycopg.Error, redis.RedisError) as error:
        return str(error).strip()
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
