"""Tokens: made once, kept as a digest, narrowed by scope, ended by time, by revocation and with their owner."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.api import tokens
from roder.api.models import ApiToken, TokenUse
from roder.organisation.models import Body, Mandate, Person
from tests.api.conftest import ALL, Caller, caller
from tests.quality.deviation_world import Quality

BACKEND = "django.contrib.auth.backends.ModelBackend"


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def client(quality: Quality, role: str) -> Client:
    found = Client()
    found.force_login(quality.who(role), BACKEND)
    return found


def test_only_a_digest_is_kept(strategist: Caller) -> None:
    token = strategist.token
    assert token is not None
    kept = {field.name: str(getattr(token, field.name)) for field in ApiToken._meta.fields}
    assert strategist.secret not in kept.values()
    assert strategist.secret.startswith(token.prefix)
    assert len(strategist.secret) > 40
    deed = AuditRecord.objects.get(deed="api_token.made")
    assert strategist.secret not in str(deed.detail)


NO_TOKENS = ["", "Bearer", "Bearer ", "Bearer rdr_fel", "Bearer fel", "Basic YTpi", "rdr_x"]


def test_without_a_working_token_nothing_is_told(quality: Quality) -> None:
    for header in NO_TOKENS:
        answer = Client().get("/api/v1/deviations", **({"HTTP_AUTHORIZATION": header} if header else {}))
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == "application/problem+json"
        assert "Authorization: Bearer" in answer.json()["detail"]


def test_a_login_is_no_token(quality: Quality) -> None:
    assert client(quality, "quality_strategist").get("/api/v1/deviations").status_code == 401


def test_the_scope_narrows_the_owners_rights(quality: Quality) -> None:
    call = caller(quality.who("quality_strategist"), ["deviations:read"])
    assert call("GET", "deviations").status_code == 200
    refused = call("GET", "complaints")
    assert refused.status_code == 403
    assert "får inte användas till att läsa klagomål" in refused.json()["detail"]
    member = caller(quality.who("member"))
    assert member("GET", "deviations").status_code == 403, "räckvidden ger inget som mandatet inte ger"


def test_it_ends_by_revocation_by_time_and_with_its_owner(quality: Quality) -> None:
    owner = quality.who("quality_strategist")
    call = caller(owner)
    assert call.token is not None
    Person.objects.filter(pk=owner.pk).update(is_active=False)
    assert call("GET", "deviations").status_code == 401
    Person.objects.filter(pk=owner.pk).update(is_active=True)
    Mandate.objects.filter(person=owner).delete()
    assert call("GET", "deviations").status_code == 403
    ApiToken.objects.filter(pk=call.token.pk).update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert call("GET", "deviations").status_code == 401
    other = caller(quality.who("mas"))
    assert other.token is not None
    tokens.revoke(quality.who("mas"), other.token)
    tokens.revoke(quality.who("mas"), other.token)
    assert other("GET", "deviations").status_code == 401
    assert AuditRecord.objects.filter(deed="api_token.revoked").count() == 1


def test_too_many_calls_are_told_to_wait(strategist: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "API_CALLS_PER_MINUTE", 3)
    while timezone.now().second > 55:  # not over the turn of a minute
        pass
    statuses = [strategist("GET", "measures").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    answer = strategist("GET", "measures")
    assert 0 < int(answer["Retry-After"]) <= 60
    TokenUse.objects.update(minute=timezone.now() - timedelta(minutes=2))
    assert strategist("GET", "measures").status_code == 200, "nästa minut"


NOT_ALLOWED = [
        ({"name": " "}, "name"), ({"name": "811218-9876"}, "name"), ({"scopes": []}, "scopes"),
        ({"scopes": ["allt"]}, "scopes"), ({"until": -1}, "until"), ({"until": 400}, "until"),
    ]  # fmt: skip


def test_what_a_token_may_not_be(quality: Quality) -> None:
    for changes, field in NOT_ALLOWED:
        by = quality.who("mas")
        wanted = {"name": "Prov", "scopes": ALL, "until": 30, **changes}
        with pytest.raises(ValidationError) as refused:
            tokens.make(by, by, wanted["name"], wanted["scopes"], in_days(wanted["until"]))
        assert field in refused.value.message_dict
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.create(
                owner=by, made_by=by, name="x", prefix="x", digest="x", scopes=[], expires_at=timezone.now()
            )


def test_an_administrator_makes_and_revokes_for_the_committees_people_only(quality: Quality) -> None:
    admin, mas = quality.who("administrator"), quality.who("mas")
    token, secret = tokens.make(admin, mas, "Verksamhetssystem", ["deviations:read"], in_days(30))
    assert Caller(secret)("GET", "deviations").status_code == 200
    assert (token.owner, token.made_by) == (mas, admin)
    with pytest.raises(NotAllowedError):
        tokens.make(admin, quality.who("nobody"), "Prov", ALL, in_days(1))
    with pytest.raises(NotAllowedError):
        tokens.make(mas, admin, "Prov", ALL, in_days(1))
    with pytest.raises(NotAllowedError):
        tokens.revoke(quality.who("sas"), token)
    assert token in tokens.seen_by(admin)
    assert token not in tokens.seen_by(quality.who("sas"))


def test_a_token_made_by_an_administrator_reaches_no_committee_but_theirs(quality: Quality) -> None:
    """A token has all the rights of its owner: the administrator of one committee must not reach another by it."""
    admin, mas = quality.who("administrator"), quality.who("mas")
    token, secret = tokens.make(admin, mas, "Verksamhetssystem", ["deviations:read"], in_days(30))
    own = quality.committee.municipality
    sister = Body.objects.create(
        municipality=own, name="Grannämnden", short_name="GN", kind="committee", slug="prov-gn"
    )
    Mandate.objects.create(person=mas, role="mas", body=sister, valid=DateRange(date(2020, 1, 1), None))
    assert Caller(secret)("GET", "deviations").status_code == 401
    assert token not in tokens.seen_by(admin)
    with pytest.raises(NotAllowedError):
        tokens.make(admin, mas, "Prov", ["deviations:read"], in_days(30))
    program = caller(mas, ["deviations:read"])
    assert program("GET", "deviations").status_code == 200
    Mandate.objects.filter(person=mas, body=sister).delete()
    assert Caller(secret)("GET", "deviations").status_code == 200
    admin.mandates.update(valid=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    assert Caller(secret)("GET", "deviations").status_code == 200, "a program goes on when its maker has left"


def test_the_pages(quality: Quality) -> None:
    web = client(quality, "mas")
    assert "Inga nycklar" in web.get("/api-nycklar/").content.decode()
    form = {"name": "Procapita", "scopes": ["deviations:read"], "until": in_days(30).isoformat()}
    assert "owner" not in web.get("/api-nycklar/ny/").content.decode()
    wrong = web.post("/api-nycklar/ny/", {**form, "until": in_days(999).isoformat()})
    assert (wrong.status_code, 'value="Procapita"' in wrong.content.decode()) == (400, True)
    made = web.post("/api-nycklar/ny/", form)
    assert made["Cache-Control"] == "no-store"
    secret = made.content.decode().split('value="rdr_')[1].split('"')[0]
    assert Caller(f"rdr_{secret}").get("deviations")
    page = web.get("/api-nycklar/").content.decode()
    assert "Procapita" in page
    assert secret not in page
    token = ApiToken.objects.get(name="Procapita")
    assert client(quality, "sas").post(f"/api-nycklar/{token.pk}/aterkalla/").status_code == 404
    web.post(f"/api-nycklar/{token.pk}/aterkalla/")
    assert "Återkallad" in web.get("/api-nycklar/").content.decode()


def test_the_administrators_page(quality: Quality) -> None:
    web, mas = client(quality, "administrator"), quality.who("mas")
    form = {"name": "A", "scopes": ["deviations:read"], "until": in_days(30).isoformat(), "owner": mas.pk}
    assert web.post("/api-nycklar/ny/", form).status_code == 200
    assert ApiToken.objects.get().owner == mas
    assert "Person mas" in web.get("/api-nycklar/").content.decode()
    assert web.post("/api-nycklar/ny/", {**form, "owner": quality.who("nobody").pk}).status_code == 400


def test_those_without_a_mandate_make_no_token(quality: Quality) -> None:
    assert client(quality, "nobody").get("/api-nycklar/ny/").status_code == 404


def test_the_description_for_people_and_for_programs(quality: Quality) -> None:
    page = client(quality, "mas").get("/api/").content.decode()
    assert "/api/v1/deviations/{id}" in page
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert {"401", "403", "422", "429"} <= set(operation["responses"])
            assert operation["summary"]
            assert operation["description"]
            assert operation["security"]
