"""`manage.py import_genome`: genome files of every kind begin sessions."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from evolution.genomes import codec
from evolution.models import BreedingSession
from evolution.services import accounts, broods
from tests.factories import cppn_bytes, direct_bytes
from tests.genomes.picbreeder_samples import colour, cppn_x, zipped

pytestmark = pytest.mark.django_db
FILES = {
    "xml": (colour(), "neat"),
    "zip": (zipped(colour()), "neat"),
    "cppn-x": (cppn_x(colour()), "neat"),
    "packed": (cppn_bytes(), "cppn"),
    "json": (json.dumps(codec.to_json(codec.decode(cppn_bytes()))).encode(), "cppn"),
    "pixels": (direct_bytes(), "direct"),
}


def imported(folder: Path, content: bytes, *arguments: str) -> dict[str, Any]:
    file = folder / "skull.xml"
    file.write_bytes(content)
    out = StringIO()
    call_command("import_genome", str(file), "--json", *arguments, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_begins_a_session_that_the_operator_sees(
    kind: str, tmp_path: Path, client: Client
) -> None:
    content, encoding = FILES[kind]
    told = imported(tmp_path, content)
    session = BreedingSession.objects.get()
    assert told["encoding"] == encoding
    assert told["session"] == f"/breed/{session.code}/"
    assert session.owner == accounts.operator()
    assert session.source["name"] == "skull.xml"
    assert session.current is not None
    assert len(broods.genomes(session.current)) == 1
    client.force_login(accounts.operator())
    assert client.get(told["session"]).status_code == 200


def test_what_is_in_the_file_is_told(tmp_path: Path) -> None:
    told = imported(tmp_path, colour())
    assert (told["nodes"], told["links"], told["age"]) == (8, 5, 7)
    assert (told["convention"], told["notes"]) == ("site", [])


def test_somebody_else_may_be_named_and_the_picture_too(tmp_path: Path) -> None:
    ada = User.objects.create_user("ada")
    told = imported(tmp_path, colour(), "--user", "ada", "--title", "Skull")
    session = BreedingSession.objects.get()
    assert (session.owner, session.source["name"], session.source["age"]) == (ada, "Skull", 7)
    assert told["user"] == "ada"


def test_a_check_begins_nothing(tmp_path: Path) -> None:
    assert "session" not in imported(tmp_path, colour(), "--check")
    assert not BreedingSession.objects.exists()


def test_people_are_told_in_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "skull.xml").write_bytes(colour())
    call_command("import_genome", str(tmp_path / "skull.xml"))
    first, second = capsys.readouterr().out.splitlines()
    assert first == "neat, 8 nodes, 5 links, 7 generations old."
    assert second == f"operator breeds from it at /breed/{BreedingSession.objects.get().code}/"


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"nothing", [], "GENOME: "),
        (b"FB", [], "GENOME: "),
        (b"{}", [], "this JSON is no genome"),
        (colour(), ["--user", "nobody"], "--user: expected the name of an active account"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    content: bytes, arguments: list[str], words: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError) as refused:
        imported(tmp_path, content, *arguments)
    assert words in str(refused.value)
    assert not BreedingSession.objects.exists()


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_genome", "/nowhere/skull.xml")
