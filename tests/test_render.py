"""`manage.py render`: genome files of every kind to PNG files."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from evolution.genomes import codec, picbreeder
from evolution.phenotypes import express
from tests.genomes.picbreeder_samples import colour, cppn_x, ink, link, zipped
from tests.genomes.populations import evolved

FILES = {
    "xml": colour(),
    "zip": zipped(colour()),
    "cppn-x": cppn_x(colour()),
    "packed": codec.encode(picbreeder.read(colour()).genome),
    "json": json.dumps(codec.to_json(picbreeder.read(colour()).genome)).encode(),
}


def render(folder: Path, content: bytes, *arguments: str) -> tuple[str, Any]:
    file, out = folder / "genome", folder / "picture.png"
    file.write_bytes(content)
    told = StringIO()
    call_command("render", str(file), "--out", str(out), *arguments, stdout=told)
    with Image.open(out) as picture:
        return told.getvalue(), np.asarray(picture)


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_gives_the_same_picture(tmp_path: Path, kind: str) -> None:
    _, picture = render(tmp_path, FILES[kind], "--size", "20")
    assert np.array_equal(picture, express(picbreeder.read(colour()).genome, 20))


def test_a_genome_of_a_run(tmp_path: Path) -> None:
    genome = evolved(2, 5)[0]
    told, picture = render(tmp_path, codec.encode(genome), "--size", "28")
    assert np.array_equal(picture, express(genome, 28)[:, :, 0])
    assert told.strip().endswith("picture.png: 28 x 28 pixels, cppn")


def test_the_conventions_differ(tmp_path: Path) -> None:
    pictures = [render(tmp_path, colour(), "--convention", name)[1] for name in ("site", "fer")]
    assert pictures[0].shape == (256, 256, 3)
    assert not np.array_equal(*pictures)
    assert np.array_equal(pictures[0], render(tmp_path, colour())[1])


def test_what_is_told(tmp_path: Path) -> None:
    cyclic = ink(link("2:1", "1:4", "1:4", 1.0))
    told, _ = render(tmp_path, cyclic, "--size", "9", "--json")
    assert json.loads(told) == {
        "out": str(tmp_path / "picture.png"),
        "size": 9,
        "encoding": "neat",
        "convention": "site",
        "notes": ["1 of 1 links closed a cycle and were left out"],
    }
    assert "\nNote: 1 of 1 links closed a cycle" in render(tmp_path, cyclic)[0]


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (b"", (), "must hold one data"),
        (b"[" * 100_000, (), "nested too deeply"),
        (b"[1]", (), "must be an object"),
        (b"{", (), "this is no JSON"),
        (b"FB\x01\x03 and more", (), "checksum"),
        (ink(), ("--size", "4097"), "--size: expected 1 to 4096 pixels, got 4097"),
        (ink(), ("--out", "/nowhere/x.png"), "--out: /nowhere/x.png cannot be written"),
        (
            codec.encode(evolved(2, 0)[0]),
            ("--convention", "fer"),
            "--convention: expected a genome of Picbreeder",
        ),
    ],
)
def test_errors_are_one_line(
    tmp_path: Path, content: bytes, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message) as refusal:
        render(tmp_path, content, *arguments)
    assert "\n" not in str(refusal.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"GENOME: .*nothing cannot be read: No such file"):
        call_command("render", str(tmp_path / "nothing"), "--out", str(tmp_path / "x.png"))
