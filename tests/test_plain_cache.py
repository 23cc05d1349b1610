"""What goes into the cache comes out again, and nothing is pickled on the way."""

from typing import Any

import pytest
from django.core.cache import cache

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "value", [0, -7, 2**40, 1.5, True, None, "", "ü", b"", b"b\x00j", [1, "a"], {"a": [None]}]
)
def test_comes_out_as_it_went_in(value: Any) -> None:
    cache.set("key", value)
    found = cache.get("key", "absent")
    assert found == value
    assert type(found) is type(value)


def test_numbers_can_be_counted() -> None:
    cache.set("count", 1)
    assert cache.incr("count") == 2
    assert cache.get("count") == 2


def test_other_objects_are_refused() -> None:
    with pytest.raises(TypeError):
        cache.set("key", object())


def test_what_is_stored_is_no_pickle() -> None:
    cache.set("key", {"a": 1})
    stored = cache._cache.get_client(None).get(cache.make_key("key"))  # type: ignore[attr-defined]
    assert stored == b'j{"a": 1}'
