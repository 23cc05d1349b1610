"""Values that several presets share."""

from dataclasses import replace

from evolution.algorithms.presets.sources import CODE, PAPER, SBX, SINGLE_TARGET
from evolution.algorithms.settings import Preset, SingleTargetSettings
from evolution.genomes.rates import CppnRates, DirectRates, Sbx

CPPN_RATES = CppnRates(
    weight=0.1,
    weight_eta=15.0,
    activation=0.1,
    add_connection=0.5,
    delete_connection=0.3,
    add_neuron=0.5,
    delete_neuron=0.2,
)
PAPER_DIRECT_RATES = DirectRates(mutation=0.1, eta=15.0, halve_every=1000, crossover=None)
PUBLISHED_DIRECT_RATES = DirectRates(
    mutation=0.1,
    eta=15.0,
    halve_every=None,
    crossover=Sbx(rate=0.5, eta=10.0, equal_genes="half"),
)
PAPER_DIRECT_SOURCES = {
    "encoding.rates.halve_every": f"{PAPER}, §2.2: halved every 1000 generations",
    "encoding.rates.crossover": f"{PAPER}, §2.2 describes mutation only",
}
PUBLISHED_DIRECT_SOURCES = {"encoding.rates.halve_every": f"{CODE}: nothing changes the rate"} | SBX


def aimed(preset: Preset, name: str, title: str, *, generations: str, target: str) -> Preset:
    """A preset that aims at one label. generations, target: the sources of these values."""
    kept = {
        path: text for path, text in preset.sources.items() if not path.startswith("algorithm.")
    }
    return replace(
        preset,
        name=name,
        title=title,
        algorithm=SingleTargetSettings(size=100, keep_rate=0.6, coefficient=1.1, target=3),
        sources={
            **kept,
            **SINGLE_TARGET,
            "generations": generations,
            "algorithm.target": target,
        },
    )
