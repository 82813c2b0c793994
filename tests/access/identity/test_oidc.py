"""Logging in through a provider of OpenID Connect that runs on the machine: who gets in, and with which mandates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from roder.access.models import AuditRecord, ProviderVisit
from roder.organisation.models import Mandate, Person
from tests.access.identity.world import CODE, LOGIN, RunningProvider, is_in, oidc_file, through, trust
from tests.web.world import World

EVA = {"email": "eva@exempelkoping.se", "name": "Eva Ek", "groups": ["Roder-EC-111", "Alla anställda"]}


def place(person: Person) -> set[tuple[str, str]]:
    held = person.mandates.filter(valid__contains=timezone.localdate())
    return {(one.role, one.unit.code if one.unit else one.body.slug) for one in held}


def test_a_first_login_makes_the_person_with_the_mandate_of_the_group(provider: RunningProvider) -> None:
    provider.knows("eva-1", **EVA)
    client = Client()
    page = through(client, provider, "eva-1")
    assert page.status_code == 200
    assert is_in(client)
    eva = Person.objects.get(email=EVA["email"])
    assert (eva.name, place(eva), eva.has_usable_password()) == ("Eva Ek", {("unit_manager", "111")}, False)
    mandate = eva.mandates.get()
    assert (mandate.source, mandate.source_group) == (CODE, "Roder-EC-111")
    visit = ProviderVisit.objects.get()
    assert (visit.outcome, visit.unmatched, visit.person) == ("admitted", ["Alla anställda"], eva)
    deeds = set(AuditRecord.objects.values_list("deed", flat=True))
    assert {"provider.person_made", "provider.mandate_given", "provider.logged_in"} <= deeds
    assert SocialAccount.objects.get().extra_data == {}


def test_the_request_carries_state_and_pkce(provider: RunningProvider) -> None:
    asked = parse_qs(urlsplit(Client().get(LOGIN)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"][0]
    assert "openid" in asked["scope"][0].split()


def test_changed_groups_end_one_mandate_and_give_another_and_leave_what_was_given_by_hand(
    provider: RunningProvider, world: World
) -> None:
    provider.knows("eva-2", **EVA)
    through(Client(), provider, "eva-2")
    eva = Person.objects.get(email=EVA["email"])
    today = timezone.localdate()
    eva.mandates.update(valid=DateRange(today - timedelta(days=30), None))
    Mandate.objects.create(person=eva, role="mas", body=world.committee, valid=DateRange(today, None))
    provider.knows("eva-2", **EVA | {"groups": ["Roder Controller"]})
    through(Client(), provider, "eva-2")
    assert place(eva) == {("controller", "prov-von"), ("mas", "prov-von")}
    old = eva.mandates.get(role="unit_manager")
    assert old.valid.upper == today  # the day it ended is no day of it
    assert AuditRecord.objects.filter(deed="provider.mandate_ended", detail__group="Roder-EC-111").exists()
    provider.knows("eva-2", **EVA | {"groups": []})
    through(Client(), provider, "eva-2")
    assert place(eva) == {("mas", "prov-von")}  # the one given today is taken away again: it has held no day


def test_without_a_group_that_means_anything_nobody_is_made_and_the_page_says_so(
    provider: RunningProvider,
) -> None:
    provider.knows("olle", email="olle@exempelkoping.se", name="Olle", groups=["Alla anställda"])
    client = Client()
    page = through(client, provider, "olle")
    assert page.status_code == 403
    assert "Du är inloggad men har inget uppdrag" in page.content.decode()
    assert not is_in(client)
    assert not Person.objects.filter(email="olle@exempelkoping.se").exists()
    assert ProviderVisit.objects.get(subject="olle").outcome == "no_mandate"


def test_somebody_known_without_mandates_comes_in_to_an_honest_page(provider: RunningProvider) -> None:
    provider.knows("eva-3", **EVA)
    through(Client(), provider, "eva-3")
    provider.knows("eva-3", **EVA | {"groups": []})
    page = through(Client(), provider, "eva-3")
    assert "Du har inget uppdrag ännu" in page.content.decode()


def test_a_person_with_the_same_address_is_never_taken_over(provider: RunningProvider, world: World) -> None:
    provider.knows("falsk", email="ADMINISTRATOR@prov.se", name="Falsk", groups=["Roder Controller"])
    client = Client()
    page = through(client, provider, "falsk")
    assert page.status_code == 403
    assert "kopplar aldrig ihop två personer" in page.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()
    administrator = Client()
    administrator.force_login(world.people["administrator"], "django.contrib.auth.backends.ModelBackend")
    visit = ProviderVisit.objects.get()
    assert "Koppla till Person administrator" in administrator.get("/inloggningar/").content.decode()
    assert administrator.post(f"/inloggningar/{visit.pk}/koppla/").status_code == 302
    through(client, provider, "falsk")
    assert is_in(client)
    assert AuditRecord.objects.get(deed="provider.linked").actor == world.people["administrator"]


def test_linking_by_address_is_the_municipalitys_choice_and_happens_once(
    provider: RunningProvider, world: World, settings: Any, tmp_path: Path
) -> None:
    trust(settings, tmp_path, oidc_file(provider, "    link_by_email: true"))
    provider.knows("mas-1", email="mas@prov.se", name="Maja", groups=[])
    client = Client()
    through(client, provider, "mas-1")
    assert is_in(client)
    assert Person.objects.get(email="mas@prov.se") == world.people["mas"]
    provider.knows("mas-2", email="mas@prov.se", name="En annan", groups=["Roder Controller"])
    other = Client()
    assert through(other, provider, "mas-2").status_code == 403
    assert not is_in(other)
    assert "redan är kopplad" in ProviderVisit.objects.get(subject="mas-2").faults[0]


def test_a_new_address_is_taken_over_unless_somebody_else_has_it(
    provider: RunningProvider, world: World
) -> None:
    provider.knows("eva-4", **EVA)
    through(Client(), provider, "eva-4")
    eva = Person.objects.get(email=EVA["email"])
    provider.knows("eva-4", **EVA | {"email": "eva.lind@exempelkoping.se", "name": "Eva Lind"})
    through(Client(), provider, "eva-4")
    eva.refresh_from_db()
    assert (eva.email, eva.name) == ("eva.lind@exempelkoping.se", "Eva Lind")
    provider.knows("eva-4", **EVA | {"email": "mas@prov.se", "name": "Eva Lind"})
    client = Client()
    through(client, provider, "eva-4")
    eva.refresh_from_db()
    assert is_in(client)
    assert eva.email == "eva.lind@exempelkoping.se"
    assert "någon annan" in ProviderVisit.objects.get(subject="eva-4").faults[0]


def test_somebody_who_is_no_longer_active_does_not_get_in(provider: RunningProvider) -> None:
    provider.knows("eva-5", **EVA)
    through(Client(), provider, "eva-5")
    Person.objects.filter(email=EVA["email"]).update(is_active=False)
    client = Client()
    page = through(client, provider, "eva-5")
    assert "Kontot är avstängt" in page.content.decode()
    assert not is_in(client)
    assert ProviderVisit.objects.get(subject="eva-5").outcome == "inactive"


def test_groups_that_were_too_many_to_send_let_nobody_in_and_end_nothing(provider: RunningProvider) -> None:
    provider.knows("eva-6", **EVA)
    through(Client(), provider, "eva-6")
    without = {name: value for name, value in EVA.items() if name != "groups"}
    provider.knows("eva-6", **without, _claim_names={"groups": "src1"})
    client = Client()
    page = through(client, provider, "eva-6")
    assert "Dina grupper kom inte med" in page.content.decode()
    assert not is_in(client)
    assert place(Person.objects.get(email=EVA["email"])) == {("unit_manager", "111")}


def test_an_answer_is_good_once_and_in_the_browser_that_asked(provider: RunningProvider) -> None:
    provider.knows("eva-7", **EVA)
    first, thief = Client(), Client()
    back = urlsplit(provider.answers(first.get(LOGIN)["Location"], "eva-7"))
    address = f"{back.path}?{back.query}"
    assert thief.get(address).status_code == 401
    assert not is_in(thief)
    assert first.get(address).status_code == 302
    first.logout()
    assert "gick inte att genomföra" in first.get(address).content.decode()
    assert not is_in(first)


def _changed(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """The provider's ID token with something else in it."""
    real = OAuth2Client.get_access_token

    def get(self: OAuth2Client, *args: Any, **kwargs: Any) -> dict[str, Any]:
        answer: dict[str, Any] = real(self, *args, **kwargs)
        claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
        answer["id_token"] = jwt.encode({**claims, **changed}, "k" * 32, algorithm="HS256")
        return answer

    monkeypatch.setattr(OAuth2Client, "get_access_token", get)


