"""The pages: who sees and changes which register, bad input at its field, two savers, calm empty states."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from roder import tasks
from roder.access.matrix import RIGHTS, Action, Resource, allows
from roder.registers.models import (
    Agreement,
    Association,
    GrantApplication,
    GrantCall,
    ItSystem,
    RecordCheck,
    StateGrant,
    SteeringDocument,
)
from roder.registers.urls import navigation, urlpatterns
from tests.registers import walk_samples
from tests.registers.conftest import Grants
from tests.web.world import World

AsRole = Callable[[str], Client]
REGISTERS = {
    "styrdokument": Resource.REGISTERS, "foreningsbidrag": Resource.GRANTS, "foreningar": Resource.GRANTS,
    "bidragsansokningar": Resource.GRANTS, "statsbidrag": Resource.STATE_GRANTS, "avtal": Resource.REGISTERS,
    "tillsynsplaner": Resource.REGISTERS, "tillsynsbesok": Resource.REGISTERS, "it-system": Resource.REGISTERS,
    "behov-och-nyttor": Resource.REGISTERS, "registerutdrag": Resource.RECORD_CHECKS,
}  # fmt: skip


def text_of(answer: Any) -> str:
    """The page as text: entities read, no-break spaces as spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\u00a0", " ").split())


def errors_at(answer: Any) -> dict[str, list[str]]:
    """The messages of the page's form, by field ("" for those over the form)."""
    form = answer.context["form"]
    return {"" if name == "__all__" else name: list(told) for name, told in form.errors.items()}


#: one for each way to stand to the registers; what the others may is in the same table (access.matrix)
ROLES = ("member", "head_administration", "unit_manager", "secretary", "care_staff")


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_and_who_changes_each_register(world: World, as_role: AsRole, role: str) -> None:
    made = walk_samples.rows(world.committee, world.people, world.unit)
    client = as_role(role)
    for name, resource in REGISTERS.items():
        sees, edits = allows(role, resource, Action.VIEW), allows(role, resource, Action.EDIT)
        listed = client.get(f"{world.root}{name}/")
        assert listed.status_code == (200 if sees else 403), name
        edit = client.get(f"{world.root}{name}/{made[name]}/andra/")
        assert edit.status_code == (200 if edits else 403), name
        if sees:
            shown = client.get(f"{world.root}{name}/{made[name]}/")
            assert shown.status_code == 200, name
            assert (">Ändra<" in shown.content.decode()) == edits, name
            assert "QuerySet" not in shown.content.decode(), name


def test_record_checks_are_for_heads_only(world: World, as_role: AsRole) -> None:
    made = walk_samples.rows(world.committee, world.people, world.unit)
    heads = {"head_administration", "head_department", "unit_manager"}
    for role in set(RIGHTS) - heads:
        client = as_role(role)
        for address in (
            "registerutdrag/",
            f"registerutdrag/{made['registerutdrag']}/",
            "registerutdrag/?format=csv",
        ):
            assert client.get(world.root + address).status_code == 403, (role, address)
    for role in ("member", "secretary", "quality_strategist"):
        assert "Registerutdrag" not in as_role(role).get(f"{world.root}avtal/").content.decode()


def test_a_head_sees_and_notes_only_for_their_own_unit(world: World, as_role: AsRole) -> None:
    made = walk_samples.rows(world.committee, world.people, world.administration)
    client = as_role("unit_manager")
    assert "REK-1" not in client.get(f"{world.root}registerutdrag/").content.decode()
    assert client.get(f"{world.root}registerutdrag/{made['registerutdrag']}/").status_code == 404
    today = timezone.localdate()
    sent = {
        "reference": "REK-2",
        "unit": world.administration.pk,
        "law": "Skollagen",
        "issued_on": today,
        "shown_on": today,
    }
    answer = client.post(f"{world.root}registerutdrag/ny/", sent)
    assert answer.status_code == 200
    assert "ger inte rätt" in errors_at(answer)[""][0]
    assert not RecordCheck.objects.filter(reference="REK-2").exists()
    assert client.post(f"{world.root}registerutdrag/ny/", {**sent, "unit": world.unit.pk}).status_code == 302
    assert RecordCheck.objects.get(reference="REK-2").seen_by == world.people["unit_manager"]


def test_the_other_municipality_sees_nothing(world: World, as_role: AsRole) -> None:
    elsewhere = GrantCall.objects.create(committee=world.other, year=2022, title="Annans")
    client = as_role("quality_strategist")
    assert client.get(f"{world.root}foreningsbidrag/{elsewhere.pk}/").status_code == 404
    assert "Annans" not in client.get(f"{world.root}foreningsbidrag/").content.decode()
    form = client.get(f"{world.root}bidragsansokningar/ny/").context["form"]
    assert elsewhere not in form.fields["call"].queryset


