"""The official letter on paper: the document with the municipality's header, and its PDF and Word file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from roder.meetings.models import DocumentVersion
from roder.meetings.rules import letters
from roder.reports.document import Block, Bullets, Document, Heading, Paragraph, Signatures
from roder.reports.render import draw, layout

KIND = "Tjänsteskrivelse"


def document_of(version: DocumentVersion) -> Document:
    """The letter as a document. One that lacks something, and has not stood in a pack, is marked as a draft.

    Raises LetterError when the version is a file and no letter.
    """
    if version.letter is None:
        raise letters.LetterError("Handlingen är en fil och ingen tjänsteskrivelse.")
    letter = letters.normal(version.letter)
    case = version.document.case
    committee = version.document.committee
    day = dt.date.fromisoformat(letter["date"]) if letter["date"] else version.dated_on
    return Document(
        title=letter["heading"] or version.document.title,
        kind=KIND,
        municipality=committee.municipality.name,
        committee=committee.name,
        registration_number=case.number,
        date=day,
        draft=version.frozen_at is None and bool(letters.missing(letter)),
        blocks=blocks_of(letter),
        facts=(
            ("Dokumenttyp", KIND),
            ("Datum", layout.long_date(day)),
            ("Diarienummer", case.number.replace(" ", "\u00a0")),
            ("Handläggare", _words(letter["worker"])),
            ("Adressat", letter["to"]),
            ("Version", f"{version.number}, {version.note}" if version.note else ""),
        ),
    )


def blocks_of(letter: Mapping[str, Any]) -> tuple[Block, ...]:
    """The letter's parts in order: proposal as numbered points, texts, what it builds on, who gets it, who signs."""
    found: list[Block] = []
    for title, parts in letters.sections(letter):
        found.append(Heading(1 if title not in letters.PROMPTS.values() else 2, title))
        if title in (letters.PROPOSAL, letters.DOCUMENTS, letters.RECIPIENTS):
            found.append(Bullets(tuple((part,) for part in parts), numbered=title == letters.PROPOSAL))
        else:
            found += [Paragraph((part,)) for part in parts]
    people = tuple((who["name"], who["title"]) for who in letter["signatories"])
    return (*found, Signatures(people)) if people else tuple(found)


def pdf_of(version: DocumentVersion) -> bytes:
    """The letter as PDF. As `document_of`."""
    return draw(document_of(version), "pdf")


def docx_of(version: DocumentVersion) -> bytes:
    """The letter as a Word file. As `document_of`."""
    return draw(document_of(version), "docx")


def _words(person: Mapping[str, str]) -> str:
    return ", ".join(part for part in (person["name"], person["title"]) if part)
