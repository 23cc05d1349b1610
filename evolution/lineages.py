"""Lines of descent, read by one recursive query however long they are."""

from dataclasses import dataclass

from django.db import connection

from evolution.models import Elite, Individual, Publication

# Also the guard against a cycle, which only a hand-edited table could hold.
LONGEST = 10_000

_LINE = """
    WITH RECURSIVE line (id, parent_id, generation, drawable, steps) AS (
        SELECT id, parent_id, generation, genome IS NOT NULL OR thumbnail IS NOT NULL, 0
        FROM {table} WHERE id = %s
        UNION ALL
        SELECT parent.id, parent.parent_id, parent.generation,
               parent.genome IS NOT NULL OR parent.thumbnail IS NOT NULL, line.steps + 1
        FROM line JOIN {table} AS parent ON parent.id = line.parent_id
        WHERE line.steps < %s
    )
    SELECT id, parent_id, generation, drawable, steps FROM line ORDER BY steps
"""


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One step of a line. The individual that was asked about is its own ancestor of 0 steps."""

    individual_id: int
    parent_id: int | None
    generation: int
    drawable: bool  # False where the genome was pruned and no thumbnail kept
    steps: int


def parent_line(individual_id: int, longest: int = LONGEST) -> list[Ancestor]:
    """The individual, its parent, the parent's parent and so on, at most `longest` steps back.

    Mates are left out. Empty for an unknown id. The line reaches a random genome exactly if the
    last ancestor has no parent.
    """
    with connection.cursor() as cursor:
        cursor.execute(line_query(), [individual_id, longest])
        return [
            Ancestor(individual, parent, generation, bool(drawable), steps)
            for individual, parent, generation, drawable, steps in cursor.fetchall()
        ]


def line_query() -> str:
    return _LINE.format(table=connection.ops.quote_name(Individual._meta.db_table))


_DESCENDED = """
    WITH RECURSIVE family (id, parent_id, steps) AS (
        SELECT id, parent_id, 0 FROM {individuals} WHERE id = %s
        UNION ALL
        SELECT child.id, child.parent_id, family.steps + 1
        FROM family JOIN {individuals} AS child ON child.parent_id = family.id
        WHERE family.steps < %s
    )
"""
_FAMILY = """
    SELECT family.id, family.parent_id, published.id IS NOT NULL
    FROM (SELECT id, parent_id, steps FROM family LIMIT %s) AS family
    LEFT JOIN {publications} AS published
        ON published.individual_id = family.id AND published.hidden_at IS NULL
    ORDER BY family.steps, family.id
"""


@dataclass(frozen=True, slots=True)
class Descendant:
    """One of a family. is_published: and not hidden by staff."""

    individual_id: int
    parent_id: int | None
    is_published: bool


def descendants(individual_id: int, most: int) -> list[Descendant]:
    """The individual and what was bred from it, along parents: the nearest first, at most so many.

    Rows come level by level, so the limit bounds the work. A cycle, which only a hand-edited table
    could hold, ends with it; nobody is named twice, and the first never has a parent.
    """
    with connection.cursor() as cursor:
        cursor.execute(family_query(), [individual_id, LONGEST, most])
        rows = cursor.fetchall()
    found: dict[int, Descendant] = {}
    for number, parent, published in rows:
        parent = parent if found else None
        found.setdefault(number, Descendant(number, parent, bool(published)))
    return list(found.values())


def count_descendants(individual_id: int, most: int) -> int:
    """How many `descendants` would find."""
    counting = _named(_DESCENDED + "SELECT COUNT(*) FROM (SELECT id FROM family LIMIT %s) AS found")
    with connection.cursor() as cursor:
        cursor.execute(counting, [individual_id, LONGEST, most])
        return int(cursor.fetchone()[0])


def family_query() -> str:
    return _named(_DESCENDED + _FAMILY)


_ARCHIVE = """
    WITH RECURSIVE ancestry (id, parent_id, generation) AS (
        SELECT id, parent_id, generation FROM {individuals}
        WHERE id IN (
            SELECT individual_id FROM {elites} WHERE run_id = %s AND until_generation IS NULL
        )
        UNION
        SELECT parent.id, parent.parent_id, parent.generation
        FROM ancestry JOIN {individuals} AS parent ON parent.id = ancestry.parent_id
    )
    SELECT id, parent_id, generation FROM ancestry LIMIT %s
"""


def ancestry(run_id: int, most: int) -> list[tuple[int, int | None, int]]:
    """The present holders of a run's cells and all their ancestors along parents, each once.

    Of each its number, its parent and its generation; at most so many. A cycle, which only a
    hand-edited table could hold, ends with itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(_named(_ARCHIVE), [run_id, most])
        return [(number, parent, generation) for number, parent, generation in cursor.fetchall()]


def _named(statement: str) -> str:
    return statement.format(
        elites=connection.ops.quote_name(Elite._meta.db_table),
        individuals=connection.ops.quote_name(Individual._meta.db_table),
        publications=connection.ops.quote_name(Publication._meta.db_table),
    )
