"""The admin shows studies and their parts, and changes neither."""

import pytest
from django.test import Client

from tests.study_factories import make_study, sampler

__all__ = ["sampler"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sampler")]


def test_studies_are_listed_with_their_parts_counted(admin_client: Client) -> None:
    study = make_study(done=1)
    page = admin_client.get("/admin/evolution/study/").content.decode()
    assert "1 of 4" in page
    assert f'href="/studies/{study.pk}/"' in page


@pytest.mark.parametrize("model", ["study", "studypart"])
def test_nothing_is_added_changed_or_deleted(admin_client: Client, model: str) -> None:
    study = make_study()
    row = study if model == "study" else study.parts.get(position=0)
    address = f"/admin/evolution/{model}/"
    assert admin_client.get(f"{address}?q=part").status_code == 200
    assert admin_client.get(f"{address}{row.pk}/change/").status_code == 200
    assert admin_client.post(f"{address}{row.pk}/change/", {"status": "failed"}).status_code == 403
    assert admin_client.get(f"{address}add/").status_code == 403
    assert admin_client.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403
