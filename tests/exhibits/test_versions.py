import pytest

from evolution.errors import InvalidInput
from evolution.exhibits.versions import START, GalleryVersion, Position, RunVersion

GARBAGE = [
    "",
    "rubbish",
    "1",
    "1.2.3",
    "-4.0",
    "1.-1",
    "1.2:running",
    "1.2:RUNNING:3",
    "9" * 400,
    "1.2\n",
    "\u0661.\u0662x",
    "\x00",
]


class TestTheVersionOfARun:
    @pytest.mark.parametrize("text", ["-1.0", "12.3", "12.3:running:14", "-1.0:queued:0"])
    def test_reads_back_as_it_was_written(self, text: str) -> None:
        assert str(RunVersion.read(text)) == text

    @pytest.mark.parametrize("text", GARBAGE)
    def test_garbage_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="since"):
            RunVersion.read(text)

    def test_begins_before_every_takeover(self) -> None:
        assert Position(0, 0) > START


class TestTheVersionOfTheGallery:
    @pytest.mark.parametrize("text", ["0", "9", "9~7=12.3:running:14~8=-1.0:queued:0", "9~7=1.2"])
    def test_reads_back_as_it_was_written(self, text: str) -> None:
        assert str(GalleryVersion.read(text)) == text

    @pytest.mark.parametrize("text", ["9~", "9~7", "9~7=x", "a~7=1.2", "9~7=1.2~", *GARBAGE[:2]])
    def test_garbage_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="since"):
            GalleryVersion.read(text)

    def test_an_endless_list_is_refused(self) -> None:
        with pytest.raises(InvalidInput, match="since"):
            GalleryVersion.read("9" + "~7=1.2" * 5000)
