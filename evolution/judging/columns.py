"""The table of all judgments: what each column is called, holds and means. Said once, here."""

from dataclasses import dataclass
from typing import Literal

from evolution.judging.forms import Foil, Form, Framing
from evolution.judging.plans import BANDS, KINDS

Type = Literal["text", "integer", "number", "boolean", "list", "time"]
LICENCE = "CC0-1.0"
LICENCE_ADDRESS = "https://creativecommons.org/publicdomain/zero/1.0/"
TITLE = "Judgments of Foolbreeder"
TYPES: dict[Type, str] = {
    "text": "text",
    "integer": "whole number",
    "number": "number with fractions",
    "boolean": "true or false",
    "list": "list of texts; in CSV written as JSON",
    "time": "date and time in UTC, ISO 8601",
}


@dataclass(frozen=True)
class Column:
    """values: all that may stand in it, where they are few; "" says that it may be empty."""

    name: str
    type: Type
    meaning: str
    unit: str = ""
    values: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    # Who was asked, and when
    Column("study", "text", "Name of the study."),
    Column("study_digest", "text", "SHA-256 of its plan and pictures, fixed before it opened."),
    Column(
        "participant",
        "integer",
        "Who answered: the number of that person's first sitting. One person has one number within "
        "a study; numbers of two studies have nothing to do with each other.",
    ),
    Column("sitting", "integer", "Number of the sitting within the study, from 0."),
    Column("sitting_left_out", "boolean", "The sitting failed the checks of the plan."),
    Column("position", "integer", "Place of the trial in its sitting, from 0, practice included."),
    # What was asked
    Column(
        "form",
        "text",
        "Question: two names to choose from; all labels; a free name; whether the name shown is "
        "right; pick the picture that the name shown belongs to.",
        values=tuple(Form),
    ),
    Column(
        "foil",
        "text",
        "What stood beside the network's label: any other label by lot, or its second one. "
        "“lure”: the name shown was any other label. Empty: nothing.",
        values=tuple(Foil),
    ),
    Column(
        "framing",
        "text",
        "Whose name was asked for: guess the machine's, or say one's own.",
        values=tuple(Framing),
    ),
    Column("shown", "text", "The name that was shown, in the forms right and pick."),
    Column(
        "options",
        "list",
        "What was offered, in the order on the screen. Form pick: numbers of stimuli. Empty: a free "
        "name, or a vocabulary too long for buttons, which was searched.",
    ),
    Column("offered", "integer", "How many there were to choose from; 0 for a free name."),
    Column(
        "expected",
        "text",
        "The answer that agrees with the network. Form pick: a place in the options, from 0. Form "
        "right: “right” if the name shown is the network's, else “wrong”.",
    ),
    Column("chance", "number", "How often guessing agrees; empty for a free name.", unit="share"),
    Column(
        "revealed",
        "boolean",
        "What the network says was told right after the answer; false: at the end of the sitting.",
    ),
    Column(
        "repeat_of_position",
        "integer",
        "Of a repeat, the position of the same question earlier in the sitting.",
    ),
    # What was answered
    Column("answer", "text", "As it was given, written as in options or expected."),
    Column("matched", "text", "Form free: the label that the answer stands for; empty: none."),
    Column("cannot_tell", "boolean", "“I cannot tell” was answered; then answer is empty."),
    Column("agrees", "boolean", "The answer is the network's; empty where it cannot be told."),
    Column("right", "boolean", "The answer is true; empty where nobody knows what is."),
    Column("reaction_ms", "integer", "From picture to answer, by the browser's clock.", "ms"),
    Column("elapsed_ms", "integer", "From question to answer, by the server's clock.", "ms"),
    Column(
        "flag",
        "text",
        "Why the answer is not counted: given faster than anybody can; at a time that cannot be; of "
        "a picture that had been seen beside its label.",
        values=("", "too fast", "implausible", "seen"),
    ),
    Column(
        "counted",
        "boolean",
        "Without a flag, no attention check, and of a sitting that passed its checks.",
    ),
    Column(
        "answered_at",
        "time",
        "When it was answered, cut to the minute: seconds would let somebody who watched a person, "
        "or a log of the server, find that person's answers.",
        unit="minute",
    ),
    # What it was about
    Column("stimulus", "integer", "Number of the picture within the study, from 0."),
    Column("kind", "text", "What sort of picture it is.", values=KINDS),
    Column("encoding", "text", "Of its genome; empty for controls."),
    Column("individual", "integer", "Number of the picture in the gallery; empty for controls."),
    Column("name", "text", "Of a control: its file. Of a picture bred by hand: its title."),
    Column("truth", "list", "Labels that are true, where the content is known."),
    # What the network says
    Column("network", "text", "The network whose label was asked about; empty for checks."),
    Column("network_version", "text", "Its weights, as a digest."),
    Column("label", "text", "Its first label of the picture."),
    Column("second_label", "text", "Its second label."),
    Column("confidence", "number", "In its first label: softmax, 0 to 1.", unit="share"),
    Column("band", "text", "The confidence as the plan divides it.", values=("", *BANDS)),
    Column(
        "machine_answer",
        "text",
        "Of what was offered, what the network is surest of: its answer to the same question.",
    ),
)


def dictionary() -> dict[str, object]:
    """The data dictionary, as JSON values."""
    return {
        "title": TITLE,
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "row": "One answer of one person to one question. Practice is left out.",
        "types": dict(TYPES),
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "unit": column.unit or None,
                "values": list(column.values) or None,
                "meaning": column.meaning,
            }
            for column in COLUMNS
        ],
    }
