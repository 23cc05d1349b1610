"""The image's build steps and the services' commands, run for real in a folder of their own.

Not shown here, since it takes a Docker engine: the base images, the installation of packages in
them, PostgreSQL's and the proxy's containers, networks, limits of rights, the GPU.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from fooling_site import broker
from tests import containers
from tests.containers import ROOT, Service, arguments
from tests.processes import free_port, wait_for

HOST = "foolbreeder.example.org"
PROJECT_STEPS = ("manage.py", "compileall", "import ")


class Deployment:
    """The services of compose.yaml as plain processes: own files, own ports, a bare environment."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.app = folder, folder / "app"
        self.data, self.database = folder / "data", database
        self.ports = {"8000": str(free_port()), "6379": str(free_port())}
        self.password = secrets.token_hex(24)
        self.stages = containers.dockerfile()
        given = containers.example() | {
            "SITE_HOST": HOST,
            "SECRET_KEY": secrets.token_urlsafe(60),
            "POSTGRES_PASSWORD": secrets.token_hex(24),
            "REDIS_PASSWORD": self.password,
        }
        self.services: dict[str, Service] = containers.compose(given)["services"]
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        for name in containers.context():
            copy = self.app / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy)
        for name in ("data", "kernels", "bin"):
            (self.folder / name).mkdir()
        (self.folder / "bin" / "redis-server").symlink_to(broker.binary())

    def local(self, text: str) -> str:
        """The same words for this machine: folders and ports of our own instead of a container's."""
        text = text.replace("redis:6379", "127.0.0.1:6379").replace("0.0.0.0", "127.0.0.1")
        for port, ours in self.ports.items():
            text = text.replace(port, ours)
        for path in ("/data", "/kernels"):
            text = text.replace(path, f"{self.folder}{path}")
        return text

    def environment(self, name: str | None = None) -> dict[str, str]:
        """What the image sets, and what compose.yaml gives to a service: nothing of this process."""
        found = containers.image_environment(self.stages, "site")
        if name:
            found |= self.services[name].get("environment", {})
            found["DATABASE_URL"] = self.database
        local = {key: self.local(str(value)) for key, value in found.items()}
        programs = (str(self.folder / "bin"), str(Path(sys.executable).parent), os.defpath)
        return local | {"PATH": ":".join(programs), "DATABASE_URL": found.get("DATABASE_URL", "")}

    def build(self) -> None:
        """The RUN steps that are the project's own; packages are those of this interpreter."""
        steps = self.stages["site"].texts("RUN")
        for step in steps:
            assert any(word in step for word in PROJECT_STEPS), step
            self.finish("build", ["sh", "-c", self.local(step)], self.environment())

    def command(self, name: str) -> list[str]:
        given = self.services[name].get("command", self.stages["site"].texts("CMD")[0])
        return [self.local(word) for word in arguments(given)]

    def finish(self, name: str, command: list[str], environment: dict[str, str]) -> str:
        done = subprocess.run(
            command, cwd=self.app, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout

    def execute(self, name: str, *command: str) -> str:
        """As `docker compose exec`."""
        return self.finish(name, list(command), self.environment(name))

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                self.command(name),
                cwd=self.app,
                env=self.environment(name),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_well(self, name: str) -> bool:
        """Whether the service's healthcheck says so."""
        kind, *test = self.services[name]["healthcheck"]["test"]
        command = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
        done = subprocess.run(
            [self.local(word) for word in command],
            cwd=self.app,
            env=self.environment(name),
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def stop(self, name: str) -> int:
        """Return the exit code after a polite request; one who stays is an error."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(15)
        finally:
            process.kill()
            process.wait()

    def logs(self) -> str:
        return "\n".join(f"{path.stem}: {path.read_text()}" for path in self.folder.glob("*.log"))

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['8000']}{path}", headers={"Host": HOST, **headers}
        )
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read().decode()
        except OSError:
            return 0, {}, ""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object, **named: object) -> None:
        return None


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """An empty database: PostgreSQL where the suite runs on it, else SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'site.sqlite3'}"
        return
    name = f"deployment_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def deployment(tmp_path: Path, database: str) -> Iterator[Deployment]:
    found = Deployment(tmp_path, database)
    yield found
    for process in found.running.values():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_a_deployment_is_built_starts_serves_and_stops(deployment: Deployment) -> None:
    deployment.build()
    assert not (deployment.data / "secret-key").exists()
    deployment.start("redis")
    wait_for(lambda: _answers(deployment), 10, "the broker")
    deployment.execute("migrate", *deployment.command("migrate"))
    for name in ("web", "evolve", "quick", "scheduler"):
        deployment.start(name)
    _expect_health(deployment)
    _expect_pages(deployment)
    for name in ("web", "evolve", "quick", "scheduler"):
        assert deployment.is_well(name), f"{name} is unwell\n{deployment.logs()}"
    codes = {name: deployment.stop(name) for name in reversed(list(deployment.running))}
    # A web server that was asked to end by a signal says so by its code.
    assert codes == dict.fromkeys(codes, 0) | {"web": -signal.SIGTERM}


def _expect_health(deployment: Deployment) -> None:
    def well() -> bool:
        for name, process in deployment.running.items():
            assert process.poll() is None, f"{name} ended\n{deployment.logs()}"
        return deployment.get("/healthz")[0] == 200

    wait_for(well, 40, "/healthz to be ok")
    answer = json.loads(deployment.get("/healthz")[2])
    assert {check["status"] for check in answer["checks"].values()} == {"ok"}


def _expect_pages(deployment: Deployment) -> None:
    status, headers, _ = deployment.get("/")
    assert (status, headers["location"]) == (301, f"https://{HOST}/")
    status, headers, page = deployment.get("/", **{"X-Forwarded-Proto": "https"})
    assert status == 200, deployment.logs()
    assert "max-age=31536000" in headers["strict-transport-security"]
    style = page.split('rel="stylesheet" href="/static/')[1].split('"')[0]
    assert (deployment.data / "static" / style).is_file()
    assert deployment.get("/", Host="elsewhere.example")[0] == 400


def _answers(deployment: Deployment) -> bool:
    """Whether the broker answers those who know the password, and nobody else."""
    port = int(deployment.ports["6379"])
    try:
        with redis.Redis(port=port, password=deployment.password) as friend:
            friend.ping()
    except redis.ConnectionError:
        return False
    with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    return True
