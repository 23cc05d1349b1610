"""A family tree as an SVG picture: in the page, and as a file of its own.

It is put together here, not by a template: two thousand pictures would take one a second.
"""

from collections.abc import Callable, Iterable, Mapping

from django.db.models import Case, F, When
from django.utils.html import escape

from evolution.exhibits.families import NETWORK, PERSON, Family, Member
from evolution.exhibits.family_addresses import page_of, picture_of
from evolution.exhibits.naming import LARGEST_THUMBNAIL
from evolution.exhibits.thumbnails import thumbnail
from evolution.models import Individual

SIDE, COLUMN, ROW, EDGE = 50, 190, 76, 16  # pixels
LAST = 170  # pixels beside the last column, for its words
LETTERS = 24  # of the words below a picture
FIRST = 200  # pictures that are loaded at once; the others when they come into view
EMBEDDED = 200  # pictures that a file holds; the others stay on the site
STYLE = (
    "text{font:12px sans-serif;fill:#5a5a57;paint-order:stroke;stroke:#f4f4f2;stroke-width:4px}"
    ".label{fill:#0a6078;font-size:13px}"
    ".label--people{fill:#a8430a;font-family:serif;font-style:italic;font-size:14px}"
    "path{fill:none;stroke:#0a6078;stroke-width:1.75}"
    ".by-people{stroke:#a8430a;stroke-width:2.5;stroke-dasharray:0 6;stroke-linecap:round}"
    ".by-chance{stroke:#171716}.elided{stroke-dasharray:6 5;stroke-linecap:butt}"
    ".mate{stroke:#868682;stroke-width:.75}"
    "rect{fill:none;stroke:#dcdcd8}.here rect{stroke:#171716;stroke-width:3}"
    ".gone rect{stroke:#868682;stroke-dasharray:3 3}.pixels{image-rendering:pixelated}"
)
CLASSES = {PERSON: "by-people", NETWORK: "by-network"}
CHOSEN = {PERSON: "chosen by a person", NETWORK: "chosen by a network"}


def width(family: Family) -> int:
    return 2 * EDGE + SIDE + (family.columns - 1) * COLUMN + LAST


def height(family: Family) -> int:
    return round(2 * EDGE + SIDE + (family.rows - 1) * ROW + 18)


def svg(family: Family, folding: Callable[[Member], str]) -> str:
    """The drawing for the page. folding: the address that folds or unfolds what is below one."""
    parts = list(_edges(family.members))
    for number, member in enumerate(family.members):
        source = "href" if number < FIRST else "data-href"
        parts.append(
            _node(member, f'{source}="{picture_of(member)}"', page_of(member.individual_id))
        )
        if member.is_open or member.hidden:
            parts.append(_fold(member, escape(folding(member))))
    label = f'role="group" aria-label="Tree of {len(family.members)} pictures"'
    return f"<svg {_size(family)} {label}>{''.join(parts)}</svg>"


def file(family: Family, site: str) -> bytes:
    """The drawing as a file that stands alone. site: where the pictures are that it does not hold."""
    embedded = _embedded(family.members[:EMBEDDED])
    parts = list(_edges(family.members))
    for member in family.members:
        picture = embedded.get(member.individual_id) or site + picture_of(member)
        parts.append(
            _node(member, f'href="{escape(picture)}"', escape(site + page_of(member.individual_id)))
        )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {_size(family)}>'
        f"<title>The family of No. {family.individual.pk}</title><style>{STYLE}</style>"
        '<rect width="100%" height="100%" style="fill:#f4f4f2"/>'
    )
    return f"{head}{''.join(parts)}</svg>\n".encode()


def _size(family: Family) -> str:
    x, y = width(family), height(family)
    return f'width="{x}" height="{y}" viewBox="0 0 {x} {y}"'


def _edges(members: Iterable[Member]) -> Iterable[str]:
    known: Mapping[int, Member] = {member.individual_id: member for member in members}
    for member in known.values():
        if member.mate is not None and member.mate in known:
            yield _curve(known[member.mate], member, "mate", "the other parent")
    for member in known.values():
        if member.parent is not None:
            yield _edge(known[member.parent], member)