@pytest.mark.parametrize(
    "changed", [{"aud": "nagon-annan"}, {"iss": "https://falsk.example"}, {"exp": 1}, {"sub": "nagon-annan"}]
)
def test_a_token_for_another_from_another_too_old_or_about_another_is_refused(
    provider: RunningProvider, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    provider.knows("eva-8", **EVA)
    _changed(monkeypatch, **changed)
    client = Client()
    page = through(client, provider, "eva-8")
    assert page.status_code == 401
    assert "gick inte att genomföra" in page.content.decode()
    assert not is_in(client)
    assert not Person.objects.filter(email=EVA["email"]).exists()


def test_a_wrong_secret_is_refused_by_the_provider(
    provider: RunningProvider, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "hemlighet").write_text("fel")
    trust(settings, tmp_path, oidc_file(provider))
    provider.knows("eva-9", **EVA)
    assert through(Client(), provider, "eva-9").status_code == 401


def test_a_provider_that_is_down_is_said_to_be(
    provider: RunningProvider, settings: Any, tmp_path: Path
) -> None:
    dead = RunningProvider("http://localhost:9", provider.client_id)
    trust(settings, tmp_path, oidc_file(dead))
    page = Client().get(LOGIN)
    assert page.status_code == 503
    assert "Inloggningstjänsten svarar inte" in page.content.decode()


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_nobody_links_an_identity_to_the_one_they_are_logged_in_as(
    provider: RunningProvider, world: World, process: str
) -> None:
    provider.knows("eva-10", **EVA)
    client = Client()
    client.force_login(world.people["controller"], "django.contrib.auth.backends.ModelBackend")
    assert through(client, provider, "eva-10", start=f"{LOGIN}?process={process}").status_code == 404
    assert not SocialAccount.objects.exists()


def test_the_login_page_offers_the_municipalitys_login_first(provider: RunningProvider) -> None:
    text = Client().get("/konto/login/?next=/sok/").content.decode()
    assert text.index("Logga in med Exempelköpings kommun") < text.index("Logga in med lösenord i Roder")
    assert (
        f"{LOGIN}?next=%2Fsok%2F&amp;process=login" in text
        or f"{LOGIN}?process=login&amp;next=%2Fsok%2F" in text
    )


def test_passwords_can_be_left_to_a_few(provider: RunningProvider, settings: Any, tmp_path: Path) -> None:
    top = "local_login: break_glass\nbreak_glass: [Administrator@prov.se]\n"
    trust(settings, tmp_path, oidc_file(provider, top=top))
    said = {}
    for role in ("administrator", "controller"):
        client = Client()
        page = client.post("/konto/login/", {"login": f"{role}@prov.se", "password": "ett-langt-losenord-1"})
        said[role] = (page.status_code, is_in(client))
    assert said == {"administrator": (302, True), "controller": (200, False)}
    assert "Reservinloggning" in Client().get("/konto/login/").content.decode()
