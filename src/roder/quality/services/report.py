"""Report a deviation: by somebody who saw it, or by a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, NotAllowedError, Resource
from roder.access.matrix import allows
from roder.organisation.models import Body, Person, Unit
from roder.quality.models import Deviation, DeviationMatter
from roder.quality.rules import deviations as rules
from roder.quality.rules.supplements import changed, with_supplement
from roder.quality.services.handling import case_of, locked, settle, tell_line
from roder.quality.services.numbering import free_number
from roder.quality.services.practice import Practice, area_of, practice_of
from roder.steering.models import DeviationCause, DeviationType, ServiceArea

#: Roles that report for the units of their mandate only; the others meet people in the whole committee.
OWN_UNITS_ONLY = {"care_staff", "provider"}

#: (code of the type, code of the cause or "")
TypeCodes = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Sent:
    """A report as it comes from the form: nothing in it is trusted yet."""

    unit: Unit | None
    occurred_at: datetime | None
    #: whether the time was written; else it was said from when the form was sent ("just now")
    time_written: bool = False
    types: TypeCodes = ()
    discovered_at: datetime | None = None
    what: str = ""
    place: str = ""
    reference: str = ""
    immediate_action: str = ""
    told: str = ""
    severity: int | None = None
    work_environment: bool = False
    direction: str = "intern"
    counterpart: str = ""
    client_key: UUID | None = None


def reportable_units(by: Person, committee: Body) -> QuerySet[Unit]:
    """The units that somebody may report for: their own and those below for care staff and providers, else all of the
    committee."""
    held = [
        one
        for one in access.grants(by)
        if one.committee_id == committee.pk and allows(one.role, Resource.DEVIATIONS, Action.REPORT)
    ]
    units = Unit.objects.filter(committee=committee)
    if any(one.unit_id is None or one.role not in OWN_UNITS_ONLY for one in held):
        return units
    return units.filter(pk__in={unit for one in held for unit in one.units})


def own_units(by: Person, committee: Body) -> QuerySet[Unit]:
    """The units of the person's own mandates, nearest the work first: what a report is preset to."""
    mine = {unit for one in access.grants(by) if one.committee_id == committee.pk for unit in one.units}
    return Unit.objects.filter(pk__in=mine, kind=Unit.Kind.UNIT)


def types_of(committee: Body, codes: TypeCodes) -> list[tuple[DeviationType, DeviationCause | None]]:
    """The types and causes by code. Raises ValidationError for one that the committee does not have."""
    known = {one.code: one for one in DeviationType.objects.filter(committee=committee)}
    rows = DeviationCause.objects.filter(committee=committee, type__in=known.values())
    causes = {(one.type_id, one.code): one for one in rows}
    found: dict[tuple[int, int | None], tuple[DeviationType, DeviationCause | None]] = {}
    for code, cause_code in codes:
        kind = known.get(code)
        cause = causes.get((kind.pk, cause_code)) if kind and cause_code else None
        if kind is None or (cause_code and cause is None):
            raise ValidationError(
                {"types": f"Typen ”{(cause_code or code)[:60]}” finns inte i nämndens styrmodell."}
            )
        found[kind.pk, cause.pk if cause else None] = (kind, cause)
    with_cause = {kind for kind, cause in found if cause is not None}
    return [pair for (kind, cause), pair in found.items() if cause is not None or kind not in with_cause]


