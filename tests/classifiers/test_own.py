"""Networks that an operator describes in a folder are listed, or left out with a reason."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from classifiers import catalogue, own
from classifiers.base import BadWeights, UnknownClassifier
from classifiers.entries import Entry
from tests.classifiers.brought import TOML, bring

GREY = TOML.replace('"rgb"', '"grey"').replace("[0.5, 0.4, 0.3]", "[0.5]")
GREY = GREY.replace("[0.25, 0.3, 0.35]", "[0.5]")


def only(folder: Path) -> Entry:
    (found,) = own.entries(folder)
    return found


def reason(folder: Path, toml: str, file: str = "shapes.pt2") -> str:
    name = bring(folder, file, b"content", toml)
    ((broken, why),) = own.broken(folder)
    assert broken == name
    assert own.entries(folder) == ()
    return why


def test_a_description_becomes_an_entry(folder: Path) -> None:
    bring(folder, "shapes.pt2", b"content", 'licence = "mine"\nbatch = 4\ncanvas = 40\n' + TOML)
    entry = only(folder)
    assert (entry.name, entry.title, entry.dataset) == ("shapes", "Shapes", "three shapes")
    assert entry.labels == ("disc", "square", "stripes")
    assert (entry.input_size, entry.canvas, entry.chunk, entry.channels) == (32, 40, 4, 3)
    assert entry.preprocessing.mean == (0.5, 0.4, 0.3)
    assert entry.weights.licence == "mine"
    assert catalogue.entry("shapes") == entry
    assert entry in catalogue.entries()
    assert entry in catalogue.fitting((256, 256, 3))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[pre", "= [pre", "shapes.toml: expected TOML in UTF-8, got: "),
        ("title", "titel", "shapes.toml: title: expected a text of 1 to 80 characters, got none"),
        ('"Shapes"', "7", "title: expected a text of 1 to 80 characters, got '7'"),
        ('"Shapes"', '" "', "title: expected a text of 1 to 80 characters, got ' '"),
        ('dataset = "three shapes"', "", "dataset: expected a text"),
        ('file = "shapes.pt2"', "", "file: expected the name of a file"),
        ("shapes.pt2", "../shapes.pt2", "file: expected the name of a file"),
        ("shapes.pt2", "/etc/passwd", "file: expected the name of a file"),
        ("shapes.pt2", "shapes.pth", "got 'shapes.pth'"),
        ("shapes.pt2", "squares.pt2", "file: expected squares.pt2 beside it, got no file"),
        ("input_size = 32", "", "input_size: expected a whole number from 8 to 1024, got none"),
        ("= 32", "= 32.0", "input_size: expected a whole number from 8 to 1024, got '32.0'"),
        ("= 32", "= true", "input_size: expected a whole number from 8 to 1024, got 'True'"),
        ("= 32", "= 32\ncanvas = 31", "canvas: expected a whole number from 32 to 2048, got '31'"),
        ("= 32", "= 32\nbatch = 0", "batch: expected a whole number from 1 to 1024, got '0'"),
        ("= 32", "= 32\ncolor = 1", "color: expected no such key, got '1'"),
        ("= 32", '= 32\narchitecture = "lenet"', "architecture: expected no such key"),
        ("= 32", "= 32\npublished_error = 41", "published_error: expected a number from 0 to 1"),
        ('"logits"', '"logit"', "output: expected one of logits, probabilities, got 'logit'"),
        ('"rgb"', '"RGB"', "preprocessing.colours: expected one of grey, rgb, bgr, got 'RGB'"),
        ("scale = 1.0", "scale = 0", "preprocessing.scale: expected a number above 0, got '0'"),
        ("scale = 1.0", "scale = nan", "preprocessing.scale: expected a number above 0"),
        ("[0.5, 0.4, 0.3]", "0.5", "preprocessing.mean: expected a list of 1 or 3 numbers"),
        ("[0.5, 0.4, 0.3]", "[0.5, 0.4]", "expected a list of 1 or 3 numbers, got '[0.5, 0.4]'"),
        (
            "[0.25, 0.3, 0.35]",
            "[0.0]",
            "preprocessing.std: expected a list of 1 or 3 numbers above",
        ),
        ("std =", "sd =", "preprocessing.std: expected a list of 1 or 3 numbers above 0, got none"),
        ("scale", "gamma = 1\nscale", "preprocessing.gamma: expected no such key, got '1'"),
        ("[preprocessing]", "[processing]", "preprocessing: expected a table, got none"),
        ('["disc", "square", "stripes"]', '["disc"]', "labels: expected 2 to 10,000 labels, got 1"),
        ('"square"', '"disc"', "labels: names: expected each one once, got disc twice"),
        ('"square"', "3", "labels: label 2: expected a text of 1 to 200 characters, got '3'"),
        ('["disc", "square", "stripes"]', '"../l.txt"', "labels: expected a list of texts, the"),
        ('["disc", "square", "stripes"]', '"l.txt"', "shapes.toml: labels: "),
    ],
)
def test_what_is_wrong_is_named(folder: Path, before: str, after: str, words: str) -> None:
    toml = TOML.replace("{file}", "shapes.pt2")
    assert before in toml
    assert words in reason(folder, toml.replace(before, after, 1))


@pytest.mark.parametrize("name", ["Shapes", "a" * 42, "two+two", "-shapes", "my_net"])
def test_a_name_is_plain(folder: Path, name: str) -> None:
    assert "the name: expected a small letter or digit" in reason(folder, TOML, f"{name}.pt2")


def test_a_shipped_name_is_taken(folder: Path) -> None:
    assert "'squeezenet' of a shipped" in reason(folder, TOML, "squeezenet.pt2")


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.pt2").write_bytes(b"content")
    (folder / "linked.pt2").symlink_to(tmp_path / "elsewhere.pt2")
    (folder / "linked.toml").write_text(TOML.replace("{file}", "linked.pt2"))
    ((_, why),) = own.broken(folder)
    assert "linked.toml: file: expected the name of a file" in why


class TestArchitectures:
    def with_one(self, name: str, toml: str = TOML) -> str:
        return f'architecture = "{name}"\n{toml}'

    def test_weights_need_one(self, folder: Path) -> None:
        words = "architecture: expected one of lenet, squeezenet, alexnet, googlenet, efficientnet"
        assert words in reason(folder, TOML, "shapes.safetensors")
        assert words in reason(folder, self.with_one("vgg"), "shapes.safetensors")

    def test_colours_must_fit(self, folder: Path) -> None:
        words = "preprocessing.colours: expected grey for this architecture, got 'rgb'"
        assert words in reason(folder, self.with_one("lenet"), "shapes.safetensors")

    def test_size_must_fit(self, folder: Path) -> None:
        words = "input_size: expected 28 for this architecture, got '32'"
        assert words in reason(folder, self.with_one("lenet", GREY), "shapes.safetensors")


class TestLabels:
    def told(self, folder: Path, content: str, file: str = "labels.txt") -> Entry:
        (folder / file).write_text(content)
        toml = re.sub(r"labels = .*", f'labels = "{file}"', TOML)
        bring(folder, "shapes.pt2", b"content", toml)
        return only(folder)

    def test_one_a_line(self, folder: Path) -> None:
        assert self.told(folder, "ball\nbox\r\nbarcode\n").labels == ("ball", "box", "barcode")

    def test_a_table(self, folder: Path) -> None:
        table = "index\twordnet_id\tname\tgroup\n0\tn1\tball\tround\n1\tn2\tbox\tangular\n"
        entry = self.told(folder, table, "labels.tsv")
        assert entry.labels == ("ball", "box")
        assert entry.label_set.groups == ("round", "angular")

    def test_those_of_imagenet(self, folder: Path) -> None:
        bring(folder, "shapes.pt2", b"", re.sub(r"labels = .*", 'labels = "imagenet"', TOML))
        assert len(only(folder).labels) == 1000

    def test_too_many(self, folder: Path) -> None:
        (folder / "labels.txt").write_text("\n".join(map(str, range(10_001))))
        toml = re.sub(r"labels = .*", 'labels = "labels.txt"', TOML)
        assert "expected 2 to 10,000 labels, got 10,001" in reason(folder, toml)

    def test_other_labels_make_another_version(self, folder: Path) -> None:
        first = self.told(folder, "ball\nbox\n").version
        assert self.told(folder, "box\nball\n").version != first


class TestChanges:
    def test_a_file_is_hashed_once(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bring(folder, "shapes.pt2", b"content")
        first = only(folder)
        monkeypatch.setattr("hashlib.file_digest", None)
        assert only(folder) is first

    def test_other_weights_make_another_version(self, folder: Path) -> None:
        bring(folder, "shapes.pt2", b"content")
        first = only(folder).version
        (folder / "shapes.pt2").write_bytes(b"other content")
        assert only(folder).version != first

    def test_a_repaired_description_is_read_again(self, folder: Path) -> None:
        assert "title" in reason(folder, TOML.replace("title", "titel"))
        bring(folder, "shapes.pt2", b"content")
        assert only(folder).title == "Shapes"
        assert own.broken(folder) == ()

    def test_a_file_that_arrives_late_is_seen(self, folder: Path) -> None:
        bring(folder, "shapes.pt2", b"content")
        (folder / "shapes.pt2").unlink()
        assert own.entries(folder) == ()
        (folder / "shapes.pt2").write_bytes(b"content")
        assert only(folder).name == "shapes"

    def test_a_file_that_changed_in_between_is_refused(self, folder: Path) -> None:
        bring(folder, "shapes.pt2", b"content")
        entry = only(folder)
        (folder / "shapes.pt2").write_bytes(b"CONTENT")
        with pytest.raises(BadWeights, match=f"expected .*shapes.pt2 .*{entry.weights.sha256}"):
            catalogue.verified_weights(entry)


class TestBroken:
    def test_the_others_stay_and_the_log_is_told_once(
        self, folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        bring(folder, "good.pt2", b"content")
        bring(folder, "bad.pt2", b"content", TOML.replace("title", "titel"))
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                assert [entry.name for entry in own.entries(folder)] == ["good"]
        assert len(caplog.messages) == 1
        assert caplog.messages[0].startswith("bad is left out: bad.toml: title: expected")

    def test_asking_for_it_gives_the_reason(self, folder: Path) -> None:
        bring(folder, "bad.pt2", b"content", TOML.replace("title", "titel"))
        with pytest.raises(UnknownClassifier, match=r"bad cannot be used: bad\.toml: title"):
            catalogue.entry("bad")

    def test_too_much_to_read(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "shapes.toml: expected at most 64,000" in reason(folder, TOML + "#" * 64_000)
        monkeypatch.setattr(own, "LARGEST_WEIGHTS", 3)
        assert "shapes.pt2: expected at most 3 bytes, got 7" in reason(folder, TOML + "\n")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
    def test_a_file_that_may_not_be_read(self, folder: Path) -> None:
        bring(folder, "shapes.pt2", b"content")
        (folder / "shapes.toml").chmod(0)
        assert own.broken(folder)[0][0] == "shapes"


def test_no_folder_is_no_network(tmp_path: Path) -> None:
    assert own.entries(tmp_path / "nowhere") == ()
    assert own.broken(tmp_path / "nowhere") == ()


def test_listing_does_not_import_torch(folder: Path) -> None:
    bring(folder, "shapes.pt2", b"content")
    code = (
        "import sys, pathlib, classifiers.catalogue as c; c.look_in(pathlib.Path(sys.argv[1]));"
        "assert c.entry('shapes') in c.entries(); print('torch' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
