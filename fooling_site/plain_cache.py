"""How values lie in the cache: as numbers, bytes and JSON. Django's own way is pickle."""

import json
from typing import Any

BYTES, JSON = b"b", b"j"


class PlainSerializer:
    """For the OPTIONS of Django's Redis cache, which lets whole numbers through for counting."""

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:
            return value
        if isinstance(value, bytes):
            return BYTES + value
        return JSON + json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        kind, content = stored[:1], stored[1:]
        if kind == BYTES:
            return content
        if kind == JSON:
            return json.loads(content)
        return int(stored)
