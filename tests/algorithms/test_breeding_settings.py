"""What a person may set, and what it means."""

import json
from typing import Any

import pytest

from evolution.algorithms.breeding import BreedingSettings
from evolution.errors import InvalidInput
from evolution.genomes.neat import BIPOLAR_GAUSSIAN, COSINE


class TestValidation:
    @pytest.mark.parametrize(
        ("argument", "value"),
        [
            ("tiles", 9),
            ("tiles", 31),
            ("tiles", 15.0),
            ("tiles", True),
            ("strength", -0.1),
            ("strength", 1.1),
            ("strength", None),
            ("strength", "0.5"),
            ("strength", float("nan")),
            ("crossover", 2),
            ("crossover", None),
            ("weight", 1.5),
            ("add_link", -1),
            ("add_node", True),
            ("change_activation", "much"),
            ("delete_link", float("inf")),
            ("keep_parents", 1),
            ("avoid_duplicates", None),
            ("avoid_plain", "yes"),
            ("activations", ()),
            ("activations", ("sine", "sine")),
            ("activations", ("tangent",)),
            ("activations", "sine"),
            ("inputs", ()),
            ("inputs", ("z",)),
            ("inputs", ("x", 1)),
            ("inputs", ([],)),
            ("focus", "color"),
            ("focus", None),
        ],
    )
    def test_what_cannot_be_used_is_named(self, argument: str, value: Any) -> None:
        with pytest.raises(InvalidInput) as failure:
            BreedingSettings(**{argument: value})
        assert failure.value.argument == argument

    def test_ends_are_allowed(self) -> None:
        assert BreedingSettings(tiles=10, strength=0, weight=1, inputs=("d",)).weight == 1
        assert BreedingSettings(tiles=30, strength=1, add_node=0.0).add_node == 0


class TestJson:
    @pytest.mark.parametrize(
        "settings",
        [
            BreedingSettings(),
            BreedingSettings(12, 0.9, False, weight=0.25, inputs=("y",), focus="colour"),
        ],
    )
    def test_there_and_back(self, settings: BreedingSettings) -> None:
        assert BreedingSettings.from_json(json.loads(json.dumps(settings.as_json()))) == settings

    def test_what_is_missing_has_its_default(self) -> None:
        assert BreedingSettings.from_json({}) == BreedingSettings()
        assert BreedingSettings.from_json({"tiles": 20}) == BreedingSettings(tiles=20)

    @pytest.mark.parametrize(
        ("document", "argument"),
        [({"speed": 1}, "speed"), ({"tiles": "15"}, "tiles"), ([], "settings"), ({1: 2}, "1")],
    )
    def test_what_is_wrong_is_named(self, document: Any, argument: str) -> None:
        with pytest.raises(InvalidInput) as failure:
            BreedingSettings.from_json(document)
        assert failure.value.argument == argument


class TestRates:
    def test_strength_raises_all_rates(self) -> None:
        weak, strong = (BreedingSettings(strength=s).neat_rates() for s in (0.1, 0.9))
        assert all(vars(strong)[name] > value for name, value in vars(weak).items())

    def test_a_rate_that_is_set_stays(self) -> None:
        rates = BreedingSettings(strength=1.0, add_node=0.0, change_activation=0.25).neat_rates(4.0)
        assert (rates.add_node, rates.activation) == (0.0, 0.25)

    def test_boldness_never_leads_beyond_certainty(self) -> None:
        rates = vars(BreedingSettings(strength=1.0).neat_rates(100.0))
        assert set(rates.values()) == {1.0}

    def test_the_scope_has_numbers(self) -> None:
        settings = BreedingSettings(
            activations=("cosine", "bipolar gaussian"), inputs=("bias", "x"), focus="structure"
        )
        scope = settings.scope
        assert (scope.activations, scope.inputs) == ((COSINE, BIPOLAR_GAUSSIAN), (3, 0))
        assert scope.focus == "structure"
