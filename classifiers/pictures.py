"""Picture files as classifiers are shown them: square, in whole steps of 1/255."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from classifiers.base import ClassifierError, FloatArray

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST_FILE = 20_000_000  # bytes
MOST_PIXELS = 16_000_000
MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"}  # 8 bits a channel or fewer


class BadPicture(ClassifierError):
    """A file that is no picture, or too large a one; the message names it."""


def read(path: Path, channels: int) -> FloatArray:
    """Read the largest centred square of a PNG, JPEG or WebP file.

    channels: 1 for grey, 3 for red, green and blue. Returns (S, S, channels) float32 in [0, 1].
    A square picture in these colours comes out as it is. What shines through lies on white; a
    picture that its camera marked as turned is turned back. Raises BadPicture.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise BadPicture(f"{path}: expected a picture, got a folder")
        if size > LARGEST_FILE:
            raise BadPicture(f"{path}: expected at most {LARGEST_FILE:,} bytes, got {size:,}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decoded(path, channels)
    except UnidentifiedImageError:
        raise BadPicture(f"{path}: expected a PNG, JPEG or WebP picture") from None
    except (OSError, ValueError, SyntaxError, EOFError, Warning) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadPicture(f"{path}: expected a readable picture, got: {reason}") from None
    except Image.DecompressionBombError as error:
        raise BadPicture(f"{path}: expected at most {MOST_PIXELS:,} pixels, got: {error}") from None


def _decoded(path: Path, channels: int) -> FloatArray:
    with Image.open(path, formats=FORMATS) as file:
        width, height = file.size
        if width * height > MOST_PIXELS:
            raise BadPicture(
                f"{path}: expected at most {MOST_PIXELS:,} pixels, got {width} x {height}"
            )
        if file.mode not in MODES:
            raise BadPicture(f"{path}: expected 8 bits a channel, got Pillow's mode {file.mode}")
        upright = ImageOps.exif_transpose(file)
        plain = _opaque(upright).convert("L" if channels == 1 else "RGB")
    square = np.asarray(_square(plain), np.float32) / np.float32(255)
    return square.reshape(*square.shape[:2], channels)


def _opaque(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture
    coloured = picture.convert("RGBA")
    white = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(white, coloured)


def _square(picture: Image.Image) -> Image.Image:
    side = min(picture.size)
    left, top = ((length - side) // 2 for length in picture.size)
    return picture.crop((left, top, left + side, top + side))
