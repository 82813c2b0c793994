"""Which of Roder's own registers a sampling frame can be taken from. Each is declared once, here.

A register gives references only (numbers, paragraphs), of the rows that the person who takes the frame may see, in the
register's own order. What it does not give them to see is said in the frame's source, so that nobody believes that the
frame is whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from roder import access
from roder.casework.models import CaseworkEvent
from roder.control.rules.frames import LONGEST
from roder.meetings.models import Case, DelegatedReport, MinuteItem
from roder.organisation.models import Body, Person
from roder.quality.models import Complaint, Deviation
from roder.registers.models import Agreement, ItSystem, RecordCheck


@dataclass(frozen=True)
class Taken:
    """The references taken from a register. ``whole``: whether the person may see all its rows."""

    references: tuple[str, ...]
    whole: bool


@dataclass(frozen=True)
class FrameRegister:
    """A register that a frame can be taken from.

    ``rows``: (committee, first day, last day) -> the rows, in order. ``reference``: a row -> its reference.
    """

    name: str
    label: str
    help: str
    rows: Callable[[Body, date, date], QuerySet[Any]]
    reference: Callable[[Any], str]

    def take(self, committee: Body, first: date, last: date, user: Person | None) -> Taken:
        """The references of the period (both days in it) that ``user`` may see; all of them for the operator."""
        everything = self.rows(committee, first, last)
        seen = everything if user is None else access.visible(user, everything)
        found = list(seen)
        whole = user is None or len(found) == everything.count()
        return Taken(_told_apart(short(self.reference(one)) for one in found), whole)


def short(text: str) -> str:
    """A reference that fits: what is too long is cut, with a sign that shows it."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _told_apart(references: Iterable[str]) -> tuple[str, ...]:
    """Two rows with the same reference (two decisions in a case the same day) get a number each."""
    last: Counter[str] = Counter()
    found: dict[str, None] = {}
    for one in references:
        name = one
        while name in found:
            last[one] += 1
            name = f"{one[: LONGEST - 8]} ({last[one] + 1})"
        found[name] = None
    return tuple(found)


def _during(field: str, first: date, last: date) -> Q:
    return Q(**{f"{field}__date__gte": first, f"{field}__date__lte": last})


def _between(field: str, first: date, last: date) -> Q:
    return Q(**{f"{field}__gte": first, f"{field}__lte": last})


def _deviations(field: str) -> Callable[[Body, date, date], QuerySet[Any]]:
    def rows(committee: Body, first: date, last: date) -> QuerySet[Deviation]:
        found = Deviation.objects.filter(_during(field, first, last), committee=committee)
        return found.exclude(state="merged").order_by(field, "pk")

    return rows


def _events(kind: str) -> Callable[[Body, date, date], QuerySet[Any]]:
    def rows(committee: Body, first: date, last: date) -> QuerySet[CaseworkEvent]:
        found = CaseworkEvent.objects.filter(_during("at", first, last), committee=committee, kind=kind)
        return found.order_by("at", "pk")

    return rows


def _complaints(committee: Body, first: date, last: date) -> QuerySet[Complaint]:
    return Complaint.objects.filter(_during("received_at", first, last), committee=committee).order_by(
        "received_at", "pk"
    )


def _paragraphs(committee: Body, first: date, last: date) -> QuerySet[MinuteItem]:
    found = MinuteItem.objects.filter(
        _between("item__meeting__date", first, last), item__meeting__committee=committee, number__isnull=False
    )
    return found.select_related("body").order_by("body", "year", "number")


def _delegated(committee: Body, first: date, last: date) -> QuerySet[DelegatedReport]:
    found = DelegatedReport.objects.filter(
        _between("item__meeting__date", first, last), item__meeting__committee=committee
    )
    return found.select_related("item__meeting__body").order_by("item__meeting__date", "item", "position")


def _cases(committee: Body, first: date, last: date) -> QuerySet[Case]:
    return Case.objects.filter(_between("opened_on", first, last), committee=committee).order_by(
        "opened_on", "pk"
    )


