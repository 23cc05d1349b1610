from dataclasses import dataclass
from typing import Any

import pytest

from evolution.errors import InvalidInput
from evolution.studies.settings import as_json, from_json, read, setting, settings_of


@dataclass(frozen=True)
class Some:
    runs: int = setting(5, "How many.", least=1, most=50)
    share: float = setting(0.5, "Of something.", least=0.0, most=1.0)
    name: str = setting("lenet-a", "Of a network.")
    style: str = setting("none", "One of some.", choices=("none", "blur"))
    names: tuple[str, ...] = setting(("a", "b"), "Of several.")
    quick: bool = setting(False, "Or not.")


def test_text_and_json_are_read_alike() -> None:
    text = {"runs": "7", "share": "0.25", "names": "c, d", "quick": "on", "style": "blur"}
    stored = {"runs": 7, "share": 0.25, "names": ["c", "d"], "quick": True, "style": "blur"}
    assert read(Some, text, Some()) == read(Some, stored, Some())
    assert read(Some, text, Some()) == Some(7, 0.25, "lenet-a", "blur", ("c", "d"), True)


def test_what_is_not_given_is_as_in_the_scale() -> None:
    assert read(Some, {"runs": 2}, Some(name="lenet-b", share=1.0)) == Some(2, 1.0, "lenet-b")


def test_stored_parameters_come_back() -> None:
    some = Some(3, 0.125, names=(), quick=True)
    assert from_json(Some, as_json(some)) == some


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("runs", 0),
        ("runs", 51),
        ("runs", 2.5),
        ("runs", "2.5"),
        ("runs", True),
        ("runs", None),
        ("runs", "many"),
        ("runs", "9" * 5000),
        ("share", float("nan")),
        ("share", "inf"),
        ("share", -0.1),
        ("name", 3),
        ("name", "x" * 1001),
        ("style", "strong"),
        ("names", 3),
        ("names", [1]),
        ("names", ["x" * 600, "y" * 600]),
        ("quick", "perhaps"),
        ("quick", 2),
        ("colour", "red"),
    ],
)
def test_what_is_not_allowed_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match=rf"^{name}: expected") as refused:
        read(Some, {name: value}, Some())
    assert len(str(refused.value)) < 400


def test_every_parameter_is_told_with_its_words_and_bounds() -> None:
    told = {one.name: one for one in settings_of(Some)}
    assert list(told) == ["runs", "share", "name", "style", "names", "quick"]
    assert (told["runs"].kind, told["runs"].least, told["runs"].most) == (int, 1, 50)
    assert (told["names"].kind, told["names"].default) == (tuple, ("a", "b"))
    assert told["style"].choices == ("none", "blur")


def test_other_kinds_of_parameters_are_a_mistake_of_whoever_declares_them() -> None:
    @dataclass(frozen=True)
    class Odd:
        pairs: dict[str, int] = setting(None, "Pairs.")  # noqa: RUF009

    with pytest.raises(TypeError, match="a parameter is"):
        settings_of(Odd)
