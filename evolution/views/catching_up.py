"""All that changed since a page was rendered, in one answer."""

from collections.abc import Callable

from evolution.exhibits.changes import Changes

MOST_ROUNDS = 50  # of twenty tiles; a page that is further behind asks again


def all_changes(since_version: Callable[[str], Changes], since: str) -> str:
    parts = []
    for _ in range(MOST_ROUNDS):
        found = since_version(since)
        parts.append(found.html)
        since = found.version
        if not found.more:
            break
    return "".join(parts)
