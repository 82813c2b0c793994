"""Locking for good: the files, the seal, and what the database and the services refuse afterwards."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import LazySettings
from django.db import IntegrityError, InternalError, transaction

from roder.access.rights import NotAllowedError
from roder.meetings.models import DecisionPoint, MinuteItem, Minutes, Reservation
from roder.meetings.papers import extract, locking, notice, signing
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import minutes as services
from roder.reports.document import Heading, inline_text, to_json
from tests.meetings.minutes_world import attested, opened
from tests.meetings.world import Chain

REFUSED = (IntegrityError, InternalError)
PASSWORD = "hemligt ord"


def make_key(path: Path, *, days: int = 30) -> x509.Certificate:
    """A key of the test's own in a PKCS#12 file; its certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Provkommun")])
    now = dt.datetime.now(dt.UTC)
    start = min(now, now + dt.timedelta(days=days)) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, True, False, False, False), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"sigill", key, made, None, serialization.BestAvailableEncryption(PASSWORD.encode())
        )
    )
    return made


def test_locked_without_a_key_says_so(chain: Chain) -> None:
    record = locking.lock(attested(chain), chain.by("secretary"))
    assert (record.state, record.signed) == ("locked", False)
    assert set(record.files) == {"pdf", "docx", "xlsx", "html"}
    pdf = locking.file_of(record, "pdf")
    assert signing.seal_of(pdf) is None
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert "/StructTreeRoot" in read.Root
        assert b"pdfaid" in read.Root.Metadata.read_bytes()
    assert "Ledamot S1" in locking.file_of(record, "html").decode()
    with pytest.raises(MinutesFault, match="låst"):
        locking.lock(record, chain.by("secretary"))


def test_what_is_locked_is_what_was_drawn(chain: Chain, tmp_path: Path) -> None:
    record = attested(chain)
    before = locking.document_now(record)
    record = locking.lock(record, chain.by("secretary"))
    assert to_json(locking.document_now(record)) == to_json(before)
    made = locking.write_files(record, tmp_path)
    assert [one.name for one in made] == [f"protokoll-2022-09-27.{one}" for one in locking.FORMATS]
    assert made[1].read_bytes() == locking.file_of(record, "pdf")


def test_a_seal_that_can_be_validated(chain: Chain, tmp_path: Path, settings: LazySettings) -> None:
    certificate = make_key(tmp_path / "nyckel.p12")
    settings.SEAL_KEY, settings.SEAL_PASSWORD = str(tmp_path / "nyckel.p12"), PASSWORD
    record = locking.lock(attested(chain, secret=True), chain.by("secretary"))
    assert record.signed
    root = asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    for one in ("pdf", "public"):
        content = services.read_file(record, one)
        found = signing.seal_of(content, [root])
        assert found is not None
        assert found.whole
        assert found.covers_all
        assert "Provkommun" in found.by
        changed = content.replace(b"/Type", b"/Typo", 1)
        again = signing.seal_of(changed, [root])
        assert again is None or not again.whole
    assert locking.file_of(record, "pdf", public=True) == services.read_file(record, "public")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("password", "fel lösenord"),
        ("missing", "kan inte läsas"),
        ("garbage", "ingen PKCS#12"),
        ("old", "gick ut"),
    ],
)
def test_a_key_that_cannot_be_used_locks_nothing(
    chain: Chain, tmp_path: Path, settings: LazySettings, fault: str, said: str
) -> None:
    path = tmp_path / "nyckel.p12"
    make_key(path, days=-3 if fault == "old" else 30)
    if fault == "garbage":
        path.write_bytes(b"ingen nyckel")
    settings.SEAL_KEY = str(tmp_path / "ingen.p12" if fault == "missing" else path)
    settings.SEAL_PASSWORD = "fel" if fault == "password" else PASSWORD
    record = attested(chain)
    with pytest.raises(signing.SealFault, match=said) as caught:
        locking.lock(record, chain.by("secretary"))
    assert PASSWORD not in str(caught.value)
    record.refresh_from_db()
    assert record.state == "attested"


