"""Addresses of the site, grouped by what they are about."""

from django.conf import settings
from django.urls import path, re_path
from django.views.generic import RedirectView

from evolution.views import (
    api,
    beginning,
    breeding,
    breeding_pictures,
    cells,
    comparing,
    families,
    gallery,
    health,
    individuals,
    network_files,
    onlooking,
    people,
    pictures,
    published,
    publishing,
    responding,
    runs,
    signing_in,
    sprites,
    starting,
    transferring,
)

urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("changes", gallery.changes, name="changes"),
    # What people published
    path("published/", published.published, name="published"),
    path("tags/", published.tags, name="tags"),
    path("people/", people.people, name="people"),
    path("people/<str:username>/", people.person, name="person"),
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
    path("breed/<str:code>/readings/<int:number>", onlooking.readings, name="brood-readings"),
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
    path("individuals/<int:individual_id>/family/", families.family, name="family"),
    path("individuals/<int:individual_id>/line", families.line, name="line"),
    path("individuals/<int:individual_id>/genome.json", individuals.genome, name="genome"),
    path("individuals/<int:individual_id>/genome.xml", network_files.xml, name="genome-xml"),
    path("individuals/<int:individual_id>/network.svg", network_files.svg, name="network-svg"),
    path(
        "pictures/<int:individual_id>/<str:size>.<str:extension>",
        pictures.picture,
        name="picture",
    ),
    # Publishing, and what others make of it
    path("breed/<str:code>/publish/", publishing.publish, name="publish"),
    path("individuals/<int:individual_id>/rate", responding.rate, name="rate"),
    path("individuals/<int:individual_id>/report", responding.report, name="report"),
    path("individuals/<int:individual_id>/moderate", responding.moderate, name="moderate"),
    path("individuals/<int:individual_id>/challenge", responding.challenge, name="challenge"),
    path("individuals/<int:individual_id>/outcomes", responding.outcomes, name="outcomes"),
    # Programs
    path("api/1/individuals/<int:individual_id>", api.individual, name="api-individual"),
    path("api/1/individuals/<int:individual_id>/line", api.line, name="api-line"),
    path("api/1/individuals/<int:individual_id>/children", api.children, name="api-children"),
    path("api/1/publications", api.publication_list, name="api-publications"),
    path("api/1/runs", api.run_list, name="api-runs"),
    path("api/1/runs/<int:run_id>", api.run, name="api-run"),
    path("api/1/runs/<int:run_id>/elites", api.elites, name="api-elites"),
    re_path(r"^api/", api.unknown),
    # Operators
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/<str:uid>/<str:token>/", signing_in.sign_in_link, name="sign-in-link"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("healthz", health.healthz, name="healthz"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}favicon.svg")),
]
