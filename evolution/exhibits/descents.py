"""The families of an archive: who descends from which random picture, along parents."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from evolution import lineages
from evolution.exhibits import naming
from evolution.measures.descent import Born, founders
from evolution.models import Individual, Run

MOST_READ = 50_000  # individuals of one archive and its ancestors
MOST_FAMILIES = 30  # that are drawn, and rows of the table; a file has all
MOST_KINDS = 3  # that are told of a family


@dataclass(frozen=True)
class Champion:
    """A cell with its holder."""

    label: int
    name: str
    individual: int
    confidence: float


@dataclass(frozen=True)
class Family:
    """All holders that descend from one founder: a random genome, or the oldest that is stored.

    champions: by cell, the surest first. share: of all cells. kinds: super-classes and how many cells
    of each, the most frequent first; where labels have none, the labels.
    """

    founder: int
    champions: Sequence[Champion]
    share: float
    kinds: Sequence[tuple[str, int]]

    @property
    def surest(self) -> Champion:
        return self.champions[0]

    @cached_property
    def holders(self) -> list[int]:
        return sorted({champion.individual for champion in self.champions})

    @property
    def kinds_words(self) -> str:
        told = [f"{name} {count}" if count > 1 else name for name, count in self.kinds[:MOST_KINDS]]
        more = len(self.kinds) - MOST_KINDS
        return ", ".join([*told, f"{more} other kind{'s' * (more > 1)}"] if more > 0 else told)


@dataclass(frozen=True)
class Descent:
    """born: of all holders and their ancestors. pictures: those that can be drawn, of those shown.

    is_cut: there are more ancestors than are read, so that families may be parts of larger ones.
    """

    run: Run
    families: Sequence[Family]
    born: Mapping[int, Born]
    side: int
    pictures: frozenset[int]
    is_cut: bool

    @property
    def cells(self) -> int:
        return sum(len(family.champions) for family in self.families)

    @property
    def holders(self) -> int:
        return sum(len(family.holders) for family in self.families)

    @property
    def drawn(self) -> Sequence[Family]:
        return self.families[:MOST_FAMILIES]

    @property
    def left_out(self) -> Sequence[Family]:
        return self.families[MOST_FAMILIES:]

    @property
    def cells_left_out(self) -> int:
        return sum(len(family.champions) for family in self.left_out)


def descent(run: Run) -> Descent:
    """Read the families of a run's archive; three statements, however many cells it has."""
    rows = lineages.ancestry(run.pk, MOST_READ + 1)
    born = {number: Born(generation, parent) for number, parent, generation in rows[:MOST_READ]}
    families = _families(run, born)
    shown = {
        number
        for one in families[:MOST_FAMILIES]
        for number in (one.founder, one.surest.individual)
    }
    drawable = Individual.objects.filter(pk__in=shown, genome__isnull=False)
    kept = Individual.objects.filter(pk__in=shown, thumbnail__isnull=False)
    pictures = drawable.values_list("pk", flat=True).union(kept.values_list("pk", flat=True))
    return Descent(
        run,
        families,
        born,
        naming.side(run.parameters),
        frozenset(pictures),
        is_cut=len(rows) > MOST_READ,
    )


def rows(found: Descent) -> Iterator[Sequence[object]]:
    """Every cell with its family, for a file."""
    yield ["family", "founder", "label_index", "label", "individual", "generation", "confidence"]
    for number, family in enumerate(found.families, 1):
        for one in family.champions:
            generation = found.born[one.individual].generation
            yield [
                *(number, family.founder, one.label, one.name),
                *(one.individual, generation, one.confidence),
            ]


def _families(run: Run, born: Mapping[int, Born]) -> list[Family]:
    labels, groups = naming.labels(run.classifier), naming.groups(run.classifier)
    holders = run.elites.holders().order_by("-confidence", "cell")
    champions = [
        Champion(label, labels[label] if label < len(labels) else f"label {label}", holder, sure)
        for label, holder, sure in holders.values_list("label", "individual", "confidence")
        if holder in born
    ]
    by_founder: dict[int, list[Champion]] = {}
    found = founders(born, [one.individual for one in champions])
    for founder, champion in zip(found, champions, strict=True):
        by_founder.setdefault(founder, []).append(champion)
    ordered = sorted(by_founder.items(), key=lambda family: (-len(family[1]), family[0]))
    return [
        Family(
            founder,
            members,
            len(members) / len(champions),
            Counter(groups[one.label] if groups else one.name for one in members).most_common(),
        )
        for founder, members in ordered
    ]
