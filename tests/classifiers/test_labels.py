"""The labels that networks ship with, and how ImageNet's were put into groups."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from classifiers.base import ClassifierError
from classifiers.labels import DIGITS, LabelSet, imagenet, read

LABELS = imagenet()


def label(name: str) -> tuple[int, str, str]:
    """Where a label is, its WordNet id and its group."""
    index = LABELS.names.index(name)
    assert LABELS.wordnet_ids is not None
    assert LABELS.groups is not None
    return index, LABELS.wordnet_ids[index], LABELS.groups[index]


class TestImageNet:
    def test_has_a_thousand_labels_of_different_names_and_ids(self) -> None:
        assert len(LABELS.names) == len(set(LABELS.names)) == 1000
        assert LABELS.wordnet_ids is not None
        assert len(set(LABELS.wordnet_ids)) == 1000
        assert list(LABELS.wordnet_ids) == sorted(LABELS.wordnet_ids), "as ILSVRC numbers them"

    def test_each_label_has_a_group_and_each_group_has_several_labels(self) -> None:
        assert LABELS.groups is not None
        sizes = Counter(LABELS.groups)
        assert sizes.total() == 1000
        assert 14 <= len(sizes) <= 20
        assert min(sizes.values()) >= 10

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("tench", (0, "n01440764", "fish")),
            ("axolotl", (29, "n01632777", "reptiles and amphibians")),
            ("crane (bird)", (134, "n02012849", "birds")),
            ("tabby", (281, "n02123045", "cats")),
            ("wood rabbit", (330, "n02325366", "other mammals")),
            ("airliner", (404, "n02690373", "vehicles")),
            ("cello", (486, "n02992211", "musical instruments")),
            ("crane (machine)", (517, "n03126707", "machines and instruments")),
            ("projectile", (744, "n04008634", "tools and weapons")),
            ("stethoscope", (823, "n04317175", "machines and instruments")),
            ("banana", (954, "n07753592", "food and drink")),
            ("volcano", (980, "n09472597", "landscapes and nature")),
            ("toilet tissue", (999, "n15075141", "furniture and household")),
        ],
    )
    def test_a_label_is_where_one_looks_for_it(
        self, name: str, expected: tuple[int, str, str]
    ) -> None:
        assert label(name) == expected

    def test_the_dogs_are_151_to_268(self) -> None:
        assert LABELS.groups is not None
        dogs = [index for index, group in enumerate(LABELS.groups) if group == "dogs"]
        assert dogs == list(range(151, 269))

    def test_is_read_once(self) -> None:
        assert imagenet() is LABELS


class TestLabelSets:
    def test_digits_have_neither_ids_nor_groups(self) -> None:
        assert DIGITS.names == ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
        assert (DIGITS.wordnet_ids, DIGITS.groups) == (None, None)

    def test_two_labels_of_one_name_are_refused(self) -> None:
        with pytest.raises(ClassifierError, match="names: expected each one once, got crane twice"):
            LabelSet("birds", ("crane", "robin", "crane"), None, None)

    def test_a_missing_group_is_refused(self) -> None:
        with pytest.raises(ClassifierError, match="groups: expected one for each of 2 names"):
            LabelSet("birds", ("crane", "robin"), None, ("birds",))

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ("index\tname\n0\ttench\n", "expected the columns"),
            ("index\twordnet_id\tname\tgroup\n1\tn01\ttench\tfish\n", "expected label 0"),
            ("index\twordnet_id\tname\tgroup\n0\tn01\ttench\n", "expected label 0"),
        ],
        ids=["other columns", "label left out", "column left out"],
    )
    def test_a_damaged_table_is_refused(self, tmp_path: Path, table: str, message: str) -> None:
        path = tmp_path / "labels.tsv"
        path.write_text(table)
        with pytest.raises(ClassifierError, match=message):
            read("damaged", path)

    def test_reading_labels_does_not_import_torch(self) -> None:
        program = (
            "import sys, classifiers.labels as l; l.imagenet(); sys.exit('torch' in sys.modules)"
        )
        subprocess.run([sys.executable, "-c", program], check=True)