@pytest.mark.parametrize(
    ("name", "sent", "at", "told"),
    [
        ("foreningsbidrag", {"year": "2022", "title": "X", "frame": "-5"}, "frame", "inte vara negativt"),
        ("foreningsbidrag", {"year": "2022", "title": "X", "opens_on": "2022-03-01", "closes_on": "2022-02-01"},
         "closes_on", "inte ligga före"),
        ("avtal", {"kind": "other", "title": "X", "party": "Y", "valid_from": "2022-03-01", "valid_to": "2022-02-01"},
         "valid_to", "sluta gälla innan"),
        ("avtal", {"kind": "other", "title": "X", "party": "Y", "valid_to": "2022-02-01", "notice_by": "2022-03-01"},
         "notice_by", "före avtalets slut"),
        ("styrdokument", {"type": "policy", "title": "X", "decided_by": "KF", "role": "secretary",
                          "valid_to": "2022-02-01", "until_further": "on"}, "until_further", "inte båda"),
        ("it-system", {"name": "X", "personal_data": "on"}, "purpose", "ändamålet"),
        ("foreningar", {"name": "X", "organisation_number": "121212-1212", "position": "1"}, "organisation_number",
         "personnummer"),
        ("foreningar", {"name": "19121212-1212", "position": "1"}, "name", "personnummer"),
        ("statsbidrag", {"year": "2022", "name": "X", "authority": "Y", "sought": "mycket"}, "sought", "inte ett tal"),
        ("statsbidrag", {"year": "2022", "name": "X", "authority": "Y", "sought": "-1"}, "sought", "negativt"),
        ("tillsynsbesok", {"place": "Krogen", "result": "ok"}, "plan", "måste fyllas i"),
        ("registerutdrag", {"reference": "19121212-1212", "law": "Skollagen"}, "reference", "personnummer"),
    ],
)  # fmt: skip
def test_bad_input_is_told_at_its_field_and_nothing_is_lost(
    world: World, as_role: AsRole, name: str, sent: dict[str, str], at: str, told: str
) -> None:
    answer = as_role("head_administration").post(f"{world.root}{name}/ny/", sent)
    assert answer.status_code == 200
    assert any(told in one for one in errors_at(answer).get(at, [])), errors_at(answer)
    for key, value in sent.items():
        assert str(answer.context["form"][key].value()) in (value, "True"), key


def test_twice_is_told_at_the_field_though_the_committee_is_not_in_the_form(
    world: World, as_role: AsRole
) -> None:
    Association.objects.create(committee=world.committee, name="Samma")
    ItSystem.objects.create(committee=world.committee, name="Samma")
    client = as_role("secretary")
    for name, word in (("foreningar", "Föreningen finns redan"), ("it-system", "Systemet finns redan")):
        answer = client.post(f"{world.root}{name}/ny/", {"name": "Samma", "position": "1"})
        assert word in errors_at(answer)["name"][0]


def test_two_applications_in_a_year_are_refused(world: World, as_role: AsRole, grants: Grants) -> None:
    sent = {"call": grants.call.pk, "association": grants.association.pk, "sought": "10"}
    answer = as_role("secretary").post(f"{world.root}bidragsansokningar/ny/", sent)
    assert errors_at(answer) == {"association": ["Föreningen har redan en ansökan för året."]}


def test_saving_opens_the_task_and_the_second_saver_sees_both_texts(world: World, as_role: AsRole) -> None:
    client = as_role("secretary")
    sent = {"kind": "other", "title": "Tolkavtal", "party": "Regionen", "notice_by": "2099-06-30"}
    assert client.post(f"{world.root}avtal/ny/", sent).status_code == 302
    row = Agreement.objects.get(title="Tolkavtal")
    assert [task.what for task in tasks.of(row)] == ["Säg upp, förläng eller gör om avtalet Tolkavtal"]
    edit = f"{world.root}avtal/{row.pk}/andra/"
    assert client.post(edit, {**sent, "party": "Kommunen", "revision": 1}).status_code == 302
    late = client.post(edit, {**sent, "party": "Förbundet", "revision": 1})
    assert late.status_code == 409
    assert {"Kommunen", "Förbundet"} <= set(text_of(late).replace(",", " ").split())


# --- deeds ----------------------------------------------------------------------------------------------------------


