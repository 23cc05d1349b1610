"""Programs of people who mean harm: nothing in them is run, unpickled, evaluated or opened."""

import contextlib
import io
import json
import logging
import os
import pickle
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from classifiers import pt2
from classifiers.base import BadWeights
from classifiers.catalogue import load
from tests.classifiers.brought import bring, exported, shapes

Parts = dict[str, bytes]


@cache
def program() -> bytes:
    return exported(shapes())


def parts() -> Parts:
    with zipfile.ZipFile(io.BytesIO(program())) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def packed(entries: Parts, method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for path, content in entries.items():
            archive.writestr(path, content)
    return file.getvalue()


class Payload:
    """Unpickled, it makes a file."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.trace}",)


def torch_pickle(trace: Path) -> bytes:
    file = io.BytesIO()
    torch.save({"payload": Payload(trace)}, file)
    return file.getvalue()


def with_graph(change: Callable[[dict[str, Any]], object]) -> bytes:
    entries = parts()
    graph = json.loads(entries[f"archive/{pt2.GRAPH}"])
    change(graph)
    entries[f"archive/{pt2.GRAPH}"] = json.dumps(graph).encode()
    return packed(entries)


def replaced(before: str, after: str) -> bytes:
    entries = parts()
    graph = entries[f"archive/{pt2.GRAPH}"].decode()
    assert before in graph
    entries[f"archive/{pt2.GRAPH}"] = graph.replace(before, after).encode()
    return packed(entries)


def with_pickled_weight(trace: Path) -> bytes:
    entries = parts()
    told = json.loads(entries[f"archive/{pt2.WEIGHTS}"])
    first = next(iter(told["config"].values()))
    first["use_pickle"] = True
    entries[f"archive/data/weights/{first['path_name']}"] = torch_pickle(trace)
    entries[f"archive/{pt2.WEIGHTS}"] = json.dumps(told).encode()
    return packed(entries)


def with_constant(path: str, content: bytes) -> bytes:
    entries = parts()
    weights = json.loads(entries[f"archive/{pt2.WEIGHTS}"])["config"]
    told = {**next(iter(weights.values())), "path_name": path}
    entries[f"archive/{pt2.CONSTANTS}"] = json.dumps({"config": {"object": told}}).encode()
    entries[f"archive/data/constants/{path}"] = content
    return packed(entries)


SIZE = "Symbol('s%d', positive=True, integer=True)"


def evaluated(trace: Path) -> bytes:
    code = f"__import__('os').system('touch {trace}')"
    graph = parts()[f"archive/{pt2.GRAPH}"].decode()
    expression = graph.split('"expr_str": "')[1].split('"')[0]
    return replaced(expression, code)


def opened_by_torch(content: bytes) -> None:
    logging.disable()  # it logs what it fell for, with a format string of its own that fails
    with contextlib.suppress(Exception):
        torch.export.load(io.BytesIO(content))
    logging.disable(logging.NOTSET)


def refusal(content: bytes) -> str:
    with pytest.raises(BadWeights) as error:
        pt2.harmless("net", content)
    assert str(error.value).startswith("net: expected ")
    return str(error.value)


class TestWhatTorchWouldRun:
    """Each attack is first shown to work on torch.export.load, or it would prove nothing."""

    @pytest.mark.parametrize("attack", [with_pickled_weight, evaluated])
    def test_is_refused(
        self, folder: Path, tmp_path: Path, attack: Callable[[Path], bytes]
    ) -> None:
        trace = tmp_path / "trace"
        content = attack(trace)
        opened_by_torch(content)
        assert trace.exists()
        trace.unlink()
        with pytest.raises(BadWeights):
            load(bring(folder, "net.pt2", content))
        assert not trace.exists()

    def test_sample_inputs_are_left_out(self, folder: Path, tmp_path: Path) -> None:
        trace = tmp_path / "trace"
        content = packed(parts() | {"archive/data/sample_inputs/model.pt": torch_pickle(trace)})
        opened_by_torch(content)
        assert trace.exists()
        trace.unlink()
        load(bring(folder, "net.pt2", content))
        assert not trace.exists()

    def test_operators_outside_of_aten(self, folder: Path, tmp_path: Path) -> None:
        trace = tmp_path / "trace"

        def call(graph: dict[str, Any]) -> None:
            node = graph["graph_module"]["graph"]["nodes"][-1]
            node["target"] = "torch.os.system"
            argument = {"name": "", "arg": {"as_string": f"touch {trace}"}, "kind": 1}
            node["inputs"] = [argument]

        content = with_graph(call)
        words = "net: expected operators of torch.ops.aten, got 'torch.os.system'"
        with pytest.raises(BadWeights, match=words):
            load(bring(folder, "net.pt2", content))
        assert not trace.exists()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("data/weights/model.pt", b"a pickle"),
        ("data/constants/model.pt", b"a pickle"),
        ("data/constants/custom_obj_0", b"a pickle"),
        ("data/constants/opaque_obj_0", b"a pickle"),
        ("data/aotinductor/model/model.so", b"\x7fELF"),
        ("data/weights/../../../weight_0", b""),
        ("data/weights/weight_0x", b""),
        ("models/other.json", b"{}"),
        ("extra/notes.txt", b"hello"),
        ("serialized_state_dict.pt", b"a pickle"),
        ("version", b"8.1"),
    ],
)
def test_other_entries_are_refused(path: str, content: bytes) -> None:
    words = refusal(packed(parts() | {f"archive/{path}": content}))
    assert f"expected a graph and plain tensors, got {path!r}" in words


@pytest.mark.parametrize("path", ["custom_obj_0", "opaque_obj_0", "tensor_0.pt"])
def test_constants_that_are_objects_are_refused(path: str) -> None:
    assert "expected a graph and plain tensors" in refusal(with_constant(path, pickle.dumps(1)))


def test_a_file_of_the_older_format_is_refused() -> None:
    entries = {f"serialized_{name}.pt": b"a pickle" for name in ("state_dict", "constants")}
    refusal(packed({**entries, "version": b"8.1", "serialized_exported_program.json": b"{}"}))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"name": "conv2d"', '"name": "conv2d = __import__"', "expected a name as name"),
        ('"name": "images"', '"name": "images.y"', "expected a name as name"),
        ('["images"]', '["images=exit()"]', "expected a name as forward_arg_names"),
        ("dense.weight", "dense'].weight", "expected a name as parameter_name"),
        ("aten.conv2d.default", "aten.__class__.mro", "expected operators of torch.ops.aten"),
        ("torch.ops.aten.conv2d.default", "math.exp", "expected operators of torch.ops.aten"),
        ("aten.conv2d.default", "prim.Print.default", "expected operators of torch.ops.aten"),
        ('"as_bool": false', '"as_string": "/etc/passwd"', "expected one of the words"),
        ('"as_bool": false', '"as_operator": "torch.load"', "expected a graph of tensors"),
        ('"as_bool": false', '"as_graph": {}', "expected a graph of tensors"),
        ("builtins.tuple", "collections.defaultdict", "expected tensors in tuples or lists"),
        ('\\"null\\"', '\\"{\\\\\\"__enum__\\\\\\": 1}\\"', "expected tensors in tuples or lists"),
        ('{"s', '{"u9', "expected a size to be called s0"),
    ],
)
def test_words_that_torch_would_look_up_or_execute_are_refused(
    before: str, after: str, words: str
) -> None:
    assert words in refusal(replaced(before, after))


def test_code_in_guards_is_left_out() -> None:
    content = pt2.harmless(
        "net", with_graph(lambda graph: graph.update(guards_code=["__import__('os').abort()"]))
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert json.loads(archive.read(f"archive/{pt2.GRAPH}"))["guards_code"] == []
        assert archive.read("archive/data/sample_inputs/model.pt") == b""


@pytest.mark.parametrize(
    "expression",
    [
        "s0.__class__",
        "Symbol('os', positive=True)",
        "Pow(Integer(9), Integer(99))",
        "exec('1')",
        "(lambda: 1)()",
        "[1][0]",
        "Symbol('s0', positive=exit())",
        "1" * 600,
    ],
)
def test_sizes_are_sums_and_products(expression: str) -> None:
    entries = parts()
    graph = entries[f"archive/{pt2.GRAPH}"].decode()
    before = graph.split('"expr_str": "')[1].split('"')[0]
    refusal(replaced(before, expression))


@pytest.mark.parametrize(
    "expression",
    [
        "Mul(Integer(4), Symbol('s7', integer=True))",
        "Add(s0, -1)",
        "Min(Integer(32), Mul(Integer(32), Symbol('s77', positive=True, integer=True)))",
    ],
)
def test_plain_sizes_are_admitted(expression: str) -> None:
    pt2._check_expression(expression)


class TestBombs:
    def test_packed_entries_are_refused(self) -> None:
        entries = parts() | {"archive/data/weights/weight_99": bytes(10_000_000)}
        assert "got packed ones" in refusal(packed(entries, zipfile.ZIP_DEFLATED))

    def test_entries_that_overlap_are_refused(self) -> None:
        entries = parts() | {"archive/data/weights/weight_99": bytes(5_000)}
        content = bytearray(packed(entries))
        # The central directory claims more than there is, as a bomb of shared bytes does.
        position = content.rfind(b"PK\x01\x02")
        content[position + 20 : position + 28] = (10**9).to_bytes(4, "little") * 2
        assert "got overlapping ones" in refusal(bytes(content))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_entries_of_the_same_name_are_refused(self) -> None:
        file = io.BytesIO(program())
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("archive/models/model.json", "{}")
        assert "got 'models/model.json' twice" in refusal(file.getvalue())

    def test_a_graph_that_is_too_deep_is_refused(self) -> None:
        deep = b"[" * 100_000 + b"]" * 100_000
        refusal(packed(parts() | {f"archive/{pt2.GRAPH}": deep}))

    def test_a_graph_that_is_too_large_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pt2, "LARGEST_GRAPH", 1000)
        assert "expected a graph of at most 1,000 bytes" in refusal(program())
