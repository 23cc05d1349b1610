"""All pictures of an archive in one image, reused while few cells changed since."""

from io import BytesIO

import numpy as np
import pytest
from django.core.cache import cache
from numpy.typing import NDArray
from PIL import Image

from evolution.exhibits import sprites
from evolution.models import Run
from tests.factories import (
    colour_of,
    make_archive,
    make_large_run,
    make_run,
    plain_webp,
    take_cells,
)

SIDE, COLUMNS = sprites.SIDE, sprites.COLUMNS
NEAR = 24  # of 255: a lossy picture


def pixels(webp: bytes) -> NDArray[np.int16]:
    return np.asarray(Image.open(BytesIO(webp)).convert("RGB")).astype(np.int16)


def middles(sheet: NDArray[np.int16], side: int = SIDE) -> NDArray[np.int16]:
    """The colour in the middle of every cell, (cells, 3)."""
    return sheet[side // 2 :: side, side // 2 :: side].reshape(-1, 3)


class TestTheGeometry:
    def test_every_cell_shows_its_own_picture(self) -> None:
        sheet = pixels(sprites.compose({n: plain_webp(n) for n in range(1000)}, 1000, SIDE))
        assert sheet.shape == (25 * SIDE, COLUMNS * SIDE, 3)
        wanted = np.array([colour_of(n) for n in range(1000)])
        assert np.abs(middles(sheet) - wanted).max() < NEAR

    def test_cells_without_a_picture_are_plain(self) -> None:
        sheet = pixels(sprites.compose({5: plain_webp(5), 6: None}, 101, SIDE))
        assert sheet.shape == (3 * SIDE, COLUMNS * SIDE, 3)
        found = middles(sheet)
        assert np.abs(found[5] - colour_of(5)).max() < NEAR
        assert np.abs(found[[4, 6, 100]] - sprites.EMPTY).max() < NEAR

    @pytest.mark.django_db
    def test_small_pictures_keep_their_pixels(self) -> None:
        run = make_run("mnist-cppn-single", status="running", generation=1)
        make_archive(run, 3, label=1)
        assert sprites.side(run) == 28
        assert pixels(sprites.make(run, 0)).shape[1] == 28 * COLUMNS


@pytest.mark.django_db
class TestASprite:
    def test_shows_the_archive_as_it_was_after_its_generation(self) -> None:
        run = make_large_run()
        take_cells(run, [7, 8], 1)
        before, after = (middles(pixels(sprites.make(run, generation))) for generation in (0, 1))
        assert np.abs(before[7] - colour_of(7)).max() < NEAR
        assert np.abs(after[7] - colour_of(15)).max() < NEAR
        assert np.abs(after[9] - colour_of(9)).max() < NEAR

    def test_is_kept(self) -> None:
        run = make_large_run(120)
        assert sprites.known(run.pk, 0) is None
        assert sprites.make(run, 0) == sprites.known(run.pk, 0)


@pytest.mark.django_db
class TestWhichOneAPageShows:
    def test_none_of_an_empty_archive(self) -> None:
        assert sprites.generation(1, []) is None

    def test_the_newest_at_first(self) -> None:
        assert sprites.generation(1, [0, 3, 2]) == 3

    def test_the_same_while_few_cells_changed(self) -> None:
        sprites.generation(1, [0] * 1000)
        assert sprites.generation(1, [0] * 940 + [5] * 60) == 0

    def test_a_new_one_when_many_did(self) -> None:
        sprites.generation(1, [0] * 1000)
        assert sprites.generation(1, [0] * 939 + [5] * 61) == 5
        assert sprites.generation(1, [0] * 939 + [5] * 61) == 5

    def test_never_one_that_is_newer_than_what_the_page_read(self) -> None:
        sprites.generation(1, [9] * 1000)
        assert sprites.generation(1, [4] * 1000) == 4
        assert sprites.generation(1, [9] * 1000) == 9

    def test_the_newest_without_a_cache(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(cache, "get", refuse)
        monkeypatch.setattr(cache, "set", refuse)
        assert sprites.generation(1, [0] * 999 + [5]) == 5
        run: Run = make_large_run(120)
        assert sprites.known(run.pk, 0) is None
        assert sprites.make(run, 0).startswith(b"RIFF")
