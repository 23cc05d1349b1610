"""How strongly genomes vary. Values and their sources: `evolution/algorithms/presets.py`."""

from dataclasses import dataclass, replace
from typing import Literal, Self, get_args

EqualGenes = Literal["keep", "half"]


def _check_probability(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be a probability in 0..1, not {value}")


def _check_eta(name: str, value: float) -> None:
    if not 0 <= value <= 1000:
        raise ValueError(f"{name} must be a distribution index in 0..1000, not {value}")


@dataclass(frozen=True)
class Sbx:
    """Simulated binary crossover of directly encoded genomes.

    rate: probability that a pair is recombined at all.
    eta: distribution index; the larger, the closer children stay to their parents.
    equal_genes: what children get where the parents agree: "keep" the gene, or "half": 0.5, the
        defect of the published code (corrected in sferes2 in 2018).
    """

    rate: float
    eta: float
    equal_genes: EqualGenes

    def __post_init__(self) -> None:
        _check_probability("crossover rate", self.rate)
        _check_eta("crossover eta", self.eta)
        if self.equal_genes not in get_args(EqualGenes):
            raise ValueError(f"equal_genes must be keep or half, not {self.equal_genes!r}")


@dataclass(frozen=True)
class DirectRates:
    """Variation of directly encoded genomes.

    mutation: probability per gene; eta: index of polynomial mutation; halve_every: generations
    after which the mutation probability halves (None: never); crossover: None for none.
    """

    mutation: float
    eta: float
    halve_every: int | None
    crossover: Sbx | None

    def __post_init__(self) -> None:
        _check_probability("mutation", self.mutation)
        _check_eta("eta", self.eta)
        if self.halve_every is not None and self.halve_every < 1:
            raise ValueError(f"halve_every must be at least 1 generation, not {self.halve_every}")

    def at(self, generation: int) -> Self:
        """Return the rates of a generation; children are born from generation 1 on."""
        if self.halve_every is None:
            return self
        halvings = max(generation - 1, 0) // self.halve_every
        return replace(self, mutation=self.mutation * 0.5**halvings)


@dataclass(frozen=True)
class CppnRates:
    """Variation of CPPNs: per edge (weight), per node (activation), the others per child.

    weight_eta: index of the polynomial mutation of a weight's gene.
    """

    weight: float
    weight_eta: float
    activation: float
    add_connection: float
    delete_connection: float
    add_neuron: float
    delete_neuron: float

    def __post_init__(self) -> None:
        _check_eta("weight_eta", self.weight_eta)
        for name in (
            "weight",
            "activation",
            "add_connection",
            "delete_connection",
            "add_neuron",
            "delete_neuron",
        ):
            _check_probability(name, getattr(self, name))

    def at(self, generation: int) -> Self:  # noqa: ARG002
        """Return the rates of a generation: those of CPPNs never change."""
        return self


Rates = DirectRates | CppnRates