@transaction.atomic
def report(committee: Body, by: Person, sent: Sent, *, now: datetime | None = None) -> Deviation:
    """Report what happened. The unit's manager is told at once, and licensed staff when it is about health care.

    A report sent again with the same ``client_key`` gives the first one: a retry after a lost answer makes no second,
    and ``supplement`` keeps what it says more.
    Raises NotAllowedError without the right to report; ValidationError by field, in Swedish, for what is missing or
    wrong: place, time, unit, text with a personal identity number.
    """
    access.require(by, Action.REPORT, Resource.DEVIATIONS, committee)
    if again := _sent_before(by, sent.client_key):
        return again
    now = now or timezone.now()
    practice = practice_of(committee, now)
    faults: dict[str, Any] = {}
    if sent.unit is None:
        faults["unit"] = "Välj var det hände."
    elif not reportable_units(by, committee).filter(pk=sent.unit.pk).exists():
        faults["unit"] = (
            "Du hör inte till den enheten. Välj en enhet där du arbetar, eller be någon där rapportera."
        )
    faults |= rules.faults_of_times(sent.occurred_at, sent.discovered_at, now)
    if not sent.what.strip():
        faults["what"] = "Skriv kort vad som hände."
    if not sent.types:
        faults["types"] = "Välj minst en typ av händelse."
    if sent.severity is not None and practice.severity(sent.severity) is None:
        faults["severity"] = "Välj en av graderna."
    pairs: list[tuple[DeviationType, DeviationCause | None]] = []
    try:
        pairs = types_of(committee, sent.types)
    except ValidationError as error:
        faults |= error.message_dict
    area = area_of(sent.unit) if sent.unit else None
    draft = Deviation(
        committee=committee, municipality_id=committee.municipality_id, number="-", reporter=by,
        reporter_kind=_reporter_kind(by, committee), occurred_at=sent.occurred_at or now,
        discovered_at=sent.discovered_at or sent.occurred_at or now, reported_at=now, unit=sent.unit,
        service_area=area, law=rules.law_of((one.clinical for one, _ in pairs), area.law if area else ""),
        direction=sent.direction, counterpart=sent.counterpart, reference=sent.reference.strip(),
        place=sent.place.strip(), what=sent.what.strip(), immediate_action=sent.immediate_action.strip(),
        told=sent.told.strip(), severity_reported=sent.severity, work_environment=sent.work_environment,
        client_key=sent.client_key,
    )  # fmt: skip
    _check(draft, faults)
    try:
        with transaction.atomic():
            made = _save(draft, pairs, practice, by)
    except IntegrityError:
        if again := _sent_before(by, sent.client_key):
            return again
        raise
    access.record(by, "deviation.reported", made, number=made.number)
    _tell(made, pairs, practice)
    return made


def _sent_before(by: Person, key: UUID | None) -> Deviation | None:
    return Deviation.objects.filter(reporter=by, client_key=key).first() if key else None


#: What a report sent again may add to: the field, and the word before it in the supplement.
ADDED = (
    ("what", ""), ("place", "Plats"), ("reference", "Referens"), ("immediate_action", "Åtgärd direkt"),
    ("told", "Har fått veta"),
)  # fmt: skip


@transaction.atomic
def supplement(made: Deviation, by: Person, sent: Sent, *, now: datetime | None = None) -> bool:
    """Keep what a report that was sent again says more or otherwise than the first time, last in the text and in words;
    whether there was any.

    What stood there is never changed: the case may have been classified or handed over since. The unit's manager is
    told. Raises NotAllowedError for another's report; ValidationError for a personal identity number or too long a
    text.
    """
    if made.reporter_id != by.pk:
        raise NotAllowedError("Rapporten är någon annans.")
    row, now = locked(made), now or timezone.now()
    added = []
    for name, word in ADDED:
        said = getattr(sent, name).strip()
        line = f"{word}: {said}" if word else said
        if said and said != getattr(row, name) and line not in row.what:
            added.append(line)
    added += changed(row.what, _words_of_first(row), _words_of(row, sent))
    if not added:
        return False
    row.what = with_supplement(row.what, added, timezone.localtime(now))
    row.clean_fields(exclude=[one.name for one in Deviation._meta.fields if one.name != "what"])
    Deviation.objects.filter(pk=row.pk).update(changed_at=now, what=row.what)
    access.record(by, "deviation.supplemented", row, number=row.number)
    tell_line(row, f"Avvikelse {row.number} har fått ett tillägg", f"{row.unit}")
    return True


def _words_of(row: Deviation, sent: Sent) -> dict[str, str]:
    """What a report says in its choices and times, in words; a time that was not written is not said."""
    practice = practice_of(row.committee, row.reported_at)
    found = {
        "Enhet": str(sent.unit or ""), "Typ": _kinds(types_of(row.committee, sent.types)),
        "Allvarlighet": _severity(practice, sent.severity),
        "Rör arbetsmiljön": "ja" if sent.work_environment else "nej",
        "Riktning": _label("direction", sent.direction), "Motpart": _label("counterpart", sent.counterpart),
    }  # fmt: skip
    if sent.time_written and sent.occurred_at is not None:
        found["Hände"] = _time(sent.occurred_at)
    if sent.discovered_at is not None:
        found["Upptäcktes"] = _time(sent.discovered_at)
    return found


def _words_of_first(row: Deviation) -> dict[str, str]:
    """The same of what was reported first, also when others have changed it since."""
    first = row.events.order_by("pgh_id").first() or row  # type: ignore[attr-defined]  # made by pghistory
    classified = row.classifications.order_by("at", "pk").first()
    if classified is not None:
        codes = [(one[0], one[1]) for one in classified.types_before]
    else:
        matters = row.matters.select_related("type", "cause")
        codes = [(one.type.code, one.cause.code if one.cause else "") for one in matters]
    unit = Unit.objects.filter(pk=first.unit_id).first()
    sent = Sent(
        unit=unit, occurred_at=first.occurred_at, time_written=True, types=codes, discovered_at=first.discovered_at,
        severity=first.severity_reported, work_environment=first.work_environment, direction=first.direction,
        counterpart=first.counterpart,
    )  # fmt: skip
    return _words_of(row, sent)


