"""The electronic seal of a PDF (PAdES, pyHanko), when the municipality has configured a key; and reading a seal.

The seal says that the file is the municipality's and has not been changed; it is no person's signature. Without a
trusted time stamp it is PAdES-B-B: how long it can be checked follows the certificate. Källa: ETSI EN 319 142-1.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from roder.core.faults import UserFault

if TYPE_CHECKING:
    from cryptography import x509

FIELD = "Sigill"


class SealFault(UserFault):
    """The key of the seal cannot be used. The message says which setting to look at, and never the password."""


@dataclass(frozen=True)
class Key:
    """The key in memory, ready to seal with. ``name`` is whose it is, ``until`` how long it is good."""

    signer: Any
    name: str
    until: datetime


def configured() -> bool:
    """Whether there is a key to seal with."""
    return bool(settings.SEAL_KEY)


def load_key(now: datetime | None = None) -> Key | None:
    """The configured key, None when none is. Raises SealFault: no file, wrong password, no key in it, expired."""
    if not configured():
        return None
    path = Path(settings.SEAL_KEY)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SealFault(
            "Nyckeln för sigillet kan inte läsas. Se till att RODER_SEAL_KEY pekar på en fil som Roder får läsa."
        ) from error
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415

    password = settings.SEAL_PASSWORD.encode() or None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, password)
    except (ValueError, TypeError) as error:
        raise SealFault(
            "Nyckeln för sigillet går inte att öppna: fel lösenord, eller ingen PKCS#12-fil. Se över "
            "RODER_SEAL_KEY och RODER_SEAL_PASSWORD. Ingenting har låsts."
        ) from error
    if key is None or certificate is None:
        raise SealFault("Filen i RODER_SEAL_KEY saknar nyckel eller certifikat. Ingenting har låsts.")
    until = certificate.not_valid_after_utc
    if until < (now or datetime.now(UTC)):
        raise SealFault(
            f"Certifikatet för sigillet gick ut {until:%Y-%m-%d}. Byt fil i RODER_SEAL_KEY. Ingenting har låsts."
        )
    from pyhanko.sign import signers  # noqa: PLC0415 - large, and rarely used

    signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password)
    return Key(signer, _name(certificate), until)


def _name(certificate: x509.Certificate) -> str:
    from cryptography import x509  # noqa: PLC0415

    for oid in (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME):
        if found := certificate.subject.get_attributes_for_oid(oid):
            return str(found[0].value)
    return "kommunen"


def seal(content: bytes, key: Key, *, reason: str, place: str = "") -> bytes:
    """The PDF with the seal added after its last byte: what stood there is unchanged. Raises SealFault."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - large, and rarely used
    from pyhanko.sign import fields, signers  # noqa: PLC0415 - large, and rarely used

    target = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        location=place or None,
        name=key.name,
    )
    try:
        signers.sign_pdf(writer, meta, signer=key.signer, output=target)
    except Exception as error:
        raise SealFault(
            "PDF-filen kunde inte förseglas. Se över certifikatet i RODER_SEAL_KEY. Ingenting har låsts."
        ) from error
    return target.getvalue()


@dataclass(frozen=True)
class Seal:
    """What a seal says. ``whole``: nothing has been changed since; ``by``: whose it says it is."""

    whole: bool
    by: str
    covers_all: bool


def seal_of(content: bytes, roots: list[Any] | None = None) -> Seal | None:
    """The seal of a PDF, None when it has none. ``roots`` are certificates to trust besides the machine's own."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - large, and rarely used
    from pyhanko.sign import validation  # noqa: PLC0415 - large, and rarely used
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 - large, and rarely used

    reader = PdfFileReader(io.BytesIO(content))
    if not reader.embedded_signatures:
        return None
    one = reader.embedded_signatures[0]
    context = ValidationContext(trust_roots=roots or [], allow_fetching=False)
    status = validation.validate_pdf_signature(one, signer_validation_context=context)
    return Seal(
        whole=bool(status.intact and status.valid),
        by=one.signer_cert.subject.human_friendly if one.signer_cert else "",
        covers_all=status.coverage == validation.SignatureCoverageLevel.ENTIRE_FILE,
    )
