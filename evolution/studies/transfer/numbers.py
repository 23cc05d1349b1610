"""The paper's numbers about pictures that fool two networks, beside ours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifiers.shipped import GOOGLENET
from evolution.studies.findings import Comparison, Verdict, verdict
from evolution.studies.likeness import counted, same_share, share_in_words, share_of_things
from evolution.studies.transfer.pairs import Pair, together
from evolution.templatetags.readings import percent

MOST_TRANSFERRED = (9, 6, 2)  # §A.1
GOOGLENET_ERROR = 0.313
OTHER_LENETS = (
    "Not explained. Both networks are ours: Caffe’s LeNet, trained from other random weights than "
    "the paper’s. The preset of the published code comes to the same: after 200 generations 60 of "
    "60 pictures keep their label (3 runs a network)."
)
OTHERS = "Other networks than the paper’s."
FEWER = (
    "Not as in the paper: the networks of a pair differ in more than their first weights, and the "
    "runs are as long as the conditions say."
)


@dataclass(frozen=True)
class Row:
    """A row of Table S1: what it counts, and the paper's average of both directions.

    hits, trials: the paper's, of both directions.
    """

    name: str
    quantity: str
    paper: str
    hits: int
    trials: int


MNIST = (
    Row("same", "same top-1 label", "43.3% and 48.7% (46.0%)", 276, 600),
    Row("sure", "same top-1 label, both at 99% or more", "27.3% and 27.3% (27.3%)", 164, 600),
    Row("higher", "of these, surer on the network they fool", "88.5% and 95.9% (92.2%)", 254, 276),
)
IMAGENET = (
    Row("same", "same top-1 label", "62.8% and 65.9% (64.4%)", 1288, 2000),
    Row("sure", "same top-1 label, both at 99% or more", "5.0% and 7.2% (6.1%)", 122, 2000),
    Row(
        "higher", "of these, surer on the network they fool", "95.1% and 98.0% (96.6%)", 1244, 1288
    ),
)


def comparisons(
    digits: Sequence[Pair], photos: Sequence[Pair], conditions: Mapping[str, str]
) -> list[Comparison]:
    """digits, photos: all ordered pairs of networks; empty where a case was left out."""
    ours = {pair.own for pair in digits} == {"lenet-a", "lenet-b"}
    why = OTHER_LENETS if ours else OTHERS
    of_digits, of_photos = conditions.get("digits", ""), conditions.get("photographs", "")
    kin = [pair for pair in photos if family(pair.own) == family(pair.other)]
    return [
        *(_row("mnist", row, digits, of_digits, why) for row in MNIST),
        _digits(digits, of_digits, why),
        *(_row("imagenet", row, kin, of_photos, FEWER) for row in IMAGENET),
        _across(photos, "googlenet-alexnet", "20.7%", 207, of_photos),
        _across(photos, "alexnet-googlenet", "17.3%", 173, of_photos),
        _error(),
    ]


def family(network: str) -> str:
    """Networks whose names differ in their number alone are of one architecture, in several sizes."""
    return network.rstrip("0123456789")


def _row(case: str, row: Row, pairs: Sequence[Pair], conditions: str, why: str) -> Comparison:
    asked = [pair for pair in pairs if pair.shown]
    hits, trials = _counted(row.name, together(asked))
    words = "; ".join(
        f"{pair.own} → {pair.other} {share_of_things(h / n)}"
        for pair in asked
        for h, n in [_counted(row.name, pair)]
        if n
    )
    found = same_share(hits, trials, row.hits, row.trials)
    pooled = share_in_words(hits, trials)
    return Comparison(
        f"transfer-{case}-{row.name}",
        "Table S1",
        f"{'MNIST' if case == 'mnist' else 'ImageNet'}: {row.quantity}",
        row.paper,
        f"{pooled}: {words}" if pooled else "",
        conditions if asked or case == "mnist" else _no_kin(conditions),
        found,
        why if found == "differs" else "",
    )


def _counted(name: str, pair: Pair) -> tuple[int, int]:
    if name == "same":
        return len(pair.same), len(pair.shown)
    if name == "sure":
        return pair.sure, len(pair.shown)
    return pair.higher, len(pair.same)


def _no_kin(conditions: str) -> str:
    return f"{conditions}; no two networks of one family were asked".removeprefix("; ")


def transferred(digits: Sequence[Pair]) -> list[tuple[int, int]]:
    """(label, pictures with the same label on both networks), most first."""
    counts = Counter(one.own for pair in digits for one in pair.same)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _digits(digits: Sequence[Pair], conditions: str, why: str) -> Comparison:
    found = transferred(digits)
    first = found[: len(MOST_TRANSFERRED)]
    result: Verdict = "open"
    if first:
        result = verdict({label for label, _ in first} == set(MOST_TRANSFERRED))
    return Comparison(
        "transfer-mnist-digits",
        "§A.1",
        "digits that transfer most",
        "9, 6 and 2",
        ", ".join(f"{label} ({counted(count, 'picture')})" for label, count in first),
        conditions,
        result,
        why if result == "differs" else "",
    )


def _across(
    photos: Sequence[Pair], name: str, paper: str, hits: int, conditions: str
) -> Comparison:
    """Between architectures; our networks stand in for the paper's where those were not asked."""
    known = {pair.own for pair in photos}
    older = [one for one in ("alexnet", "squeezenet") if one in known][:1]
    newer = ["googlenet"] if "googlenet" in known else sorted(known - {"alexnet", "squeezenet"})
    back = name == "alexnet-googlenet"
    source, target = (older, newer) if back else (newer, older)
    pair = together(one for one in photos if one.own in source and one.other in target)
    found = same_share(len(pair.same), len(pair.shown), hits, 1000)
    first, second = ("AlexNet", "GoogLeNet") if back else ("GoogLeNet", "AlexNet")
    exact = (pair.own, pair.other) == (first.lower(), second.lower())
    asked = f"{conditions}; pictures of {pair.own}, shown to {pair.other}" if pair.shown else ""
    return Comparison(
        f"transfer-{name}",
        "§A.2",
        f"pictures of {first} that {second} gives the same top-1 label",
        paper,
        share_in_words(len(pair.same), len(pair.shown)),
        asked if exact or not asked else f"{asked} (standing in for {first} and {second})",
        found,
        ""
        if found != "differs"
        else "The runs are as long as the conditions say."
        if exact
        else "Other networks, and runs as long as the conditions say.",
    )


def _error() -> Comparison:
    published = GOOGLENET.accuracy.published_error
    return Comparison(
        "transfer-googlenet-error",
        "§A.2",
        "top-1 error of GoogLeNet",
        percent(GOOGLENET_ERROR),
        f"{percent(published)}, as its makers published it" if published else "",
        "torchvision’s GoogLeNet; not measured here",
        "open",
    )
