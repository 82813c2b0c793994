"""Writing and verifying the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models

from roder.access.models import AuditRecord
from roder.core.numbers import whole_number
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


@dataclass(frozen=True)
class Known:
    """A row as it was when somebody wrote down its number and hash outside the database."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> Known:
        """``4711:3fa9…``. Raises ValueError in Swedish."""
        row, _, digest = text.strip().partition(":")
        if (number := whole_number(row)) is None or not digest:
            raise ValueError(f"”{text}” är inte RAD:SUMMA, som 4711:3fa9…")
        return cls(number, digest)


def last() -> Known | None:
    """The latest row. Kept outside, it tells whether the trail's end has been cut off since, which the chain alone
    cannot: without its last rows it is whole."""
    found = AuditRecord.objects.order_by("-pk").values_list("pk", "hash").first()
    return None if found is None else Known(*found)


def verify(known: Iterable[Known] = ()) -> list[Broken]:
    """Every row that was altered, and every place where a row is missing; also each of ``known`` that is not there as
    it was. An empty list: the trail is whole."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({_VERIFY}) AS checked WHERE NOT (own AND chain) ORDER BY id")  # noqa: S608
        broken = [
            Broken(row_id, "raden är ändrad" if not own else "raden före är ändrad eller borttagen")
            for row_id, own, _ in cursor.fetchall()
        ]
    wanted = list(known)
    there = dict(AuditRecord.objects.filter(pk__in=[one.id for one in wanted]).values_list("pk", "hash"))
    return broken + [
        Broken(one.id, "raden finns inte, eller är inte som den var")
        for one in wanted
        if there.get(one.id) != one.hash
    ]
