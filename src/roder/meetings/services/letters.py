"""Official letters: write one in a case, save it, make a new version, and say what is missing before an agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.core import persons
from roder.core.faults import UserFault
from roder.core.models import Link, Record
from roder.meetings.models import Case, Document, DocumentVersion
from roder.meetings.rules import letters
from roder.meetings.rules.letters import Lack, Letter
from roder.meetings.services import documents
from roder.organisation.models import Person

#: The set of questions that a decision about children is tried by (examples/formular/barnets-basta.yaml).
BEST_INTERESTS = "barnets-basta"


class LetterFault(UserFault):
    """The letter cannot be written, saved or given a new version as asked. The message is Swedish."""


def checked(data: Mapping[str, Any]) -> Letter:
    """The content in its right form. Raises ValidationError by field, for what can never be saved."""
    try:
        letter = letters.normal(data)
        found = letters.faults(letter, persons.find, persons.LONGEST)
    except letters.LetterError as error:
        raise ValidationError(str(error)) from error
    if found:
        raise ValidationError({field: [text] for field, text in found.items()})
    return letter


def begun(case: Case, by: Person, day: dt.date) -> Letter:
    """The letter that a case worker starts from: heading, addressee and who writes it."""
    letter = letters.empty(case.title, case.committee.name, day)
    letter["worker"] = {"name": by.name, "title": by.title}
    letter["signatories"] = [{"name": by.name, "title": by.title}] if by.name else []
    return letter


def new_letter(
    case: Case,
    by: Person,
    *,
    content: Mapping[str, Any] | None = None,
    dated_on: dt.date | None = None,
) -> Document:
    """Begin a letter in a case: with ``content`` (a letter, which may lack parts), or empty with the case's own title.

    Raises NotAllowedError, ValidationError by field (personal identity number, too long).
    """
    day = dated_on or timezone.localdate()
    start = begun(case, by, day)
    letter = checked({**start, **{name: value for name, value in (content or {}).items() if value}})
    return documents.add_document(
        case, Document.Kind.LETTER, letter["heading"] or case.title, by,
        letter=letter, dated_on=dt.date.fromisoformat(letter["date"]) if letter["date"] else day,
    )  # fmt: skip


def save_letter(
    version: DocumentVersion, by: Person, content: Mapping[str, Any], *, expected_revision: int
) -> DocumentVersion:
    """Save a letter that is being written; parts may be missing. Its PDF is made anew.

    Raises NotAllowedError, ValidationError by field, StaleRecordError when somebody else saved first, and LetterFault
    when the version has stood in a pack or in minutes: then a new version is made instead.
    """
    access.require(by, Action.EDIT, version.document)
    letter = checked(content)
    day = dt.date.fromisoformat(letter["date"]) if letter["date"] else version.dated_on
    with transaction.atomic():
        there = DocumentVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if there.letter is None:
            raise LetterFault("Handlingen är en fil. Lägg till en ny version av filen i stället.")
        if there.frozen_at is not None:
            raise LetterFault(
                "Versionen ingår i ett utskick och ändras inte mer. Gör en ny version och skriv i den."
            )
        version.save_over(expected_revision, letter=letter, dated_on=day)
        if there.current:
            Document.objects.filter(pk=version.document_id).update(
                title=letter["heading"] or version.document.title, dated_on=day, changed_at=timezone.now()
            )
        access.record(by, "letter.saved", version.document, version=version.number)
        documents.letter_changed(version)
    return version


def new_version(document: Document, by: Person, *, dated_on: dt.date, note: str) -> DocumentVersion:
    """A new version of the letter, such as after the subcommittee, with the text of the one before to go on from.

    ``note`` says what is new and is printed with the version. Raises NotAllowedError, LetterFault (no note, no letter),
    ValidationError.
    """
    access.require(by, Action.EDIT, document)
    said = " ".join(note.split())
    if not said:
        raise LetterFault("Skriv vad som är nytt i versionen, till exempel: ändrad efter arbetsutskottet.")
    old = documents.current(document)
    if old.letter is None:
        raise LetterFault("Handlingen är en fil. Lägg till en ny version av filen i stället.")
    letter = checked({**old.letter, "date": dated_on.isoformat(), "version_note": said})
    return documents.add_document_version(document, by, letter=letter, dated_on=dated_on, note=said)


def lacks(version: DocumentVersion) -> list[Lack]:
    """What must be written before the version goes on an agenda; nothing for a file."""
    return letters.missing(version.letter) if version.letter is not None else []


def made_from(document: Document, source: Record, note: str = "") -> None:
    """Say that the letter (or an attachment) was made from another record, such as a locked report. Once only."""
    Link.objects.get_or_create(
        source_kind=document.record_kind(), source_id=document.pk, kind=Link.Kind.MADE_FROM,
        target_kind=source.record_kind(), target_id=source.pk, defaults={"note": note[:500]},
    )  # fmt: skip


def of_source(source: Record) -> list[int]:
    """The ids of the documents that were made from a record."""
    return list(
        Link.objects.filter(
            source_kind=Document.record_kind(), kind=Link.Kind.MADE_FROM,
            target_kind=source.record_kind(), target_id=source.pk,
        ).order_by("pk").values_list("source_id", flat=True)
    )  # fmt: skip
