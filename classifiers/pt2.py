"""Programs from torch.export, made harmless before torch reads them.

torch.export.load was not made for files of strangers. It unpickles the sample inputs, and weights
and constants that say so; it loads compiled code; it gives sizes to sympy, which evaluates them;
it looks operators up by any name below `torch` and calls them later; and it puts names into source
code that it executes. So an archive is taken apart here, every part is held against what a network
may consist of, and a new archive is written from what is left: nothing else reaches torch.
"""

import ast
import json
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from classifiers.base import BadWeights

MOST_PARTS = 20_000
LARGEST_GRAPH = 64_000_000  # bytes
LONGEST_EXPRESSION = 500

GRAPH = "models/model.json"
WEIGHTS = "data/weights/model_weights_config.json"
CONSTANTS = "data/constants/model_constants_config.json"
SMALL = {"archive_format", "archive_version", "byteorder", ".data/version"}
LEFT_OUT = {".data/serialization_id", "data/sample_inputs/model.pt"}
TENSORS = re.compile(r"data/(weights/weight|constants/tensor)_\d{1,6}")

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|")
PATH = re.compile(r"[A-Za-z0-9_.]*")
SYMBOL = re.compile(r"s\d{1,6}")
OPERATOR = re.compile(
    r"torch\.ops\.aten\._?[a-z][a-z0-9_]*\.[A-Za-z][A-Za-z0-9_]*"
    r"|_operator\.(getitem|add|sub|mul|floordiv|mod)"
)
PATHS = {"parameter_name", "buffer_name", "tensor_constant_name", "fqn", "path_name"}
CODE = {"as_operator", "as_graph", "as_custom_obj", "custom_obj", "as_strings", "token"}
MODES = {"none", "tanh", "floor", "trunc", "constant", "reflect", "replicate", "circular"}
"""The words that operators of networks take; with others some would read and write files."""
OF_SIZES = {"Integer", "Add", "Mul", "Min", "Max", "FloorDiv"}
TREES = {None, "builtins.tuple", "builtins.list", "builtins.dict"}


def harmless(name: str, content: bytes) -> bytes:
    """Return an archive with the graph and the numbers of another one, and nothing besides.

    Raises BadWeights for whatever is not a plain graph of ATen operators on plain tensors.
    """
    try:
        parts = _parts(content)
        graph = _graph(json.loads(parts.pop(GRAPH)))
        kept = {path: parts.pop(path) for path in SMALL if path in parts}
        if kept.get("byteorder", b"little") != b"little":
            raise BadWeights("expected little-endian numbers")
        for config, folder in ((WEIGHTS, "data/weights/"), (CONSTANTS, "data/constants/")):
            payload = json.loads(parts.pop(config))
            _check_payload(payload, folder, parts)
            kept[config] = json.dumps(payload).encode()
        kept |= {GRAPH: json.dumps(graph).encode(), "data/sample_inputs/model.pt": b""}
    except BadWeights as error:
        raise BadWeights(f"{name}: {error}") from None
    except (
        zipfile.BadZipFile, NotImplementedError, ValueError, KeyError, TypeError, AttributeError,
        RecursionError, EOFError, OSError, RuntimeError,
    ) as error:  # fmt: skip
        raise BadWeights(
            f"{name}: expected a file of torch.export.save, got: {type(error).__name__}: {error}"
        ) from error
    return _archive(kept | parts)


