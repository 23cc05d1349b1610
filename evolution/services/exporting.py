"""A whole run as a folder of plain files, which another site can read, or anybody's script."""

import json
import platform
import re
import shutil
import tempfile
import tomllib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from evolution import phenotypes
from evolution.algorithms import presets
from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.models import Run
from evolution.querysets import OF_CHAMPIONS
from evolution.services import export_tables, run_archives, run_folders, runs
from evolution.services.export_tables import Export, Progress, Wish, silent
from evolution.services.ledger import prunes

FIELDS = (
    "preset", "parameters", "encoding", "algorithm", "classifier", "classifier_version", "seed",
    "status", "generation", "planned", "pace", "is_background", "evaluations", "elapsed", "stages",
    "screening", "rescored", "engine", "chunk", "error", "notice", "submission", "created_at",
    "started_at", "finished_at",
)  # fmt: skip
PACKAGES = ("django", "numpy", "torch", "openvino")


def export(
    run_id: int, folder: Path, wish: Wish | None = None, progress: Progress = silent
) -> dict[str, int]:
    """Write a run into a folder that is new or empty, and return how many rows of each kind.

    The folder is there with everything in it, or not at all. Raises InvalidInput, OSError.
    """
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise InvalidInput("run", f"expected the number of a stored run, got {run_id}")
    _check_quiet(run)
    with _written_whole(folder) as unfinished:
        job = Export(run, unfinished, wish or Wish(), progress)
        export_tables.write_individuals(job)
        export_tables.write_elites(job)
        export_tables.write_statistics(job)
        export_tables.write_predictions(job)
        _write_pictures(job)
        _write_facts(job)
        write_sums(unfinished)
    return job.counts


def export_as_archive(
    run_id: int, file: Path, wish: Wish | None = None, progress: Progress = silent
) -> dict[str, int]:
    """The same as one ZIP file, which must not be there yet."""
    if file.exists() or file.is_symlink():
        raise InvalidInput("out", f"expected a new file, got {file}, which is there")
    with tempfile.TemporaryDirectory(prefix="foolbreeder-run-") as folder:
        counts = export(run_id, Path(folder) / "run", wish, progress)
        run_archives.pack(Path(folder) / "run", file)
    return counts


def _check_quiet(run: Run) -> None:
    """Rows are only added, but large genomes go with the last cell of their individuals."""
    if run.is_active and prunes(presets.from_parameters(run.parameters)):
        raise InvalidInput(
            "run",
            f"expected one that does not go on, got run {run.pk}, which is {run.status} and drops "
            "genomes as it goes: pause it first",
        )


@contextmanager
def _written_whole(folder: Path) -> Iterator[Path]:
    """A folder beside the one asked for, which gets its name when all is written."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InvalidInput("out", f"expected a new or empty folder, got {folder}, which is none")
    if folder.is_dir() and any(folder.iterdir()):
        raise InvalidInput(
            "out", f"expected a new or empty folder, got {folder}, which holds files"
        )
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise InvalidInput("out", f"expected a folder in one that exists, got {folder}")
    unfinished = parent / f".{folder.name}.{uuid.uuid4().hex[:8]}.unfinished"
    unfinished.mkdir()
    try:
        yield unfinished
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_pictures(job: Export) -> None:
    """PNG files, drawn one by one; a genome that is damaged has none."""
    folder = job.folder / run_folders.PICTURES
    folder.mkdir()
    side = job.wish.side or job.run.image_shape[0]
    rows = job.shown.order_by("cell", "since_generation").values_list(
        "cell", "label", "individual", "individual__genome"
    )
    for cell, label, individual, genome in job.counted(
        "pictures", rows.iterator(export_tables.AT_ONCE)
    ):
        name = f"{cell:04}-{_slug(job.label_name(label))}-{job.numbers[individual]}.png"
        try:
            picture = phenotypes.express(codec.decode(bytes(genome)), side)
        except BadGenome:
            continue
        (folder / name).write_bytes(phenotypes.png(picture))


def _write_facts(job: Export) -> None:
    run = {name: _plain(getattr(job.run, name)) for name in FIELDS}
    if job.wish.champions and OF_CHAMPIONS not in run["notice"]:
        run["notice"] = f"{run['notice']} {OF_CHAMPIONS}".strip()[-runs.MOST_WORDS :]
    facts = {
        "format": run_folders.FORMAT,
        "version": run_folders.VERSION,
        "run": run,
        "labels": job.labels,
        "targets": job.n_targets,
        "counts": {
            table.file: job.counts[table.file.split(".")[0]] for table in run_folders.TABLES
        },
        "exported_with": _versions(),
    }
    content = json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False)
    (job.folder / run_folders.FACTS).write_text(content + "\n", encoding="utf-8")
    words = render_to_string(
        "exports/README.txt",
        {"tables": run_folders.TABLES, "facts": facts, "wish": job.wish},
    )
    (job.folder / run_folders.README).write_text(words, encoding="utf-8")


def write_sums(folder: Path) -> None:
    """Write down the checksum of every file that is there."""
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            lines.append(f"{run_folders.sha256(file)}  {path.relative_to(folder).as_posix()}\n")
    (folder / run_folders.SUMS).write_text("".join(lines), encoding="utf-8")


def _versions() -> dict[str, str]:
    """Of what wrote the folder; empty where that is not known."""
    project = settings.BASE_DIR / "pyproject.toml"
    own = tomllib.loads(project.read_text())["project"]["version"] if project.exists() else ""
    found = {"foolbreeder": own, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = ""
    return found


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60] or "label"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return export_tables.moment(value)
    return str(value) if isinstance(value, uuid.UUID) else value
