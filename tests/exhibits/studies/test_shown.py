"""Tables, heat maps, verdicts and sheets as pages show them."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from evolution.exhibits.comparing import colour_maps
from evolution.exhibits.studies import drawing, heat_maps, sheets, tables, verdicts
from evolution.studies.findings import Comparison, HeatMap, Picture, Sheet, Table, Verdict
from tests.factories import make_individual, make_run
from tests.study_factories import make_picture, make_study


def compared(verdict: Verdict, conditions: str = "here") -> Comparison:
    return Comparison("n", "§0", "q", "1", "2", conditions, verdict)


class TestVerdicts:
    @pytest.mark.parametrize(
        ("found", "words"),
        [
            ([], "no number to compare yet"),
            (["holds"], "1 of 1 number holds"),
            (["holds", "differs"], "1 of 2 numbers hold"),
            (["differs", "open"], "0 of 2 numbers hold, 1 still open"),
        ],
    )
    def test_are_counted_in_words(self, found: list[Verdict], words: str) -> None:
        assert verdicts.tally(map(compared, found)).words == words

    def test_conditions_that_all_share_are_told_once(self) -> None:
        assert verdicts.shown([compared("holds"), compared("open")]).shared == "here"
        assert verdicts.shown([compared("holds"), compared("open", "there")]).shared == ""


class TestTables:
    def test_numbers_are_told_from_words(self) -> None:
        shown = tables.shown(Table("t", "T", ["a", "b"], [["x", 1], ["y", None]]))
        assert [is_number for _, is_number in shown.columns] == [False, True]

    def test_shares_are_per_cent(self) -> None:
        table = Table("t", "T", ["a", "b", "c"], [[0.5, 1.0, 1.0]], (1, 2), counted=(2,))
        ((cells,),) = [tables.shown(table).rows]
        assert [cell.words for cell, _ in cells] == ["0.5", "99.99%", "100%"]

    def test_a_long_table_says_how_many_rows_are_left_out(self) -> None:
        shown = tables.shown(Table("t", "T", ["n"], [[n] for n in range(100)]))
        assert len(shown.rows) + shown.hidden == 100


class TestHeatMaps:
    def test_small_ones_are_tables_with_cut_numbers(self) -> None:
        one = HeatMap("m", "M", ["a"], ["b", "c"], [[0.999, None]], "S.")
        ((name, cells),) = heat_maps.shown(one, lambda _: "address").table
        assert (name, [cell.words for cell in cells]) == ("a", ["99", ""])

    def test_only_what_is_counted_may_be_the_whole(self) -> None:
        for counted, words in ((False, "99"), (True, "100")):
            one = HeatMap("m", "M", ["a"], ["b"], [[1.0]], "S.", counted=counted)
            ((_, (cell,)),) = heat_maps.shown(one, str).table
            assert cell.words == words

    def test_large_ones_are_pictures_whose_holes_show_the_page(self) -> None:
        values: list[list[float | None]] = [[None, 1.0]]
        values += [[0.0, 0.0] for _ in range(99)]
        one = HeatMap("m", "M", [str(n) for n in range(100)], ["0", "1"], values, "S.")
        shown = heat_maps.shown(one, lambda _: "address")
        assert (shown.table, shown.picture) == ((), "address")
        image = np.asarray(Image.open(BytesIO(heat_maps.png(one))).convert("RGBA"))
        assert image.shape == (100, 2, 4)
        assert image[0, 0, 3] == 0
        assert image[0, 1, :3].tolist() == colour_maps.palette()[-1].tolist()

    @pytest.mark.parametrize("value", np.linspace(0, 1, 41).tolist())
    def test_words_can_be_read_on_their_colours(self, value: float) -> None:
        one = HeatMap("m", "M", ["a"], ["b"], [[value]], "S.")
        ((_, (cell,)),) = heat_maps.shown(one, str).table
        colour = [int(cell.colour[at : at + 2], 16) for at in (1, 3, 5)]
        ink = [0, 0, 0] if cell.is_bright else [255, 255, 255]
        assert contrast(colour, ink) >= 4.5


def contrast(one: list[int], two: list[int]) -> float:
    """As WCAG 2.2 defines it, of two colours in sRGB."""
    lights = sorted(_luminance(colour) for colour in (one, two))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: list[int]) -> float:
    shares = np.array(colour) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.django_db
class TestSheets:
    def test_small_pictures_are_enlarged_a_whole_number_of_times(self) -> None:
        for count in (10, 100, 500):
            layout = sheets.layout(Sheet("s", "S", [Picture("c", individual=1)] * count))
            assert layout.size % 28 == 0

    def test_individuals_and_pictures_of_parts_stand_side_by_side(self) -> None:
        study = make_study(parts=1, done=1)
        make_picture(study.parts.get(), side=32)
        individual = make_individual(make_run())
        pictures = [
            Picture("bred", individual=individual.pk),
            Picture("made", part="part 0", side=32),
            Picture("missing", part="part 0", number=7, side=32),
        ]
        sheet = Sheet("s", "S", pictures, columns=3)
        image = np.asarray(drawing.drawn(study, sheet))
        layout = sheets.layout(sheet)
        middle = [
            image[y + layout.size // 2, x + layout.size // 2].tolist()
            for x, y in map(layout.place, range(3))
        ]
        assert middle[1] == [200, 30, 90]
        assert middle[2] == [255, 255, 255]
        x, y = layout.place(0)
        bred = image[y : y + layout.size, x : x + layout.size]
        assert len(np.unique(bred)) > 1

    def test_a_picture_that_is_not_square_keeps_its_shape(self) -> None:
        file = BytesIO()
        Image.new("RGB", (20, 10), (0, 0, 0)).save(file, "PNG")
        fitted = drawing.fitted(file.getvalue(), 40)
        assert fitted is not None
        assert np.asarray(fitted).min(axis=(1, 2)).tolist() == [255] * 10 + [0] * 20 + [255] * 10

    def test_what_is_no_picture_is_left_out(self) -> None:
        assert drawing.fitted(b"no picture", 40) is None

    def test_tiles_lead_to_individuals_and_to_pictures(self) -> None:
        study = make_study(parts=1, done=1)
        stored = make_picture(study.parts.get())
        sheet = Sheet("s", "S", [Picture("a", individual=7), Picture("b", part="part 0")])
        shown = sheets.shown(study, sheet, sheets.places_of(study, [sheet]))
        assert [tile.address for tile in shown.first] == [
            "/individuals/7/",
            f"/studies/pictures/{stored.pk}",
        ]

    def test_of_many_tiles_whole_rows_are_shown_at_once(self) -> None:
        study = make_study(parts=1, done=1)
        sheet = Sheet("s", "S", [Picture("a", individual=7)] * 250, columns=12)
        shown = sheets.shown(study, sheet, {})
        assert len(shown.first) % 12 == 0
        assert len(shown.first) + len(shown.more) == 250
