"""The first start, the steps of a committee, and the steering model as a text on the web."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roder.access.models import AuditRecord
from roder.core.identity import Identity, Provider
from roder.core.models import ImportBatch
from roder.meetings.models import CaseSeries
from roder.organisation.models import Body, Mandate, Municipality, Person
from roder.setup import first
from roder.setup.state import DONE, LEFT, Step
from roder.steering.models import SteeringModelVersion
from roder.steering.starting import start_text

HOME = f"/exempelby-sn/{date.today().year}/"
SAID = {
    "municipality": "Exempelby kommun", "code": "9900", "committee": "Socialnämnden", "short_name": "SN",
    "name": "Anna Lind", "email": "anna@x.example", "password": "skogen-vilar-tyst",
}  # fmt: skip
Begun = tuple[Person, Body]


@pytest.fixture
def anna(begun: Begun, client: Client) -> Client:
    client.force_login(begun[0], "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_the_first_start_makes_the_administrator_once(client: Client) -> None:
    address = urlsplit(first.address()).path
    assert "Välkommen till Roder" in client.get(address).content.decode()
    assert client.post(address, SAID)["Location"] == f"{HOME}kom-igang/"
    assert "Kom igång" in client.get(f"{HOME}kom-igang/").content.decode()
    assert Client().get(address).status_code == 404
    assert Client().post(address, {**SAID, "email": "eva@x.example"}).status_code == 404
    assert Person.objects.get().mandates.get().role == "administrator"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "kort"}, "för kort"),
        ({"code": "12"}, "fyra siffror"),
        ({"short_name": "Soc nämnd"}, "utan mellanslag"),
        ({"email": "anna"}, "e-post"),
    ],
)
def test_what_is_wrong_at_the_first_start_is_said_and_what_was_typed_stands(
    client: Client, wrong: dict[str, str], said: str
) -> None:
    page = client.post(urlsplit(first.address()).path, {**SAID, **wrong})
    assert page.status_code == 400
    text = page.content.decode()
    assert said in text
    assert "Exempelby kommun" in text
    assert not Person.objects.exists()
    assert not Municipality.objects.exists()


@pytest.mark.django_db
def test_only_an_address_made_here_within_a_day_opens_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/kom-igang/forsta/gissat/").status_code == 404
    other = TimestampSigner(salt="annat").sign("x")
    assert client.get(f"/kom-igang/forsta/{other}/").status_code == 404
    address = urlsplit(first.address()).path
    monkeypatch.setattr(first, "HOURS", -1)
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_the_login_page_says_that_nobody_is_there(client: Client) -> None:
    assert "Ingen är upplagd än" in client.get("/konto/login/").content.decode()
    Person.objects.create_user("a@x.example", name="A")
    assert "Ingen är upplagd än" not in client.get("/konto/login/").content.decode()


def test_each_step_says_how_it_stands(anna: Client) -> None:
    text = anna.get(f"{HOME}kom-igang/").content.decode()
    assert "Inga enheter än" in text
    assert "Ingen styrmodell för" in text
    assert "Kom igång" in anna.get(HOME).content.decode()


def test_goals_are_a_step_that_stands_before_the_files_that_need_them(anna: Client, begun: Begun) -> None:
    def step() -> Step:
        return next(one for one in anna.get(f"{HOME}kom-igang/").context["steps"] if one.code == "mal")

    year = date.today().year
    assert (step().state, step().ways) == (LEFT, ()) and "den som har rollen" in step().says
    always = DateRange(date(2020, 1, 1), None)
    Mandate.objects.create(person=begun[0], role="quality_strategist", body=begun[1], valid=always)
    assert [way.label for way in step().ways] == [
        "Läs in nyckeltal", "Läs in mål", "Läs in uppdrag", "Läs in aktiviteter",
        "Läs in handlingsplaner", "Lägg till ett mål", "Visa målkedjan",
    ]  # fmt: skip
    for kind, text in {
        "nyckeltal": "kod;nyckeltal;mattenhet\nsvar;Svar direkt;%\n",
        "mal": "kod;mal;nyckeltal\nM1;Den som ringer får svar;svar\n",
    }.items():
        page = f"{HOME}inlasning/{kind}/"
        assert anna.get(f"{page}mall.xlsx").status_code == 200
        seen = anna.post(page, {"fil": SimpleUploadedFile("fil.csv", text.encode())})["Location"]
        assert "1 ny" in anna.get(seen).content.decode()
        anna.post(seen)
    assert step().state == DONE and f"Nyckeltal: 1. Mål {year}: 1. Uppdrag {year}: 0." in step().says
    kinds = [one.title for one in anna.get(f"{HOME}kom-igang/").context["files"]]
    assert kinds.index("Nyckeltal") < kinds.index("Mål") < kinds.index("Nyckeltalens värden")


def test_the_files_say_who_reads_them_in_and_when_it_was_done(anna: Client, begun: Begun) -> None:
    def row(title: str) -> str:
        text = " ".join(anna.get(f"{HOME}kom-igang/").content.decode().split())
        return next(part for part in text.split("<tr>") if f'<th scope="row">{title}</th>' in part).split(
            "</tr>"
        )[0]

    assert "Nämndsekreterare" in row("Ärenden") and "ingen har rollen i dag" in row("Ärenden")
    assert "inte än" in row("Ärenden")
    other = Person.objects.create_user("b@x.example", name="B")
    Mandate.objects.create(
        person=other, role="secretary", body=begun[1], valid=DateRange(date(2020, 1, 1), None)
    )
    ImportBatch.objects.create(committee=begun[1], kind="arenden", file_name="a.csv", sha256="1" * 64, rows=1)
    assert "ingen har rollen" not in row("Ärenden")
    assert str(date.today().year) in row("Ärenden")
    assert "ingen har rollen i dag" in row("Budget")


@pytest.mark.parametrize("role", ["controller", "member", "unit_manager"])
def test_other_roles_are_kept_out(begun: Begun, role: str) -> None:
    other = Person.objects.create_user("b@x.example", name="B")
    Mandate.objects.create(person=other, role=role, body=begun[1], valid=DateRange(date(2020, 1, 1), None))
    client = Client()
    client.force_login(other, "django.contrib.auth.backends.ModelBackend")
    for page in ("", "namnder/", "personer/", "diarienummer/"):
        assert client.get(f"{HOME}kom-igang/{page}").status_code == 403
    assert client.get(f"{HOME}styrmodell/redigera/").status_code == 403


def test_a_committee_more_is_administered_by_who_adds_it(anna: Client) -> None:
    new = {"kind": "committee", "name": "Kulturnämnden", "short_name": "KN"}
    assert "/exempelby-kn/" in anna.post(f"{HOME}kom-igang/namnder/", new)["Location"]
    assert anna.get(f"/exempelby-kn/{date.today().year}/kom-igang/").status_code == 200
    again = anna.post(f"{HOME}kom-igang/namnder/", new)
    assert again.status_code == 400
    assert "finns redan" in again.content.decode()


def test_registration_numbers_are_shown_while_they_are_written(anna: Client, begun: Begun) -> None:
    shown = anna.get(
        f"{HOME}kom-igang/diarienummer/exempel/", {"pattern": "{year}.{number:03d} SN", "last": "41"}
    )
    assert f"{date.today().year}.042 SN" in shown.content.decode()
    wrong = anna.post(f"{HOME}kom-igang/diarienummer/", {"pattern": "SN {number}", "last": "0"})
    assert wrong.status_code == 400
    assert "Formen ska innehålla" in wrong.content.decode()
    anna.post(f"{HOME}kom-igang/diarienummer/", {"pattern": "SN {year}/{number}", "last": "7"})
    assert CaseSeries.objects.get(committee=begun[1]).last == 7


def test_a_link_is_only_for_who_has_no_password(anna: Client, begun: Begun) -> None:
    other = Person.objects.create_user("b@x.example", name="Bo")
    Mandate.objects.create(person=other, role="sas", body=begun[1], valid=DateRange(date(2020, 1, 1), None))
    made = anna.post(f"{HOME}kom-igang/personer/{other.pk}/lank/")
    assert "/konto/password/reset/key/" in made.content.decode()
    assert anna.post(f"{HOME}kom-igang/personer/{begun[0].pk}/lank/").status_code == 302  # has a password
    stranger = Person.objects.create_user("c@x.example", name="Främling")
    assert anna.post(f"{HOME}kom-igang/personer/{stranger.pk}/lank/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["min_kommun", "-min", "min--kommun"])
def test_an_address_name_that_no_model_can_have_is_refused_at_once(client: Client, slug: str) -> None:
    answer = client.post(urlsplit(first.address()).path, {**SAID, "slug": slug})
    assert answer.status_code == 400
    assert "enstaka bindestreck" in answer.content.decode()
    assert not Municipality.objects.exists()


def test_nobody_is_taken_over_by_a_link(anna: Client, begun: Begun) -> None:
    """Somebody who has come in, or whose rights the administrator does not give, chooses no password by her link."""
    came = Person.objects.create_user("b@x.example", name="Bo")
    SocialAccount.objects.create(provider="kommunen", uid="bo", user=came, extra_data={})
    once = Person.objects.create_user("c@x.example", name="Cia", last_login=timezone.now())
    shared = Person.objects.create_user("d@x.example", name="Disa")
    sister = Body.objects.create(
        municipality=begun[1].municipality, name="Kulturnämnden", short_name="KN", kind="committee", slug="kn"
    )
    since = DateRange(date(2020, 1, 1), None)
    for one in (came, once, shared):
        Mandate.objects.create(person=one, role="sas", body=begun[1], valid=since)
    Mandate.objects.create(person=shared, role="member", body=sister, valid=since)
    for one, told in ((came, "en väg in"), (once, "en väg in"), (shared, "annan nämnd")):
        answer = anna.post(f"{HOME}kom-igang/personer/{one.pk}/lank/", follow=True).content.decode()
        assert "/konto/password/reset/key/" not in answer
        assert told in answer
    assert not AuditRecord.objects.filter(deed="person.link_made").exists()
    waits = anna.get(f"{HOME}kom-igang/personer/").content.decode()
    assert "Disa" in waits
    assert "Bo<" not in waits
    assert "Cia" not in waits


def test_who_starts_later_gets_a_link_before(anna: Client, begun: Begun) -> None:
    later = Person.objects.create_user("b@x.example", name="Bo")
    first_day = date.today() + timedelta(30)
    Mandate.objects.create(person=later, role="sas", body=begun[1], valid=DateRange(first_day, None))
    assert (
        "/konto/password/reset/key/"
        in anna.post(f"{HOME}kom-igang/personer/{later.pk}/lank/").content.decode()
    )


def test_people_of_an_identity_provider_are_told_of_where_their_mandates_come_from(
    anna: Client, settings: Any
) -> None:
    settings.IDENTITY = Identity(
        providers=(
            Provider(code="konto", name="Kommunens konto", protocol="oidc", server="https://id.x.example",
                     client_id="roder", client_secret_env="HEMLIGT"),
        )
    )  # fmt: skip
    page = anna.get(f"{HOME}kom-igang/").content.decode()
    assert "De som loggar in genom Kommunens konto får mandat efter sina grupper där." in page
    assert reverse("access:visits") in page


def test_a_model_is_begun_checked_and_saved_on_the_web(anna: Client, begun: Begun) -> None:
    edit = f"{HOME}styrmodell/redigera/"
    assert "En tom med förklaringar" in anna.get(edit).content.decode()
    text = anna.get(f"{edit}?fran=blank").context["text"]
    wrong = anna.post(
        edit, {"text": text.replace("subject: goal", "subject: gaol"), "bygger_pa": "", "spara": "1"}
    )
    assert wrong.status_code == 400
    (fault,) = wrong.context["checked"].faults
    assert text.split("\n")[fault.line - 1].strip() == "subject: goal"
    assert "gaol" in wrong.context["text"]  # nothing typed is lost
    assert not SteeringModelVersion.objects.exists()
    saved = anna.post(edit, {"text": text, "bygger_pa": "", "spara": "1"})
    assert saved["Location"] == f"{HOME}styrmodell/"
    assert SteeringModelVersion.objects.get(committee=begun[1]).loaded_by == begun[0]
    assert "Tertialuppföljning" in anna.get(HOME).content.decode()  # the first page is not empty


def test_changes_are_shown_and_a_version_made_meanwhile_is_not_lost(anna: Client, begun: Begun) -> None:
    edit, year = f"{HOME}styrmodell/redigera/", date.today().year
    text = start_text(begun[1], "blank", year)
    anna.post(edit, {"text": text, "bygger_pa": "", "spara": "1"})
    mine = text.replace("label: Nås delvis", "label: Nås nästan")
    stale = anna.post(edit, {"text": mine, "bygger_pa": "", "spara": "1"})
    assert "Någon annan har sparat" in stale.content.decode()
    assert SteeringModelVersion.objects.count() == 1
    version = SteeringModelVersion.objects.get()
    seen = anna.post(edit, {"text": mine, "bygger_pa": str(version.pk)})
    assert "Nås nästan" in str(seen.context["changes"])
    anna.post(edit, {"text": mine, "bygger_pa": str(version.pk), "spara": "1"})
    assert SteeringModelVersion.objects.count() == 2


def test_what_is_the_same_cannot_be_saved_and_a_new_comment_can(anna: Client, begun: Begun) -> None:
    edit, text = f"{HOME}styrmodell/redigera/", start_text(begun[1], "blank", date.today().year)
    anna.post(edit, {"text": text, "bygger_pa": "", "spara": "1"})
    version = str(SteeringModelVersion.objects.get().pk)
    same = anna.post(edit, {"text": text, "bygger_pa": version}).content.decode()
    assert "det finns inget att spara" in same and "Spara som ny version" not in same
    noted = anna.post(edit, {"text": f"# Anmärkning\n{text}", "bygger_pa": version}).content.decode()
    assert "Bara förklaringar" in noted and "Spara som ny version" in noted


def test_another_committees_model_is_refused(anna: Client) -> None:
    text = start_text(None, "blank", date.today().year)
    answer = anna.post(f"{HOME}styrmodell/redigera/", {"text": text, "bygger_pa": "", "spara": "1"})
    assert answer.status_code == 400
    assert "modellen gäller" in answer.content.decode()
