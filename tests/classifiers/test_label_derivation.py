"""ImageNet's labels are grouped by the first rule that is true of them in WordNet."""

import json
from pathlib import Path

import pytest

from classifiers.base import BadDataset
from classifiers.labels.derivation import derived, main, read_classes, read_synsets

DATA_NOUN = """\
  1 The licence stands above the data, in lines that begin with two blanks.
00000001 03 n 02 animal 0 beast 1 002 ~ 00000002 n 0000 ~ 00000003 n 0000 | a living thing
00000002 05 n 01 dog 0 002 @ 00000001 n 0000 ~ 00000004 n 0000 | barks; "| like this"
00000003 05 n 01 bird 0 001 @ 00000001 n 0000 | has feathers
00000004 05 n 03 pug 0 pug-dog 0 Pug 1 001 @ 00000002 n 0000 | a small dog
00000005 06 n 01 crane 0 001 @ 00000006 n 0000 | lifts things
00000006 06 n 0a m 0 a 0 c 0 h 0 i 0 n 0 e 0 r 0 y 0 z 0 000 | ten words, in hexadecimal
"""
CLASSES = [
    ("n00000004", "pug, pug-dog"),
    ("n00000003", "crane, a bird"),
    ("n00000005", "crane"),
]
RULES = (("dogs", "dog n00000002"), ("others", "animal n00000001, crane n00000005"))


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    (tmp_path / "data.noun").write_text(DATA_NOUN)
    return tmp_path


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    ids = {str(index): wordnet_id for index, (wordnet_id, _) in enumerate(CLASSES)}
    names = {str(index): name for index, (_, name) in enumerate(CLASSES)}
    (tmp_path / "imagenet1k_to_21k.json").write_text(json.dumps(ids))
    (tmp_path / "imagenet1k_label_to_names.json").write_text(json.dumps(names))
    return tmp_path


def test_synsets_are_read_with_their_words_and_what_is_above_them(wordnet: Path) -> None:
    synsets = read_synsets(wordnet)
    assert len(synsets) == 6
    assert synsets["n00000004"] == (("pug", "pug-dog", "Pug"), ("n00000002",))
    assert synsets["n00000006"] == (tuple("machineryz"), ())


def test_classes_are_read_in_order(classes: Path) -> None:
    assert read_classes(classes) == CLASSES


def test_the_first_rule_decides(wordnet: Path) -> None:
    rows = derived(read_synsets(wordnet), CLASSES, RULES, {1: "bird", 2: "machine"})
    assert rows == [
        (0, "n00000004", "pug", "dogs"),
        (1, "n00000003", "crane (bird)", "others"),
        (2, "n00000005", "crane (machine)", "others"),
    ]
    rows = derived(read_synsets(wordnet), CLASSES, RULES[::-1], {})
    assert [row[3] for row in rows] == ["others"] * 3


def test_a_label_without_a_rule_is_an_error(wordnet: Path) -> None:
    with pytest.raises(BadDataset, match=r"label 1, crane \(n00000003\): expected a rule"):
        derived(read_synsets(wordnet), CLASSES, RULES[:1], {})


def test_a_label_that_wordnet_lacks_is_an_error(wordnet: Path) -> None:
    with pytest.raises(BadDataset, match="n00000009: expected a synset"):
        derived(read_synsets(wordnet), [("n00000009", "unicorn")], RULES, {})


def test_a_rule_whose_id_means_another_word_is_an_error(wordnet: Path) -> None:
    with pytest.raises(BadDataset, match="n00000003: expected dog, got"):
        derived(read_synsets(wordnet), CLASSES, (("dogs", "dog n00000003"),), {})


def test_the_command_tells_what_is_wrong(
    wordnet: Path, classes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = str(wordnet), wordnet / "labels.tsv"
    with pytest.raises(SystemExit):
        main(["--wordnet", folder, "--classes", folder, "--out", str(out)])
    # The rules name dogs by WordNet's own number, which is not in this small file.
    assert "n02084071: expected dog, got () in data.noun" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_writes_the_table(wordnet: Path, classes: Path) -> None:
    out = wordnet / "labels.tsv"
    main(["--wordnet", str(wordnet), "--classes", str(classes), "--out", str(out)], RULES)
    assert out.read_text().splitlines() == [
        "index\twordnet_id\tname\tgroup",
        "0\tn00000004\tpug\tdogs",
        "1\tn00000003\tcrane\tothers",
        "2\tn00000005\tcrane\tothers",
    ]
