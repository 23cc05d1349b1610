"""Presets: every value has a source, is read by the search, and survives being stored."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from evolution.algorithms import presets
from evolution.algorithms.presets import BadParameters, UnknownPreset
from evolution.algorithms.settings import MapElitesSettings, Preset
from evolution.genomes.rates import Sbx
from tests.algorithms.toys import fingerprint, ran, small

DESCRIPTIVE = {"name", "title", "sources"}
# They name the network and what it looks at; a toy stands in for it here.
READ_BY_SERVICES = {"classifier", "crops"}

# A value other than the preset's for every field, chosen so that a short run shows the difference.
OTHER_VALUES: dict[str, Any] = {
    "generations": 2,
    "encoding.image_size": 20,
    "encoding.colour.grey": "hsv",
    "encoding.colour.hsv": "hls",
    "encoding.colour.hls": "hsv",
    "encoding.coordinates.raw": "normalised",
    "encoding.coordinates.normalised": "raw",
    "encoding.rates.mutation": 0.3,
    "encoding.rates.eta": 2.0,
    "encoding.rates.halve_every": 1,
    "encoding.rates.crossover": Sbx(0.9, 10.0, "keep"),
    "encoding.rates.crossover.rate": 0.9,
    "encoding.rates.crossover.eta": 1.0,
    "encoding.rates.crossover.equal_genes": "keep",
    "encoding.rates.weight": 0.5,
    "encoding.rates.weight_eta": 2.0,
    "encoding.rates.activation": 0.5,
    "encoding.rates.add_connection": 0.9,
    "encoding.rates.delete_connection": 0.0,
    "encoding.rates.add_neuron": 0.9,
    "encoding.rates.delete_neuron": 0.8,
    "algorithm.initial": 2,
    "algorithm.children": 12,
    "algorithm.size": 40,
    "algorithm.keep_rate": 0.8,
    "algorithm.coefficient": 1.9,
    "algorithm.target": 1,
}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field that is not itself made of fields, with its dotted name."""
    for field in fields(value):
        name, inner = f"{path}{field.name}", getattr(value, field.name)
        if is_dataclass(inner):
            yield from leaves(inner, f"{name}.")
        elif name not in DESCRIPTIVE:
            yield name, inner


def changed(value: Any, path: str, new: Any) -> Any:
    """A copy with one field, by its dotted name, changed."""
    first, _, rest = path.partition(".")
    return replace(value, **{first: changed(getattr(value, first), rest, new) if rest else new})


LEAVES = [
    (name, path, value)
    for name in presets.names()
    for path, value in leaves(presets.get(name))
    if path not in READ_BY_SERVICES
]


class TestSources:
    @pytest.mark.parametrize("name", presets.names())
    def test_every_value_has_one(self, name: str) -> None:
        preset = presets.get(name)
        assert set(preset.sources) == {path for path, _ in leaves(preset)}
        assert all(len(text) > 10 for text in preset.sources.values())


class TestEveryFieldIsRead:
    @pytest.mark.parametrize(("name", "path", "value"), LEAVES, ids=lambda part: str(part)[:40])
    def test_another_value_changes_the_outcome(self, name: str, path: str, value: Any) -> None:
        preset = small(name)
        new = OTHER_VALUES.get(path, OTHER_VALUES.get(f"{path}.{value}"))
        other = changed(preset, path, new)
        assert other != preset
        assert fingerprint(ran(other)) != fingerprint(ran(preset))


class TestNames:
    def test_both_data_sets_have_both_encodings(self) -> None:
        assert set(presets.names()) == {
            "mnist-direct-paper",
            "mnist-cppn-paper",
            "mnist-direct-published",
            "mnist-cppn-published",
            "mnist-direct-single",
            "mnist-cppn-single",
            "imagenet-direct-paper",
            "imagenet-cppn-paper",
            "imagenet-direct-published",
            "imagenet-cppn-published",
            "imagenet-direct-fast",
            "imagenet-cppn-fast",
            "imagenet-cppn-single",
        }
        assert all(presets.get(name).name == name for name in presets.names())

    def test_an_unknown_one_lists_those_that_are_known(self) -> None:
        with pytest.raises(UnknownPreset, match="no preset 'mnist'; known: mnist-direct-paper, "):
            presets.get("mnist")

    def test_children_come_in_pairs(self) -> None:
        with pytest.raises(ValueError, match="children come in pairs"):
            MapElitesSettings(initial=10, children=5)


@pytest.mark.parametrize("name", presets.names())
class TestParameters:
    def parameters(self, name: str) -> dict[str, Any]:
        stored = json.dumps(presets.as_parameters(presets.get(name)))
        return json.loads(stored)  # type: ignore[no-any-return]

    def test_round_trip(self, name: str) -> None:
        preset: Preset = presets.from_parameters(self.parameters(name))
        assert preset == presets.get(name)

    def test_every_missing_key_is_an_error_that_names_it(self, name: str) -> None:
        for path, place, key in keys(self.parameters(name)):
            if path.startswith("sources."):
                continue
            parameters, removed = self.parameters(name), place
            inner = parameters
            for step in removed:
                inner = inner[step]
            del inner[key]
            with pytest.raises(BadParameters, match=key):
                presets.from_parameters(parameters)

    @pytest.mark.parametrize(
        ("place", "key", "value"),
        [
            ((), "surprise", 1),
            (("encoding",), "surprise", 1),
            (("encoding", "rates"), "m_rate_change_conn", 0.5),
            ((), "generations", "200"),
            ((), "generations", True),
            ((), "generations", -1),
            ((), "crops", "five"),
            ((), "sources", {"a": 1}),
            ((), "encoding", {"kind": "neat"}),
            ((), "encoding", None),
            (("encoding",), "colour", "cmyk"),
            (("encoding",), "rates", []),
        ],
    )
    def test_anything_else_is_an_error_that_names_it(
        self, name: str, place: tuple[str, ...], key: str, value: Any
    ) -> None:
        parameters = inner = self.parameters(name)
        for step in place:
            inner = inner[step]
        inner[key] = value
        with pytest.raises(BadParameters, match=key):
            presets.from_parameters(parameters)


def keys(
    parameters: dict[str, Any], place: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for key, value in parameters.items():
        yield ".".join((*place, key)), place, key
        if isinstance(value, dict):
            yield from keys(value, (*place, key))
