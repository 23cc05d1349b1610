"""What the settings read from outside: environment variables, the data folder, the secret key."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
Word = TypeVar("Word", bound=str)
SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes on Linux, 104 on macOS


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def boolean(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}: expected true or false, got {value!r}")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}: expected a whole number, got {value!r}") from None


def cores() -> int:
    """How many processors this process may use: its affinity, and a container's quota."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        allowed = int(quota) // int(period)
    except (OSError, ValueError):  # no such file, or no limit: "max"
        return available or 1
    return max(1, min(available or 1, allowed))


def threads(name: str) -> int:
    """How many processor threads one worker computes on."""
    count = number(name, cores())
    if count < 1:
        raise ImproperlyConfigured(f"{name}: expected a whole number from 1 on, got {count}")
    return count


def choice(name: str, default: Word, choices: tuple[Word, ...]) -> Word:
    value = os.environ.get(name, default)
    for word in choices:
        if value == word:
            return word
    raise ImproperlyConfigured(f"{name}: expected one of {', '.join(choices)}, got {value!r}")


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def data_dir(default: Path) -> Path:
    """The one folder that the site writes to: database, broker files, keys. Private to its owner."""
    folder = Path(text("FOOLBREEDER_DATA") or default).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path, *, required: bool) -> str:
    """SECRET_KEY from the environment; without one, a key made once and kept in the data folder."""
    if key := text("SECRET_KEY"):
        return key
    if required:
        raise ImproperlyConfigured("SECRET_KEY: expected a secret in the environment, got none")
    path = folder / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


def broker_socket(folder: Path) -> Path:
    """Where the embedded broker listens. A deep data folder would overrun the limit on socket paths."""
    path = folder / "broker.sock"
    if len(str(path)) <= SOCKET_PATH_LIMIT:
        return path
    short = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"foolbreeder-{os.getuid()}-{short}" / "broker.sock"
