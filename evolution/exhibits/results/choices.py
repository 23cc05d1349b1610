"""What is asked of the results page: a study, a form of question, a network, whom to count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from evolution.exhibits import naming
from evolution.judging.forms import Foil, Form, Framing
from evolution.models import Claim, JudgingStudy

FORMS = {
    Form.TWO: "Two names",
    Form.ALL: "All names",
    Form.RIGHT: "Right or wrong",
    Form.PICK: "Pick the picture",
    Form.FREE: "Free naming",
}
ABOVE = {"any": "Any excess", "significant": "Significant only"}
OPENED = (JudgingStudy.Status.OPEN, JudgingStudy.Status.CLOSED)
LONGEST_NAME = 80
# The condition of each form that stands for it in a headline. For "right" both kinds of name belong.
FOILS: Mapping[Form, tuple[Foil, ...]] = {
    Form.TWO: (Foil.RANDOM,),
    Form.ALL: (Foil.NONE,),
    Form.RIGHT: (Foil.NONE, Foil.LURE),
    Form.PICK: (Foil.RANDOM,),
    Form.FREE: (Foil.NONE,),
}
FRAMINGS: Mapping[Form, Framing] = {Form.FREE: Framing.OWN}


@dataclass(frozen=True)
class Choice:
    """study: None while no study was opened. above: the definition that is put first.

    has_failed: whether people who failed the checks are counted with the others.
    """

    study: JudgingStudy | None
    form: Form = Form.TWO
    above: str = "any"
    network: str = ""
    has_failed: bool = False

    @property
    def foils(self) -> tuple[Foil, ...]:
        return FOILS[self.form]

    @property
    def framing(self) -> Framing:
        return FRAMINGS.get(self.form, Framing.GUESS)

    @property
    def parts(self) -> dict[str, str]:
        """The filters that are set, as an address names them."""
        values = {
            "study": self.study.name if self.study else "",
            "form": self.form.value,
            "above": self.above,
            "network": self.network,
            "failed": "in" if self.has_failed else "",
        }
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.parts)


@dataclass(frozen=True)
class Offered:
    """What the form of the page offers: names and titles."""

    studies: Sequence[str]
    networks: Mapping[str, str]
    forms: Mapping[Form, str]
    above: Mapping[str, str]


def read(asked: Mapping[str, str]) -> tuple[Choice, Offered, list[str]]:
    """What can be shown, what there is to choose, and a sentence for each wish that cannot be met."""
    notes: list[str] = []
    studies = _opened()
    study = _study(asked.get("study", ""), studies, notes)
    networks = _networks(study)
    choice = Choice(
        study=study,
        form=Form(_one_of("form", asked, [form.value for form in FORMS], notes)),
        above=_one_of("above", asked, list(ABOVE), notes),
        network=_one_of("network", asked, ["", *networks], notes),
        has_failed=_one_of("failed", asked, ["", "in"], notes) == "in",
    )
    return choice, Offered([one.name for one in studies], networks, FORMS, ABOVE), notes


def _opened() -> list[JudgingStudy]:
    """Studies that may have answers: the standing one first, then the newest."""
    opened = JudgingStudy.objects.filter(status__in=OPENED)
    return list(opened.order_by("-is_standing", "-pk"))


def _study(name: str, studies: Sequence[JudgingStudy], notes: list[str]) -> JudgingStudy | None:
    found = next((study for study in studies if study.name == name), None)
    if name and found is None:
        notes.append(f"study: there is none called “{name[:LONGEST_NAME]}” that was opened.")
    return found or next(iter(studies), None)


def _networks(study: JudgingStudy | None) -> dict[str, str]:
    if study is None:
        return {}
    claims = Claim.objects.filter(stimulus__study=study).order_by("classifier")
    names = claims.values_list("classifier", flat=True).distinct()
    return {name: naming.classifier_title(name) for name in names}


def _one_of(name: str, asked: Mapping[str, str], known: Sequence[str], notes: list[str]) -> str:
    """The wish if it is known, else the first that is."""
    wish = asked.get(name, known[0])
    if wish in known:
        return wish
    words = ", ".join(one for one in known if one) or "nothing"
    notes.append(f"{name}: expected {words}, got “{wish[:LONGEST_NAME]}”.")
    return known[0]
