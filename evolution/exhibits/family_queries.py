"""What the links of a family tree ask for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from evolution.exhibits.families import BACK, Family, Member
from evolution.exhibits.family_folding import Wish


@dataclass(frozen=True)
class Queries:
    """Other views of the same tree; empty where one would show nothing else."""

    shown: Family

    @property
    def wish(self) -> Wish:
        return pinned(self.shown)

    @property
    def forks(self) -> str:
        return query(replace(self.wish, every_step=False))

    @property
    def steps(self) -> str:
        return query(replace(self.wish, every_step=True))

    @property
    def file(self) -> str:
        return f"{query(self.wish)}&svg=1"

    @property
    def everything(self) -> str:
        if self.shown.wish.everything or not self.shown.n_below:
            return ""
        return self._anew(self.shown.root, everything=True)

    @property
    def usual(self) -> str:
        wish = self.shown.wish
        return "?" if wish.everything or wish.opened or wish.folded or wish.root else ""

    @property
    def further(self) -> str:
        earlier = self.shown.earlier
        return self._anew(earlier[min(BACK, len(earlier)) - 1]) if earlier else ""

    @property
    def beginning(self) -> str:
        earlier = self.shown.earlier
        return self._anew(earlier[-1]) if len(earlier) > BACK else ""

    @property
    def descendants(self) -> str:
        own = self.shown.individual.pk
        return self._anew(own) if self.shown.root != own else ""

    def _anew(self, root: int, *, everything: bool = False) -> str:
        return query(Wish(root, self.shown.wish.every_step, everything=everything))


def folding(shown: Family) -> Callable[[Member], str]:
    """The address that shows more below a picture, or folds what is shown."""
    wish = pinned(shown)
    as_it_is = query(wish)

    def address(member: Member) -> str:
        number = member.individual_id
        if member.is_origin:
            return query(Wish(number, wish.every_step))
        if number not in wish.folded | wish.opened:
            return f"{as_it_is}&{'open' if member.hidden else 'fold'}={number}"
        if member.hidden:
            turned = replace(wish, folded=wish.folded - {number}, opened=wish.opened | {number})
        else:
            turned = replace(wish, folded=wish.folded | {number}, opened=wish.opened - {number})
        return query(turned)

    return address


def pinned(shown: Family) -> Wish:
    """The same view whatever is folded: what begins a tree by itself depends on that."""
    return replace(shown.wish, root=shown.root)


def query(wish: Wish) -> str:
    asked: list[tuple[str, str]] = [("show", "steps" if wish.every_step else "forks")]
    if wish.root is not None:
        asked.append(("from", str(wish.root)))
    if wish.everything:
        asked.append(("open", "all"))
    asked += [("open", str(number)) for number in sorted(wish.opened)]
    asked += [("fold", str(number)) for number in sorted(wish.folded)]
    return f"?{urlencode(asked)}"
