"""Other people's packages, measured where they are installed: extra `bench` of pyproject.toml."""

import importlib.util

PEERS = {"neat-python": "neat", "PyTorch-NEAT": "pytorch_neat", "pyribs": "ribs", "QDax": "qdax"}
"""The module of each; PyTorch-NEAT is a repository without a package."""


def is_there(peer: str) -> bool:
    return importlib.util.find_spec(PEERS[peer]) is not None


def missing() -> tuple[str, ...]:
    """Name the peers that are left out."""
    return tuple(peer for peer in PEERS if not is_there(peer))
