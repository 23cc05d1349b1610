"""The table of what is above ImageNet's labels, and how it is made."""

from pathlib import Path

import pytest

from classifiers.base import BadDataset, ClassifierError
from classifiers.labels import hypernyms, imagenet
from classifiers.labels.derivation import Synset

SYNSETS = {
    "n1": Synset(("entity",), ()),
    "n2": Synset(("animal", "beast"), ("n1",)),
    "n3": Synset(("pet",), ("n1",)),
    "n4": Synset(("dog",), ("n2", "n3")),
    "n5": Synset(("stone",), ("n1",)),
}


class TestTable:
    def test_every_label_leads_to_the_one_root(self) -> None:
        table = hypernyms.kinds()
        assert [name for name, kind in table.items() if not kind.above] == ["n00001740"]
        assert set(imagenet().wordnet_ids or ()) <= table.keys()

    def test_it_is_small(self) -> None:
        assert hypernyms.TABLE.stat().st_size < 100_000

    def test_a_row_without_what_is_above_it(self, tmp_path: Path) -> None:
        path = tmp_path / "table.tsv"
        path.write_text("wordnet_id\tword\tabove\tbelow\nn4\tdog\tn2\t0\n")
        with pytest.raises(ClassifierError, match="a row of n2"):
            hypernyms.read(path)

    def test_other_columns(self, tmp_path: Path) -> None:
        path = tmp_path / "table.tsv"
        path.write_text("name\nn4\n")
        with pytest.raises(ClassifierError, match="expected the columns"):
            hypernyms.read(path)


class TestDerivation:
    def test_what_is_above_and_how_many_are_below(self) -> None:
        found = hypernyms.derived(SYNSETS, ["n4"])
        assert found.keys() == {"n1", "n2", "n3", "n4"}
        assert found["n1"].below == 4  # the dog once, though there are two ways to it
        assert found["n2"] == hypernyms.Kind("animal", ("n1",), 1)

    def test_a_label_that_wordnet_does_not_know(self) -> None:
        with pytest.raises(BadDataset, match="n9"):
            hypernyms.derived(SYNSETS, ["n9"])
