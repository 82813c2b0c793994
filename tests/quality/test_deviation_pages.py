"""The pages: the form on the phone with and without script, the case for each role, and the register."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from roder import tasks
from roder.quality.models import Deviation
from roder.quality.pages import deviation_deeds
from roder.quality.services import deviations as deeds
from roder.quality.services import handling, moves
from roder.quality.services.practice import practice_of
from roder.steering.models import SteeringModelVersion
from tests.quality.deviation_world import (
    Quality,
    acted,
    build_quality,
    classified,
    followed,
    investigated,
)

As = Callable[[str], Client]


@pytest.fixture
def quality(db: None) -> Quality:
    return build_quality()


@pytest.fixture
def as_role(quality: Quality) -> As:
    def login(role: str) -> Client:
        client = Client()
        client.force_login(quality.world.people[role], "django.contrib.auth.backends.ModelBackend")
        return client

    return login


@pytest.fixture
def root(quality: Quality) -> str:
    return f"{quality.world.root}avvikelser/"


def body(answer: Any) -> str:
    return str(answer.content.decode())


def sent(quality: Quality, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "types": ["fall", "fall:egen"], "what": "Föll 🤕 vid sängen", "unit": quality.unit.pk, "when": "now",
        "told": ["Sjuksköterska"], "told_other": "vikarien", "severity": "2",
        "client_key": "3f0d0a52-6c5a-4b0b-9a53-3a1a2f1f5d10",
    }  # fmt: skip
    return {**values, **changes}


def test_a_report_from_the_form(quality: Quality, as_role: As, root: str) -> None:
    client = as_role("care_staff")
    page = body(client.get(root + "rapportera/"))
    assert f'<option value="{quality.unit.pk}" selected>' in page
    assert "Egen aktivitet" in page and "types.svg#fall" in page
    assert "htmx" not in page.split("<body")[0].replace("htmx-config", "") and "charts.css" not in page
    answer = client.post(root + "rapportera/", sent(quality))
    case = Deviation.objects.get()
    assert answer["Location"] == f"{root}rapporterad/{case.pk}/"
    assert (case.told, case.severity_reported, case.severity) == ("Sjuksköterska, vikarien", 2, None)
    assert timezone.now() - case.occurred_at < timedelta(minutes=1)
    receipt = body(client.get(answer["Location"]))
    assert case.number in receipt and "inom två timmar" in receipt
    assert client.post(root + "rapportera/", sent(quality))["Location"] == answer["Location"]
    assert Deviation.objects.count() == 1
    assert case.number in body(client.get(root + "mina/"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": ""}, "Välj var det hände"),
        ({"when": "other", "occurred_at": ""}, "Ange när det hände"),
        ({"when": "other", "occurred_at": "2999-01-01T10:00"}, "framåt i tiden"),
        ({"when": "other", "occurred_at": "1982-01-01T10:00"}, "10 år"),
        ({"when": "other", "occurred_at": "hej"}, "går inte att läsa"),
        ({"discovered_at": "2020-01-01T10:00"}, "innan den hände"),
        ({"what": "x" * 200_000}, "200\u00a0000 tecken"),
        ({"types": []}, "minst en typ"),
        ({"types": ["<b>"]}, "giltigt alternativ"),
        ({"reference": "121212-1212"}, "personnummer"),
        ({"severity": "9"}, "giltigt alternativ"),
        ({"unit": "999999"}, "giltigt"),
        ({"client_key": "inte-en-nyckel"}, ""),
    ],
)
def test_what_is_wrong_stands_at_the_field_and_nothing_is_lost(
    quality: Quality, as_role: As, root: str, changes: dict[str, Any], words: str
) -> None:
    answer = as_role("care_staff").post(root + "rapportera/", sent(quality, **changes))
    assert answer.status_code == 422
    page = body(answer)
    assert words in page
    assert (changes.get("what") or "Föll 🤕 vid sängen") in page
    assert 'value="Sjuksköterska" checked' in page and 'value="vikarien"' in page
    assert not Deviation.objects.exists()


def test_a_phone_ahead_of_time_means_now(quality: Quality, as_role: As, root: str) -> None:
    ahead = timezone.localtime() + timedelta(minutes=5)
    as_role("care_staff").post(
        root + "rapportera/", sent(quality, occurred_at=ahead.strftime("%Y-%m-%dT%H:%M"))
    )
    assert Deviation.objects.get().occurred_at <= timezone.now()


@pytest.mark.parametrize(
    ("written", "at"),
    [("2026-10-25T02:30", "2026-10-25T00:30+00:00"), ("2026-03-29T02:30", "2026-03-29T01:30+00:00")],
)
def test_the_hours_of_the_clock_changes_can_be_written(written: str, at: str) -> None:
    from datetime import datetime

    from roder.quality.pages.deviation_forms import LocalMoment

    assert LocalMoment().clean(written) == datetime.fromisoformat(at)


def test_what_was_sent_waits_while_one_logs_in_again(quality: Quality, as_role: As, root: str) -> None:
    client, person = Client(), quality.world.people["care_staff"]
    answer = client.post(root + "rapportera/", sent(quality, person=person.pk))
    assert "/konto/login/" in answer["Location"] and "rapportera" in answer["Location"]
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    page = body(client.get(root + "rapportera/"))
    assert "Föll 🤕 vid sängen" in page and 'value="fall" checked' in page and "errorlist" not in page
    other = Client()
    other.post(root + "rapportera/", sent(quality, person=person.pk))
    other.force_login(quality.world.people["unit_manager"], "django.contrib.auth.backends.ModelBackend")
    assert "Föll 🤕 vid sängen" not in body(other.get(root + "rapportera/"))


def test_pictures_come_with_the_report(quality: Quality, as_role: As, root: str) -> None:
    from roder import files

    client = as_role("care_staff")
    picture = SimpleUploadedFile("golv.txt", b"En rad om golvet.", "text/plain")
    fake = SimpleUploadedFile("bild.png", b"MZ\x90\x00 inget som liknar en bild", "image/png")
    answer = client.post(root + "rapportera/", sent(quality, files=[picture, fake]))
    case = Deviation.objects.get()
    assert [one.title for one in files.of(case)] == ["golv.txt"]
    page = body(client.get(answer["Location"]))
    assert "kunde inte sparas" in page and "bild.png" in page and "golv.txt" in page


def test_sent_again_with_more_keeps_it_and_stores_no_picture_twice(
    quality: Quality, as_role: As, root: str
) -> None:
    from roder import files

    def picture(name: str, text: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, text, "text/plain")

    client = as_role("care_staff")
    client.post(root + "rapportera/", sent(quality, files=[picture("golv.txt", b"Golvet")]))
    more = sent(quality, what="Föll 🤕 vid sängen. Slog i huvudet.", place="Sovrummet")
    for _ in range(2):
        answer = client.post(
            root + "rapportera/",
            {**more, "files": [picture("golv.txt", b"Golvet"), picture("dörr.txt", b"D")]},
        )
    case = Deviation.objects.get()
    assert [one.title for one in files.of(case)] == ["golv.txt", "dörr.txt"]
    assert case.what.startswith("Föll 🤕 vid sängen\n\nTillägg ")
    assert case.what.count("Slog i huvudet.") == case.what.count("Plats: Sovrummet") == 1
    assert "sparat som ett tillägg" in body(client.get(answer["Location"]))
    assert "sparat som ett tillägg" not in body(client.get(answer["Location"]))
    refused = client.post(root + "rapportera/", {**more, "what": "Fru 19121212-1212 föll"})
    assert refused.status_code == 422 and "19121212" in body(refused)


# --- the case -------------------------------------------------------------------------------------------------------


def test_the_reporter_sees_the_report_and_not_the_investigation(
    quality: Quality, as_role: As, root: str
) -> None:
    case = quality.report()
    investigated(quality, case)
    client = as_role("care_staff")
    assert client.get(f"{root}{case.pk}/")["Location"] == f"{root}rapporterad/{case.pk}/"
    page = body(client.get(f"{root}rapporterad/{case.pk}/"))
    assert "Mattan är borttagen." in page and "Mattan gled" not in page
    assert "Kvällspersonalen" not in page and "Person unit_manager" not in page
    assert client.get(root).status_code == 403
    assert client.get(f"{root}{case.pk}/utred/").status_code == 403
    assert as_role("licensed").get(f"{root}rapporterad/{case.pk}/").status_code == 404


def test_the_page_says_what_is_next_for_each(quality: Quality, as_role: As, root: str) -> None:
    case = quality.report()
    expected = {"licensed": "bedom", "unit_manager": "uppgifter", "mas": "bedom", "sas": "klassificera"}
    for role, slug in expected.items():
        page = body(as_role(role).get(f"{root}{case.pk}/"))
        if role != "sas":
            assert re.search(
                rf'Nästa för dig.*?button primary" href="{root}{case.pk}/{slug}/"', page, re.S
            ), role
        assert f"{root}{case.pk}/{slug}/" in page
    page = body(as_role("quality_strategist").get(f"{root}{case.pk}/"))
    assert "Nästa för dig" not in page and "Fler val" not in page
    for role in ("member", "chair", "controller", "auditor", "secretary", "central_office"):
        assert as_role(role).get(f"{root}{case.pk}/").status_code in (403, 404), role
    assert as_role("unit_manager_2").get(f"{root}{case.pk}/").status_code == 404
    social = quality.social()
    assert as_role("licensed").get(f"{root}{social.pk}/").status_code == 404


def test_the_whole_way_through_the_pages(quality: Quality, as_role: As, root: str) -> None:
    nurse, manager = as_role("licensed"), as_role("unit_manager")
    case = quality.report()

    def send(client: Client, deed: str, **values: Any) -> None:
        page = client.get(f"{root}{case.pk}/{deed}/")
        assert page.status_code == 200, deed
        revision = re.search(r'name="revision" value="(\d+)"', body(page))
        data = {**values, **({"revision": revision[1]} if revision else {})}
        answer = client.post(f"{root}{case.pk}/{deed}/", data)
        assert answer.status_code == 302, (deed, re.findall(r"errorlist.*?</ul>", body(answer), re.S))

    send(nurse, "bedom", home_visit="nej", situation="a", recommendation="b", checks=["puls"])
    send(manager, "uppgifter", what="a", worked="b", talked="on")
    send(manager, "klassificera", types=["fall"], severity="2")
    send(nurse, "klassificera", types=["fall", "fall:egen"], severity="1", note="Ingen skada")
    send(manager, "utred", cause="a", feedback="b")
    send(nurse, "patientkonferens", consent="ja", on=timezone.localdate().isoformat(), note="c")
    send(manager, "atgard", what="Byt matta", group="unit", due=timezone.localdate().isoformat())
    from roder import tasks

    action = tasks.actions_of(case).get()
    send(manager, f"atgard/{action.pk}/klar", note="Bytt")
    send(manager, f"atgard/{action.pk}/effekt", effect="yes", text="Inga fall")
    send(manager, "folj-upp", note="Klart")
    assert "Innan avvikelsen kan avslutas" in body(manager.get(f"{root}{case.pk}/"))
    send(nurse, "folj-upp-professionen", note="Klart")
    send(manager, "avsluta")
    page = body(manager.get(f"{root}{case.pk}/"))
    assert "Öppna igen" in page and "<del>2</del> <ins>1</ins>" in page
    send(manager, "oppna", reason="Nytt fall")
    assert Deviation.objects.get().state == "investigated"


def test_two_at_once_are_shown_both_values(quality: Quality, as_role: As, root: str) -> None:
    case = quality.social()
    seen = Deviation.objects.get(pk=case.pk).revision
    classified(quality, case, 2)
    data = {"types": ["bemotande"], "severity": "4", "note": "Det här skrev jag", "revision": seen}
    answer = as_role("sas").post(f"{root}{case.pk}/klassificera/", data)
    page = body(answer)
    assert answer.status_code == 409
    assert "Någon annan hann spara före dig" in page and "Person unit_manager" in page
    assert "Det här skrev jag" in page and 'value="4"' in page and "Bemötande" in page
    data["revision"] = re.search(r'name="revision" value="(\d+)"', page)[1]  # type: ignore[index]
    assert as_role("sas").post(f"{root}{case.pk}/klassificera/", data).status_code == 302


def test_a_case_closed_while_somebody_writes_keeps_the_text(quality: Quality, as_role: As, root: str) -> None:
    case = quality.social()
    investigated(quality, case)
    followed(quality, case)
    deeds.close(case, quality.who("unit_manager"))
    answer = as_role("unit_manager").post(f"{root}{case.pk}/utred/", {"cause": "Min långa text"})
    page = body(answer)
    assert answer.status_code == 422 and "Min långa text" in page
    assert "avslutades medan du skrev" in page
    assert as_role("unit_manager").get(f"{root}{case.pk}/finns-inte/").status_code == 404


def test_merging_finds_only_what_one_may_see(quality: Quality, as_role: As, root: str) -> None:
    case, hidden = quality.social(), quality.report("licensed", unit=quality.sibling)
    answer = as_role("unit_manager").post(
        f"{root}{case.pk}/for-samman/", {"into": hidden.number, "reason": "Samma"}
    )
    assert answer.status_code == 422 and "som du kan se" in body(answer)


# --- the register ---------------------------------------------------------------------------------------------------


def test_the_register_filters(quality: Quality, as_role: As, root: str) -> None:
    fall = quality.report(what="Hittades på golvet", reference="A17")
    conduct = quality.social(what="Otrevligt bemötande i hallen", reference="")
    elsewhere = quality.report("licensed", unit=quality.sibling, what="Fel dos", types=[("lakemedel", "dos")])
    classified(quality, conduct, 3)
    fall.steps.filter(code="facts").update(due_at=timezone.now() - timedelta(hours=1))
    client = as_role("sas")

    def found(query: str) -> set[str]:
        return set(re.findall(r">(\d{4}-\d{4})</a>", body(client.get(root + query))))

    one, two, three = fall.number, conduct.number, elsewhere.number
    assert found("") == {one, two, three}
    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    assert found(f"?fran={today}") == {one, two, three} and found(f"?till={yesterday}") == set()
    assert found(f"?enhet={quality.sibling.pk}") == {three}
    assert found(f"?enhet={quality.world.administration.pk}") == {one, two, three}
    kind = elsewhere.matters.get().type_id
    assert found(f"?typ={kind}") == {three}
    assert found("?grad=allvarliga") == {two} == found("?grad=3") and found("?grad=ingen") == {one, three}
    assert found("?lage=oppna") == {one, two, three} and found("?lage=classified") == {two}
    assert found("?law=hsl") == {one, three} and found("?direction=intern") == {one, two, three}
    assert found("?sen=ja") == {one}
    assert found("?q=golv") == {one} and found("?q=bemötandet") == {two} and found(f"?q={three}") == {three}
    assert found("?q=%00+'") == set()
    assert client.get(root + "?format=csv").status_code == 200
    client = as_role("unit_manager")
    assert found("") == {one, two}
    client = as_role("licensed")
    assert found("") == {one, three}


def test_the_register_filters_on_the_models_own_scale(quality: Quality, as_role: As, root: str) -> None:
    def steps(year: int, *values: tuple[int, str]) -> None:
        rows = [{"value": value, "label": label, "serious": value > 4} for value, label in values]
        SteeringModelVersion.objects.create(
            committee=quality.committee, year=year, version=2, content={"deviations": {"severities": rows}},
        )  # fmt: skip

    case = quality.report()
    Deviation.objects.filter(pk=case.pk).update(severity=6, serious=True)
    client = as_role("sas")
    assert 'value="4">4. Mycket allvarlig' in body(
        client.get(root)
    )  # the usual four, where no model says otherwise
    steps(2021, (1, "Liten"), (5, "Stor"), (6, "Störst"))
    steps(2022, (1, "Ringa"), (2, "Stor"))
    page = body(client.get(root))
    options = re.findall(r'<option value="(\d)"[^>]*>\d\. ([^<]+)', page)
    assert [value for value, _ in options] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
    ]  # 3 and 4: an earlier model says nothing
    assert (dict(options)["1"], dict(options)["2"], dict(options)["6"]) == ("Ringa", "Stor", "Störst")
    assert case.number in body(client.get(root + "?grad=6"))
    assert case.number not in body(client.get(root + "?grad=2"))


def test_the_number_of_queries_does_not_grow(
    quality: Quality, as_role: As, root: str, django_assert_max_num_queries: Any
) -> None:
    case = quality.report()
    client = as_role("unit_manager")
    client.get(root), client.get(f"{root}{case.pk}/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    before = count(root), count(f"{root}{case.pk}/")
    for _ in range(4):
        quality.report(types=[("fall", ""), ("lakemedel", "dos"), ("bemotande", "")])
    investigated(quality, case)
    acted(quality, case)
    acted(quality, case, "profession")
    after = count(root), count(f"{root}{case.pk}/")
    assert after[0] <= before[0] and after[1] <= before[1] + 6, (before, after)


def test_an_action_is_of_a_kind_that_the_steering_model_has(
    quality: Quality, as_role: As, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, manager = quality.report(), as_role("unit_manager")
    url, due = f"{root}{case.pk}/atgard/", timezone.localdate().isoformat()
    assert "Slag av åtgärd" not in body(manager.get(url)), "utan slag i modellen frågas inte"
    practice = replace(practice_of(case.committee, case.reported_at), action_kinds=("Ny rutin", "Utbildning"))
    for module in (deviation_deeds, handling):
        monkeypatch.setattr(module, "practice_of", lambda *_: practice)
    assert "Slag av åtgärd" in body(manager.get(url))
    sent = {"what": "Byt matta", "group": "unit", "due": due}
    assert manager.post(url, {**sent, "kind": "Något annat"}).status_code == 422
    assert manager.post(url, {**sent, "kind": "Utbildning"}).status_code == 302
    action = tasks.actions_of(case).get()
    assert action.kind == "Utbildning"
    assert "Enhetens åtgärd (Utbildning)" in body(manager.get(f"{root}{case.pk}/"))
    assert "Utbildning" in body(manager.get(f"/atgarder/{action.pk}/"))
    with pytest.raises(ValidationError) as refused:
        moves.plan_action(case, quality.who("unit_manager"), kind="Påhittat", due=timezone.localdate(), **{
            "what": "Byt", "group": "unit",
        })  # fmt: skip
    assert "kind" in refused.value.message_dict


def test_an_action_has_an_owner_who_gets_the_task(quality: Quality, as_role: As, root: str) -> None:
    case = quality.report()
    url = f"{root}{case.pk}/atgard/"
    form = body(as_role("unit_manager").get(url))
    assert "Enhetschef (Person unit_manager)" in form and "Person care_staff" in form
    assert "Person andra enheten" not in form  # nobody from another unit
    staff, due = quality.who("care_staff"), timezone.localdate().isoformat()
    sent = {"what": "Byt matta", "group": "unit", "due": due, "owner": f"person:{staff.pk}"}
    assert as_role("unit_manager").post(url, sent).status_code == 302
    action = tasks.actions_of(case).get()
    assert (action.person, action.role) == (staff, "")
    task = tasks.of(action).get()
    assert (task.kind, task.person, task.state) == ("tasks.action", staff, "open")
    assert "Person care_staff" in body(as_role("unit_manager").get(f"{root}{case.pk}/"))
    assert as_role("care_staff").get(f"/atgarder/{action.pk}/").status_code == 200
    # a post that follows the mandate, and what is not to choose from
    as_role("unit_manager").post(url, {**sent, "owner": "role:head_department"})
    assert tasks.actions_of(case).last().role == "head_department"  # type: ignore[union-attr]
    other = quality.world.people["unit_manager_2"]
    for value in (f"person:{other.pk}", "role:controller", "person:x"):
        assert as_role("unit_manager").post(url, {**sent, "owner": value}).status_code == 422, value
    assert tasks.actions_of(case).count() == 2


def test_the_professions_action_is_not_given_to_the_units_people(
    quality: Quality, as_role: As, root: str
) -> None:
    case = quality.report()
    due = timezone.localdate().isoformat()
    sent = {"what": "Se över ordination", "group": "profession", "due": due}
    staff = quality.who("care_staff")
    refused = as_role("mas").post(f"{root}{case.pk}/atgard/", {**sent, "owner": f"person:{staff.pk}"})
    assert refused.status_code == 422 and "professionens åtgärder" in body(refused)
    as_role("mas").post(f"{root}{case.pk}/atgard/", {**sent, "owner": ""})
    assert tasks.actions_of(case).get().role == "licensed"
    with pytest.raises(ValidationError, match="enhetens åtgärder"):
        moves.plan_action(
            case, quality.who("unit_manager"), what="Byt matta", group="unit", due=timezone.localdate(),
            owner=tasks.Owner("secretary", committee=quality.committee),
        )  # fmt: skip
