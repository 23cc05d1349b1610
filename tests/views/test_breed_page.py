"""The breed page without scripts: what its forms send, and what comes back."""

import json
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evolution.genomes import codec
from evolution.models import BreedingSession, Brood
from evolution.services import broods
from evolution.views import breeding as view
from tests.factories import NOW, make_individual, make_publication, make_run
from tests.views.breeders import begin, form_of, press, session_at, shown

pytestmark = pytest.mark.django_db


class TestBeginning:
    def test_needs_no_account_and_shows_fifteen_pictures(self, client: Client) -> None:
        session = begin(client)
        page = client.get(f"/breed/{session.code}/").content.decode()
        assert page.count('name="parent"') == 15
        assert page.count("data:image/webp") >= 15

    def test_a_visitor_who_only_looks_gets_no_cookie(self, client: Client) -> None:
        assert not client.get("/breed/").cookies.get("sessionid")

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"seed": "-1"}, "seed: expected a whole number"),
            ({"seed": "9" * 40}, "seed: expected a whole number"),
            ({"colour": "<b>"}, "colour: expected colour or grey"),
            ({"submission": "x"}, "submission: expected"),
        ],
    )
    def test_what_cannot_be_begun_is_explained(
        self, client: Client, fields: dict[str, str], words: str
    ) -> None:
        answer = client.post("/breed/", fields)
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert not BreedingSession.objects.exists()

    def test_any_elite_can_be_branched(self, client: Client) -> None:
        elite = make_individual(make_run())
        answer = client.post(f"/breed/branch/{elite.pk}/")
        session = session_at(answer["Location"])
        assert session.branched_from == elite
        assert f"No. {elite.pk}" in client.get(answer["Location"]).content.decode()

    def test_what_staff_has_hidden_cannot_be_branched(self, client: Client) -> None:
        publication = make_publication(hidden_at=NOW)
        address = f"/breed/branch/{publication.individual_id}/"
        assert client.post(address).status_code == 404

    def test_branching_nothing_is_404(self, client: Client) -> None:
        assert client.post("/breed/branch/99/").status_code == 404


class TestFiles:
    def bring(self, client: Client, content: bytes, name: str = "genome.json") -> Any:
        return client.post("/breed/bring/", {"file": SimpleUploadedFile(name, content)})

    def test_a_genome_of_ours_comes_back(self, client: Client) -> None:
        genome = broods.genomes(shown(begin(client)))[3]
        answer = self.bring(client, json.dumps(codec.to_json(genome)).encode())
        session = session_at(answer["Location"])
        assert broods.genomes(shown(session)) == [genome]
        assert session.source["name"] == "genome.json"
        page = client.get(answer["Location"]).content.decode()
        assert "checked" in page
        assert "genome.json" in page

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{}",
            b"[" * 100_000,
            b"{" * 100_000,
            b"not a genome",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            b"PK\x03\x04broken",
            bytes(1000),
        ],
        ids=range(8),
    )
    def test_rubbish_is_refused_with_a_reason(self, client: Client, content: bytes) -> None:
        answer = self.bring(client, content)
        assert answer.status_code == 400
        assert "file" in answer.content.decode()
        assert not BreedingSession.objects.exists()

    def test_a_name_with_markup_is_only_text(self, client: Client) -> None:
        genome = codec.decode(bytes(make_individual(make_run()).genome or b""))
        answer = self.bring(client, codec.encode(genome), "<script>alert(1)</script>" * 9)
        page = client.get(answer["Location"]).content.decode()
        assert "<script>alert" not in page

    def test_too_much_is_refused(self, client: Client) -> None:
        assert self.bring(client, bytes(5_000_001)).status_code == 413

    def test_nothing_is_refused(self, client: Client) -> None:
        assert client.post("/breed/bring/").status_code == 400


