"""What is done with cases: register, change, answer; and, from the modules beside, everything else that others call.

Refusals are ``ValidationError`` with the field that they stand at, in Swedish. Källa: 7-meetings 7.1.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from roder import access
from roder.access.matrix import Action, Resource
from roder.meetings.models import Case, CaseStep
from roder.meetings.rules import numbers
from roder.meetings.services.case_links import (
    ask_opinion,
    depend,
    link,
    linked,
    note_opinion,
    undepend,
    unlink,
)
from roder.meetings.services.case_moves import (
    close_case,
    closing_faults,
    defer,
    move,
    reopen_case,
    resume,
    send_back,
    waits,
    why_not_decided,
    withdraw,
    write_over,
)
from roder.meetings.services.case_series import (
    by_number,
    find_case,
    free_key,
    next_number,
    series_of,
    set_series,
)
from roder.meetings.services.case_tasks import follow_up
from roder.organisation.models import Body, Person

__all__ = [
    "answer_case", "ask_opinion", "by_number", "close_case", "closing_faults", "defer", "depend", "find_case", "link",
    "linked", "move", "note_opinion", "note_union", "register_case", "reopen_case", "resume", "send_back",
    "series_of", "set_series", "undepend", "unlink", "update_case", "waits", "why_not_decided", "withdraw",
]  # fmt: skip

#: What may be changed on a case besides its phase and course.
FIELDS = (
    "number", "title", "kind", "opened_on", "origin", "answer_by", "answered_on", "summary", "responsible", "unit",
    "continues", "secret", "secrecy_section", "union_due", "union_on", "union_note",
)  # fmt: skip


def register_case(
    committee: Body,
    title: str,
    *,
    kind: str,
    by: Person,
    opened_on: date | None = None,
    number: str | None = None,
    secret: bool = False,
    secrecy_section: str = "",
    **more: Any,
) -> Case:
    """Register a case with the committee's next number, or with ``number`` as it was given.

    ``more`` may be ``origin``, ``answer_by``, ``summary``, ``responsible``, ``unit``, ``continues``, ``union_due``.
    Raises NotAllowedError, and ValidationError at the field (a number taken in another spelling, a secret without law).
    """
    access.require(by, Action.EDIT, Resource.CASES, committee)
    if secret:
        access.require(by, Action.EDIT, Resource.SECRETS, committee)
    day = opened_on or timezone.localdate()
    case = Case(committee=committee, title=" ".join(title.split()), kind=kind, opened_on=day, year=day.year)
    case.secret, case.secrecy_section = secret, secrecy_section.strip()
    for name, value in more.items():
        if name not in FIELDS:
            raise TypeError(f"ett ärende har inget {name}")
        setattr(case, name, value)
    with transaction.atomic():
        _check(case, by)
        case.number = (
            " ".join(number.split()) if number and number.strip() else next_number(committee, day.year)
        )
        case.number_key = free_key(committee, case.number, by)
        parsed = numbers.parse(case.number_key)
        case.year = parsed.year if parsed else day.year
        case.full_clean()
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError as error:  # somebody took the number at the same moment
            raise ValidationError({"number": "Numret togs just av ett annat ärende. Försök igen."}) from error
        CaseStep.objects.create(case=case, on=day, phase=case.phase, by=by)
        access.record(by, "case.registered", case, kind=kind)
        follow_up(case, by)
    return case


def _check(case: Case, by: Person, *, continues: bool = True) -> None:
    """What the fields say together; with ``continues``, which case it continues too. Raises ValidationError."""
    if case.secret and not case.secrecy_section:
        raise ValidationError({"secrecy_section": "Ange lagrummet för sekretessen, till exempel OSL 26:1."})
    if case.answer_by and case.answer_by < case.opened_on:
        raise ValidationError({"answer_by": "Svaret kan inte behövas före dagen då ärendet registrerades."})
    if case.answered_on and case.answered_on < case.opened_on:
        raise ValidationError(
            {"answered_on": "Ärendet kan inte ha besvarats före dagen då det registrerades."}
        )
    if continues and case.continues is not None:
        if (
            not access.may(by, Action.VIEW, case.continues)
            or case.continues.committee_id != case.committee_id
        ):
            raise ValidationError({"continues": "Ärendet som det fortsätter finns inte i nämnden."})
        _no_loop(case)


def _no_loop(case: Case) -> None:
    at, seen = case.continues, set()
    while at is not None and at.pk not in seen:
        if at.pk == case.pk:
            raise ValidationError(
                {"continues": "Ett ärende kan inte fortsätta sig självt, inte heller på omvägar."}
            )
        seen.add(at.pk)
        at = at.continues


def update_case(case: Case, by: Person, expected_revision: int, **values: Any) -> Case:
    """Change what stands on a case (``FIELDS``). Raises StaleRecordError when somebody else saved first,
    ValidationError at the field, NotAllowedError."""
    access.require(by, Action.EDIT, case)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"ett ärende har inget {', '.join(sorted(unknown))}")
    if values.get("secret", case.secret) != case.secret:
        access.require(by, Action.EDIT, Resource.SECRETS, case.committee)
    with transaction.atomic():
        draft = Case.objects.get(pk=case.pk)
        continued = draft.continues_id
        for name, value in values.items():
            setattr(draft, name, value)
        _check(draft, by, continues=draft.continues_id != continued)
        if "number" in values:
            values["number"] = " ".join(values["number"].split())
            values["number_key"] = free_key(case.committee, values["number"], by, but=case.pk)
        if "opened_on" in values or "number" in values:
            parsed = numbers.parse(values.get("number_key", case.number_key))
            values["year"] = parsed.year if parsed else draft.opened_on.year
        case.save_over(expected_revision, **values)
        access.record(by, "case.changed", case, fields=sorted(set(values) & set(FIELDS)))
        follow_up(case, by)
    return case


def answer_case(case: Case, by: Person, on: date | None = None, note: str = "") -> Case:
    """Say that a referral (or another case with an answer date) has been answered."""
    access.require(by, Action.EDIT, case)
    day = on or timezone.localdate()
    if day < case.opened_on:
        raise ValidationError({"on": "Ärendet kan inte ha besvarats före dagen då det registrerades."})
    with transaction.atomic():
        write_over(case, answered_on=day)
        CaseStep.objects.create(case=case, on=day, note=note.strip() or "Besvarat", by=by)
        access.record(by, "case.answered", case)
        follow_up(case, by)
    return case


def note_union(case: Case, by: Person, on: date, note: str = "") -> Case:
    """Say when the unions were consulted, and what they brought forward."""
    access.require(by, Action.EDIT, case)
    if on < case.opened_on:
        raise ValidationError({"on": "Samverkan kan inte ha skett före dagen då ärendet registrerades."})
    with transaction.atomic():
        write_over(case, union_due=True, union_on=on, union_note=note.strip())
        access.record(by, "case.union_consulted", case)
    return case
