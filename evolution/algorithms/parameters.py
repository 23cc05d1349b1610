"""A preset as plain JSON values, stored verbatim with every run, and back."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, ClassVar, Literal, TypeVar, get_args, get_origin, get_type_hints

from evolution.algorithms.settings import Preset

P = TypeVar("P")


class BadParameters(ValueError):
    """Parameters that are no complete preset. The message names the key."""


def as_parameters(preset: Any) -> dict[str, Any]:
    """Return nested dictionaries of JSON values; a choice of dataclasses is named by "kind".

    preset: a Preset, or another dataclass of the same make.
    """
    parameters: dict[str, Any] = _to_json(preset)
    return parameters


def from_parameters(parameters: Mapping[str, Any]) -> Preset:
    """Rebuild the preset; a missing, unknown or ill-typed key is an error that names it."""
    return build(Preset, parameters, "preset")


def build(kind: type[P], parameters: Mapping[str, Any], path: str) -> P:
    """The same for another dataclass that `as_parameters` wrote. path: what errors call it."""
    built: P = _build(kind, parameters, path)
    return built


def _to_json(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kind = _kind_name(type(value))
        values = {f.name: _to_json(getattr(value, f.name)) for f in fields(value)}
        return values if kind is None else {"kind": kind} | values
    if isinstance(value, Mapping):
        return dict(value)
    return value


def _from_json(expected: Any, value: Any, path: str) -> Any:
    if is_dataclass(expected) and isinstance(expected, type):
        return _build(expected, value, path)
    if isinstance(expected, UnionType):
        return _choose(expected, value, path)
    if get_origin(expected) is Literal:
        if value not in get_args(expected):
            raise BadParameters(f"{path} must be one of {get_args(expected)}, not {value!r}")
        return value
    if get_origin(expected) is Mapping:
        return _texts(value, path)
    if expected is float and type(value) is int:
        return float(value)
    if type(value) is not expected:
        raise BadParameters(f"{path} must be {expected.__name__}, not {value!r}")
    return value


def _build(kind: type[Any], value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        raise BadParameters(f"{path} must be an object, not {value!r}")
    hints = {name: hint for name, hint in get_type_hints(kind).items() if not _is_class_var(hint)}
    given = set(value) - ({"kind"} if _kind_name(kind) else set())
    if missing := sorted(hints.keys() - given):
        raise BadParameters(f"{path} lacks {', '.join(missing)}")
    if unknown := sorted(map(str, given - hints.keys())):
        raise BadParameters(f"{path} has unknown keys: {', '.join(unknown)}")
    arguments = {
        name: _from_json(hint, value[name], f"{path}.{name}") for name, hint in hints.items()
    }
    try:
        return kind(**arguments)
    except ValueError as error:
        raise BadParameters(f"{path}: {error}") from error


def _choose(union: UnionType, value: Any, path: str) -> Any:
    options = get_args(union)
    if NoneType in options:
        rest = next(option for option in options if option is not NoneType)
        return None if value is None else _from_json(rest, value, path)
    kinds = {str(_kind_name(option)): option for option in options}
    name = value.get("kind") if isinstance(value, Mapping) else None
    if name not in kinds:
        raise BadParameters(f"{path}.kind must be one of {sorted(kinds)}, not {name!r}")
    return _build(kinds[name], value, path)


def _texts(value: Any, path: str) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(
        isinstance(text, str) for pair in value.items() for text in pair
    ):
        raise BadParameters(f"{path} must map texts to texts")
    return dict(value)


def _kind_name(cls: type[Any]) -> str | None:
    """Return how a dataclass that is one of a choice names itself: by a class variable."""
    if not _is_class_var(get_type_hints(cls).get("name")):
        return None
    name: str = vars(cls)["name"]
    return name


def _is_class_var(hint: Any) -> bool:
    return get_origin(hint) is ClassVar
