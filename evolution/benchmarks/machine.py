"""On what figures were taken: without this they say little."""

import importlib.metadata
import os
import platform
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from django.conf import settings

PACKAGES = ("torch", "numpy", "numba", "onnxruntime", "openvino")
FLAGS = ("avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_tile")


def machine() -> dict[str, Any]:
    """Tell the processor, its memory, the versions, the load, the moment and the commit."""
    cpu = _cpu()
    flags = set(cpu.get("flags", "").split())
    return {
        "cpu": cpu.get("model name", platform.processor()),
        "family": " ".join(cpu.get(name, "?") for name in ("cpu family", "model")),
        "cores": len(os.sched_getaffinity(0)),
        "flags": [flag for flag in FLAGS if flag in flags],
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version for name in PACKAGES if (version := _version(name))},
        "threads": torch.get_num_threads(),
        "load": round(os.getloadavg()[0], 2),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
    }


def sentence(found: dict[str, Any]) -> str:
    """Tell the same in a line or two."""
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    return (
        f"{found['cpu']} (family and model {found['family']}), {found['cores']} cores, "
        f"{' '.join(found['flags'])}, {found['memory_gib']} GiB; Python {found['python']}, "
        f"{versions}; load {found['load']} at the beginning; {found['date']}, "
        f"commit {found['commit']}"
    )


def _cpu() -> dict[str, str]:
    """The first processor of /proc/cpuinfo; nothing where there is none."""
    found: dict[str, str] = {}
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines():
            name, _, value = line.partition(":")
            found[name.strip()] = value.strip()
    return found


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _commit() -> str:
    with suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=settings.BASE_DIR,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    return "unknown"
