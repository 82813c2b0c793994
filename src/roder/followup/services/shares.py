"""Who is expected to report what: shares from above to a part of the organisation (delning)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Model

from roder import access
from roder.access import Action, Resource
from roder.core.faults import constraint_of
from roder.core.models import Record
from roder.followup.faults import SheetFault
from roder.followup.models import Share
from roder.followup.parts import PARTS, Declared, Scope, Subject
from roder.followup.rules.expect import Key, Tree
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import Occasion
from roder.steering.phases import includes_of

#: The kinds of record that may be shared: what is not the unit's own, as activities and its economy are.
SHARED = ("steering.goal", "steering.assignment", "control.control", "control.criticalfactor")


@transaction.atomic
def share(
    subject: Record,
    committee: Body,
    by: Person | None,
    unit: Unit | None = None,
    with_below: bool = True,
    from_year: int | None = None,
    to_year: int | None = None,
) -> Share:
    """Let a unit (None: every unit that reports) report on a goal, assignment, control or factor.

    ``from_year`` and ``to_year`` are both years included; without them the subject's own. An open round gets it when it
    is opened again. Raises NotAllowedError; SheetFault at the field, also when it is shared already.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.FOLLOW_UP, committee)
    first = from_year if from_year is not None else _year(subject, "from_year")
    last = to_year if to_year is not None else max(first, _year(subject, "to_year"))
    errors: dict[str, str] = {}
    if subject._meta.label_lower not in SHARED:
        errors["subject"] = "Välj ett mål, ett uppdrag, ett kontrollmoment eller en kritisk faktor."
    elif getattr(subject, "committee_id", None) != committee.pk:
        errors["subject"] = "Välj något som är nämndens eget."
    if unit is not None and unit.committee_id != committee.pk:
        errors["unit"] = "Välj en av nämndens egna enheter."
    elif unit is not None and unit.external:
        errors["unit"] = "En extern utförare rapporterar inte här. Välj en enhet i den egna förvaltningen."
    if last < first:
        errors["to_year"] = f"Till år är före från år {first}. Ange {first} eller senare."
    if errors:
        raise SheetFault(errors)
    row = Share(
        committee=committee, subject_kind=subject._meta.label_lower, subject_id=subject.pk, unit=unit,
        with_below=with_below, from_year=first, to_year=last,
    )  # fmt: skip
    same = Share.objects.filter(
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        unit=unit,
        from_year__lte=last,
        to_year__gte=first,
    )
    if same.exists():
        raise SheetFault({"unit": _twice(unit)})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) != "shared_once":
            raise
        raise SheetFault({"unit": _twice(unit)}) from None
    access.record(
        by, "share.added", row, about=f"{row.subject_kind}:{row.subject_id}", unit=unit.pk if unit else None
    )
    return row


def _twice(unit: Unit | None) -> str:
    whose = f"till {unit.name}" if unit is not None else "till alla enheter"
    return f"Det är redan delat {whose} för de åren. Ta bort den delningen först, om något ska ändras."


def _year(subject: Model, name: str) -> int:
    found = getattr(subject, name, None) or getattr(subject, "year", None)
    if found is None:
        plan = getattr(getattr(subject, "point", None), "plan", None)
        found = getattr(plan, "year", None)
    if found is None:
        raise SheetFault({"from_year": "Ange vilka år det gäller."})
    return int(found)


@transaction.atomic
def unshare(row: Share, by: Person) -> None:
    """Take a share away. What is written stays; what nobody has begun goes when the round is opened again.

    Raises NotAllowedError."""
    access.require(by, Action.EDIT, Resource.FOLLOW_UP, row.committee)
    access.record(by, "share.removed", row, about=f"{row.subject_kind}:{row.subject_id}", unit=row.unit_id)
    row.delete()


@dataclass(frozen=True)
class Shareable:
    """What may be shared in a year: a part's subjects, with the shares that each has now."""

    part: Declared
    subjects: list[tuple[Subject, list[Share]]]


def shareable(committee: Body, occasion: Occasion) -> list[Shareable]:
    """The subjects of an occasion's parts that may be shared, with their shares in its year. The number of queries does
    not grow with them. The caller has asked for the right to see them."""
    rows = Share.objects.filter(
        committee=committee, from_year__lte=occasion.year, to_year__gte=occasion.year
    ).select_related("unit")
    shared: dict[Key, list[Share]] = {}
    for row in rows.order_by("unit__code", "pk"):
        shared.setdefault((row.subject_kind, row.subject_id), []).append(row)
    scope = Scope(occasion, {}, Tree({}, frozenset()), includes_of(occasion))
    found = []
    for part in PARTS.values():
        if not part.brought_by(scope.includes):
            continue
        subjects = [one for one in part.subjects(scope) if one.key[0] in SHARED]
        if subjects:
            found.append(Shareable(part, [(one, shared.get(one.key, [])) for one in subjects]))
    return found
