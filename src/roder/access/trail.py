"""Writing and verifying the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models

from roder.access.models import AuditRecord
from roder.organisation.models import Person


def record(
    actor: Person | AnonymousUser | None, deed: str, subject: models.Model | str = "", **detail: Any
) -> None:
    """Write one deed to the trail, in the deed's own transaction: it is there if and only if the deed was done.

    ``detail`` must be plain JSON values and never free text about a person.
    """
    name = subject if isinstance(subject, str) else f"{subject._meta.label_lower}:{subject.pk}"
    AuditRecord.objects.create(
        actor=actor if isinstance(actor, Person) and actor.pk else None,
        deed=deed,
        subject=name,
        detail=detail,
    )


@dataclass(frozen=True)
class Broken:
    """A row of the trail that does not agree with its hash, or with the row before."""

    id: int
    why: str


_VERIFY = """
    SELECT id,
           hash = roder_audit_hash(entry) AS own,
           previous_hash = coalesce(lag(hash) OVER (ORDER BY id), '') AS chain
    FROM access_auditrecord entry
"""


def verify() -> list[Broken]:
    """Every row that was altered, and every place where a row is missing. An empty list: the trail is whole."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({_VERIFY}) AS checked WHERE NOT (own AND chain) ORDER BY id")  # noqa: S608
        return [
            Broken(row_id, "raden är ändrad" if not own else "raden före är ändrad eller borttagen")
            for row_id, own, _ in cursor.fetchall()
        ]
