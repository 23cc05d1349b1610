"""Long lists in parts: so many at once, and the address of the part that follows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

USUAL, MOST = 50, 100
T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """after: where the part before ended, None for the first one; asked: what else was asked for."""

    path: str
    after: int | None = None
    limit: int = USUAL
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def reach(self) -> int:
        """How many rows to read: one more, which tells whether any are left."""
        return self.limit + 1

    def told(
        self, rows: Sequence[T], tell: Callable[[Sequence[T]], list[Any]], end: Callable[[T], int]
    ) -> dict[str, Any]:
        """rows: up to `reach` of them; tell: what is said of those that are shown."""
        shown = rows[: self.limit]
        following = None
        if len(rows) > self.limit:
            place = {**self.asked, "after": end(shown[-1]), "limit": self.limit}
            following = f"{self.path}?{urlencode(place)}"
        return {"items": tell(shown), "next": following}
