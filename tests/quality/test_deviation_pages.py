"""The pages: the form on the phone with and without script, and the case for each role."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from roder import tasks
from roder.quality.models import Deviation
from roder.quality.services import deviations as deeds
from tests.quality.deviation_world import (
    Quality,
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


def test_files_beyond_the_fifth_are_told(quality: Quality, as_role: As, root: str) -> None:
    from roder import files

    client = as_role("care_staff")
    many = [SimpleUploadedFile(f"golv-{one}.txt", f"Rad {one}".encode(), "text/plain") for one in range(6)]
    answer = client.post(root + "rapportera/", sent(quality, files=many))
    assert files.of(Deviation.objects.get()).count() == 5
    assert "golv-5.txt: högst 5 filer" in body(client.get(answer["Location"]))


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
