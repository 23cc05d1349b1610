"""What bounds the work and the memory that visitors take together."""

import threading
import time

import pytest

from evolution.views.bounds import Turns
from evolution.views.remembering import Remembered


class TestTurns:
    def test_so_many_at_once_and_again_afterwards(self) -> None:
        turns = Turns(at_once=2, seconds=0.01)
        with turns.one() as first, turns.one() as second, turns.one() as third:
            assert (first, second, third) == (True, True, False)
        with turns.one() as again:
            assert again

    def test_who_waits_gets_the_next_one(self) -> None:
        turns, granted = Turns(at_once=1, seconds=20), []

        def wait() -> None:
            with turns.one() as mine:
                granted.append(mine)

        with turns.one():
            waiting = threading.Thread(target=wait)
            waiting.start()
        waiting.join(20)
        assert granted == [True]

    def test_nobody_waits_in_a_long_queue(self) -> None:
        turns, granted = Turns(at_once=1, seconds=20), []

        def wait() -> None:
            with turns.one() as mine:
                granted.append(mine)

        with turns.one():
            waiting = [threading.Thread(target=wait) for _ in range(Turns.WAITING)]
            for one in waiting:
                one.start()
            deadline = time.monotonic() + 20
            while turns._places._value and time.monotonic() < deadline:
                time.sleep(0.01)
            began = time.monotonic()
            with turns.one() as mine:
                assert not mine
            assert time.monotonic() - began < 5  # not the twenty seconds of the others
        for one in waiting:
            one.join(20)
        assert granted == [True] * Turns.WAITING

    def test_a_failure_gives_the_turn_back(self) -> None:
        turns = Turns(at_once=1, seconds=0.01)

        def fail() -> None:
            with turns.one() as mine:
                assert mine
                raise ZeroDivisionError

        for _ in range(3 * (1 + Turns.WAITING)):
            with pytest.raises(ZeroDivisionError):
                fail()


class TestRemembered:
    def test_a_file_is_made_once(self) -> None:
        files, made = Remembered(100), []

        def make() -> bytes:
            made.append(1)
            return b"picture"

        assert [files.file("a", make) for _ in range(3)] == [b"picture"] * 3
        assert len(made) == 1

    def test_what_was_asked_for_last_is_kept_up_to_so_many_bytes(self) -> None:
        files = Remembered(100)
        for name in "abc":
            files.file(name, lambda: bytes(33))
        files.file("a", lambda: b"anew")  # remembered, and now the last that was asked for
        files.file("d", lambda: bytes(60))
        assert files.bytes == 93
        assert files.file("a", lambda: b"anew") == bytes(33)
        assert files.file("b", lambda: b"anew") == b"anew"

    def test_what_is_too_large_is_not_kept(self) -> None:
        files = Remembered(100)
        assert len(files.file("large", lambda: bytes(101))) == 101
        assert files.bytes == 0
