"""What a retrained network says of pictures that people bred, beside §3.8."""

from collections.abc import Mapping
from typing import Any

from classifiers.labels import imagenet
from evolution.studies import likeness
from evolution.studies.base import Finished
from evolution.studies.findings import Comparison, Picture, Sheet
from evolution.studies.retraining import paper, people
from evolution.templatetags.readings import percent

FOOLING = 1000  # the label's index
MOST = 100  # pictures on the sheet


def compared(finished: Finished) -> Comparison:
    shown = _shown(finished)
    count = sum(label == FOOLING for label in shown["labels"])
    whole = len(shown["labels"])
    return Comparison(
        "retraining-imagenet-people",
        "§3.8",
        "pictures bred by people that network 2 calls fooling",
        f"{paper.HUMAN_BRED_FOOLING} of {paper.HUMAN_BRED} = 64%",
        likeness.share_in_words(count, whole),
        "pictures that were published on this site when the study began",
        likeness.same_share(count, whole, paper.HUMAN_BRED_FOOLING, paper.HUMAN_BRED),
    )


def sheets(finished: Finished) -> list[Sheet]:
    shown = _shown(finished)
    if not shown["individuals"]:
        return []
    names = (*imagenet().names, "fooling")
    said = zip(shown["labels"], shown["confidences"], shown["individuals"], strict=True)
    pictures = [
        Picture(names[label], percent(confidence), individual, side=256)
        for label, confidence, individual in said
    ]
    return [Sheet("people", "Bred by people, and what network 2 says", pictures[-MOST:])]


def notes(finished: Finished) -> tuple[str, ...]:
    if people.KEY in finished and not _shown(finished)["individuals"]:
        return ("No picture bred by a person had been published yet when this study began.",)
    return ()


def _shown(finished: Finished) -> Mapping[str, Any]:
    if people.KEY in finished:
        return finished[people.KEY].result
    return {"individuals": [], "labels": [], "confidences": []}