def _systems(committee: Body, first: date, last: date) -> QuerySet[ItSystem]:
    in_use = Q(ended_on=None) | Q(ended_on__gte=first)
    return ItSystem.objects.filter(in_use, committee=committee).order_by("name")


def _agreements(committee: Body, first: date, last: date) -> QuerySet[Agreement]:
    begun = Q(valid_from=None) | Q(valid_from__lte=last)
    not_over = Q(valid_to=None) | Q(valid_to__gte=first)
    not_ended = Q(ended_on=None) | Q(ended_on__gte=first)
    return Agreement.objects.filter(begun, not_over, not_ended, committee=committee).order_by("pk")


def _record_checks(committee: Body, first: date, last: date) -> QuerySet[RecordCheck]:
    return RecordCheck.objects.filter(_between("shown_on", first, last), committee=committee).order_by(
        "shown_on", "pk"
    )


def _number(row: Any) -> str:
    return str(row.number)


def _event(row: CaseworkEvent) -> str:
    return f"{row.reference} {timezone.localtime(row.at):%Y-%m-%d}"


def _paragraph(row: MinuteItem) -> str:
    return f"{row.body.short_name} {row.year} § {row.number}"


def _line(row: DelegatedReport) -> str:
    meeting = row.item.meeting
    return (
        f"{meeting.body.short_name} {meeting.date.isoformat()} punkt {row.item.position} rad {row.position}"
    )


def _agreement(row: Agreement) -> str:
    return row.number or f"Avtal {row.pk}"


def _name(row: ItSystem) -> str:
    return row.name


def _reference(row: RecordCheck) -> str:
    return row.reference


REGISTERS: dict[str, FrameRegister] = {
    one.name: one
    for one in (
        FrameRegister(
            "deviations_closed",
            "Avvikelser som avslutades under perioden",
            "Avvikelsernas nummer. Sammanförda avvikelser räknas en gång.",
            _deviations("closed_at"),
            _number,
        ),
        FrameRegister(
            "deviations_reported",
            "Avvikelser som rapporterades under perioden",
            "Avvikelsernas nummer. Sammanförda avvikelser räknas en gång.",
            _deviations("reported_at"),
            _number,
        ),
        FrameRegister(
            "casework_decided",
            "Beslut i handläggningen under perioden",
            "Ärendets referens och beslutets dag.",
            _events("decided"),
            _event,
        ),
        FrameRegister(
            "casework_opened",
            "Utredningar som inleddes under perioden",
            "Ärendets referens och dagen utredningen inleddes.",
            _events("opened"),
            _event,
        ),
        FrameRegister(
            "casework_closed",
            "Ärenden i handläggningen som avslutades under perioden",
            "Ärendets referens och dagen det avslutades.",
            _events("closed"),
            _event,
        ),
        FrameRegister(
            "complaints",
            "Synpunkter och klagomål som kom in under perioden",
            "Diarienumren.",
            _complaints,
            _number,
        ),
        FrameRegister(
            "cases",
            "Ärenden i diariet som registrerades under perioden",
            "Diarienumren.",
            _cases,
            _number,
        ),
        FrameRegister(
            "paragraphs",
            "Paragrafer i protokoll under perioden",
            "Organ, år och paragraf.",
            _paragraphs,
            _paragraph,
        ),
        FrameRegister(
            "delegated",
            "Anmälda delegationsbeslut under perioden",
            "Raderna i anmälningarna: organ, sammanträdets dag, punkt och rad.",
            _delegated,
            _line,
        ),
        FrameRegister("it_systems", "It-system i bruk under perioden", "Systemens namn.", _systems, _name),
        FrameRegister(
            "agreements",
            "Avtal som gällde under perioden",
            "Avtalens diarienummer, eller deras nummer i registret.",
            _agreements,
            _agreement,
        ),
        FrameRegister(
            "record_checks",
            "Uppvisade registerutdrag under perioden",
            "Anställningarnas referenser.",
            _record_checks,
            _reference,
        ),
    )
}


def choices() -> list[tuple[str, str]]:
    """The registers for a choice: (name, label)."""
    return [(one.name, one.label) for one in REGISTERS.values()]
