"""What the page of the transfer study shows beside the paper's numbers."""

from collections.abc import Mapping, Sequence

from classifiers import catalogue
from evolution.agreement.intervals import interval_of
from evolution.studies.findings import Cell, HeatMap, Picture, Sheet, Table
from evolution.studies.likeness import counted, share_of_things
from evolution.studies.transfer.numbers import MOST_TRANSFERRED, transferred
from evolution.studies.transfer.pairs import Pair, Shown, together
from evolution.templatetags.readings import percent

A_ROW = 10  # pictures
SIDES = {1: 28, 3: 256}  # of pictures, by channels


def headline(digits: Sequence[Pair], photos: Sequence[Pair]) -> str:
    words = [
        f"{share_of_things(len(pair.same) / len(pair.shown))} of {counted(len(pair.shown), 'picture')} "
        f"bred as {what}"
        for what, pairs in (("digits", digits), ("photographs", photos))
        if (pair := together(pairs)).shown
    ]
    if not words:
        return "No network has been asked about another one’s pictures yet."
    return f"Another network gives the same label to {' and to '.join(words)}."


def tables(digits: Sequence[Pair], photos: Sequence[Pair]) -> list[Table]:
    found = [_pairs([pair for pair in (*digits, *photos) if pair.shown])]
    return [*found, _by_digit(digits)] if any(pair.shown for pair in digits) else found


def _pairs(pairs: Sequence[Pair]) -> Table:
    rows: list[list[Cell]] = []
    for pair in pairs:
        n, same = len(pair.shown), len(pair.same)
        believed = pair.believed
        kept = sum(one.is_same for one in believed)
        rows.append(
            [
                pair.own,
                pair.other,
                n,
                *_share(same, n),
                *_share(pair.sure, n),
                *_share(pair.higher, same),
                len(believed),
                kept / len(believed) if believed else None,
            ]
        )
    return Table(
        "pairs",
        "Pictures of one network, shown to another",
        [
            "pictures of",
            "shown to",
            "pictures",
            *("same label", "from", "to"),
            *("same and both at 99%", "from", "to"),
            *("of the same, surer on the first", "from", "to"),
            "called by their class by the first",
            "of these, same label",
        ],
        rows,
        shares=(*range(3, 12), 13),
        counted=(*range(3, 12), 13),
    )


def _share(hits: int, trials: int) -> list[float | None]:
    """A share and the ends of its interval."""
    if not trials:
        return [None, None, None]
    found = interval_of(hits, trials)
    return [hits / trials, found.low, found.high]


def _by_digit(digits: Sequence[Pair]) -> Table:
    names = catalogue.entry(digits[0].own).targets
    rows: list[list[Cell]] = []
    for label, name in enumerate(names):
        shares: list[Cell] = []
        for pair in digits:
            own = [one for one in pair.shown if one.label == label]
            shares.append(sum(one.is_same for one in own) / len(own) if own else None)
        rows.append([name, *shares])
    titles = [f"{pair.own} → {pair.other}" for pair in digits]
    return Table(
        "by-digit",
        "Same label on both networks, by digit",
        ["digit", *titles],
        rows,
        shares=range(1, len(digits) + 1),
        counted=range(1, len(digits) + 1),
    )


def heat_maps(read: Mapping[str, Sequence[Pair]]) -> list[HeatMap]:
    """The whole matrix of a case: who is fooled (column) by whose pictures (row)."""
    return [_heat_map(name, pairs) for name, pairs in read.items() if any(p.shown for p in pairs)]


def _heat_map(name: str, pairs: Sequence[Pair]) -> HeatMap:
    shares = {
        (pair.own, pair.other): len(pair.same) / len(pair.shown) for pair in pairs if pair.shown
    }
    names = list(dict.fromkeys(pair.own for pair in pairs))
    (own, other), most = max(shares.items(), key=lambda item: item[1])
    return HeatMap(
        name,
        f"Same label on both networks: {name}",
        [f"pictures of {one}" for one in names],
        [f"shown to {one}" for one in names],
        [[shares.get((row, column)) for column in names] for row in names],
        f"Most go from {own} to {other}: {share_of_things(most)}.",
        counted=True,
    )


def sheets(digits: Sequence[Pair], photos: Sequence[Pair]) -> list[Sheet]:
    """Pictures that fool two networks: of the digits that transfer most, and of photographs."""
    best = [label for label, _ in transferred(digits)[: len(MOST_TRANSFERRED)]]
    of_digits = [picture for label in best for picture in _surest(digits, A_ROW, label)]
    of_photos = _surest(photos, 4 * A_ROW)
    both = (
        ("digits", "The digits that transfer most: surest pictures of both networks", of_digits),
        ("photographs", "The surest pictures that fool two networks", of_photos),
    )
    return [Sheet(name, title, shown, A_ROW) for name, title, shown in both if shown]


def _surest(pairs: Sequence[Pair], most: int, label: int | None = None) -> list[Picture]:
    """Those whose less sure network is surest, each picture once."""
    matched = [
        (one, pair)
        for pair in pairs
        for one in pair.same
        if one.is_believed and label in (None, one.label)
    ]
    matched.sort(key=lambda item: (-_both(item[0]), item[0].individual))
    once: dict[int, Picture] = {}
    for one, pair in matched:
        once.setdefault(one.individual, _picture(one, pair))
    return list(once.values())[:most]


def _both(one: Shown) -> float:
    return min(one.own_confidence, one.other_confidence)


def _picture(one: Shown, pair: Pair) -> Picture:
    entry = catalogue.entry(pair.own)
    return Picture(
        entry.labels[one.own],
        f"{percent(one.own_confidence)} {pair.own}, {percent(one.other_confidence)} {pair.other}",
        individual=one.individual,
        side=SIDES[entry.channels],
    )