def _parts(content: bytes) -> dict[str, bytes]:
    """Read the entries of an archive without its root folder; all are stored, none compressed."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_PARTS:
            raise BadWeights(f"expected at most {MOST_PARTS} entries, got {len(entries)}")
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise BadWeights("expected entries as torch.export.save stores them, got packed ones")
        if sum(entry.file_size for entry in entries) > len(content):
            raise BadWeights("expected entries beside each other, got overlapping ones")
        parts: dict[str, bytes] = {}
        for entry in entries:
            path = entry.filename.partition("/")[2]
            if path in parts:
                raise BadWeights(f"expected every entry once, got {path!r} twice")
            _check_entry(path, entry.file_size)
            if path not in LEFT_OUT:
                parts[path] = archive.read(entry)
    return parts


def _check_entry(path: str, size: int) -> None:
    if path == GRAPH and size > LARGEST_GRAPH:
        raise BadWeights(f"expected a graph of at most {LARGEST_GRAPH:,} bytes, got {size:,}")
    known = SMALL | LEFT_OUT | {GRAPH, WEIGHTS, CONSTANTS}
    if path not in known and not TENSORS.fullmatch(path):
        raise BadWeights(
            f"expected a graph and plain tensors, got {path!r}: save it with torch.export.save("
            "program, file), without extra files, compiled code or objects of your own"
        )


def _check_payload(payload: Any, folder: str, parts: Mapping[str, bytes]) -> None:
    """Admit tensors that are stored as raw numbers, and refuse those that would be unpickled."""
    _check(payload)
    for tensor, told in payload["config"].items():
        path = folder + told["path_name"]
        if told["use_pickle"] is not False or not TENSORS.fullmatch(path):
            raise BadWeights(f"expected plain tensors, got {tensor!r}, which would be unpickled")
        meta = told["tensor_meta"]
        if meta["device"]["type"] != "cpu":
            raise BadWeights(
                f"expected a network exported on a CPU, got {meta['device']['type']!r}"
            )
        if not parts[path] and all(size["as_int"] for size in meta["sizes"]):
            raise BadWeights(f"expected the numbers of {tensor!r}, got none")


def _graph(program: Any) -> dict[str, Any]:
    """Return a serialised program less all that does not compute, checked."""
    module = program["graph_module"]
    module |= {"metadata": {}, "treespec_namedtuple_fields": {}}
    module["module_call_graph"] = [
        call for call in module["module_call_graph"] if call["fqn"] == ""
    ]
    for node in module["graph"]["nodes"]:
        node["metadata"] = {}
        _check_mode(node)
    program |= {"guards_code": [], "torch_version": ""}
    for symbol in program["range_constraints"]:
        if not SYMBOL.fullmatch(symbol):
            raise BadWeights(f"expected a size to be called s0, s1 ..., got {symbol[:100]!r}")
    _check(program)
    return dict(program)


def _check_mode(node: Mapping[str, Any]) -> None:
    """Refuse layers that behave as in training: dropout, or normalisation over the batch."""
    for given in node["inputs"]:
        if given["name"] in ("train", "training") and given["arg"].get("as_bool"):
            raise BadWeights(
                f"expected a network exported in eval mode, got {node['target']} in training mode: "
                "call network.eval() before torch.export.export"
            )


def _check(value: Any, key: str = "") -> None:
    """Refuse words that are neither names nor known; key: of the value in what holds it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in CODE or not PATH.fullmatch(name):
                raise BadWeights(f"expected a graph of tensors and numbers, got {name[:100]!r}")
            _check(inner, name)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, key)
    elif isinstance(value, str):
        _check_word(value, key)


def _check_word(value: str, key: str) -> None:
    if key == "expr_str":
        _check_expression(value)
    elif key in ("in_spec", "out_spec"):
        version, tree = json.loads(value)
        _check_tree(tree if version == 1 else {"type": version})
    elif key == "target":
        if not OPERATOR.fullmatch(value):
            raise BadWeights(f"expected operators of torch.ops.aten, got {value[:100]!r}")
    elif key == "as_string":
        if value not in MODES:
            raise BadWeights(f"expected one of the words {sorted(MODES)}, got {value[:100]!r}")
    elif not (PATH if key in PATHS else WORD).fullmatch(value):
        raise BadWeights(f"expected a name as {key or 'value'}, got {value[:100]!r}")


def _check_expression(text: str) -> None:
    """Admit sums, products and the like of integers and symbols, as sympy writes them."""
    if len(text) > LONGEST_EXPRESSION:
        raise BadWeights(f"expected a short expression for a size, got {len(text)} characters")
    if not _is_size(ast.parse(text, mode="eval").body):
        raise BadWeights(f"expected a plain expression for a size, got {text[:100]!r}")


def _is_size(part: ast.expr) -> bool:
    match part:
        case ast.Constant(value=int()):
            return True
        case ast.Name(id=name):
            return SYMBOL.fullmatch(name) is not None
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _is_size(inner)
        case ast.Call(func=ast.Name(id="Symbol"), args=[ast.Constant(value=str(name))]):
            assumed = all(isinstance(word.value, ast.Constant) for word in part.keywords)
            return assumed and SYMBOL.fullmatch(name) is not None
        case ast.Call(
            func=ast.Name(id="Integer" | "Add" | "Mul" | "Min" | "Max" | "FloorDiv"), keywords=[]
        ):
            return all(_is_size(inner) for inner in part.args)
        case _:
            return False


def _check_tree(tree: Mapping[str, Any]) -> None:
    """Admit tuples, lists and dictionaries; other types would be imported by their names."""
    context = tree.get("context")
    if tree["type"] not in TREES or "{" in (context or ""):
        raise BadWeights(f"expected tensors in tuples or lists, got {str(tree['type'])[:100]!r}")
    for inner in tree["children_spec"]:
        _check_tree(inner)


def _archive(parts: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for path, content in parts.items():
            archive.writestr(f"archive/{path}", content)
    return file.getvalue()
