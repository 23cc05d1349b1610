"""Networks that a study trains: what they are called, and whether they are still what they were."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from classifiers import catalogue
from classifiers.base import BadWeights, ClassifierError

DIGITS_OF_NAME = 10


def name(kind: str, number: int, depends_on: Mapping[str, Any]) -> str:
    """Name a network by all that it depends on, so that the same one has the same name anywhere."""
    text = json.dumps(depends_on, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:DIGITS_OF_NAME]
    return f"{kind}-fooled-{digest}-{number:02}"


def stands(result: Mapping[str, Any]) -> bool:
    """Whether the network that a part made is in the folder of networks, unchanged."""
    if "network" not in result:
        return True
    try:
        found = catalogue.entry(result["network"])
    except ClassifierError:
        return False
    return bool(found.version == result["version"])


def check_version(key: str, got: str, expected: str) -> None:
    """Refuse a run against another network of the same name. Raises BadWeights."""
    if got != expected:
        raise BadWeights(
            f"{key}: expected a run against version {expected} of its network, got {got}: the file "
            "was replaced meanwhile"
        )
