"""Deputies: who stands in for whom, between two dates. For the time, they have the rights and the tasks.

Elected and independent posts have no deputies that people choose themselves: the council chooses the substitutes of
members, and nobody audits or administers for somebody else. Källa: kommunallagen (2017:725) 5 kap. 17–19 §§, 12 kap.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access.mandates import committee_of, committees_where, of_committees
from roder.access.matrix import Action
from roder.access.rights import NOT_DEPUTISED, NotAllowedError, User
from roder.organisation.models import Deputy, Mandate, Person
from roder.tasks.rings import StandsIn, ring

LONGEST = timedelta(days=366)


def _held(person: Person) -> QuerySet[Mandate]:
    """The person's mandates today."""
    return Mandate.objects.filter(person=person, valid__contains=timezone.localdate())


def mandates_to_lend(person: Person, by: Person) -> QuerySet[Mandate]:
    """The person's mandates that ``by`` may appoint somebody for: one's own, or those of committees one administers."""
    rows = _held(person).exclude(role__in=NOT_DEPUTISED)
    if by.pk != person.pk:
        rows = rows.filter(of_committees(committees_where(by, Action.ADMINISTER)))
    return rows.select_related("body__municipality", "unit").order_by("pk")


def may_lend_all(person: Person, by: Person) -> bool:
    """Whether ``by`` may appoint somebody for all of the person's mandates: one's own, or when all of them, at least
    one, are in committees that one administers. Else rights in another committee would be given away with them."""
    if by.pk == person.pk:
        return True
    lent = _held(person).exclude(role__in=NOT_DEPUTISED).select_related("body__parent", "unit__committee")
    return _all_in({committee_of(one).pk for one in lent}, committees_where(by, Action.ADMINISTER))


def _all_in(held: set[int], administered: set[int]) -> bool:
    return bool(held) and held <= administered


def others(by: Person) -> QuerySet[Person]:
    """The other people that ``by`` may appoint a deputy for: those with a mandate today where one administers."""
    lent = Mandate.objects.filter(
        of_committees(committees_where(by, Action.ADMINISTER)), valid__contains=timezone.localdate()
    ).exclude(role__in=NOT_DEPUTISED)
    return Person.objects.filter(pk__in=lent.values("person")).exclude(pk=by.pk).order_by("name", "pk")


def candidates(person: Person) -> QuerySet[Person]:
    """Who may stand in: people with a mandate today in the same committees."""
    ids = {committee_of(one).pk for one in _held(person).select_related("body__parent", "unit__committee")}
    colleagues = Mandate.objects.filter(of_committees(ids), valid__contains=timezone.localdate())
    rows = Person.objects.filter(pk__in=colleagues.values("person"), is_active=True)
    return rows.exclude(pk=person.pk).order_by("name", "pk")


def appoint(
    by: Person,
    stand_in: Person,
    *,
    first: date,
    last: date,
    person: Person | None = None,
    mandate: Mandate | None = None,
) -> Deputy:
    """Let ``stand_in`` stand in for a person (all their mandates) or for one mandate, from ``first`` to and with
    ``last``, a year at most. People do it for themselves; those who administer the organisation do it for others.

    Raises NotAllowedError; ValidationError at ``stand_in``, ``mandate``, ``first`` or ``last``: a deputy for oneself,
    one who is appointed already for some of the days, and one who is away in their turn and has the person, directly
    or through others, as deputy.
    """
    whose = person or (mandate.person if mandate else None)
    if whose is None:
        raise ValidationError({"mandate": "Välj vem eller vilket mandat ersättaren går in för."})
    _require(by, whose, mandate)
    if last < first:
        raise ValidationError(
            {"last": f"Sista dagen är före första dagen. Ange {first.isoformat()} eller senare."}
        )
    if stand_in.pk == whose.pk:
        raise ValidationError({"stand_in": "Välj någon annan: ingen är sin egen ersättare."})
    if last - first > LONGEST:
        raise ValidationError({"last": "En ersättare utses för högst ett år i taget."})
    if last < timezone.localdate():
        raise ValidationError({"last": "Den tiden är redan förbi."})
    if mandate is not None and mandate.role in NOT_DEPUTISED:
        raise ValidationError(
            {"mandate": f"Ingen kan utse en ersättare för {mandate.get_role_display()} här."}
        )
    if not candidates(whose).filter(pk=stand_in.pk).exists():
        raise ValidationError({"stand_in": "Välj någon som har ett uppdrag i samma nämnd."})
    _refuse_twice(whose, mandate, stand_in, first, last)
    _refuse_ring(whose, stand_in, first, last)
    deputy = Deputy(
        person=person if mandate is None else None,
        mandate=mandate,
        stand_in=stand_in,
        valid=DateRange(first, last + timedelta(days=1)),
        given_by=by,
    )
    with transaction.atomic():
        deputy.full_clean()
        deputy.save()
        access.record(
            by,
            "deputy.appointed",
            deputy,
            stand_in=stand_in.pk,
            first=first.isoformat(),
            last=last.isoformat(),
        )
    return deputy


