"""Heat maps of groups: reigns of several runs put together, and their picture."""

from io import BytesIO

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from evolution.exhibits.comparing import colour_maps, heat_maps
from evolution.exhibits.comparing.groups import Group
from evolution.models import Run
from tests.factories import make_elite, make_run


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    heat_maps._grid.cache_clear()


@pytest.mark.django_db
class TestAGroup:
    def group(self) -> Group:
        runs = tuple(make_run(generation=generation, planned=10) for generation in (4, 3))
        make_elite(runs[0], 0, confidence=0.2, until_generation=2)
        make_elite(runs[0], 0, confidence=0.6, since_generation=2)
        make_elite(runs[1], 0, confidence=0.4)
        return Group("A", runs)

    def test_is_read_by_one_query_and_remembered(self) -> None:
        group = self.group()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = heat_maps.grid(group)
            assert heat_maps.grid(group) is found
        assert len(queries) == 1
        assert found.generations.tolist() == [0, 1, 2, 3]
        assert found.confidences[0] == pytest.approx([0.3, 0.3, 0.5, 0.5])

    def test_does_not_see_beyond_the_generation_that_it_was_read_at(self) -> None:
        group = self.group()
        make_elite(group.runs[0], 1, confidence=0.9, since_generation=4)
        assert np.isnan(heat_maps.grid(group).confidences[1]).all()

    def test_of_a_run_that_aims_at_one_label_is_refused(self) -> None:
        run = make_run("mnist-cppn-single", generation=5)
        assert heat_maps.refusal(Group("A", (run,))).startswith(f"Run {run.pk} aims at “3” alone")

    def test_has_none_before_the_first_generation(self) -> None:
        assert "begins with the first generation" in heat_maps.refusal(Group("A", (make_run(),)))


class TestThePicture:
    def test_has_a_pixel_a_class_and_sample_brighter_where_more_certain(self) -> None:
        field = np.array([[0.0, 0.5, 1.0], [np.nan, 0.25, 0.75]])
        image = Image.open(BytesIO(heat_maps.png(field))).convert("RGBA")
        assert image.size == (3, 2)
        pixels = np.asarray(image).astype(int)
        assert pixels[1, 0, 3] == 0
        assert (pixels[0, :, 3] == 255).all()
        assert tuple(pixels[0, 0, :3]) == tuple(colour_maps.palette()[0])
        assert tuple(pixels[0, 2, :3]) == tuple(colour_maps.palette()[-1])

    def test_colours_grow_lighter_step_by_step(self) -> None:
        luminance = colour_maps.palette().astype(float) @ [0.2126, 0.7152, 0.0722]
        assert (np.diff(luminance) > -0.5).all()
        assert luminance[0] < 25
        assert luminance[-1] > 230

    def test_rows_go_by_class_or_by_confidence_with_holes_last(self) -> None:
        final = np.array([0.2, np.nan, 0.9, 0.2])
        assert heat_maps.order(final, "class").tolist() == [0, 1, 2, 3]
        assert heat_maps.order(final, "confidence").tolist() == [2, 0, 3, 1]

    def test_some_rows_of_many_are_named(self) -> None:
        assert list(heat_maps.rows_named(10)) == list(range(10))
        named = heat_maps.rows_named(1000)
        assert (len(named), named[0], named[-1]) == (11, 0, 999)


def test_every_generation_has_a_state(db: None) -> None:
    run = make_run(status=Run.Status.FINISHED, generation=1)
    make_elite(run, 3, confidence=1.0)
    grid = heat_maps.grid(Group("A", (run,)))
    assert grid.generations.tolist() == [0]
    assert grid.confidences[3].tolist() == [1.0]
