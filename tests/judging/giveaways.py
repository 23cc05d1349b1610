"""A study whose secrets are unmistakable, and a search for them in what a browser received."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from evolution.models import Elite, Individual, JudgingStudy, Trial
from tests.factories import make_run, plain_webp
from tests.judging_factories import make_claim, make_judging_study, make_stimulus

FIRST_INDIVIDUAL, RUN, FIRST_CELL = 71_340_001, 83_617, 731
CONFIDENCE = 0.9455  # of every claim; told as 94.55%
LABELS = ("stethoscope", "banana", "starfish", "zebra", "volcano", "umbrella", "maze", "chain")


@dataclass(frozen=True)
class Response:
    address: str
    head: str
    body: bytes


def secret_study(bred: int = 24) -> JudgingStudy:
    """A standing study whose pictures hold cells of one run, with numbers found nowhere else."""
    study = make_judging_study(is_standing=True)
    run = make_run("imagenet-cppn-fast", pk=RUN, status="finished", generation=2)
    for number in range(bred):
        one = Individual.objects.create(
            pk=FIRST_INDIVIDUAL + number, run=run, generation=0, position=number,
            encoding="cppn", thumbnail=plain_webp(number), selected_by="network",
        )  # fmt: skip
        label = LABELS[number % 8]
        _hold(one, FIRST_CELL + number)
        stimulus = make_stimulus(study, individual=one)
        make_claim(
            stimulus, label=label, second=LABELS[(number + 3) % 8],
            band=("low", "middle", "high")[number % 3],
        )  # fmt: skip
    for name in ("parachute", "mosque", "teapot"):
        make_stimulus(study, "check", truth=[name])
        make_stimulus(study, "practice", truth=[name])
    return study


def _hold(individual: Individual, cell: int) -> None:
    assert individual.run is not None
    Elite.objects.create(
        run=individual.run, cell=cell, label=cell, individual=individual, confidence=CONFIDENCE,
        since_generation=0, taken_at=individual.run.created_at,
    )  # fmt: skip


def secrets_of(trial: Trial) -> dict[str, list[str]]:
    """What would give away the picture of a question, by name."""
    claim, one = trial.claim, trial.stimulus.individual
    found = {"stimulus": [f"stimulus-{trial.stimulus_id}", f"stimuli/{trial.stimulus_id}"]}
    if one is not None:
        cells = [str(cell) for cell in one.reigns.values_list("cell", flat=True)]
        found |= {"individual": [str(one.pk)], "run": [str(one.run_id)], "cell": cells}
    if claim is not None:
        found |= {"label": [claim.label], "confidence": ["0.9455", "94.55", "94", "0.0305", "3.05"]}
    return found


def traces(response: Response, trial: Trial) -> Iterator[tuple[str, str]]:
    """Secrets in a response, by name, with where they are. Options and the question may have labels."""
    body = _without_options(response.body, trial)
    text = f"{response.address}\n{response.head}\n{body.decode('latin-1')}"
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-zA-Z]{30,}\b", "", text)  # random keys
    text = re.sub(r"(?<=\.)[0-9a-f]{12}(?=\.)", "", text)  # digests in names of files
    for name, values in secrets_of(trial).items():
        for value in values:
            if re.search(rf"(?<![\w.]){re.escape(value)}(?!\w)", text, re.IGNORECASE):
                yield name, f"{value} in {response.address}"


def _without_options(body: bytes, trial: Trial) -> bytes:
    for part in (
        rb'<fieldset class="answers.*?</fieldset>',
        rb"<datalist.*?</datalist>",
        rb'<details class="every">.*?</details>',
    ):
        body = re.sub(part, b"", body, flags=re.DOTALL)
    if trial.form in ("right", "pick"):  # these ask about a name
        body = re.sub(rb'<h1 id="question".*?</h1>', b"", body, flags=re.DOTALL)
    return body


def plain_pixels(content: bytes) -> bool:
    """Whether a WebP holds one picture and no chunk beside it."""
    with Image.open(BytesIO(content)) as picture:
        has_words = bool(set(picture.info) - {"loop", "background", "timestamp", "duration"})
        frames = getattr(picture, "n_frames", 1)
    chunks = re.findall(rb"RIFF....WEBP(VP8[ LX])", content[:16], re.DOTALL)
    return not has_words and frames == 1 and chunks in ([b"VP8L"], [b"VP8 "])
