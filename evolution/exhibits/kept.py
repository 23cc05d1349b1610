"""What pages show again and again, in the cache. The site works without one: then it is made anew."""

from collections.abc import Callable

import redis.exceptions
from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

AWAY = (redis.exceptions.RedisError, OSError)
FRAGMENT_SECONDS = 60  # a run that goes on leaves a version behind with every commit


def get(key: str) -> object:
    try:
        found: object = cache.get(key)
    except AWAY:
        return None
    return found


def keep(key: str, value: object, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except AWAY:
        return


def fragment(key: str, make: Callable[[], str], seconds: int = FRAGMENT_SECONDS) -> SafeString:
    """HTML that everybody may see and that never changes under its key."""
    found = known_fragment(key)
    if found is not None:
        return found
    made = make()
    keep(f"fragment-{key}", made, seconds)
    return mark_safe(made)


def known_fragment(key: str) -> SafeString | None:
    """The same if it is kept already."""
    found = get(f"fragment-{key}")
    return mark_safe(found) if isinstance(found, str) else None