def _refuse_twice(whose: Person, mandate: Mandate | None, stand_in: Person, first: date, last: date) -> None:
    """The same deputy is not appointed twice for the same tasks and days."""
    same = Q(person=whose) | (Q(mandate=mandate) if mandate is not None else Q(mandate__person=whose))
    days = DateRange(first, last + timedelta(days=1))
    now = Deputy.objects.filter(same, stand_in=stand_in, valid__overlap=days).order_by("valid").first()
    if now is not None:
        until = now.valid.upper - timedelta(days=1)
        raise ValidationError(
            {
                "stand_in": f"{stand_in} är redan utsedd till ersättare {now.valid.lower.isoformat()} till "
                f"{until.isoformat()}. Avsluta den ersättningen först, eller välj andra dagar."
            }
        )


def _refuse_ring(whose: Person, stand_in: Person, first: date, last: date) -> None:
    """Nobody would do the tasks if those who stand in for each other were all away at once."""
    days = DateRange(first, last + timedelta(days=1))
    rows = Deputy.objects.filter(valid__overlap=days).select_related("mandate")
    known = [
        StandsIn(
            one.person_id or (one.mandate.person_id if one.mandate else 0), one.stand_in_id, one.valid.lower,
            one.valid.upper - timedelta(days=1),
        )
        for one in rows
    ]  # fmt: skip
    chain = ring(known, StandsIn(whose.pk, stand_in.pk, first, last))
    if chain is None:
        return
    between = {one.away for one in chain[1:]}
    names = [str(one) for one in Person.objects.filter(pk__in=between).order_by("name")]
    through = f", genom {' och '.join(names)}," if names else ""
    raise ValidationError(
        {
            "stand_in": f"{stand_in} har själv{through} {whose} som ersättare under en del av tiden. Då gör ingen "
            "uppgifterna. Välj någon annan, eller andra dagar."
        }
    )


def end(deputy: Deputy, by: Person) -> None:
    """End it: from tomorrow the deputy has no more rights; one that has not begun is taken away.

    Raises NotAllowedError. Ending what is over already is no fault."""
    whose = deputy.person or (deputy.mandate.person if deputy.mandate else None)
    if whose is None:  # pragma: no cover - the database refuses it
        return
    _require(by, whose, deputy.mandate)
    today = timezone.localdate()
    with transaction.atomic():
        row = Deputy.objects.select_for_update(of=("self",)).filter(pk=deputy.pk).first()
        if row is None or row.valid.upper <= today:
            return
        access.record(by, "deputy.ended", row, stand_in=row.stand_in_id)
        if row.valid.lower >= today:
            row.delete()
        else:
            row.valid = DateRange(row.valid.lower, today)
            row.revision += 1
            row.save(update_fields=["valid", "revision", "changed_at"])


def endable(rows: Iterable[Deputy], by: Person) -> set[int]:
    """Which of some deputies (as ``seen`` gives them) ``by`` may end, by their numbers. One question for them all."""
    rows, mine = list(rows), committees_where(by, Action.ADMINISTER)
    people = {one.person_id for one in rows if one.person_id and one.person_id != by.pk}
    held = Mandate.objects.filter(person__in=people, valid__contains=timezone.localdate())
    held = held.exclude(role__in=NOT_DEPUTISED)
    committees: dict[int, set[int]] = {}
    for mandate in held.select_related("body__parent", "unit__committee"):
        committees.setdefault(mandate.person_id, set()).add(committee_of(mandate).pk)
    return {one.pk for one in rows if _may_end(one, by, committees, mine)}


def _may_end(one: Deputy, by: Person, committees: dict[int, set[int]], mine: set[int]) -> bool:
    if one.mandate is not None:
        return one.mandate.person_id == by.pk or committee_of(one.mandate).pk in mine
    return one.person_id == by.pk or _all_in(committees.get(one.person_id or 0, set()), mine)


def _may(by: Person, whose: Person, mandate: Mandate | None) -> bool:
    if mandate is None or by.pk == whose.pk:
        return may_lend_all(whose, by)
    return committee_of(mandate).pk in committees_where(by, Action.ADMINISTER)


def _require(by: Person, whose: Person, mandate: Mandate | None) -> None:
    if not _may(by, whose, mandate):
        raise NotAllowedError(
            "Du kan utse ersättare för dig själv. För andra gör systemförvaltaren det, för uppdrag i de nämnder som "
            "hen förvaltar."
        )


def seen(user: User) -> QuerySet[Deputy]:
    """The deputies that concern the person, and for those who administer everybody's in their committees; those to come
    and those of the last month."""
    ids = committees_where(user, Action.ADMINISTER)
    concerns = Q(stand_in=user.pk) | Q(person=user.pk) | Q(mandate__person=user.pk)
    if ids:
        held = Mandate.objects.filter(of_committees(ids))
        concerns |= Q(mandate__in=held.values("pk")) | Q(person__in=held.values("person"))
    recent = timezone.localdate() - timedelta(days=31)
    rows = Deputy.objects.filter(concerns, valid__endswith__gte=recent)
    return rows.select_related(
        "person",
        "stand_in",
        "mandate__person",
        "mandate__unit__committee",
        "mandate__body__municipality",
        "mandate__body__parent",
        "given_by",
    ).order_by("-valid", "pk")