def _edge(parent: Member, child: Member) -> str:
    kind = CLASSES.get(child.selected_by, "by-chance")
    words = CHOSEN.get(child.selected_by, f"chosen by {escape(child.selected_by)}")
    if not child.between:
        return _curve(parent, child, kind, words)
    words += f"; {_steps(child.between)} between folded away"
    from_above = parent.place.row < child.place.row
    x, y = left(child) - 6, top(child) + SIDE / 2 + (15 if from_above else -6)
    told = f'<text x="{x:g}" y="{y:g}" text-anchor="end">{_steps(child.between)}</text>'
    return _curve(parent, child, f"{kind} elided", words) + told


def _steps(count: int) -> str:
    return f"{count:,} step{'' if count == 1 else 's'}"


def _curve(parent: Member, child: Member, kind: str, words: str) -> str:
    x, y = left(parent) + SIDE, top(parent) + SIDE / 2
    to_x, to_y = left(child), top(child) + SIDE / 2
    half = (x + to_x) / 2
    path = f"M{x:g} {y:g}C{half:g} {y:g} {half:g} {to_y:g} {to_x:g} {to_y:g}"
    return f'<path class="{kind}" d="{path}"><title>{words}</title></path>'


def _node(member: Member, picture: str, address: str) -> str:
    words = "hidden by staff" if member.is_withheld else member.words
    name = escape(f"{member.name}, {words}" if words else member.name)
    box = f'x="{left(member):g}" y="{top(member):g}" width="{SIDE}" height="{SIDE}"'
    image = ""
    if member.side:
        pixels = ' class="pixels"' if member.side < LARGEST_THUMBNAIL else ""
        image = f'<image {picture} {box} preserveAspectRatio="none"{pixels}/>'
    kinds = "here" * member.is_here + " gone" * (not member.side)
    kind = f' class="{kinds.strip()}"' if kinds else ""
    current = ' aria-current="true"' if member.is_here else ""
    return (
        f'<a href="{address}"{kind}{current} aria-label="{name}"><title>{name}</title>'
        f"{image}<rect {box}/>{_words(member)}</a>"
    )


def _words(member: Member) -> str:
    told = member.words
    if not told:
        return ""
    kind = "label label--people" if member.title else "label"
    short = told if len(told) <= LETTERS else _shortened(told)
    x, y = left(member), top(member) + SIDE + 14
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(short)}</text>'


def _shortened(words: str) -> str:
    """The middle is left out: a title keeps its quotation mark, a label its confidence."""
    end = words[-1:] if words.endswith("”") else words[-7:]
    return f"{words[: LETTERS - len(end) - 1].rstrip()}…{end}"


def _fold(member: Member, address: str) -> str:
    """A button on the edge: more is folded below than is shown, or else it folds what is shown."""
    sign = f"+{member.hidden:,}" if member.hidden else "−"
    words = f"Show {member.hidden:,} more below" if member.hidden else "Fold what is below"
    wide = 15 + 7 * len(sign)
    x, y = left(member) + SIDE + 4, top(member) + SIDE / 2
    box = f'x="{x:g}" y="{y - 12:g}" width="{wide}" height="24" rx="12"'
    return (
        f'<a class="fold" href="{address}" data-of="{member.individual_id}" '
        f'aria-expanded="{"false" if member.hidden else "true"}" '
        f'aria-label="{words} No. {member.individual_id}"><rect {box}/>'
        f'<text x="{x + wide / 2:g}" y="{y + 4:g}" text-anchor="middle">{sign}</text></a>'
    )


def left(member: Member) -> float:
    return EDGE + COLUMN * member.place.column


def top(member: Member) -> float:
    return EDGE + ROW * member.place.row


def _embedded(members: Iterable[Member]) -> dict[int, str]:
    sides = {member.individual_id: member.side for member in members if member.side}
    genome = Case(When(thumbnail__isnull=True, then=F("genome")))  # else it stays unread
    rows = Individual.objects.filter(pk__in=sides).values_list("pk", "thumbnail", genome)
    return {number: thumbnail(stored, content, sides[number]) for number, stored, content in rows}