@pytest.mark.parametrize("role", ["chair", "head_administration", "member", "controller"])
def test_only_the_secretary_locks(chain: Chain, role: str) -> None:
    record = attested(chain)
    with pytest.raises(NotAllowedError):
        locking.lock(record, chain.by(role))


def test_a_draft_is_not_locked(chain: Chain) -> None:
    with pytest.raises(MinutesFault, match="Granska det först"):
        locking.lock(opened(chain), chain.by("secretary"))


def test_changed_while_it_was_locked(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    record = attested(chain)
    real = locking.render

    def slow(*given: Any) -> Any:
        MinuteItem.objects.filter(item__meeting=record.meeting, number=3).update(revision=99)
        return real(*given)

    monkeypatch.setattr(locking, "render", slow)
    with pytest.raises(MinutesFault, match="medan det låstes"):
        locking.lock(record, chain.by("secretary"))


def test_the_database_refuses_changes_after_the_lock(chain: Chain) -> None:
    record = locking.lock(attested(chain), chain.by("secretary"))
    row = services.paragraphs_of(record.meeting)[2]
    changes = (
        lambda: MinuteItem.objects.filter(pk=row.pk).update(heading="Ny"),
        lambda: DecisionPoint.objects.filter(paragraph=row).update(text="Ny"),
        lambda: Reservation.objects.filter(item=row.item).delete(),
        lambda: Minutes.objects.filter(pk=record.pk).update(document={}),
        lambda: Minutes.objects.filter(pk=record.pk).update(state="draft"),
        lambda: Minutes.objects.filter(pk=record.pk).delete(),
    )
    for change in changes:
        with pytest.raises(REFUSED, match="låst"), transaction.atomic():
            change()
    with pytest.raises(MinutesFault, match="låst och kan inte ändras"):
        services.edit_paragraph(row, chain.by("secretary"), row.revision, heading="Ny")


def test_the_public_version_holds_nothing_secret(chain: Chain) -> None:
    record = attested(chain, secret=True)
    whole, public = (to_json(locking.document_now(record, public=one)) for one in (False, True))
    assert "Svar till revisionen" in whole
    assert "Svar till revisionen" not in public
    assert "lämnar svaret" not in public
    assert "§\\u00a04 Sekretess" in public or "§\u00a04 Sekretess" in public


def test_the_document_says_what_happened(chain: Chain) -> None:
    text = to_json(locking.document_now(attested(chain)))
    for wanted in (
        "Ledamot M1 (M), ordförande", "Ledamot S1 (S) och Ledamot V1 (V) yrkar avslag på förslaget.",
        "Ledamot C1 (C) anmäler jäv (nära anhörig)", "Omröstningen utfaller med 4 ja och 3 nej.", "SUMMA",
        "reserverar sig skriftligt mot beslutet.", "väljs till ersättare i Arbetsutskottet", "Biståndshandläggare",
        "Förvaltningschef (för åtgärd)", "undertecknat på papper 3 oktober 2022",
        "Förslag till delegationsordning, 2022", "kl. 17.00–18.25", "§§ 1–6",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_an_extract_only_of_what_is_attested(chain: Chain) -> None:
    record = opened(chain)
    row = services.paragraphs_of(record.meeting)[2]
    with pytest.raises(MinutesFault, match="inte justerad"):
        extract.extract_of(row)
    services.check(record, chain.by("secretary"))
    for key in ("M1", "S1", "S2"):
        services.attest(record, chain.seats[key], chain.by("secretary"), on_paper=dt.date(2022, 10, 3))
    document = extract.document_of(row)
    headings = [one.text for one in document.blocks if isinstance(one, Heading)]
    assert headings[0] == "§\u00a03 Revidering av delegationsordningen"
    assert extract.extract_of(row) == extract.extract_of(row)
    with pytest.raises(MinutesFault, match="inte uppsatt"):
        notice.notice_of(record)
    services.post_notice(record, chain.by("secretary"), dt.date.today())
    record.refresh_from_db()
    shown = notice.document_of(record)
    words = " ".join(inline_text(one.inlines) for one in shown.blocks if hasattr(one, "inlines"))
    assert "lagligheten" in words
    assert "delegationsordning" not in to_json(shown)
    assert notice.notice_of(record).startswith(b"%PDF")
