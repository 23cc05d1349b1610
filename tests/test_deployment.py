"""docker/ held to the code. No Docker engine is needed; what only an engine can show is not shown."""

import os
import re
import runpy
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from evolution.views import health
from fooling_site import supervisor
from fooling_site.management.commands import up
from tests import containers
from tests.containers import DOCKER, ROOT, Service, Unset, arguments

OURS = {"migrate", "web", "evolve", "evolve-gpu", "quick", "scheduler"}
WORKERS = {"evolve", "evolve-gpu", "quick"}
OTHERS = {"postgres", "redis", "proxy"}
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")
GIVEN = containers.example() | dict.fromkeys(SECRETS, "x")


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    found: dict[str, Service] = containers.compose(GIVEN)["services"]
    return found


@pytest.fixture(scope="module")
def stages() -> dict[str, containers.Stage]:
    return containers.dockerfile()


def option(service: Service, name: str) -> str:
    words = arguments(service["command"])
    return words[words.index(name) + 1]


class TestVariables:
    def test_each_is_in_the_example_and_none_there_is_useless(self) -> None:
        assert containers.variables_used() == set(containers.example())

    def test_the_example_holds_no_secret(self) -> None:
        example = containers.example()
        assert [example[name] for name in SECRETS] == [""] * len(SECRETS)

    @pytest.mark.parametrize("name", SECRETS)
    def test_without_a_secret_nothing_starts(self, name: str) -> None:
        with pytest.raises(Unset, match=name):
            containers.compose(GIVEN | {name: ""})

    def test_what_the_site_is_given_is_documented(self, services: dict[str, Service]) -> None:
        manual = (ROOT / "docs" / "operations.md").read_text()
        given = {name for key in OURS for name in services[key]["environment"]}
        assert {name for name in given if f"`{name}`" not in manual} == set()


class TestServices:
    def test_all_are_there(self, services: dict[str, Service]) -> None:
        assert set(services) == OURS | OTHERS

    def test_only_the_proxy_is_reachable(self, services: dict[str, Service]) -> None:
        assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
        parsed = containers.compose(GIVEN)
        assert parsed["networks"]["inside"]["internal"] is True
        outside = {name for name, found in services.items() if "outside" in found["networks"]}
        assert outside == {"proxy", "web"}

    def test_images_are_pinned(self, services: dict[str, Service]) -> None:
        for service in services.values():
            assert re.fullmatch(r"[\w-]+:\d+\.\d+(\.\d+)?(-\w+)?", service["image"])

    def test_each_is_watched_and_restarted(self, services: dict[str, Service]) -> None:
        for name in (OURS | OTHERS) - {"migrate"}:
            assert services[name]["healthcheck"]["test"], name
            assert services[name]["restart"] == "unless-stopped", name
        assert services["migrate"]["restart"] == "no"

    def test_each_has_as_few_rights_as_it_can(self, services: dict[str, Service]) -> None:
        for service in services.values():
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
            assert service["security_opt"] == ["no-new-privileges:true"]

    def test_names_inside_the_file_exist(self, services: dict[str, Service]) -> None:
        parsed = containers.compose(GIVEN)
        for service in services.values():
            for mount in service.get("volumes", []):
                source = mount.split(":")[0]
                assert source in parsed["volumes"] or (DOCKER / source).exists()
            for name, wanted in service.get("depends_on", {}).items():
                assert "healthcheck" in services[name] or name == "migrate"
                ended = wanted["condition"] == "service_completed_successfully"
                assert ended == (name == "migrate")

    def test_redis_loses_no_message(self, services: dict[str, Service]) -> None:
        script = services["redis"]["command"][-1]
        for words in ("--appendonly yes", "--maxmemory-policy noeviction", "requirepass"):
            assert words in script

    def test_the_gpu_worker_gets_a_gpu_and_only_when_asked_for(
        self, services: dict[str, Service]
    ) -> None:
        service = services["evolve-gpu"]
        devices = service["deploy"]["resources"]["reservations"]["devices"]
        assert devices == [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]
        assert service["profiles"] == ["gpu"]
        assert service["environment"]["FOOLBREEDER_DEVICE"] == "cuda"