def deed(world: World, row: Any, code: str) -> str:
    """The address of a deed."""
    return f"{world.root}register/{row._meta.model_name}/{row.pk}/{code}/"


def test_an_assessment_by_form(world: World, as_role: AsRole, grants: Grants) -> None:
    client, row = as_role("quality_strategist"), grants.application
    assert "Bedöm" in text_of(client.get(f"{world.root}bidragsansokningar/{row.pk}/"))
    page = client.get(deed(world, row, "bedom"))
    assert page.status_code == 200
    asked = {name for name, field in page.context["form"].fields.items() if field.required}
    assert asked == {"local", "social", "complete", "proposed"}
    sent = {"revision": row.revision, "local": "true", "social": "true", "complete": "true", "proposed": "30 000",
            "assessment": "Når många", "reduced_why": ""}  # fmt: skip
    answer = client.post(deed(world, row, "bedom"), sent)
    assert answer.status_code == 400
    assert "20 000 kr lägre" in errors_at(answer)["reduced_why"][0].replace("\u00a0", " ")
    assert "Når många" in answer.content.decode()
    assert client.post(deed(world, row, "bedom"), {**sent, "reduced_why": "Ramen"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.proposed) == ("assessed", 30_000)
    shown = text_of(client.get(f"{world.root}foreningsbidrag/{grants.call.pk}/"))
    assert "70 000 kr är kvar av ramen" in shown


def test_the_second_of_two_who_assess_loses_nothing(world: World, as_role: AsRole, grants: Grants) -> None:
    client, row = as_role("secretary"), grants.application
    sent = {"revision": row.revision, "local": "true", "social": "true", "complete": "true", "proposed": "50000",
            "assessment": "Den första texten", "reduced_why": ""}  # fmt: skip
    assert client.post(deed(world, row, "bedom"), sent).status_code == 302
    late = client.post(deed(world, row, "bedom"), {**sent, "assessment": "Den andra texten"})
    assert late.status_code == 409
    assert "Den första texten" in late.content.decode()
    assert "Den andra texten" in late.content.decode()
    row.refresh_from_db()
    again = client.post(deed(world, row, "bedom"), {**sent, "assessment": "Båda", "revision": row.revision})
    assert again.status_code == 302


def test_deeds_that_are_not_now_or_not_at_all(world: World, as_role: AsRole, grants: Grants) -> None:
    client, row = as_role("secretary"), grants.application
    assert client.get(deed(world, row, "beslut")).status_code == 302
    assert client.get(deed(world, row, "nagot-annat")).status_code == 404
    assert client.get(f"{world.root}register/recordcheck/1/bedom/").status_code == 404
    assert as_role("member").get(deed(world, row, "bedom")).status_code == 403
    assert client.post(deed(world, row, "bedom"), {"proposed": "1"}).status_code == 400


# --- the other pages ------------------------------------------------------------------------------------------------


def test_what_is_late_stands_over_the_list_of_documents(world: World, as_role: AsRole) -> None:
    today = timezone.localdate()
    common = {"committee": world.committee, "type": "policy", "decided_by": "Nämnden"}
    SteeringDocument.objects.create(title="Sen policy", revise_by=today - timedelta(days=3), **common)
    SteeringDocument.objects.create(
        title="Upphävd policy", revise_by=today - timedelta(days=3), repealed_on=today, **common
    )
    SteeringDocument.objects.create(title="Ny policy", revise_by=today + timedelta(days=3), **common)
    page = as_role("member").get(f"{world.root}styrdokument/")
    assert [row.title for row, _ in page.context["overdue"]] == ["Sen policy"]
    assert "1 dokument behöver ses över" in text_of(page)
    assert "overdue" not in as_role("member").get(f"{world.root}styrdokument/?utskrift=1").context


def test_the_table_over_years_says_what_does_not_add_up(
    world: World, as_role: AsRole, grants: Grants
) -> None:
    GrantCall.objects.filter(pk=grants.call.pk).update(printed_total=60_000)
    GrantApplication.objects.filter(pk=grants.application.pk).update(
        state="decided", granted=50_000, printed_share=83
    )
    shown = text_of(as_role("member").get(f"{world.root}foreningsbidrag/over-aren/"))
    assert "2022: raderna blir 50 000 kr, men tryckt summa är 60 000 kr. 10 000 kr saknas." in shown
    assert "50 000 (100 %)" in shown
    assert "Tryckt andel är 83 %" in shown
    one = text_of(as_role("member").get(f"{world.root}foreningsbidrag/{grants.call.pk}/"))
    assert "10 000 kr saknas" in one


def test_the_compilation_as_a_file(world: World, as_role: AsRole, grants: Grants) -> None:
    answer = as_role("member").get(f"{world.root}foreningsbidrag/2022.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="foreningsbidrag-2022.xlsx"'
    assert answer.content[:2] == b"PK"
    assert as_role("member").get(f"{world.root}foreningsbidrag/2022.exe").status_code == 404
    assert as_role("member").get(f"{world.root}foreningsbidrag/2031.pdf").status_code == 404
    assert as_role("care_staff").get(f"{world.root}foreningsbidrag/2022.xlsx").status_code == 403


def test_a_form_that_was_sent_in_is_taken_and_shown_on_the_application(world: World, as_role: AsRole) -> None:
    from roder import questionnaires

    call = GrantCall.objects.create(
        committee=world.committee, year=2022, title="B", opens_on=timezone.localdate()
    )
    version = questionnaires.load_set(walk_samples.FORM, world.committee)
    sent = questionnaires.answer_publicly(version, walk_samples.ANSWER)
    client = as_role("secretary")
    page = client.get(f"{world.root}foreningsbidrag/{call.pk}/")
    assert "Ta emot som ansökan" in text_of(page)
    assert "Ta emot" not in text_of(as_role("member").get(f"{world.root}foreningsbidrag/{call.pk}/"))
    assert client.post(f"{world.root}foreningsbidrag/{call.pk}/ta-emot/{sent.pk}/").status_code == 302
    row = GrantApplication.objects.get(call=call)
    shown = text_of(as_role("member").get(f"{world.root}bidragsansokningar/{row.pk}/"))
    assert "Vad vill ni göra? Träffar" in shown
    assert "25 000" in shown


def test_a_paper_application_is_filled_in_with_the_form(
    world: World, as_role: AsRole, grants: Grants
) -> None:
    from roder import questionnaires

    client, address = (
        as_role("secretary"),
        f"{world.root}bidragsansokningar/{grants.application.pk}/formular/",
    )
    assert "inget frågeformulär" in text_of(client.post(address, follow=True))
    questionnaires.load_set(walk_samples.FORM, world.committee)
    page = client.post(address, follow=True)
    assert page.status_code == 200
    assert "Vad vill ni göra?" in text_of(page)
    assert as_role("member").post(address).status_code == 403


def test_the_days_of_the_year_and_the_button_that_adds_them(world: World, as_role: AsRole) -> None:
    client, address = as_role("quality_strategist"), f"{world.root}statsbidrag/datum/"
    told = "Ansök senast 1 mars 2022. Redovisa hur pengarna är använda senast 15 januari 2023"
    assert told in text_of(client.get(address))
    add = f"{world.root}statsbidrag/lagg-till/personligt-ombud/"
    assert client.post(add).status_code == 302
    assert StateGrant.objects.get().apply_by == date(2022, 3, 1)
    assert "finns redan" in text_of(client.post(add, follow=True))
    assert client.post(f"{world.root}statsbidrag/lagg-till/finns-inte/").status_code == 404
    shown = text_of(as_role("member").get(address))
    assert "1 mars 2022" in shown
    assert "Lägg till" not in shown


def test_the_record_of_processing_is_the_systems_with_personal_data_and_goes_out_as_a_file(
    world: World, as_role: AsRole
) -> None:
    ItSystem.objects.create(committee=world.committee, name="Utan")
    ItSystem.objects.create(
        committee=world.committee,
        name="Med",
        personal_data=True,
        purpose="Handläggning",
        legal_basis="Myndighetsutövning",
    )
    answer = as_role("secretary").get(f"{world.root}behandlingar/?format=csv")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "Ändamål med behandlingen" in content
    assert "Med;" in content
    assert "Handläggning;Myndighetsutövning" in content
    assert "Utan" not in content


def test_every_register_says_what_it_is_for_and_is_calm_when_empty(world: World, as_role: AsRole) -> None:
    client = as_role("head_administration")
    for name in (*REGISTERS, "behandlingar"):
        page = text_of(client.get(f"{world.root}{name}/"))
        assert "Här är det tomt än" in page, name
    for entry in navigation:
        assert entry.block == ("Ekonomi" if entry.url_name == "registers:statsbidrag" else "Register")
    for page in ("foreningsbidrag/over-aren/", "statsbidrag/datum/"):
        assert client.get(world.root + page).status_code == 200


def test_every_address_has_a_sample(world: World) -> None:
    known = set(walk_samples.samples(world.committee, world.people, world.unit))
    assert {f"registers:{one.name}" for one in urlpatterns} == known  # type: ignore[union-attr]
