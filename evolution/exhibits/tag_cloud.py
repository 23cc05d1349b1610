"""The tags of published pictures, the frequent ones larger."""

import math
from dataclasses import dataclass

from django.db.models import Count

from evolution.models import Tag

MOST = 200
STEPS = 5


@dataclass(frozen=True, slots=True)
class CloudTag:
    """step: its size, 1 to STEPS."""

    name: str
    count: int
    step: int


def cloud() -> list[CloudTag]:
    """The most frequent tags in the order of the alphabet."""
    used = Tag.objects.filter(publications__isnull=False, publications__hidden_at__isnull=True)
    counted = used.values("name").annotate(count=Count("publications"))
    rows = list(counted.order_by("-count", "name").values_list("name", "count")[:MOST])
    most = max((count for _, count in rows), default=1)
    return [CloudTag(name, count, _step(count, most)) for name, count in sorted(rows)]


def _step(count: int, most: int) -> int:
    """Steps are even in the logarithm: a tag used once stays small beside one used ten times."""
    return 1 + round((STEPS - 1) * math.log(count) / math.log(most)) if most > 1 else 1