class TestSteps:
    def test_evolving_leads_back_to_the_page(self, client: Client) -> None:
        session = begin(client)
        answer = press(client, session, parent=[1, 2])
        assert (answer.status_code, answer["Location"]) == (302, f"/breed/{session.code}/")
        assert shown(session).chosen == [1, 2]

    def test_nothing_picked_explains_itself_and_keeps_everything(self, client: Client) -> None:
        session = begin(client)
        answer = press(client, session)
        assert answer.status_code == 400
        assert "Pick at least one picture" in answer.content.decode()
        assert session.broods.count() == 1

    def test_a_stale_tab_gets_409_and_the_present_brood(self, client: Client) -> None:
        session = begin(client)
        old = form_of(session, parent=[0])
        press(client, session, parent=[1])
        answer = client.post(f"/breed/{session.code}/step", old)
        assert answer.status_code == 409
        assert 'name="brood" value="1"' in answer.content.decode()
        assert session.broods.count() == 2

    def test_htmx_gets_the_form_alone(self, client: Client) -> None:
        session = begin(client)
        headers = {"HX-Request": "true", "HX-Target": "breed"}
        answer = client.post(
            f"/breed/{session.code}/step", form_of(session, parent=[0]), headers=headers
        )
        content = answer.content.decode()
        assert answer.status_code == 200
        assert content.lstrip().startswith("<form")
        assert "<html" not in content

    def test_undo_shows_what_was_picked(self, client: Client) -> None:
        session = begin(client)
        press(client, session, parent=[4])
        press(client, session, do="undo")
        page = client.get(f"/breed/{session.code}/").content.decode()
        assert re.findall(r'value="(\d+)" checked', page)[0] == "4"

    @pytest.mark.parametrize("do", ["redo", "again", "restart", "chance", "go 0"])
    def test_every_button_works_at_the_beginning(self, client: Client, do: str) -> None:
        assert press(client, begin(client), do=do).status_code == 302

    @pytest.mark.parametrize(
        "fields",
        [
            {"do": "explode"},
            {"do": "go 99"},
            {"do": "go x"},
            {"parent": [99]},
            {"parent": ["x"]},
            {"parent": list(range(10)) * 5},
            {"strength": 11},
            {"tiles": 1000},
            {"focus": "smell"},
            {"weight": 101},
            {"advanced": 1, "activations": ["tanh"]},
            {"advanced": 1},
            {"look": 1, "classifier": "nobody"},
            {"look": 1, "classifier": "squeezenet", "wish": "no such label"},
        ],
        ids=str,
    )
    def test_forged_fields_are_refused_by_name(
        self, client: Client, fields: dict[str, Any]
    ) -> None:
        session = begin(client)
        answer = press(client, session, **{"parent": [0], **fields})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
        assert session.broods.count() == 1

    def test_a_damaged_brood_is_told(self, client: Client) -> None:
        session = begin(client)
        Brood.objects.update(genomes=b"FKrubbish")
        small_pictures = view.small_pictures
        small_pictures._files.clear()  # as after a restart
        answer = client.get(f"/breed/{session.code}/")
        assert answer.status_code == 410
        assert "damaged" in answer.content.decode()

    def test_a_forged_brood_is_stale(self, client: Client) -> None:
        session = begin(client)
        assert press(client, session, parent=[0], brood=7).status_code == 409

    def test_too_quick_is_told_so_and_loses_nothing(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view, "RATE", "2/m")
        session = begin(client)
        assert [press(client, session, parent=[0]).status_code for _ in range(3)] == [302, 302, 429]
        assert session.broods.count() == 3
        assert press(client, begin(client), parent=[0]).status_code == 302  # others go on

    def test_publishing_asks_for_one_picture(self, client: Client) -> None:
        session = begin(client)
        assert press(client, session, do="publish", parent=[1, 2]).status_code == 400
        answer = press(client, session, do="publish", parent=[2])
        assert answer["Location"] == f"/breed/{session.code}/publish/?brood=0&slot=2"


class TestForeigners:
    @pytest.mark.parametrize("path", ["", "link/", "readings/0", "pictures/0/0-256.webp"])
    def test_a_session_is_seen_by_its_own_visitor_alone(self, client: Client, path: str) -> None:
        session = begin(client)
        assert client.get(f"/breed/{session.code}/{path}").status_code == 200
        assert Client().get(f"/breed/{session.code}/{path}").status_code == 404

    def test_nor_stepped(self, client: Client) -> None:
        session = begin(client)
        assert press(Client(), session, parent=[0]).status_code == 404
        assert session.broods.count() == 1

    def test_a_code_that_nobody_has_is_404(self, client: Client) -> None:
        begin(client)
        assert client.get(f"/breed/{uuid.uuid4()}/").status_code == 404

    def test_a_link_carries_it_to_another_device(self, client: Client) -> None:
        session = begin(client)
        page = client.get(f"/breed/{session.code}/link/").content.decode()
        path = re.search(r"http://testserver(/breed/carry/[^\"]+)", page)
        assert path
        other = Client()
        assert other.get(path[1]).status_code == 200
        assert other.get(f"/breed/{session.code}/").status_code == 404  # a look alone does nothing
        assert other.post(path[1])["Location"] == f"/breed/{session.code}/"
        assert press(other, session, parent=[0]).status_code == 302
        assert client.get(f"/breed/{session.code}/").status_code == 200

    def test_a_forged_link_is_over(self, client: Client) -> None:
        session = begin(client)
        for token in (session.code, "x:y:z"):
            assert Client().get(f"/breed/carry/{token}/").status_code == 410


class TestPictures:
    def test_are_drawn_larger(self, client: Client) -> None:
        session = begin(client)
        answer = client.get(f"/breed/{session.code}/pictures/0/3-512.webp")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")

    @pytest.mark.parametrize(
        ("address", "status"), [("0/3-511", 400), ("0/30-512", 404), ("9/0-512", 404)]
    )
    def test_in_no_other_size(self, client: Client, address: str, status: int) -> None:
        session = begin(client)
        answer = client.get(f"/breed/{session.code}/pictures/{address}.webp")
        assert answer.status_code == status
