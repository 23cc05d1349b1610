"""Errors have pages of their own, which stand without anything of the site behind them."""

import pytest
from django.template.loader import render_to_string
from django.test import Client


class TestErrorPages:
    @pytest.mark.parametrize("status", [400, 403, 404, 500])
    def test_stand_alone(self, status: int) -> None:
        html = render_to_string(f"{status}.html")
        assert "<h1>" in html
        assert 'href="/"' in html

    @pytest.mark.django_db
    def test_a_missing_page_is_told_in_words(self, client: Client) -> None:
        response = client.get("/no/such/page")
        assert response.status_code == 404
        assert b"There is no page at this address" in response.content


@pytest.mark.django_db
class TestThePolicy:
    def test_pages_hold_no_script_and_no_style_of_their_own(self, client: Client) -> None:
        for path in ("/", "/runs/"):
            html = client.get(path).content.decode()
            assert html.count("<script") == html.count("<script src=")
            assert "<style" not in html
            assert " onclick" not in html
