"""What a person sets before a brood is bred. Why the defaults are what they are: docs/breeding.md."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self, get_args

from evolution.errors import InvalidInput
from evolution.genomes.cppn import INPUTS
from evolution.genomes.neat import NEAT_ACTIVATIONS
from evolution.genomes.neat_drafts import PICBREEDER_ACTIVATIONS, Focus, Scope
from evolution.genomes.neat_variation import NeatRates
from evolution.genomes.rates import DirectRates

FEWEST_TILES, MOST_TILES = 10, 30
SHARES = ("strength", "crossover")
RATES = ("weight", "add_link", "add_node", "change_activation", "delete_link")
SWITCHES = ("keep_parents", "avoid_duplicates", "avoid_plain")


@dataclass(frozen=True)
class BreedingSettings:
    """How the next brood is bred. Raises InvalidInput, which names the setting.

    tiles: pictures of a brood. strength: 0 varies little, 1 much; the rates follow from it.
    keep_parents: whether they come first in the next brood, as they are.
    crossover: the chance that a child has two parents, where several were picked.
    weight: the chance of a link to change. change_activation: of a node. add_link, add_node,
        delete_link: of a child. None: as strength says.
    activations: names of the functions that nodes may get. inputs: names of those that may feed;
        links from the others are dropped. focus: what varies, see `Scope`.
    avoid_duplicates, avoid_plain: whether children are looked at, and replaced if need be.
    """

    tiles: int = 15
    strength: float = 0.4
    keep_parents: bool = True
    crossover: float = 0.5
    weight: float | None = None
    add_link: float | None = None
    add_node: float | None = None
    change_activation: float | None = None
    delete_link: float | None = None
    activations: tuple[str, ...] = tuple(NEAT_ACTIVATIONS[n] for n in PICBREEDER_ACTIVATIONS)
    inputs: tuple[str, ...] = INPUTS
    focus: Focus = "all"
    avoid_duplicates: bool = True
    avoid_plain: bool = True

    def __post_init__(self) -> None:
        if type(self.tiles) is not int or not FEWEST_TILES <= self.tiles <= MOST_TILES:
            raise InvalidInput(
                "tiles",
                f"must be a whole number from {FEWEST_TILES} to {MOST_TILES}, not {self.tiles!r}",
            )
        for name in (*SHARES, *RATES):
            _check_share(name, getattr(self, name), may_be_none=name in RATES)
        for name in SWITCHES:
            if type(getattr(self, name)) is not bool:
                raise InvalidInput(name, f"must be true or false, not {getattr(self, name)!r}")
        _check_names("activations", self.activations, NEAT_ACTIVATIONS)
        _check_names("inputs", self.inputs, INPUTS)
        if self.focus not in get_args(Focus):
            raise InvalidInput("focus", f"must be all, colour or structure, not {self.focus!r}")

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; what is missing has its default."""
        if not isinstance(document, Mapping):
            raise InvalidInput("settings", f"must be an object, not {document!r}")
        names = [field.name for field in fields(cls)]
        for name in document:
            if name not in names:
                raise InvalidInput(str(name), f"is no setting; there are {', '.join(names)}")
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
        }
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """Return JSON values, to be stored with a brood."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @property
    def scope(self) -> Scope:
        return Scope(
            tuple(NEAT_ACTIVATIONS.index(name) for name in self.activations),
            tuple(INPUTS.index(name) for name in self.inputs),
            self.focus,
        )

    def neat_rates(self, boldness: float = 1.0) -> NeatRates:
        """Return how networks vary. boldness: a factor for all that is not set."""
        s, bold = self.strength, boldness
        return NeatRates(
            weight=_set_or(self.weight, (0.1 + 0.4 * s) * bold),
            step=min(1.0, (0.04 + 0.3 * s * s) * bold),
            redraw=min(1.0, 0.2 * s * s * bold),
            activation=_set_or(self.change_activation, (0.005 + 0.08 * s * s) * bold),
            add_link=_set_or(self.add_link, (0.1 + 0.4 * s) * bold),
            add_node=_set_or(self.add_node, (0.1 + 0.5 * s) * bold),
            delete_link=_set_or(self.delete_link, (0.03 + 0.1 * s) * bold),
        )

    @property
    def direct_rates(self) -> DirectRates:
        """How directly encoded pictures vary: how many pixels, and how far each."""
        s = self.strength
        rate = _set_or(self.weight, 0.02 + 0.3 * s)
        return DirectRates(mutation=rate, eta=15.0 - 12.0 * s, halve_every=None, crossover=None)


def _set_or(value: float | None, derived: float) -> float:
    return min(1.0, derived if value is None else float(value))


def _check_share(name: str, value: Any, *, may_be_none: bool) -> None:
    if value is None and may_be_none:
        return
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise InvalidInput(name, f"must be a number from 0 to 1, not {value!r}")


def _check_names(argument: str, names: Any, known: tuple[str, ...]) -> None:
    if not isinstance(names, tuple) or not names:
        raise InvalidInput(argument, f"must name at least one, not {names!r}")
    for name in names:
        if name not in known:
            raise InvalidInput(argument, f"must be of {', '.join(known)}, not {name!r}")
    if len(set(names)) != len(names):
        raise InvalidInput(argument, f"must name each once, not {', '.join(names)}")
