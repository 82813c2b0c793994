"""The identity provider's side of SAML: answers that are really signed, and what an attacker might send instead."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Tools

ENTITY = "https://idp.exempelkoping.se/entity"
SSO = "https://idp.exempelkoping.se/sso"
WHERE = "http://localhost/konto/saml/exempelkoping"


@dataclass(frozen=True)
class Keys:
    private: str
    certificate: str


def make_keys() -> Keys:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Exempelköpings idp")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    text = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return Keys(
        key.private_bytes(*text).decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()
    )


@dataclass(frozen=True)
class Answer:
    """What the provider says. The defaults are a good answer."""

    request_id: str
    groups: tuple[str, ...] = ("Roder-EC-111", "Alla anställda")
    subject: str = "eva-1"
    email: str = "eva@exempelkoping.se"
    audience: str = f"{WHERE}/metadata/"
    recipient: str = f"{WHERE}/acs/"
    issuer: str = ENTITY
    made: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    minutes: int = 5

    def but(self, **changed: Any) -> Answer:
        return replace(self, **changed)

    def assertion(self) -> str:
        now, end = _stamp(self.made), _stamp(self.made + timedelta(minutes=self.minutes))
        groups = "".join(f"<saml:AttributeValue>{one}</saml:AttributeValue>" for one in self.groups)
        return f"""<saml:Assertion xmlns:saml="{Names.NS_SAML}" ID="_{uuid4().hex}" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{self.issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="{Names.NAMEID_PERSISTENT}">{self.subject}</saml:NameID>
<saml:SubjectConfirmation Method="{Names.CM_BEARER}"><saml:SubjectConfirmationData NotOnOrAfter="{end}"
 Recipient="{self.recipient}" InResponseTo="{self.request_id}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{now}" NotOnOrAfter="{end}"><saml:AudienceRestriction>
<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_{uuid4().hex}"><saml:AuthnContext>
<saml:AuthnContextClassRef>{Names.AC_PASSWORD_PROTECTED}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>
<saml:Attribute Name="email"><saml:AttributeValue>{self.email}</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="name"><saml:AttributeValue>Eva Ek</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="groups">{groups}</saml:Attribute></saml:AttributeStatement></saml:Assertion>"""

    def around(self, assertion: str) -> str:
        """The response that carries the assertion."""
        return f"""<samlp:Response xmlns:samlp="{Names.NS_SAMLP}" xmlns:saml="{Names.NS_SAML}" ID="_{uuid4().hex}"
 Version="2.0" IssueInstant="{_stamp(self.made)}" Destination="{self.recipient}" InResponseTo="{self.request_id}">
<saml:Issuer>{self.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{Names.STATUS_SUCCESS}"/></samlp:Status>
{assertion}</samlp:Response>"""


def _stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def asked(address: str) -> str:
    """The id of the request that Roder sends the browser away with."""
    (packed,) = parse_qs(urlsplit(address).query)["SAMLRequest"]
    request = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    assert request.get("AssertionConsumerServiceURL") == f"{WHERE}/acs/"
    return str(request.get("ID"))


def signed(answer: Answer, keys: Keys) -> str:
    """The response with its assertion signed."""
    text = Tools.add_sign(
        answer.assertion(), keys.private, keys.certificate,
        sign_algorithm=Names.RSA_SHA256, digest_algorithm=Names.SHA256,
    )  # fmt: skip
    return answer.around(text.decode() if isinstance(text, bytes) else text)


def packed(response: str) -> str:
    return base64.b64encode(response.encode()).decode()
