"""Help inside the product: its pages, the one's own role first, the search, and the link from every page of Roder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from roder.organisation.models import Role
from roder.web.help import library
from roder.web.help.finding import find, stem
from roder.web.help.places import PLACES, ROLE_PAGES, help_address, target
from roder.web.help.rendering import render
from roder.web.urls import COMMITTEE_ROOMS, COMMON_ROOMS
from tests.web.world import World

Login = Callable[[str], Client]
#: Addresses without the frame that the link stands in: public pages, other programs', and the login library's own.
WITHOUT_FRAME = ("public", "notices", "api:v1", "")


def names(resolver: Any = None, space: str = "") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from names(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}"


class Page(HTMLParser):
    """What a drawn page holds: its addresses inside, its links, and tags nobody should find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "img":
            assert given.get("alt"), "en bild utan text"
            self.links.append(str(given["src"]))


def test_every_page_of_roder_has_a_page_of_help() -> None:
    without = [
        name for name in names() if name.rpartition(":")[0] not in WITHOUT_FRAME and target(name) is None
    ]
    assert without == []
    rooms = {name.partition(":")[0] for name in names()}
    assert {*COMMITTEE_ROOMS, *COMMON_ROOMS} <= rooms
    contents = [name for name in names() if name.partition(":")[0] in COMMITTEE_ROOMS and not target(name)]
    assert contents == [], "en nämnds sida leder bara till innehållet"


def test_every_target_of_help_exists_with_its_place() -> None:
    for name in {*PLACES.values(), *ROLE_PAGES.values()} - {""}:
        slug, _, place = name.partition("#")
        assert slug in library.pages(), name
        assert not place or place in library.pages()[slug].anchors, name


def test_every_line_of_the_table_is_used() -> None:
    there = list(names())
    assert [key for key in PLACES if not any(name.startswith(key) for name in there)] == []


def test_every_role_has_a_page_of_its_own() -> None:
    assert set(ROLE_PAGES) == set(Role)


def test_every_link_of_the_help_leads_to_a_page_and_place_in_it() -> None:
    shown = {f"/hjalp/{slug}/": page for slug, page in library.pages().items()}
    first = library.contents()
    assert first is not None
    for page in (first, *shown.values()):
        drawn = Page(page.rendered.html)
        assert len(drawn.ids) == len(set(drawn.ids)), page.path
        for link in drawn.links:
            where, _, place = link.partition("#")
            if "://" in link or where.startswith("/hjalp/bilder/") or where == "/hjalp/":
                continue
            aimed = shown[where] if where else page
            assert not place or place in aimed.anchors, f"{page.path}: {link}"


def test_the_pages_of_roles_are_the_first_of_the_contents(db: None) -> None:
    first = library.contents()
    assert first is not None
    listed = Page(first.rendered.html).links
    roles = list(dict.fromkeys(f"/hjalp/{slug}/" for slug in ROLE_PAGES.values()))
    assert set(roles) <= set(listed[: len(roles) + 1])


def test_who_reads_sees_the_own_role_first(world: World, as_role: Login) -> None:
    text = as_role("unit_manager").get("/hjalp/").content.decode()
    assert "För dig som är enhetschef" in text
    assert "För dig som är controller" not in text


def test_the_help_is_open_without_login(client: Client, db: None) -> None:
    answer = client.get("/hjalp/logga-in/")
    assert answer.status_code == 200
    assert "Tvåstegsinloggning" in answer.content.decode()
    assert "Att göra" not in answer.content.decode()


def test_a_page_that_does_not_exist_is_not_found(client: Client, db: None) -> None:
    assert client.get("/hjalp/finns-inte/").status_code == 404
    assert client.get("/hjalp/bilder/finns-inte.png").status_code == 404
    assert client.get("/hjalp/bilder/..%2f..%2fpyproject.toml").status_code == 404


def test_a_page_links_to_its_own_help(world: World, as_role: Login) -> None:
    text = as_role("controller").get(f"{world.root}ekonomi/budget/").content.decode()
    assert f'href="{help_address("economy:budgets")}"' in text
    assert help_address("economy:budgets") == "/hjalp/ekonomi/#budget"


def test_the_ordinary_search_finds_help_too(world: World, as_role: Login) -> None:
    text = as_role("unit_manager").get("/sok/?q=ersättare").content.decode()
    assert 'href="/hjalp/uppgifter/#ersättare"' in text or "/hjalp/uppgifter/#ers" in text


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("ersättare", "uppgifter"),
        ("tvåstegsinloggning", "logga-in"),
        ("lämna prognos", "prognos"),
        ("mandat", "systemforvaltare"),
        ("avvikelserna omsorgspersonal", "avvikelser"),
        ("styrmodell minsta", "styrmodell"),
    ],
)
def test_what_people_ask_for_is_among_the_first(asked: str, slug: str) -> None:
    assert slug in [one.page.slug for one in find(asked)[:4]]


def test_all_words_must_stand_there_and_none_gives_nothing() -> None:
    assert find("ersättare xyzzy") == []
    assert find("") == [] and find("?!") == []


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö", max_size=30))
def test_a_stem_is_the_beginning_of_its_word(word: str) -> None:
    found = stem(word)
    assert word.startswith(found)
    assert len(found) >= min(len(word), 4)


def test_html_in_a_text_is_words_and_a_bad_address_no_link() -> None:
    text = "# Rubrik\n\n<script>alert(1)</script> <b>fet</b> [x](javascript:alert(1)) [y](../hemligt.md)\n"
    drawn = render(text, "handbok/x.md", lambda path: None)
    assert Page(drawn.html).tags == {"p"}
    assert "&lt;script&gt;" in drawn.html


def test_two_headings_of_the_same_words_get_places_of_their_own() -> None:
    drawn = render("# A\n\n## Läs\n\n## Läs\n", "handbok/x.md", lambda path: None)
    assert [one.anchor for one in drawn.headings] == ["a", "läs", "läs-1"]


def test_tables_have_named_columns_in_a_box_of_their_own() -> None:
    drawn = render("# A\n\n| B | C |\n|---|---|\n| 1 | 2 |\n", "handbok/x.md", lambda path: None)
    assert '<div class="table-wrap">' in drawn.html
    assert drawn.html.count('scope="col"') == 2


def test_the_documentation_lies_in_the_built_package(tmp_path: Path) -> None:
    """What setup.py copies is what an installed package reads."""
    import setup as building

    root = Path(__file__).resolve().parents[2]
    building.copy_data(root, tmp_path / "roder")
    assert (tmp_path / "roder" / "docs" / library.CONTENTS).is_file()
    for path in library.paths():
        assert (tmp_path / "roder" / "docs" / path).is_file(), path
    assert (tmp_path / "roder" / "examples" / "alingsas" / "styrmodell.yaml").is_file()
