"""Picture files become what networks are shown; what is no picture is named."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifiers import pictures
from classifiers.pictures import BadPicture

RNG = np.random.default_rng(0)


def saved(path: Path, pixels: np.ndarray | Image.Image, **options: object) -> Path:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def colours(height: int, width: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


def in_bytes(path: Path, channels: int = 3) -> np.ndarray:
    picture = pictures.read(path, channels)
    assert picture.dtype == np.float32
    steps = picture * np.float32(255)
    np.testing.assert_allclose(steps, steps.round(), atol=1e-4)
    return steps.round().astype(np.uint8)


@pytest.mark.parametrize(("suffix", "options"), [("png", {}), ("webp", {"lossless": True})])
def test_a_square_comes_out_as_it_is(
    tmp_path: Path, suffix: str, options: dict[str, object]
) -> None:
    pixels = colours(256, 256)
    found = pictures.read(saved(tmp_path / f"a.{suffix}", pixels, **options), 3)
    assert found.tobytes() == (pixels.astype(np.float32) / np.float32(255)).tobytes()


def test_a_grey_square_comes_out_as_it_is(tmp_path: Path) -> None:
    pixels = RNG.integers(0, 256, (28, 28), dtype=np.uint8)
    path = saved(tmp_path / "a.png", pixels)
    assert (in_bytes(path, 1)[..., 0] == pixels).all()
    assert (in_bytes(path, 3) == pixels[..., None]).all()


def test_the_largest_square_in_the_middle_is_taken(tmp_path: Path) -> None:
    wide, high = colours(20, 31), colours(30, 20)
    assert (in_bytes(saved(tmp_path / "w.png", wide)) == wide[:, 5:25]).all()
    assert (in_bytes(saved(tmp_path / "h.png", high)) == high[5:25]).all()


def test_a_jpeg_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", np.full((16, 16, 3), 100, np.uint8), quality=95)
    assert np.abs(in_bytes(path).astype(int) - 100).max() <= 2


def test_a_turned_photograph_is_turned_back(tmp_path: Path) -> None:
    pixels = np.zeros((16, 16, 3), np.uint8)
    pixels[:8] = 255  # bright above
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    path = saved(tmp_path / "a.png", pixels, exif=exif)
    assert (in_bytes(path) == np.rot90(pixels, -1)).all()


def test_what_shines_through_lies_on_white(tmp_path: Path) -> None:
    clear = np.zeros((4, 4, 4), np.uint8)
    clear[:, :2, 3] = 255
    found = in_bytes(saved(tmp_path / "a.png", clear))
    assert (found[:, :2] == 0).all()
    assert (found[:, 2:] == 255).all()


def test_so_do_palettes(tmp_path: Path) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert (in_bytes(saved(tmp_path / "opaque.png", image)) == (10, 20, 30)).all()
    path = saved(tmp_path / "clear.png", image, transparency=1)
    assert (in_bytes(path) == 255).all()


def header_of_a_png(width: int, height: int) -> bytes:
    """A few bytes that claim to be a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        code = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", code)

    told = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", told) + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    )


def truncated() -> bytes:
    file = io.BytesIO()
    Image.fromarray(colours(64, 64)).save(file, "PNG")
    return file.getvalue()[:3000]


def a_gif() -> bytes:
    file = io.BytesIO()
    Image.new("P", (4, 4)).save(file, "GIF")
    return file.getvalue()


def sixteen_bits() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.uint16)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected a PNG, JPEG or WebP picture"),
        (b"hello, this is a text", "expected a PNG, JPEG or WebP picture"),
        (a_gif(), "expected a PNG, JPEG or WebP picture"),
        (truncated(), "expected a readable picture, got: "),
        (header_of_a_png(5000, 4000), "expected at most 16,000,000 pixels, got 5000 x 4000"),
        (header_of_a_png(11_000, 11_000), "a readable picture, got: Image size (121000000 pixels)"),
        (header_of_a_png(99_000, 99_000), "expected at most 16,000,000 pixels, got: Image size"),
        (header_of_a_png(0, 5), "expected "),
        (sixteen_bits(), "expected 8 bits a channel, got Pillow's mode I;16"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else len(value),
)
def test_what_is_no_picture_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(BadPicture) as error:
        pictures.read(path, 3)
    assert str(error.value).startswith(f"{path}: ")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match=r"nowhere\.png: .*No such file"):
        pictures.read(tmp_path / "nowhere.png", 3)
    with pytest.raises(BadPicture, match="expected a picture, got a folder"):
        pictures.read(tmp_path, 3)


def test_a_large_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST_FILE", 100)
    with pytest.raises(BadPicture, match="expected at most 100 bytes, got "):
        pictures.read(saved(tmp_path / "a.png", colours(20, 20)), 3)
