"""A file or function that outgrows a screenful is split by noun before it gets its next feature."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST_FILE, LONGEST_FUNCTION = 300, 50


def sources() -> list[Path]:
    patterns = ("*.py", "*.js", "*.html")
    found = [path for pattern in patterns for path in ROOT.rglob(pattern)]
    apart = {"vendor", ".venv", ".data", "migrations"}
    return [path for path in found if not apart & set(path.relative_to(ROOT).parts)]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_are_short() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in sources()}
    assert len(lengths) > 100
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = {
        f"{path.relative_to(ROOT)}: {name}": length
        for path in sources()
        if path.suffix == ".py"
        for name, length in functions(path)
        if length > LONGEST_FUNCTION
    }
    assert long == {}
