"""The families of an archive, and how they are drawn."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from evolution.exhibits import descent_drawing, descents
from evolution.measures.descent import Born
from evolution.models import Individual, Run
from tests.factories import make_archive, make_elite, make_individual, make_run

pytestmark = pytest.mark.django_db


def two_families() -> tuple[Run, list[Individual]]:
    """The first founder's line forks in generation 2 and holds three cells; the other holds one."""
    run = make_run(status="finished", generation=6)
    first, other = make_individual(run), make_individual(run)
    step = make_individual(run, generation=1, parent=first)
    fork = make_individual(run, generation=2, parent=step)
    left = make_individual(run, generation=5, parent=fork)
    right = make_individual(run, generation=3, parent=fork)
    for cell, holder, confidence in ((0, left, 0.9), (1, left, 0.99), (2, right, 0.5)):
        make_elite(run, cell, individual=holder, confidence=confidence, since_generation=5)
    make_elite(run, 3, individual=other, confidence=0.2)
    return run, [first, other, fork, left, right]


class TestFamilies:
    def test_the_largest_comes_first_with_its_surest_champion(self) -> None:
        run, (first, other, _, left, _) = two_families()
        found = descents.descent(run)
        assert [one.founder for one in found.families] == [first.pk, other.pk]
        largest = found.families[0]
        assert [one.label for one in largest.champions] == [1, 0, 2]
        assert (largest.surest.individual, largest.surest.name) == (left.pk, "1")
        assert (largest.share, len(largest.holders)) == (0.75, 2)
        assert (found.cells, found.holders, found.is_cut) == (4, 3, False)

    def test_kinds_are_super_classes_where_labels_have_them(self) -> None:
        run = make_run("imagenet-cppn-fast", classifier="squeezenet", generation=1)
        founder = make_individual(run)
        for label in (151, 152, 281):  # Chihuahua, Japanese spaniel, tabby
            make_elite(run, label, individual=founder)
        (family,) = descents.descent(run).families
        assert family.kinds_words == "dogs 2, cats"

    def test_many_kinds_are_counted_not_listed(self) -> None:
        run = make_run(generation=1)
        founder = make_individual(run)
        for cell in range(5):
            make_elite(run, cell, individual=founder)
        assert descents.descent(run).families[0].kinds_words == "0, 1, 2, 2 other kinds"

    def test_more_families_than_are_drawn_are_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(descents, "MOST_FAMILIES", 4)
        run = make_run(generation=1)
        make_archive(run)
        found = descents.descent(run)
        assert (len(found.drawn), len(found.left_out), found.cells_left_out) == (4, 6, 6)
        assert len(list(descents.rows(found))) == 1 + 10  # the file has all

    def test_an_archive_with_more_ancestors_than_are_read(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(descents, "MOST_READ", 2)
        run, _ = two_families()
        assert descents.descent(run).is_cut

    def test_a_run_without_an_archive(self) -> None:
        assert descents.descent(make_run()).families == []

    def test_three_statements(self, django_assert_num_queries: pytest.FixtureRequest) -> None:
        run, _ = two_families()
        with django_assert_num_queries(3):  # type: ignore[operator]
            descents.descent(run)


class TestDrawing:
    def test_lines_turn_at_forks_and_end_at_holders(self) -> None:
        run, (_, _, _, left, right) = two_families()
        found = descents.descent(run)
        scale = descent_drawing.Scale(5)
        (lines, marks, *_) = re.findall(r'<path[^>]* d="([^"]*)"', descent_drawing.svg(found))
        assert lines.count("M") == 3  # founder to fork, fork to both
        ends = {float(x) for x in re.findall(r"H([\d.]+)", lines)}
        assert ends == {round(scale.at(generation), 1) for generation in (2, 3, 5)}
        assert {round(scale.at(one.generation), 1) for one in (left, right)} == {
            float(x) for x in re.findall(r"M([\d.]+)", marks)
        }

    def test_is_well_formed_and_within_its_bounds(self) -> None:
        run, _ = two_families()
        drawing = ET.fromstring(descent_drawing.svg(descents.descent(run)))
        width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
        for element in drawing.iter():
            if "x" in element.attrib:
                assert 0 <= float(element.attrib["x"]) <= width
                assert 0 <= float(element.attrib["y"]) <= height

    def test_names_are_escaped(self) -> None:
        run = make_run("imagenet-cppn-fast", classifier="squeezenet", generation=1)
        found = descents.descent(run)
        made = descents.Champion(0, '<b>"&', make_individual(run).pk, 0.5)
        individual = made.individual
        family = descents.Family(individual, [made], 1.0, [])
        shown = replace(found, families=[family], born={individual: Born(0, None)})
        assert found.families == []
        assert "<b>" not in descent_drawing.svg(shown)
        ET.fromstring(descent_drawing.svg(shown))

    def test_a_holder_that_has_descendants_is_marked_as_well(self) -> None:
        run = make_run(generation=3)
        founder = make_individual(run)
        child = make_individual(run, generation=2, parent=founder)
        make_elite(run, 0, individual=founder)
        make_elite(run, 1, individual=child)
        marks = re.findall(r'class="marks" d="([^"]*)"', descent_drawing.svg(descents.descent(run)))
        assert marks[0].count("h0") == 2

    def test_a_thousand_cells_stay_a_page(self) -> None:
        run = make_run("imagenet-cppn-fast", classifier="squeezenet", generation=3)
        founder = make_individual(run)
        for label in range(150):
            child = make_individual(run, generation=1, position=label, parent=founder, genome=b"")
            make_elite(run, label, individual=child, since_generation=1)
        found = descents.descent(run)
        assert descent_drawing.height_of(found.families[0]) == descent_drawing.TALLEST
        assert len(descent_drawing.svg(found)) < 150 * 60 + 2000
