"""The municipality's identity providers, as it describes them in ``identitet.yaml``: who may be asked who somebody is,
and which groups mean which mandates.

Read before Django is set up. A misspelt key is a fault: it would mean rights that nobody has decided. Secrets are
never in the file: it names the environment variable or the file that holds each of them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from roder.core.faults import UserFault
from roder.core.paths import data_dir
from roder.core.yamlfile import StrictShape, read_yaml

ENVIRONMENT_VARIABLE = "RODER_IDENTITY"
FILE_NAME = "identitet.yaml"
UNIT = "{unit}"
LOOPBACK = ("localhost", "127.0.0.1", "::1")

Text = Annotated[str, Field(min_length=1)]


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname:
        return value
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return value
    raise ValueError(f"”{value}” ska vara en adress som börjar med https://")


class GroupRule(StrictShape):
    """A group of the provider's and the mandate it gives: a role in a committee, or in one of its units."""

    group: Text
    role: Text
    committee: Text
    unit: Text | None = None

    @model_validator(mode="after")
    def _unit_is_said(self) -> Self:
        if (UNIT in self.group) != (self.unit == UNIT):
            raise ValueError(
                f"skriv {UNIT} både i group (där enhetens kod står i gruppens namn) och i unit, eller i ingen av dem"
            )
        if self.group.count(UNIT) > 1:
            raise ValueError(f"{UNIT} får stå en gång i group")
        return self


class Claims(StrictShape):
    """What the provider calls things. A name may point into a group of claims: ``realm_access.roles``."""

    groups: Text = "groups"
    email: Text = "email"
    name: Text = "name"
    subject: Text | None = None


class Provider(StrictShape):
    """One identity provider."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    name: Text
    protocol: Literal["oidc", "saml"]
    # OpenID Connect
    server: Text | None = None
    client_id: Text | None = None
    client_secret_env: Text | None = None
    client_secret_file: Text | None = None
    scopes: tuple[Text, ...] = ("openid", "profile", "email")
    # SAML
    entity_id: Text | None = None
    sso_url: Text | None = None
    certificate_file: Text | None = None
    metadata_url: Text | None = None
    signs: Literal["assertion", "response", "both"] = "assertion"
    own_key_file: Text | None = None
    own_certificate_file: Text | None = None
    # both
    claims: Claims = Claims()
    people: Literal["with_mandate", "always", "never"] = "with_mandate"
    link_by_email: bool = False
    groups: tuple[GroupRule, ...] = ()

    needs: ClassVar[dict[str, tuple[str, ...]]] = {
        "oidc": ("server", "client_id"),
        "saml": ("entity_id",),
    }

    @field_validator("server", "sso_url", "metadata_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        return value if value is None else _address(value)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [name for name in self.needs[self.protocol] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{self.protocol} behöver också {' och '.join(missing)}")
        if self.protocol == "oidc" and (self.client_secret_env is None) == (self.client_secret_file is None):
            raise ValueError("säg var hemligheten finns: antingen client_secret_env eller client_secret_file")
        by_hand = self.sso_url is not None and self.certificate_file is not None
        if self.protocol == "saml" and by_hand == (self.metadata_url is not None):
            raise ValueError("saml behöver antingen metadata_url eller både sso_url och certificate_file")
        if (self.own_key_file is None) != (self.own_certificate_file is None):
            raise ValueError("own_key_file och own_certificate_file hör ihop: skriv båda eller ingen")
        return self


class Identity(StrictShape):
    """The whole file."""

    providers: tuple[Provider, ...] = ()
    #: "all": everybody with a password may use it. "break_glass": only those listed, for when the provider is down.
    local_login: Literal["all", "break_glass"] = "all"
    break_glass: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _somebody_can_get_in(self) -> Self:
        codes = [one.code for one in self.providers]
        if len(codes) != len(set(codes)):
            raise ValueError("två leverantörer har samma code")
        if self.local_login == "break_glass" and not self.break_glass:
            raise ValueError(
                "break_glass är tom: skriv e-postadressen till minst en systemförvaltare som kan logga in med "
                "lösenord när leverantören är nere"
            )
        return self

    def provider(self, code: str) -> Provider | None:
        """The provider with this code."""
        return next((one for one in self.providers if one.code == code), None)

    def may_use_password(self, email: str) -> bool:
        """Whether somebody with this e-mail may log in with a password of Roder's own."""
        return self.local_login == "all" or email.casefold() in {one.casefold() for one in self.break_glass}


