"""One run as pages tell of it: how far it is, how fast, how sure, with which settings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from evolution.exhibits import naming
from evolution.models import Run
from evolution.stages import BESIDE
from evolution.stages import shares as stage_shares
from evolution.templatetags.readings import duration, percent, thousands

SHARES = (0.99, 0.9999)  # confidences at which cells are counted
SHARES_OF_MANY = (0.5, 0.9, *SHARES)
STAGE_WORDS = {
    "forward": "inside the network",
    "render": "drawing pictures",
    "vary": "breeding children",
    "archive": "comparing with the holders",
    "commit": "storing",
    "announce": "telling viewers",
    "other": "waiting, and the rest",
}
SHORT = 10  # seconds, below which tenths are told of a stage
MANY = 100  # cells; of more, it is also told how many pictures they share


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where a run stands. error: why it failed; notice: what went on otherwise than planned."""

    run_id: int
    status: str
    done: float
    words: str
    error: str
    notice: str

    @property
    def per_cent(self) -> int:
        return int(self.done * 100)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the loop: its `name` for the style sheet, its share of the run's time, 0 to 1."""

    name: str
    words: str
    share: float
    seconds: float

    @property
    def per_cent(self) -> str:
        return f"{self.share:.1%}"

    @property
    def time(self) -> str:
        return duration(self.seconds) if self.seconds >= SHORT else f"{self.seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    value: str
    source: str


def state(run: Run) -> State:
    done = run.generation / (run.planned + 1)
    return State(run.pk, run.status, done, ", ".join(_progress(run)), run.error, run.notice)


def remaining_seconds(run: Run) -> float | None:
    """How long an active run will still take at the speed it had; None where that is unknown."""
    if not run.is_active or not run.generation:
        return None
    each = run.elapsed / run.generation
    if run.pace:
        each = max(each, 1 / run.pace)
    return each * (run.planned + 1 - run.generation)


def facts(run: Run) -> list[Fact]:
    """The figures of a run; of its archive only once there is one."""
    speed = run.evaluations / run.elapsed if run.elapsed else 0.0
    found = [
        Fact("evaluations", thousands(run.evaluations)),
        Fact("evaluations a second", thousands(speed) if speed else "none yet"),
    ]
    holders = run.elites.holders().values_list("confidence", "individual_id")
    if held := sorted(holders):
        found += _archive_facts([confidence for confidence, _ in held])
    if len(held) > MANY:
        found.append(Fact("different pictures", thousands(len({number for _, number in held}))))
    if run.elapsed and run.algorithm != naming.ASCENT:
        share = run.forward_seconds / run.elapsed
        found.append(Fact("of the time inside the network", f"{share:.1%}"))
    if run.screening:
        found.append(Fact("judged again in float32", thousands(run.rescored)))
    return found


def stages(run: Run) -> list[Stage]:
    """Where a run's time went, in the order of the loop; nothing before it has done anything."""
    shares = stage_shares(run.stages, run.elapsed)
    return [
        Stage(name, STAGE_WORDS[name], share, share * run.elapsed) for name, share in shares.items()
    ]


def beside(run: Run) -> str:
    """How much storing and telling went on while pictures were judged; empty for none."""
    seconds = run.stages.get(BESIDE, 0.0)
    return duration(seconds) if seconds >= 1 else ""


def what_cells_are(run: Run) -> str:
    target = naming.target(run.parameters)
    if run.algorithm == naming.ASCENT:
        return "one cell a label that was asked for; each picture climbed by itself"
    if target is None:
        return "one cell a label; every child challenges all of them"
    return f"all aim at “{naming.label(run.classifier, target)}”; the best live on"


def settings_of(run: Run) -> list[Setting]:
    """Every parameter that the run was started with, and where each comes from."""
    sources: Mapping[str, str] = run.parameters.get("sources", {})
    preset = {name: (value, sources.get(name, "")) for name, value in _leaves(run.parameters, "")}
    planned, source = preset.pop("generations", (run.planned, ""))
    chosen = "chosen when the run was started"
    first = [
        Setting(
            "classifier", naming.classifier_title(run.classifier), sources.get("classifier", "")
        ),
        Setting("weights", f"version {run.classifier_version}", "first digits of the SHA-256"),
        Setting("seed", str(run.seed), chosen),
    ]
    if run.algorithm != naming.ASCENT:  # whose iterations are a setting of its own
        known = source if planned == run.planned else chosen
        first.append(Setting("generations", thousands(run.planned), known))
    if run.screening:
        words = f"screened in {run.screening}, every takeover re-scored in float32"
        first.append(Setting("precision", words, chosen))
    if run.engine:
        first.append(Setting("computed by", run.engine, "the worker that judges"))
    if run.chunk:
        first.append(Setting("views at once", thousands(run.chunk), "preset, network and device"))
    if run.pace:
        first.append(Setting("generations a second", f"{run.pace:g} at most", chosen))
    return first + [
        Setting(name.replace(".", ", ").replace("_", " "), _written(value), source)
        for name, (value, source) in preset.items()
    ]


def _progress(run: Run) -> Iterator[str]:
    if run.is_background and run.is_active:
        yield "in the background: works while no other run is active"
    if run.algorithm == naming.ASCENT:
        yield f"{thousands(run.generation)} iterations a picture at most"
        yield duration(run.elapsed)
        return
    if run.last_generation is None:
        yield f"nothing evaluated yet, {thousands(run.planned)} generations planned"
        return
    yield f"generation {thousands(run.last_generation)} of {thousands(run.planned)}"
    yield duration(run.elapsed) + (" of work" if run.pace else "")
    if left := remaining_seconds(run):
        yield f"about {duration(left)} left"


def _archive_facts(confidences: Sequence[float]) -> list[Fact]:
    total = len(confidences)
    return [
        Fact("median confidence", percent(median(confidences))),
        *(
            Fact(
                f"cells at {percent(least).replace('.00', '')}",
                thousands(sum(confidence >= least for confidence in confidences)),
                f"of {total:,}",
            )
            for least in (SHARES_OF_MANY if total > MANY else SHARES)
        ),
    ]


def _leaves(parameters: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Nested settings by dotted name. What names the preset is no setting."""
    for name, value in parameters.items():
        if not path and name in {"name", "title", "sources", "classifier"}:
            continue
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _written(value: object) -> str:
    if value is None:
        return "none"
    return thousands(value) if isinstance(value, int) else str(value)
