"""Reads that pages and services need, named as predicates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from evolution.models import Conquest, Elite, Individual, Publication, Run  # noqa: F401  named in quotes below

OF_CHAMPIONS = (
    "Exported with its champions and their ancestors alone: reigns that ended are left out."
)


class RunQuerySet(models.QuerySet["Run"]):
    def active(self) -> RunQuerySet:
        return self.filter(status__in=self.model.ACTIVE)

    def whole(self) -> RunQuerySet:
        """All but those that were imported with their champions alone."""
        return self.exclude(notice__contains=OF_CHAMPIONS)

    def stalled(self, since: datetime) -> RunQuerySet:
        """Active runs that no worker has touched since then: killed, lost, or never picked up."""
        silent = Q(heartbeat__lt=since) | Q(heartbeat__isnull=True, created_at__lt=since)
        return self.active().filter(silent)


class IndividualQuerySet(models.QuerySet["Individual"]):
    def drawable(self) -> IndividualQuerySet:
        return self.filter(genome__isnull=False)

    def not_hidden(self) -> IndividualQuerySet:
        """All but those whose publication staff hid: nobody else is shown their pictures."""
        return self.filter(publication__hidden_at__isnull=True)


class EliteQuerySet(models.QuerySet["Elite"]):
    def holders(self) -> EliteQuerySet:
        """The elites that hold their cell now: the archive."""
        return self.filter(until_generation__isnull=True)

    def champions(self) -> EliteQuerySet:
        """Holders that the gallery shows: of the slots of a single-target run, the best alone."""
        better = self.model.objects.holders().filter(
            Q(confidence__gt=OuterRef("confidence"))
            | Q(confidence=OuterRef("confidence"), pk__lt=OuterRef("pk")),
            run=OuterRef("run"),
            label=OuterRef("label"),
        )
        return self.holders().filter(Q(run__algorithm="map-elites") | ~Exists(better))


class PublicationQuerySet(models.QuerySet["Publication"]):
    def public(self) -> PublicationQuerySet:
        """What everybody may see: all that staff did not hide."""
        return self.filter(hidden_at__isnull=True)


class ConquestQuerySet(models.QuerySet["Conquest"]):
    def standing(self) -> ConquestQuerySet:
        """Those whom nobody has beaten since: no other person, and not the run itself.

        A conquest by a picture that staff hid does not show either.
        """
        elites = apps.get_model("evolution", "Elite").objects.holders()
        surer = elites.filter(
            run=OuterRef("run"), label=OuterRef("label"), confidence__gte=OuterRef("confidence")
        )
        shown = Q(individual__publication__hidden_at__isnull=True)
        return self.filter(shown, ~Exists(surer), lost_at__isnull=True)