class TestCommands:
    def test_workers_take_from_every_queue(self, services: dict[str, Service]) -> None:
        routes: dict[str, dict[str, str]] = settings.CELERY_TASK_ROUTES
        queues = {route["queue"] for route in routes.values()} | {
            settings.CELERY_TASK_DEFAULT_QUEUE
        }
        taken = {queue for name in WORKERS for queue in option(services[name], "-Q").split(",")}
        assert taken == queues

    def test_workers_bear_the_names_that_healthz_looks_for(
        self, services: dict[str, Service]
    ) -> None:
        names = {option(services[name], "-n").partition("@")[0] for name in WORKERS}
        assert names == set(health.QUEUES)

    def test_processes_start_as_they_do_under_up(
        self, services: dict[str, Service], stages: dict[str, containers.Stage]
    ) -> None:
        alone = {child.name: child.command[1:] for child in up._children("0.0.0.0", 8000)}
        image = arguments(stages["site"].texts("CMD")[0])[1:]
        assert image[: len(alone["web"])] == alone["web"]
        for name in ("evolve", "quick", "scheduler"):
            given = arguments(services[name]["command"])[1:]
            assert given[: len(alone[name])] == alone[name], name

    def test_a_worker_hangs_after_as_long_as_under_up(self) -> None:
        assert runpy.run_path(str(DOCKER / "healthcheck.py"))["HUNG"] == supervisor.HUNG


class TestImages:
    @pytest.mark.parametrize("target", ["site", "gpu"])
    def test_nothing_runs_as_root(self, stages: dict[str, containers.Stage], target: str) -> None:
        assert stages[target].texts("USER") == ["foolbreeder"]

    def test_packages_are_those_of_the_lock(self, stages: dict[str, containers.Stage]) -> None:
        assert any("--require-hashes" in text for text in stages["locked"].texts("RUN"))
        lock = (ROOT / "requirements.lock").read_text()
        pinned = set(re.findall(r"^([\w-]+)(?:\[\w+\])?==", lock, re.MULTILINE))
        assert runtime_dependencies() - {"torch"} - pinned == set()

    def test_torch_is_the_one_of_the_setup(self, stages: dict[str, containers.Stage]) -> None:
        wanted = set(re.findall(r"torch==[\d.]+", (DOCKER / "setup.sh").read_text()))
        text = (DOCKER / "Dockerfile").read_text()
        assert set(re.findall(r"torch==[\d.]+", text)) == wanted
        assert "CPU" not in stages["gpu-packages"].texts("RUN")[0].upper().replace("PYTHON", "")

    def test_only_what_runs_gets_in(self) -> None:
        found = containers.context()
        tops = {name.split("/")[0] for name in found}
        assert tops == {
            "manage.py", "requirements.lock", "classifiers", "evolution", "fooling_site",
            "static", "templates", "docker",
        }  # fmt: skip
        assert [name for name in found if name.startswith("docker/")] == ["docker/healthcheck.py"]

    def test_all_that_is_copied_is_there(self, stages: dict[str, containers.Stage]) -> None:
        found = set(containers.context())
        for stage in stages.values():
            assert stage.base in stages or re.fullmatch(r"python:3\.11[\w.-]*", stage.base)
            for text in stage.texts("COPY"):
                source = text.split()[0]
                if source.startswith("--from="):
                    assert source.removeprefix("--from=") in stages
                else:
                    assert source == "." or source in found


class TestHealthcheckOfAWorker:
    @pytest.fixture
    def worker(self, tmp_path: Path) -> Any:
        with subprocess.Popen(["sleep", "60"]) as process:
            (tmp_path / "worker.pid").write_text(f"{process.pid}\n")
            yield process
            process.kill()

    def look(self, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(DOCKER / "healthcheck.py"), "evolve"],
            env={"FOOLBREEDER_DATA": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_that_rests_is_good(self, worker: Any, tmp_path: Path) -> None:
        assert self.look(tmp_path).returncode == 0

    def test_that_moves_is_good(self, worker: Any, tmp_path: Path) -> None:
        (tmp_path / "evolving.alive").touch()
        assert self.look(tmp_path).returncode == 0
        assert worker.poll() is None

    def test_that_hangs_ends_the_worker_and_says_so(self, worker: Any, tmp_path: Path) -> None:
        sign = tmp_path / "evolving.alive"
        sign.touch()
        long_ago = time.time() - 200
        os.utime(sign, (long_ago, long_ago))
        found = self.look(tmp_path)
        assert found.returncode == 1
        assert "no sign of life for 200 s" in found.stderr
        assert worker.wait(5) < 0
        assert self.look(tmp_path).returncode == 0  # the next one starts clean


def runtime_dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {re.split(r"[\[<>=]", entry)[0] for entry in project["dependencies"]}
