"""The frame of every page: who comes where, and what the menu holds."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from roder.web.templatetags.roder import status
from tests.web.world import World

Login = Callable[[str], Client]


def test_without_login_one_comes_to_the_login_page(world: World, client: Client) -> None:
    answer = client.get(world.root)
    assert answer.status_code == 302
    assert answer.url.startswith("/konto/login/")


def test_home_leads_to_the_committee_and_its_latest_year(world: World, as_role: Login) -> None:
    answer = as_role("controller").get("/")
    assert answer.url == world.root


def test_home_remembers_the_year_shown_last(world: World, as_role: Login) -> None:
    client = as_role("controller")
    client.get(f"/{world.committee.slug}/2021/")
    assert client.get("/").url == f"/{world.committee.slug}/2021/"


def test_a_committee_without_mandate_does_not_exist(world: World, as_role: Login) -> None:
    answer = as_role("controller").get(f"/{world.other.slug}/2022/")
    assert answer.status_code == 404
    assert "Sidan finns inte" in answer.content.decode()


def test_somebody_without_mandate_is_told_what_to_do(world: World, as_role: Login) -> None:
    text = as_role("nobody").get("/").content.decode()
    assert "inget uppdrag ännu" in text


def test_every_page_has_one_h1_and_the_strict_policy(world: World, as_role: Login) -> None:
    answer = as_role("member").get(world.root)
    text = answer.content.decode()
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert "<script>" not in text
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_page_fetched_into_the_side_panel_has_no_frame(world: World, as_role: Login) -> None:
    text = (
        as_role("member")
        .get(world.root, headers={"HX-Request": "true", "HX-Target": "panel-content"})
        .content.decode()
    )
    assert "<html" not in text
    assert text.count("<h1") == 1


def test_the_menu_is_as_short_as_the_role(world: World, as_role: Login) -> None:
    """What a role comes for is open, and so is the heading that the page stands under; the rest is one press away."""
    text = as_role("member").get(world.root).content.decode()
    assert "<details open><summary><h2>Nämnden</h2>" in text
    assert "<details><summary><h2>Ekonomi</h2>" in text
    there = as_role("member").get(world.root + "ekonomi/budget/").content.decode()
    assert "<details open><summary><h2>Ekonomi</h2>" in there
    short = as_role("care_staff").get(world.root).content.decode()
    assert "<details><summary><h2>" not in short


def test_a_browser_finds_the_icon_where_it_looks_by_itself(client: Client) -> None:
    """Beside a PDF or a picture that is shown alone there is no page to say where the icon is."""
    answer = client.get("/favicon.ico")
    assert answer.url.startswith("/static/web/roder")
    assert "public" in answer.headers["Cache-Control"]


@given(st.text(alphabet="<>&\"' -0123456789Förseat", max_size=30))
def test_a_status_says_its_words_as_they_are(text: str) -> None:
    """Also with a date in them, which is marked as one; and never as anything else of a page."""
    chip = str(status(f"Försenat 2022-09-01 {text}", "bad"))
    assert chip.count('<time datetime="2022-09-01">2022-09-01</time>') >= 1
    assert escape(text) in re.sub(r"</?time[^>]*>", "", chip)


def test_a_status_without_a_date_is_as_it_was() -> None:
    assert str(status("Besvarat", "good")).endswith("</svg>Besvarat</span>")
    assert "<time" not in str(status("2022-99-01", "good"))