def _kinds(pairs: Iterable[tuple[DeviationType, DeviationCause | None]]) -> str:
    return ", ".join(sorted(f"{kind} ({cause})" if cause else str(kind) for kind, cause in pairs))


def _severity(practice: Practice, value: int | None) -> str:
    found = practice.severity(value)
    return f"{found.value}. {found.label}" if found else str(value or "")


def _label(name: str, value: str) -> str:
    field: Any = Deviation._meta.get_field(name)
    return str(dict(field.choices).get(value, value)) if value else ""


def _time(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _reporter_kind(by: Person, committee: Body) -> str:
    return "provider" if access.roles(by, committee) <= {"provider"} else "staff"


def _check(draft: Deviation, faults: Mapping[str, Any]) -> None:
    """Raise ValidationError by field: what the report's rules found, and what the model's own validators find."""
    found: dict[str, Any] = dict(faults)
    checked = {"direction", "counterpart", "reference", "place", "what", "immediate_action", "told"}
    try:
        draft.clean_fields(exclude=[one.name for one in Deviation._meta.fields if one.name not in checked])
    except ValidationError as error:
        found = {**error.error_dict, **found}
    if found:
        raise ValidationError(found)


def _save(
    draft: Deviation,
    pairs: Iterable[tuple[DeviationType, DeviationCause | None]],
    practice: Practice,
    by: Person | None,
) -> Deviation:
    year = timezone.localtime(draft.reported_at).year
    draft.number = free_number(Deviation, draft.municipality_id, "deviation", year)
    draft.save()
    DeviationMatter.objects.bulk_create(
        DeviationMatter(deviation=draft, type=kind, cause=cause) for kind, cause in pairs
    )
    settle(draft, case_of(draft, (), ()), practice, by, draft.reported_at)
    return draft


def _tell(made: Deviation, pairs: Sequence[tuple[DeviationType, Any]], practice: Practice) -> None:
    """Tell the unit's manager at once; and who decides, when the reporter finds it serious. No text of the case."""
    kinds = ", ".join(dict.fromkeys(kind.label for kind, _ in pairs))
    where = f"{made.unit}: {kinds}" if kinds else str(made.unit)
    tell_line(made, f"Avvikelse {made.number} är rapporterad", where)
    if practice.serious(made.severity_reported):
        tasks.notify(
            tasks.Owner(rules.decides(made.law)[0], unit=made.unit),
            f"Avvikelse {made.number} bedöms som allvarlig av den som rapporterade", where, about=made,
        )  # fmt: skip


@transaction.atomic
def create_by_rule(
    committee: Body,
    *,
    unit: Unit,
    occurred_at: datetime,
    rule: str,
    what: str,
    law: str,
    types: Iterable[str],
    reference: str,
    reported_at: datetime,
    service_area: ServiceArea | None = None,
) -> tuple[Deviation, bool]:
    """A deviation that a rule of the steering model makes: (deviation, whether it was made now).

    There is one for each rule and reference in a committee, however many times the rule is run. ``types`` are codes of
    types; codes that the committee does not have are left aside. The unit's manager is told.
    """
    found = Deviation.objects.filter(committee=committee, rule=rule, reference=reference).first()
    if found is not None:
        return found, False
    known = DeviationType.objects.filter(committee=committee, code__in=list(types))
    draft = Deviation(
        committee=committee, municipality_id=committee.municipality_id, number="-", reporter_kind="rule",
        occurred_at=occurred_at, discovered_at=reported_at, reported_at=reported_at, unit=unit,
        service_area=service_area or area_of(unit), law=law, what=what, reference=reference, rule=rule,
    )  # fmt: skip
    _check(draft, rules.faults_of_times(occurred_at, reported_at, timezone.now()))
    pairs = [(one, None) for one in known]
    practice = practice_of(committee, reported_at)
    try:
        with transaction.atomic():
            made = _save(draft, pairs, practice, None)
    except IntegrityError:
        return Deviation.objects.get(committee=committee, rule=rule, reference=reference), False
    access.record(None, "deviation.reported", made, number=made.number, rule=rule)
    _tell(made, pairs, practice)
    return made, True
