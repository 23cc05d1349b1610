"""Working a part off: claimed, done, stored. A part that was found done before is taken over."""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from classifiers.base import ClassifierError
from evolution import studies
from evolution.errors import Interrupted, InvalidInput, Stale
from evolution.genomes.base import BadGenome
from evolution.models import Study, StudyPart
from evolution.studies.settings import from_json
from evolution.studying import keeping, reusing

SECONDS_BETWEEN_HEARTBEATS = 2.0
FORESEEN = (ClassifierError, BadGenome, InvalidInput, OSError)
Status = StudyPart.Status
log = logging.getLogger(__name__)


def work_on(
    part_id: int,
    beat: Callable[[], object] = lambda: None,
    stop_asked: Callable[[], bool] = lambda: False,
) -> int | None:
    """Work a part off, unless somebody else does. What goes wrong is stored with the part.

    beat: called often; stop_asked: looked at as often, ends the work and leaves the part waiting.
    Returns the number of its study, None where there was nothing to do.
    """
    claim = uuid.uuid4()
    part = _claimed(part_id, claim, timezone.now())
    if part is None:
        return None
    began = time.monotonic()
    try:
        _work(part, claim, _Heart(part, claim, beat, stop_asked).beat, began)
    except Interrupted:
        keeping.give_back(part.pk, claim)
    except (KeyboardInterrupt, SystemExit):
        keeping.give_back(part.pk, claim)
        raise
    except Stale as error:
        log.info("%s: %s", part, error)
    except DatabaseError:
        raise  # passing trouble: the part is offered again when its heart has been still for long
    except FORESEEN as error:
        log.error("%s failed: %s", part, error)
        keeping.fail(part.pk, _words(error), claim)
    except Exception as error:
        log.exception("%s failed", part)
        keeping.fail(part.pk, f"{type(error).__name__}: {error}", claim)
    return part.study_id


def _work(part: StudyPart, claim: uuid.UUID, beat: Callable[[], object], began: float) -> None:
    definition = studies.get(part.study.kind)
    parameters = from_json(definition.parameters, part.study.parameters)
    before, asked = keeping.finished(part.study, below=part.stage), keeping.as_part(part)
    part.fingerprint = reusing.of_work(part.study.kind, asked, before)
    if twin := reusing.twin(part.fingerprint):
        keeping.keep_twin(part, claim, twin)
        return
    done = definition.work(parameters, asked, before, beat)
    keeping.keep(part, claim, done, time.monotonic() - began)


def _claimed(part_id: int, claim: uuid.UUID, now: datetime) -> StudyPart | None:
    waiting = StudyPart.objects.filter(
        pk=part_id, status=Status.WAITING, study__status=Study.Status.RUNNING
    )
    if not waiting.update(
        status=Status.WORKING, claim=claim, heartbeat=now, attempts=F("attempts") + 1
    ):
        return None
    return StudyPart.objects.select_related("study").get(pk=part_id)


class _Heart:
    """Renews the heartbeat of a part, and ends the work when it is wanted no more."""

    def __init__(
        self,
        part: StudyPart,
        claim: uuid.UUID,
        beat: Callable[[], object],
        stop_asked: Callable[[], bool],
    ) -> None:
        self._held = StudyPart.objects.filter(
            pk=part.pk, claim=claim, status=Status.WORKING, study__status=Study.Status.RUNNING
        )
        self._beat = beat
        self._stop_asked = stop_asked
        self._told = time.monotonic()

    def beat(self) -> None:
        self._beat()
        if self._stop_asked():
            raise Interrupted
        if time.monotonic() - self._told >= SECONDS_BETWEEN_HEARTBEATS:
            self._told = time.monotonic()
            if not self._held.update(heartbeat=timezone.now()):
                raise Interrupted


def _words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'a file'}: {error.strerror}"
    return str(error) or type(error).__name__
