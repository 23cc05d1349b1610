"""How the site writes numbers and times, the same on every page."""

import math
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from django import template
from django.utils import timezone

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400
HIGHEST = Decimal("99.99")


@register.filter
def percent(confidence: float) -> str:
    """0.99999 is 99.99%: cut, never rounded up, and nothing is ever 100%."""
    # Through the shortest decimal form: 0.29 is 29.00%, though 0.29 * 100 is below 29.
    cut = (Decimal(repr(float(confidence))) * 100).quantize(Decimal("0.01"), ROUND_FLOOR)
    return f"{min(cut, HIGHEST)}%"


@register.filter
def raw(number: float) -> str:
    """The number itself, whatever the language, for machines that read the page."""
    return repr(float(number))


@register.filter
def scale(share: float) -> str:
    """A share as CSS wants it in a custom property: four decimals, cut to 0 to 1."""
    return f"{min(max(float(share), 0.0), 1.0):.4f}"


@register.filter
def thousands(number: float) -> str:
    """25800 is 25,800; below 100 one decimal of a fraction is kept."""
    if isinstance(number, int) or number >= 100:
        return f"{math.floor(number):,}"
    return f"{number:.1f}"


@register.filter
def duration(seconds: float) -> str:
    """At most two units: 42 s, 9 min 2 s, 5 h 41 min, 3 d 4 h."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    for unit, name, part, part_name in (
        (DAY, "d", HOUR, "h"),
        (HOUR, "h", MINUTE, "min"),
        (MINUTE, "min", 1, "s"),
    ):
        if whole >= unit:
            rest = whole % unit // part
            return f"{whole // unit} {name}" + (f" {rest} {part_name}" if rest else "")
    raise AssertionError("a duration of a minute or more has a unit")


@register.filter
def ago(moment: datetime) -> str:
    """3 s ago, 4 min ago; from an hour on the clock, from a day on the date."""
    seconds = int((timezone.now() - moment).total_seconds())
    if seconds < 1:
        return "just now"
    if seconds < MINUTE:
        return f"{seconds} s ago"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min ago"
    local = timezone.localtime(moment)
    if seconds < DAY and local.date() == timezone.localdate():
        return f"at {local:%H:%M}"
    return f"on {local.day} {local:%b %Y}, {local:%H:%M}"


@register.filter
def whole_percent(share: float) -> str:
    """A share of people, to the nearest whole per cent."""
    return f"{math.floor(share * 100 + 0.5)}%"


@register.filter
def chance_percent(chance: float) -> str:
    """50%, 11%, 0.1%: two digits that count, however small."""
    return f"{chance * 100:.2g}%"
