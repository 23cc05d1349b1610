import os
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fooling_site import broker, environment


class TestTheEmbeddedBroker:
    def test_a_server_comes_with_the_packages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "/nowhere")
        path = broker.binary()
        assert os.access(path, os.X_OK)
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
        assert "v=" in version.stdout

    def test_a_server_of_the_system_is_preferred(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        server = tmp_path / "valkey-server"
        server.write_text("#!/bin/sh\n")
        server.chmod(0o700)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert broker.binary() == str(server)

    def test_that_nobody_answers_is_known_at_once(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(settings, "REDIS_URL", f"unix://{tmp_path}/none.sock")
        began = time.monotonic()
        assert not broker.answers()
        assert time.monotonic() - began < 1

    def test_one_that_never_comes_is_named(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(settings, "REDIS_URL", f"unix://{tmp_path}/none.sock")
        monkeypatch.setattr(broker, "WAIT", 0.1)
        with pytest.raises(ImproperlyConfigured, match=r"No broker answers at unix://.*none\.sock"):
            broker.wait()


class TestTheSocketsPath:
    def test_lies_in_the_data_folder(self, tmp_path: Path) -> None:
        assert environment.broker_socket(tmp_path) == tmp_path / "broker.sock"

    def test_is_short_where_the_folder_is_deep(self, tmp_path: Path) -> None:
        deep = tmp_path.joinpath(*["deeper"] * 20)
        socket = environment.broker_socket(deep)
        assert len(str(socket)) <= environment.SOCKET_PATH_LIMIT
        assert socket != environment.broker_socket(deep / "other")


class TestTheEnvironment:
    def test_a_secret_is_made_once_and_private(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("SECRET_KEY", raising=False)
        key = environment.secret_key(tmp_path, required=False)
        assert len(key) >= 50
        assert environment.secret_key(tmp_path, required=False) == key
        assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600

    def test_a_secret_is_demanded_in_production(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("SECRET_KEY", raising=False)
        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
            environment.secret_key(tmp_path, required=True)

    @pytest.mark.parametrize(("value", "meant"), [("1", True), ("TRUE", True), ("off", False)])
    def test_booleans_have_several_spellings(
        self, monkeypatch: pytest.MonkeyPatch, value: str, meant: bool
    ) -> None:
        monkeypatch.setenv("SOMETHING", value)
        assert environment.boolean("SOMETHING") is meant

    def test_what_cannot_be_read_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOMETHING", "maybe")
        with pytest.raises(ImproperlyConfigured, match="SOMETHING: expected true or false"):
            environment.boolean("SOMETHING")
        with pytest.raises(ImproperlyConfigured, match="SOMETHING: expected a whole number"):
            environment.number("SOMETHING", 1)
        with pytest.raises(ImproperlyConfigured, match="SOMETHING: expected one of yes, no, got"):
            environment.choice("SOMETHING", "no", ("yes", "no"))
