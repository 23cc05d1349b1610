"""The pictures of a question, for its own visitor. Nothing about them tells what they are."""

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evolution.judging.forms import Form
from evolution.models import Individual, Judgment, Stimulus
from evolution.views.bounds import refusal
from evolution.views.judging_trials import own_trial


@require_safe
def picture(request: HttpRequest, token: UUID) -> HttpResponse:
    _, trial = own_trial(request, token)
    if trial.form == Form.PICK and not Judgment.objects.filter(trial=trial).exists():
        raise Http404("This question has several pictures.")  # this one is the answer
    return _sent(trial.stimulus)


@require_safe
def one_of_several(request: HttpRequest, token: UUID, place: int) -> HttpResponse:
    """One of the pictures to pick from, by its place, from 0."""
    _, trial = own_trial(request, token)
    if trial.form != Form.PICK or place >= len(trial.options):
        raise Http404("This question has no such picture.")
    found = Stimulus.objects.filter(study=trial.sitting.study_id, pk=trial.options[place]).first()
    if found is None:
        raise Http404("This picture is gone.")
    return _sent(found)


def _sent(stimulus: Stimulus) -> HttpResponse:
    number = stimulus.individual_id
    if number and not Individual.objects.not_hidden().filter(pk=number).exists():
        return refusal(
            HTTPStatus.GONE, "This picture is not shown any more: answer “I cannot tell”."
        )
    response = HttpResponse(bytes(stimulus.picture), content_type="image/webp")
    response["Cache-Control"] = "private, no-store"
    return response
