"""identitet.yaml: what it may say, and what is said about what is wrong in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roder.access.claims import read
from roder.core.faults import UserFault
from roder.core.identity import Claims, identity_file, read_identity

GOOD = """\
providers:
  - code: exempel
    name: Exempelköping
    protocol: oidc
    server: https://login.exempel.se
    client_id: roder
    client_secret_env: RODER_PROV_HEMLIGHET
    groups:
      - {group: "EC-{unit}", role: unit_manager, committee: von, unit: "{unit}"}
"""
SAML = """\
providers:
  - code: exempel
    name: Exempelköping
    protocol: saml
    entity_id: https://idp.exempel.se
    sso_url: https://idp.exempel.se/sso
    certificate_file: idp.pem
"""


def fault(folder: Path, text: str) -> str:
    path = folder / "identitet.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserFault) as told:
        read_identity(path)
    return str(told.value)


def test_the_secret_is_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RODER_PROV_HEMLIGHET", "abc")
    path = tmp_path / "identitet.yaml"
    path.write_text(GOOD, encoding="utf-8")
    identity, settings = read_identity(path)
    (application,) = settings["openid_connect"]["APPS"]
    assert application["secret"] == "abc"
    assert application["settings"]["oauth_pkce_enabled"] is True
    assert "abc" not in repr(identity)


def test_a_secret_that_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RODER_PROV_HEMLIGHET", raising=False)
    assert "miljövariabeln RODER_PROV_HEMLIGHET är tom" in fault(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (
            "groups:",
            "grups:",
            "identitet.yaml:8: providers[exempel].grups: finns inte; kontrollera stavningen",
        ),
        ("https://login", "http://login", "ska vara en adress som börjar med https://"),
        ("protocol: oidc", "protocol: ldap", "”ldap” finns inte"),
        ("    client_id: roder\n", "", "oidc behöver också client_id"),
        ("code: exempel", "code: Exempel Köping", "små bokstäver"),
        ('unit: "{unit}"', 'unit: "111"', "skriv {unit} både i group"),
        ("providers:", "local_login: break_glass\nproviders:", "break_glass är tom"),
        ("    client_secret_env: RODER_PROV_HEMLIGHET\n", "", "säg var hemligheten finns"),
        ("name: Exempelköping", "\tname: x", "tabb"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_key(
    tmp_path: Path, was: str, becomes: str, says: str
) -> None:
    assert was in GOOD
    assert says in fault(tmp_path, GOOD.replace(was, becomes))


def test_saml_needs_a_certificate_that_is_there_or_metadata(tmp_path: Path) -> None:
    assert "idp.pem går inte att läsa" in fault(tmp_path, SAML)
    assert "antingen metadata_url eller både" in fault(
        tmp_path, SAML.replace("    certificate_file: idp.pem\n", "")
    )
    path = tmp_path / "identitet.yaml"
    (tmp_path / "idp.pem").write_text("CERT")
    path.write_text(SAML, encoding="utf-8")
    (application,) = read_identity(path)[1]["saml"]["APPS"]
    advanced = application["settings"]["advanced"]
    assert (advanced["want_assertion_signed"], advanced["reject_idp_initiated_sso"]) == (True, True)


def test_two_providers_with_one_code_and_a_role_that_does_not_exist(tmp_path: Path, settings: Any) -> None:
    twice = GOOD + GOOD.removeprefix("providers:\n")
    assert "två leverantörer har samma code" in fault(tmp_path, twice)


def test_a_role_that_does_not_exist_stops_the_start(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.apps import apps

    monkeypatch.setenv("RODER_PROV_HEMLIGHET", "abc")
    path = tmp_path / "identitet.yaml"
    path.write_text(GOOD.replace("unit_manager", "enhetschef"), encoding="utf-8")
    settings.IDENTITY = read_identity(path)[0]
    with pytest.raises(UserFault, match="rollen ”enhetschef” för gruppen"):
        apps.get_app_config("access").ready()


def test_no_file_means_passwords_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("RODER_IDENTITY", raising=False)
    assert identity_file() is None
    assert read_identity(None)[1] == {}
    monkeypatch.setenv("RODER_IDENTITY", str(tmp_path / "annan.yaml"))
    with pytest.raises(UserFault, match="finns inte"):
        read_identity(identity_file())


@pytest.mark.parametrize(
    ("claims", "name", "groups"),
    [
        ({"groups": ["a", "b"]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        (
            {"http://schemas.xmlsoap.org/claims/Group": ["a"]},
            "http://schemas.xmlsoap.org/claims/Group",
            {"a"},
        ),
        ({}, "groups", set()),
        ({"groups": [None, {"x": 1}, " ", "a\0"]}, "groups", {"a"}),
        ({"hasgroups": True}, "groups", None),
        ({"_claim_names": {"groups": "src1"}}, "groups", None),
        ({"_claim_names": {"annat": "src1"}}, "groups", set()),
    ],
)
def test_groups_are_found_where_the_provider_puts_them(
    claims: dict[str, Any], name: str, groups: set[str] | None
) -> None:
    assert read(claims, Claims(groups=name)).groups == groups


def test_values_come_alone_or_in_a_list() -> None:
    said = read({"mail": ["eva@prov.se", "annan@prov.se"], "name": 7}, Claims(email="mail"))
    assert (said.email, said.name) == ("eva@prov.se", "")
