"""Paintings: how they are read, refused, and put on a picture."""

import numpy as np
import pytest

from evolution.errors import InvalidInput
from evolution.services import painting
from evolution.services.painting import Painting, of_cells, painted, read


class TestReading:
    def test_runs_are_rows_of_pixels(self) -> None:
        one = read(3, "#102030", "0x3 1x2 0x4")
        assert one.places.tolist() == [[0, 0, 0], [1, 1, 0], [0, 0, 0]]
        assert one.fills == ["#102030"]

    def test_the_same_painting_however_it_was_sent(self) -> None:
        first = read(2, "#111111 background #222222", "1x1 2x1 0x2")
        second = read(2, "background #111111 #111111", "3x1 1x1 0x1 0x1")
        assert first.fills == second.fills
        assert first.runs == second.runs

    @pytest.mark.parametrize("seed", range(20))
    def test_what_is_written_is_read(self, seed: int) -> None:
        places = [1, *np.random.default_rng(seed).integers(0, 4, 15)]
        fills = "background #000000 #ffffff"
        one = read(4, fills, " ".join(f"{place}x1" for place in places))
        again = read(4, " ".join(one.fills), one.runs)
        assert np.array_equal(one.places, again.places)
        named = [fills.split()[place - 1] if place else "" for place in places]
        assert named == [one.fills[n - 1] if n else "" for n in one.places.ravel().tolist()]

    @pytest.mark.parametrize(
        ("fills", "runs", "words"),
        [
            ("", "1x9", "fills: expected 1 to 8"),
            (" ".join(["#000000"] * 9), "1x9", "fills: expected 1 to 8"),
            ("red", "1x9", "fills: expected 1 to 8"),
            ("#00000G", "1x9", "fills: expected 1 to 8"),
            ("url(http://a)", "1x9", "fills: expected 1 to 8"),
            ("#000000", "1x8", "runs: expected 3 rows of 3 pixels"),
            ("#000000", "1x10", "runs: expected 3 rows of 3 pixels"),
            ("#000000", "1x9999999", "runs: expected 3 rows of 3 pixels"),
            ("#000000", "2x9", "runs: expected pairs"),
            ("#000000", "1x99999999", "runs: expected pairs"),
            ("#000000", "-1x9", "runs: expected pairs"),
            ("#000000", "1x٩", "runs: expected pairs"),
            ("#000000", "1x4.5 1x4.5", "runs: expected pairs"),
            ("#000000", "<script>", "runs: expected pairs"),
            ("#000000", "0x9", "runs: expected something painted over"),
            ("#000000", "1x0 " * 20_001, "runs: expected up to 20,000"),
            ("#000000", "1" * 200_001, "runs: expected up to 200,000 characters"),
        ],
    )
    def test_everything_else_is_refused(self, fills: str, runs: str, words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            read(3, fills, runs)


class TestCells:
    def test_a_cell_is_an_eighth_of_a_side(self) -> None:
        one = of_cells(28, "#000000", ["0", "63"])
        assert one.places[:3, :3].all()
        assert one.places[25:, 25:].all()
        assert one.places.sum() in range(18, 33)

    def test_all_cells_cover_all(self) -> None:
        assert of_cells(28, "background", [str(n) for n in range(64)]).places.all()

    @pytest.mark.parametrize(
        ("fill", "cells"),
        [
            ("#000000", ["64"]),
            ("#000000", ["-1"]),
            ("#000000", ["1e1"]),
            ("#000000", ["٣"]),
            ("#000000", ["100000000000000000000"]),
            ("#000000", []),
            ("", ["1"]),
            ("black", ["1"]),
        ],
    )
    def test_everything_else_is_refused(self, fill: str, cells: list[str]) -> None:
        with pytest.raises(InvalidInput):
            of_cells(28, fill, cells)


class TestPainted:
    def test_a_colour(self) -> None:
        picture = np.full((16, 16, 3), 200, np.uint8)
        found = painted(picture, of_cells(16, "#102030", ["0"]))
        assert found[0, 0].tolist() == [16, 32, 48]
        assert (found[2:] == 200).all()
        assert (picture == 200).all()

    def test_a_colour_on_a_grey_picture(self) -> None:
        picture = np.zeros((16, 16, 1), np.uint8)
        assert painted(picture, of_cells(16, "#ff0000", ["0"]))[0, 0].tolist() == [76]
        assert painted(picture, of_cells(16, "#808080", ["0"]))[0, 0].tolist() == [128]

    def test_parts_take_what_is_around_each(self) -> None:
        picture = np.full((16, 16, 1), 50, np.uint8)
        picture[8:] = 200
        picture[0:2, 0:2] = picture[14:16, 14:16] = 0
        found = painted(picture, of_cells(16, "background", ["0", "63"]))
        assert found[0, 0, 0] == 50
        assert found[15, 15, 0] == 200

    def test_very_many_parts(self) -> None:
        rng = np.random.default_rng(0)
        places = (rng.random((64, 64)) < 0.3).astype(np.uint8)
        picture = np.full((64, 64, 3), 90, np.uint8)
        picture[places > 0] = 255
        found = painted(picture, Painting(["background"], places))
        assert (found == 90).all()
        assert places.sum() > painting.MOST_PARTS

    def test_everything_painted_over(self) -> None:
        picture = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
        found = painted(picture, of_cells(16, "background", [str(n) for n in range(64)]))
        assert len(np.unique(found)) == 1
