"""Files that were asked for lately, in the memory of the process."""

import threading
from collections import OrderedDict
from collections.abc import Callable


class Remembered:
    """The files that were asked for last, as many as take `most_bytes` in all."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0
        """What they take at the moment."""

    def file(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return a file that never changes under its name; make it if it is not remembered."""
        with self._lock:
            if name in self._files:
                self._files.move_to_end(name)
                return self._files[name]
        made = make()  # without the lock: others need not wait, and twice is no harm
        with self._lock:
            self.bytes += len(made) - len(self._files.pop(name, b""))
            self._files[name] = made
            while self.bytes > self._most_bytes:
                _, forgotten = self._files.popitem(last=False)
                self.bytes -= len(forgotten)
        return made
