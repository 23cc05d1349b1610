"""Named, complete sets of parameters, each value with its source.

"paper" presets follow the text of Nguyen, Yosinski & Clune 2015; "published" ones follow the code
that its authors released, where that differs; "single" ones aim at one label instead of all;
"fast" ones show each picture once instead of ten crops of it.
"""

from evolution.algorithms.parameters import BadParameters, as_parameters, from_parameters
from evolution.algorithms.presets import imagenet, mnist
from evolution.algorithms.settings import Preset

__all__ = [
    "BadParameters",
    "Preset",
    "UnknownPreset",
    "as_parameters",
    "from_parameters",
    "get",
    "names",
]


class UnknownPreset(KeyError):
    """A preset name that does not exist. The message lists those that do."""

    def __str__(self) -> str:
        return str(self.args[0])


_PRESETS = {preset.name: preset for preset in (*mnist.PRESETS, *imagenet.PRESETS)}


def names() -> tuple[str, ...]:
    """Return the names of all presets, in the order in which they are shown."""
    return tuple(_PRESETS)


def get(name: str) -> Preset:
    """Return a preset, or raise UnknownPreset, which lists the known names."""
    try:
        return _PRESETS[name]
    except KeyError:
        raise UnknownPreset(f"no preset {name!r}; known: {', '.join(_PRESETS)}") from None
