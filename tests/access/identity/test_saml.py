"""Logging in through SAML 2.0: really signed answers get in, and no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from roder.organisation.models import Person
from tests.access.identity import saml_idp
from tests.access.identity.saml_idp import ENTITY, SSO, Answer, Keys, make_keys, packed, signed
from tests.access.identity.world import CODE, RULES, is_in, trust
from tests.web.world import World

LOGIN = f"/konto/saml/{CODE}/login/"
ACS = f"/konto/saml/{CODE}/acs/"


@pytest.fixture(scope="module")
def keys() -> Keys:
    return make_keys()


@pytest.fixture
def trusted(world: World, settings: Any, tmp_path: Path, keys: Keys) -> None:
    (tmp_path / "idp.pem").write_text(keys.certificate)
    trust(
        settings,
        tmp_path,
        f"providers:\n  - code: {CODE}\n    name: Exempelköpings kommun\n    protocol: saml\n"
        f"    entity_id: {ENTITY}\n    sso_url: {SSO}\n    certificate_file: idp.pem\n{RULES}",
    )


def asks(client: Client) -> Answer:
    """Roder asks the provider; a good answer to it, not yet signed."""
    away = client.get(LOGIN, headers={"host": "localhost"})
    assert away["Location"].startswith(f"{SSO}?")
    return Answer(saml_idp.asked(away["Location"]), made=datetime.now(UTC) - timedelta(seconds=5))


def sends(client: Client, response: str) -> Any:
    """The browser carries the answer to Roder. It is a form of another site's, so Roder's cookie is not with it."""
    own = client.cookies.pop("sessionid", None)
    first = client.post(ACS, {"SAMLResponse": packed(response)}, headers={"host": "localhost"})
    if own is not None:
        client.cookies["sessionid"] = own.value
    assert first.status_code == 302
    return client.get(first["Location"], follow=True, headers={"host": "localhost"})


def test_a_signed_answer_gets_in_with_the_mandate_of_the_group(trusted: None, keys: Keys) -> None:
    client = Client()
    page = sends(client, signed(asks(client), keys))
    assert page.status_code == 200
    assert is_in(client)
    eva = Person.objects.get(email="eva@exempelkoping.se")
    assert (eva.name, eva.mandates.get().unit.code) == ("Eva Ek", "111")


Change = Callable[[Answer, Keys], str]


def _tampered(answer: Answer, keys: Keys) -> str:
    return signed(answer, keys).replace("Roder-EC-111", "Roder Systemförvaltare")


def _wrapped(answer: Answer, keys: Keys) -> str:
    """The signed assertion is there, behind one of the attacker's own."""
    forged = answer.but(email="administrator@prov.se", groups=("Roder Systemförvaltare",)).assertion()
    return signed(answer, keys).replace("<saml:Assertion", forged + "<saml:Assertion", 1)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda answer, keys: answer.around(answer.assertion()), id="osignerat"),
        pytest.param(lambda answer, keys: signed(answer, make_keys()), id="fel nyckel"),
        pytest.param(_tampered, id="ändrat efter signering"),
        pytest.param(_wrapped, id="eget intyg före det signerade"),
        pytest.param(
            lambda answer, keys: signed(answer.but(made=answer.made - timedelta(hours=2)), keys),
            id="för gammalt",
        ),
        pytest.param(
            lambda answer, keys: signed(answer.but(made=answer.made + timedelta(hours=2)), keys), id="inte än"
        ),
        pytest.param(
            lambda answer, keys: signed(answer.but(audience="https://annan.example/"), keys),
            id="till någon annan",
        ),
        pytest.param(
            lambda answer, keys: signed(answer.but(recipient="https://annan.example/acs/"), keys),
            id="annan adress",
        ),
        pytest.param(
            lambda answer, keys: signed(answer.but(issuer="https://falsk.example/"), keys),
            id="från någon annan",
        ),
        pytest.param(lambda answer, keys: signed(answer.but(request_id="_okand"), keys), id="inte frågat"),
        pytest.param(lambda answer, keys: "<inte saml", id="skräp"),
    ],
)
def test_no_other_answer_gets_in(trusted: None, keys: Keys, change: Change) -> None:
    client = Client()
    page = sends(client, change(asks(client), keys))
    assert page.status_code in (401, 503)
    assert not is_in(client)
    assert not Person.objects.filter(email="eva@exempelkoping.se").exists()


def test_an_answer_is_good_once_and_only_in_the_browser_that_asked(trusted: None, keys: Keys) -> None:
    client, thief = Client(), Client()
    response = signed(asks(client), keys)
    assert sends(thief, response).status_code == 401
    assert not is_in(thief)
    sends(client, response)
    assert is_in(client)
    client.logout()
    assert sends(client, response).status_code == 401
    assert not is_in(client)


def test_the_metadata_tells_the_provider_where_to_answer(trusted: None) -> None:
    answer = Client().get(f"/konto/saml/{CODE}/metadata/", headers={"host": "localhost"})
    assert answer["Content-Type"] == "text/xml"
    text = answer.content.decode()
    assert 'WantAssertionsSigned="true"' in text
    assert f"http://localhost{ACS}" in text


def test_a_provider_that_is_not_in_the_file_does_not_exist(trusted: None) -> None:
    assert Client().get("/konto/saml/annan/login/", headers={"host": "localhost"}).status_code == 404
    assert Client().get("/konto/oidc/annan/login/", headers={"host": "localhost"}).status_code == 404
