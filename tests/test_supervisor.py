import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from fooling_site import supervisor
from fooling_site.supervisor import Child, Supervisor
from tests.processes import wait_for

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def watched() -> Iterator[Supervisor]:
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    made = Supervisor()
    yield made
    made.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def look(watched: Supervisor, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for child in watched.children:
            watched._look_after(child)
        time.sleep(0.02)


class TestTheSupervisor:
    def test_starts_again_what_died_and_waits_longer_each_time(self, watched: Supervisor) -> None:
        child = watched.start(Child("brief", [sys.executable, "-c", ""]))
        look(watched, 2.5)
        assert 2 <= child.deaths <= 4
        assert child.restart_at - child.started >= 0.5 * 2 ** (child.deaths - 1) - 0.2

    def test_ends_what_shows_no_sign_of_life(
        self, watched: Supervisor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supervisor, "HUNG", 0.3)
        child = watched.start(Child("hung", SLEEP, last_sign_of_life=lambda: 1.0))
        first = child.process
        look(watched, 0.1)
        assert child.lives  # an old sign says nothing of a new process
        look(watched, 0.6)
        assert first is not None
        assert first.poll() == -signal.SIGKILL

    @pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for another process's niceness")
    def test_lets_the_others_go_first(self, watched: Supervisor) -> None:
        before = os.getpriority(os.PRIO_PROCESS, 0)
        for gives_way, behind in ((False, 0), (True, supervisor.NICENESS)):
            process = watched.start(Child("sleeper", SLEEP, gives_way=gives_way)).process
            assert process is not None
            wanted = min(before + behind, 19)
            assert os.getpriority(os.PRIO_PROCESS, process.pid) == wanted

    def test_leaves_alone_what_has_nothing_to_do(
        self, watched: Supervisor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supervisor, "HUNG", 0.1)
        child = watched.start(Child("idle", SLEEP))
        look(watched, 0.5)
        assert child.lives

    def test_ends_even_what_will_not_listen(
        self, watched: Supervisor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supervisor, "GRACE", 0.3)
        deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True);"
        child = watched.start(Child("deaf", [sys.executable, "-c", deaf + "time.sleep(60)"]))
        time.sleep(0.3)
        watched.stop()
        wait_for(lambda: not child.lives, 5, "the deaf process to end")
