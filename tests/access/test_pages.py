"""The matrix of rights and the trail as pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pgtrigger
import pytest
from django.conf import settings
from django.test import Client

import roder
from roder import access
from roder.access.deed_details import NAMES, particulars
from roder.access.deeds import WORDS, subject_words
from roder.access.models import AuditRecord
from roder.organisation.models import Person, Role
from roder.steering.models import Goal
from tests.web.conftest import as_role
from tests.web.world import World

__all__ = ["as_role"]
Login = Callable[[str], Client]
DEEDS_OF = ("record", "done")  # the second ends a deed on a deviation


def recorded() -> Iterator[ast.Call]:
    """Every place in the code that writes to the trail."""
    for path in Path(roder.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) > 1:
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in DEEDS_OF:
                    yield node


def test_every_deed_has_swedish_words() -> None:
    deeds = {one.args[1].value for one in recorded() if isinstance(one.args[1], ast.Constant)}
    assert deeds and deeds <= set(WORDS)


def test_every_particular_of_a_deed_has_a_swedish_name() -> None:
    names = {keyword.arg for one in recorded() for keyword in one.keywords if keyword.arg}
    assert len(names) > 100 and names <= set(NAMES)


def test_particulars_are_told_in_words() -> None:
    detail = {
        "role": "mas", "told": 0, "closed": True, "before": None, "years": [2021, 2022], "about": "steering.goal:12",
        "files": {"pdf": "8a18", "docx": "9b08"}, "okänt": "så",
    }  # fmt: skip
    assert particulars(detail) == [
        ("roll", str(Role.MAS.label)), ("meddelade", "0"), ("sluten", "ja"), ("före", "–"), ("år", "2021, 2022"),
        ("gäller", "mål 12"), ("filer", "pdf: 8a18; docx: 9b08"), ("okänt", "så"),
    ]  # fmt: skip


def test_a_record_is_named_by_its_kind() -> None:
    assert subject_words("steering.goal:12") == "mål 12"
    assert subject_words("prov-von/enheter") == "prov-von/enheter"
    assert subject_words("no.such:1") == "no.such:1"


def test_the_matrix_shows_every_role_and_what_it_may(world: World, as_role: Login) -> None:
    text = as_role("controller").get("/behorigheter/").content.decode()
    assert "Nämndsekreterare" in text
    assert "se, kommentera, ändra, läsa in" in text


def test_the_trail_is_for_auditor_and_administrator(world: World, as_role: Login) -> None:
    access.record(world.people["controller"], "report.locked", "prov")
    assert "Låste rapport" in as_role("auditor").get("/spar/").content.decode()
    assert as_role("controller").get("/spar/").status_code == 403


def test_the_trail_is_searched_with_the_words_that_it_shows(world: World, as_role: Login) -> None:
    access.record(world.people["controller"], "report.locked", "prov", snapshot="prov-2022")
    access.record(world.people["controller"], "mandate.given", "prov", start="2026-01-01")
    found = as_role("auditor").get("/spar/", {"vad": "låste RAPPORT"}).content.decode()
    assert "<dt>ögonblicksbild</dt><dd>prov-2022</dd>" in found and "2026-01-01" not in found


def test_a_row_of_the_trail_leads_to_its_record(world: World, as_role: Login) -> None:
    goal, strange = Goal.objects.get(code="mal-1"), Person.objects.create_user("ny@prov.se", name="Ny")
    access.record(world.people["controller"], "goal.changed", goal)
    access.record(world.people["controller"], "mandate.given", strange)
    access.record(world.people["controller"], "goal.changed", "steering.goal:999999")
    text = as_role("auditor").get("/spar/").content.decode()
    assert re.search(rf'<a href="/[a-z-]+/\d+/mal/{goal.pk}/">mål {goal.pk}</a>', text)
    assert f">person {strange.pk}</a>" not in text and "mål 999999</a>" not in text
    hidden = as_role("administrator").get("/spar/").content.decode()
    assert f"mål {goal.pk}</td>" in hidden, "who may not open the goal gets no link"


def test_deeds_of_people_in_another_municipality_are_not_shown(world: World, as_role: Login) -> None:
    stranger = Person.objects.create_user("far@annan.se", name="Person långt borta")
    access.record(stranger, "report.locked", "annan")
    assert "långt borta" not in as_role("auditor").get("/spar/").content.decode()


def test_the_trail_can_be_narrowed_and_says_what_is_no_date(world: World, as_role: Login) -> None:
    access.record(world.people["controller"], "report.locked", "prov")
    access.record(world.people["administrator"], "mandate given", "prov")
    client = as_role("auditor")
    text = client.get("/spar/", {"vem": "controller"}).content.decode()
    assert "Låste rapport" in text
    assert "Gav mandat" not in text
    assert "är inget datum" in client.get("/spar/", {"fran": "2021-06-31"}).content.decode()
    assert client.get("/spar/", {"vem": "\0", "vad": "%"}).status_code == 200


def test_a_whole_trail_is_said_to_be_whole(world: World, as_role: Login) -> None:
    access.record(world.people["controller"], "report.locked", "prov")
    assert "Spåret är helt" in as_role("auditor").get("/spar/?kontrollera=1").content.decode()


def test_an_altered_trail_is_shown_with_the_row(world: World, as_role: Login) -> None:
    access.record(world.people["controller"], "report.locked", "prov")
    row = AuditRecord.objects.get(deed="report.locked")
    with pgtrigger.ignore("access.AuditRecord:append_only"):
        AuditRecord.objects.filter(pk=row.pk).update(subject="annat")
    text = as_role("auditor").get("/spar/?kontrollera=1").content.decode()
    assert "Spåret är inte helt" in text
    assert f"Rad {row.pk}: raden är ändrad" in text


@pytest.mark.parametrize("page", ["?sida=0", "?sida=9999", "?sida=x"])
def test_a_page_that_does_not_exist_is_the_nearest(world: World, as_role: Login, page: str) -> None:
    assert as_role("auditor").get(f"/spar/{page}").status_code == 200


@pytest.mark.parametrize("cookie", ['"abc\\000defghijkl"', "x", "å" * 12, "a" * 400])
def test_a_cookie_that_we_never_gave_out_is_no_login(world: World, cookie: str) -> None:
    answer = Client().get("/att-gora/", headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    assert answer.status_code in (302, 404)
