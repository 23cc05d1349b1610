"""A family tree as a nested list, for whoever reads rather than looks."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import escape

from evolution.exhibits.families import NETWORK, PERSON, Member
from evolution.exhibits.family_addresses import page_of

DEEPEST = 24  # levels of lists; deeper ones stay at that level and name their parent
CHOSEN = {
    PERSON: '<span class="by people">chosen by a person</span>',
    NETWORK: '<span class="by machine">chosen by a network</span>',
}


def html(members: Sequence[Member]) -> str:
    """Nested ordered lists. members: parents before children."""
    known = {member.individual_id: member for member in members}
    below: dict[int | None, list[Member]] = {}
    for member in members:
        below.setdefault(member.parent, []).append(member)
    parts: list[str] = []
    level = -1
    for member in _top_down(below):
        wanted = min(member.place.column, DEEPEST)
        parts += ["</li></ol>"] * (level - wanted) + ["</li>" if wanted <= level else "<ol>"]
        parts.append(f"<li>{_item(member, known)}")
        level = wanted
    return "".join(parts) + "</li></ol>" * (level + 1)


def _top_down(below: Mapping[int | None, list[Member]]) -> Iterable[Member]:
    waiting = list(below.get(None, ()))
    while waiting:
        member = waiting.pop()
        yield member
        waiting += reversed(below.get(member.individual_id, ()))


def _item(member: Member, known: Mapping[int, Member]) -> str:
    here = ' aria-current="true"' if member.is_here else ""
    name = f'<a href="{page_of(member.individual_id)}"{here}>No. {member.individual_id}</a>'
    words = [f"{member.when}: {name}"]
    if member.title:
        words.append(f'<q class="words">{escape(member.title)}</q>')
    elif member.label:
        words.append(escape(member.label))
    elif member.is_withheld:
        words.append("hidden by staff")
    if member.parent is not None:
        words.append(CHOSEN.get(member.selected_by, escape(member.selected_by)))
    if member.between:
        words.append(f"{member.between:,} between")
    if member.place.column > DEEPEST:
        words.append(f"child of No. {member.parent}")
    if member.mate in known:
        words.append(f"other parent No. {member.mate}")
    if member.hidden:
        words.append(f"{member.hidden:,} more below")
    return ", ".join(words)
