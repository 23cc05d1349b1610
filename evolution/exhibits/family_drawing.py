"""A family tree as an SVG picture: in the page, and as a file of its own.

It is put together here, not by a template: two thousand pictures would take one a second.
"""

import base64
from collections.abc import Callable, Iterable, Mapping

from django.urls import reverse
from django.utils.html import escape

from evolution.exhibits.families import NETWORK, PERSON, Family, Member
from evolution.models import Individual

SIDE, COLUMN, ROW, EDGE = 50, 190, 74, 16  # pixels
FIRST = 200  # pictures that are loaded at once; the others when they come into view
EMBEDDED = 200  # pictures that a file holds; the others stay on the site
STYLE = (
    "text{font:12px sans-serif;fill:#5a5a57}.label{fill:#0a6078;font-size:13px}"
    ".label--people{fill:#a8430a;font-family:serif;font-style:italic;font-size:14px}"
    "path{fill:none;stroke:#0a6078;stroke-width:1.75}"
    ".by-people{stroke:#a8430a;stroke-width:2.5;stroke-dasharray:0 6;stroke-linecap:round}"
    ".by-chance{stroke:#171716}.elided{stroke-dasharray:6 5}.mate{stroke-width:.75}"
    "rect{fill:none;stroke:none}.here rect{stroke:#171716;stroke-width:3}"
)
CLASSES = {PERSON: "by-people", NETWORK: "by-network"}
CHOSEN = {PERSON: "chosen by a person", NETWORK: "chosen by a network"}


def width(family: Family) -> int:
    return 2 * EDGE + SIDE + (family.columns - 1) * COLUMN + 170


def height(family: Family) -> int:
    return round(2 * EDGE + SIDE + (family.rows - 1) * ROW + 18)


def svg(family: Family, folding: Callable[[Member], str]) -> str:
    """The drawing for the page. folding: the address that folds or unfolds what is below one."""
    members = {member.individual_id: member for member in family.members}
    parts = list(_edges(members))
    for number, member in enumerate(family.members):
        source = "href" if number < FIRST else "data-href"
        parts.append(_node(member, f'{source}="{_picture(member)}"', _link(member)))
        if member.can_fold:
            parts.append(_fold(member, folding(member)))
    size = f'width="{width(family)}" height="{height(family)}"'
    box = f'viewBox="0 0 {width(family)} {height(family)}"'
    label = f'role="group" aria-label="Tree of {len(family.members)} pictures"'
    return f"<svg {size} {box} {label}>{''.join(parts)}</svg>"


def file(family: Family, site: str) -> bytes:
    """The drawing as a file that stands alone. site: where the pictures are that it does not hold."""
    members = {member.individual_id: member for member in family.members}
    embedded = _embedded([m.individual_id for m in family.members[:EMBEDDED] if not m.is_hidden])
    parts = list(_edges(members))
    for member in family.members:
        picture = embedded.get(member.individual_id) or (site + _picture(member))
        parts.append(_node(member, f'href="{picture}"', site + _link(member)))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width(family)}" height="{height(family)}">'
        f"<title>The family of No. {family.individual.pk}</title><style>{STYLE}</style>"
        '<rect width="100%" height="100%" style="fill:#f4f4f2"/>'
    )
    return f"{head}{''.join(parts)}</svg>".encode()


def _edges(members: Mapping[int, Member]) -> Iterable[str]:
    for member in members.values():
        if member.parent is not None:
            yield _edge(members[member.parent], member)
        if member.mate is not None and member.mate in members:
            yield _curve(members[member.mate], member, "mate", "the other parent")


def _edge(parent: Member, child: Member) -> str:
    kind = CLASSES.get(child.selected_by, "by-chance")
    words = CHOSEN.get(child.selected_by, f"chosen by {escape(child.selected_by)}")
    if child.between:
        return _curve(
            parent, child, f"{kind} elided", f"{words}; {child.between} between are folded"
        )
    return _curve(parent, child, kind, words)


def _curve(parent: Member, child: Member, kind: str, words: str) -> str:
    x, y = left(parent) + SIDE, top(parent) + SIDE / 2
    to_x, to_y = left(child), top(child) + SIDE / 2
    half = (x + to_x) / 2
    path = f"M{x:g} {y:g}C{half:g} {y:g} {half:g} {to_y:g} {to_x:g} {to_y:g}"
    return f'<path class="{kind}" d="{path}"><title>{words}</title></path>'


def _node(member: Member, picture: str, address: str) -> str:
    x, y = left(member), top(member)
    told = f"“{member.title}”" if member.title else member.label
    name = escape(f"{member.name}{', ' + told if told else ''}")
    box = f'x="{x:g}" y="{y:g}" width="{SIDE}" height="{SIDE}"'
    image = "" if member.is_hidden else f'<image {picture} {box} preserveAspectRatio="none"/>'
    here = ' class="here" aria-current="true"' if member.is_here else ""
    return f'<a href="{address}"{here} aria-label="{name}">{image}<rect {box}/>{_words(member)}</a>'


def _words(member: Member) -> str:
    kind = "label label--people" if member.title else "label"
    told = f"“{member.title}”" if member.title else member.label
    if not told:
        return ""
    short = told if len(told) <= 24 else told[:23] + "…"
    x, y = left(member), top(member) + SIDE + 14
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(short)}</text>'


def _fold(member: Member, address: str) -> str:
    x, y = left(member) + SIDE + 14, top(member) + SIDE / 2  # on the lines to what is below
    sign = f"+{member.hidden}" if member.hidden else "−"
    words = f"Show the {member.hidden} below" if member.hidden else "Fold what is below"
    return (
        f'<a class="fold" href="{escape(address)}" aria-label="{words} No. {member.individual_id}">'
        f'<circle cx="{x:g}" cy="{y:g}" r="9"/><text x="{x:g}" y="{y + 4:g}" text-anchor="middle">'
        f"{sign}</text></a>"
    )


def left(member: Member) -> float:
    return EDGE + COLUMN * member.place.column


def top(member: Member) -> float:
    return EDGE + ROW * member.place.row


def _picture(member: Member) -> str:
    return reverse("picture", args=[member.individual_id, 64, "webp"])


def _link(member: Member) -> str:
    return reverse("individual", args=[member.individual_id])


def _embedded(ids: list[int]) -> dict[int, str]:
    rows = Individual.objects.filter(pk__in=ids, thumbnail__isnull=False)
    return {
        number: f"data:image/webp;base64,{base64.b64encode(bytes(content)).decode()}"
        for number, content in rows.values_list("pk", "thumbnail")
        if content is not None
    }