def identity_file() -> Path | None:
    """The file that RODER_IDENTITY names, else ``identitet.yaml`` in the data directory if it is there."""
    if named := os.environ.get(ENVIRONMENT_VARIABLE):
        return Path(named)
    found = data_dir() / FILE_NAME
    return found if found.exists() else None


def read_identity(path: Path | None) -> tuple[Identity, dict[str, Any]]:
    """The file's meaning, and the login library's settings for it. No file: no providers.

    Raises UserFault with line and key for what is wrong in the file, and for a secret or certificate that is missing.
    """
    if path is None:
        return Identity(), {}
    identity = read_yaml(path, Identity)
    applications: dict[str, Any] = {}
    for one in identity.providers:
        where = f"{path}: providers[{one.code}]"
        make, kind = (_oidc, "openid_connect") if one.protocol == "oidc" else (_saml, "saml")
        applications.setdefault(kind, {"APPS": []})["APPS"].append(make(one, path, where))
    return identity, applications


def _oidc(one: Provider, path: Path, where: str) -> dict[str, Any]:
    if one.client_secret_env is not None:
        secret = os.environ.get(one.client_secret_env, "")
        if not secret:
            raise UserFault(
                f"{where}.client_secret_env: miljövariabeln {one.client_secret_env} är tom eller saknas."
            )
    else:
        secret = _held(path, one.client_secret_file or "", f"{where}.client_secret_file")
    return {
        "provider_id": one.code,
        "name": one.name,
        "client_id": one.client_id,
        "secret": secret,
        "settings": {
            "server_url": (one.server or "").rstrip("/"),
            "oauth_pkce_enabled": True,
            "scope": list(dict.fromkeys(("openid", *one.scopes))),
            "uid_field": one.claims.subject or "sub",
        },
    }


def _saml(one: Provider, path: Path, where: str) -> dict[str, Any]:
    idp: dict[str, Any] = {"entity_id": one.entity_id}
    if one.metadata_url:
        idp["metadata_url"] = one.metadata_url
    else:
        idp["sso_url"] = one.sso_url
        idp["x509cert"] = _held(path, one.certificate_file or "", f"{where}.certificate_file")
    advanced: dict[str, Any] = {
        "want_assertion_signed": one.signs in ("assertion", "both"),
        "want_message_signed": one.signs in ("response", "both"),
        "name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        "reject_idp_initiated_sso": True,
        "want_name_id": one.claims.subject is None,
    }
    if one.own_key_file and one.own_certificate_file:
        advanced |= {
            "private_key": _held(path, one.own_key_file, f"{where}.own_key_file"),
            "x509cert": _held(path, one.own_certificate_file, f"{where}.own_certificate_file"),
            "authn_request_signed": True,
        }
    names = {"email": [one.claims.email]}
    if one.claims.subject:
        names["uid"] = [one.claims.subject]
    return {
        "provider_id": one.code,
        "client_id": one.code,
        "name": one.name,
        "settings": {"idp": idp, "advanced": advanced, "attribute_mapping": names},
    }


def _held(path: Path, name: str, where: str) -> str:
    """What stands in a file beside the identity file (or anywhere, with a whole path)."""
    file = path.parent / name
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserFault(f"{where}: {file} går inte att läsa.") from error
    if not text:
        raise UserFault(f"{where}: {file} är tom.")
    return text
