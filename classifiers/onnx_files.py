"""What an ONNX file refers to, read without running or loading anything.

A model may say that its numbers are in other files, by path; onnxruntime would open them. Such
files are refused, wherever in the model the reference is. Format: onnx.proto (protocol buffers).
"""

from collections.abc import Iterator

from classifiers.base import BadWeights

DEEPEST = 64  # graphs within loops within functions

PARTS = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor", 23: "sparse tensor"
    },
    "sparse tensor": {1: "tensor", 2: "tensor"},
    "tensor": {},
}  # fmt: skip
"""Kinds of messages: the fields through which a tensor can be reached."""
EXTERNAL_DATA, DATA_LOCATION = 13, 14  # of a tensor


def check_is_complete(name: str, content: bytes) -> None:
    """Refuse a model that refers to other files. Raises BadWeights."""
    try:
        _check(memoryview(content), "model", 0)
    except (ValueError, IndexError) as error:
        raise BadWeights(f"{name}: expected an ONNX file, got: {error}") from error
    except BadWeights as error:
        raise BadWeights(f"{name}: {error}") from None


def _check(message: memoryview, kind: str, depth: int) -> None:
    if depth > DEEPEST:
        raise BadWeights(f"expected at most {DEEPEST} levels of nested graphs")
    inner_kinds = PARTS[kind]
    for field, value in _fields(message):
        if kind == "tensor" and (field == EXTERNAL_DATA or (field == DATA_LOCATION and value == 1)):
            raise BadWeights(
                "expected all numbers inside the ONNX file, got a reference to another file: "
                "save it with external_data=False"
            )
        if field in inner_kinds and isinstance(value, memoryview):
            _check(value, inner_kinds[field], depth + 1)


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield (number, value) of every field; what has a length comes as bytes."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        field, wire_type = tag >> 3, tag & 7
        if wire_type == 0:
            value, position = _varint(message, position)
            yield field, value
        elif wire_type in (1, 5):
            position += 8 if wire_type == 1 else 4
        elif wire_type == 2:
            length, position = _varint(message, position)
            if position + length > len(message):
                raise ValueError("the file ends in the middle of a field")
            yield field, message[position : position + length]
            position += length
        else:
            raise ValueError(f"wire type {wire_type} in a field")


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = message[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
    raise ValueError("a number of more than ten bytes")
