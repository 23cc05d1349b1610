"""Addresses of the site, grouped by what they are about."""

from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView

from evolution.views import (
    accounts,
    beginning,
    breeding,
    breeding_pictures,
    cells,
    comparing,
    gallery,
    health,
    individuals,
    leaving,
    onlooking,
    pictures,
    runs,
    signing_in,
    signing_up,
    sprites,
    starting,
    transferring,
)

urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("changes", gallery.changes, name="changes"),
    # Runs
    path("runs/", runs.run_list, name="runs"),
    path("runs/new/", starting.start_run, name="start-run"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("runs/<int:run_id>/changes", runs.changes, name="run-changes"),
    path("runs/<int:run_id>/transfer", transferring.transfer, name="run-transfer"),
    path("runs/<int:run_id>/action", runs.action, name="run-action"),
    path("runs/<int:run_id>/cells/<int:cell>/", cells.cell, name="cell"),
    path("runs/<int:run_id>/archive/<int:generation>.webp", sprites.sprite, name="sprite"),
    # Groups of runs side by side
    path("compare/", comparing.compare, name="compare"),
    path("compare/heat-map.png", comparing.heat_map, name="compare-heat-map"),
    path("compare/sheet.png", comparing.sheet, name="compare-sheet"),
    path("compare/<slug:name>.csv", comparing.table, name="compare-table"),
    # Breeding by hand
    path("breed/", beginning.begin, name="breed"),
    path("breed/branch/<int:individual_id>/", beginning.branch, name="branch"),
    path("breed/bring/", beginning.bring, name="breeding-bring"),
    path("breed/carry/<str:token>/", beginning.carry, name="breeding-carry"),
    path("breed/labels/<str:classifier>", onlooking.labels, name="onlooker-labels"),
    path("breed/<str:code>/", breeding.session, name="breeding-session"),
    path("breed/<str:code>/step", breeding.step, name="breeding-step"),
    path("breed/<str:code>/link/", beginning.link, name="breeding-link"),
    path(
        "breed/<str:code>/readings/<int:number>", onlooking.readings, name="brood-readings"
    ),
    path(
        "breed/<str:code>/pictures/<int:number>/<int:slot>-<int:side>.webp",
        breeding_pictures.picture,
        name="brood-picture",
    ),
    # Individuals
    path("individuals/<int:individual_id>/", individuals.individual, name="individual"),
    path(
        "individuals/<int:individual_id>/predictions",
        individuals.predictions,
        name="individual-predictions",
    ),
    path("individuals/<int:individual_id>/genome.json", individuals.genome, name="genome"),
    path(
        "pictures/<int:individual_id>/<str:size>.<str:extension>",
        pictures.picture,
        name="picture",
    ),
    # Accounts
    path("account/", accounts.account, name="account"),
    path("account/pictures/<int:publication_id>", accounts.picture, name="account-picture"),
    path("account/password/", accounts.password, name="account-password"),
    path("account/data.json", accounts.data, name="account-data"),
    path("account/delete/", leaving.delete, name="account-delete"),
    path("sign-up/", signing_up.sign_up, name="sign-up"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/<str:uid>/<str:token>/", signing_in.sign_in_link, name="sign-in-link"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    # Operators
    path("healthz", health.healthz, name="healthz"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}favicon.svg")),
]
