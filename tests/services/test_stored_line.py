"""What of a session is stored when one of its pictures is published."""

import threading
import time
from io import BytesIO

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from PIL import Image

from evolution.algorithms.breeding import pack
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.models import Brood, Individual
from evolution.services.ancestry import stored_line
from tests.factories import hand_genome, make_brood, make_elite, make_run, make_session

pytestmark = pytest.mark.django_db


def places(line: list[Individual]) -> list[tuple[int, int]]:
    return [(one.brood.number, one.position) for one in line if one.brood]


def ancestors(individual: Individual) -> list[Individual]:
    """From the oldest to the individual, along parents."""
    line = [individual]
    while line[-1].parent:
        line.append(line[-1].parent)
    return line[::-1]


def make_long(generations: int, **fields: object) -> Brood:
    """A session in which slot 1 was picked at every step."""
    session = make_session(**fields)
    first = make_brood(session, n=2)
    packed = pack([codec.decode(hand_genome(0)), codec.decode(hand_genome(1))])
    parent = first
    for number in range(1, generations):
        parent = Brood.objects.create(
            session=session, parent=parent, number=number, generation=number, genomes=packed,
            origins=[[1, None, False]] * 2, chosen=[1], settings={}, selected_by="person",
        )  # fmt: skip
    return parent


def test_the_line_alone_is_stored_and_only_once() -> None:
    session = make_session()
    first = make_brood(session)
    second = make_brood(session, first, origins=[[2, None, False]] * 3)
    third = make_brood(session, second, origins=[[1, 0, False]] * 3)
    made = stored_line(third, 2)
    assert stored_line(third, 2) == made
    assert places(ancestors(made)) == [(0, 2), (1, 1), (2, 2)]
    assert places([made.mate] if made.mate else []) == [(1, 0)]
    assert [one.generation for one in ancestors(made)] == [0, 1, 2]
    assert Individual.objects.count() == 4
    assert made.genome is not None
    assert bytes(made.genome) == hand_genome(202)


def test_a_second_picture_shares_what_is_stored() -> None:
    session = make_session()
    first = make_brood(session)
    second = make_brood(session, first)
    one, other = stored_line(second, 1), stored_line(second, 2)
    assert one.parent == other.parent
    assert Individual.objects.count() == 3


def test_a_kept_picture_is_its_parent() -> None:
    session = make_session()
    first = make_brood(session)
    second = make_brood(session, first, origins=[[1, None, True], [1, None, False]])
    third = make_brood(session, second, origins=[[0, None, True], [0, 1, False]])
    assert places([stored_line(third, 0)]) == [(0, 1)]
    child = stored_line(third, 1)
    assert places(ancestors(child)) == [(0, 1), (2, 1)]
    assert child.mate is not None
    assert places(ancestors(child.mate)) == [(0, 1), (1, 1)]


def test_goes_on_where_the_session_branched_from() -> None:
    elite = make_elite(make_run())
    session = make_session(branched_from=elite.individual)
    first = make_brood(session, origins=[[0, None, True], [0, None, False]])
    assert stored_line(first, 0) == elite.individual
    assert stored_line(first, 1).parent == elite.individual
    assert Individual.objects.count() == 2


def test_says_who_picked_each() -> None:
    session = make_session()
    first = make_brood(session)
    second = make_brood(session, first, selected_by="network")
    third = make_brood(session, second, selected_by="random")
    line = ancestors(stored_line(third, 0))
    assert [one.selected_by for one in line] == ["network", "random", "person"]


def test_what_came_as_a_file_says_so() -> None:
    session = make_session(source={"name": "skull.xml"})
    second = make_brood(session, make_brood(session))
    line = ancestors(stored_line(second, 0))
    assert [one.selected_by for one in line] == ["hand edit", "person"]


@pytest.mark.parametrize("slot", [-1, 3, 10**12])
def test_refuses_a_slot_that_is_not_there(slot: int) -> None:
    with pytest.raises(InvalidInput, match=f"slot: .* 0 to 2, got {slot}"):
        stored_line(make_brood(make_session()), slot)
    assert not Individual.objects.exists()


def test_small_pictures_are_their_own_thumbnails() -> None:
    assert stored_line(make_brood(make_session(image_size=28)), 0).thumbnail is None


def test_large_ones_get_a_small_picture() -> None:
    found = stored_line(make_brood(make_session()), 0).thumbnail
    assert found is not None
    image = Image.open(BytesIO(bytes(found)))
    assert (image.format, image.size) == ("WEBP", (64, 64))


def test_a_long_line_takes_few_statements_and_little_time() -> None:
    last = make_long(2000)
    started = time.monotonic()
    with CaptureQueriesContext(connection) as asked:
        made = stored_line(last, 0)
    assert time.monotonic() - started < 10
    assert Individual.objects.count() == 2000
    assert len(ancestors(made)[0].brood.origins) == 2  # type: ignore[union-attr]
    assert len(asked) < 2000 / 50 + 15
    with CaptureQueriesContext(connection) as asked:
        stored_line(last, 1)
    assert len(asked) < 15


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_store_one_line() -> None:
    last = make_long(40)
    made: list[int] = []

    def store() -> None:
        try:
            made.append(stored_line(Brood.objects.get(pk=last.pk), 0).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=store) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert Individual.objects.count() == 40
