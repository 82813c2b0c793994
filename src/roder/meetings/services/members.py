"""Who sits in a body: ledamöter and ersättare between two dates (7-meetings 7.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

from roder import access
from roder.access import Action, Resource
from roder.core import day_checks
from roder.meetings.models import BodyMember
from roder.meetings.rules.session import Seat
from roder.organisation.models import Body, Person

Post = BodyMember.Post
#: posts of which a body has one at a time
SINGLE = (Post.CHAIR, Post.VICE_CHAIR, Post.SECOND_VICE_CHAIR)
#: in this order somebody presides
PRESIDES = (Post.CHAIR, Post.VICE_CHAIR, Post.SECOND_VICE_CHAIR)


def members_on(body: Body, day: date) -> QuerySet[BodyMember]:
    """Those who sit in a body a day: ledamöter and ersättare, in the body's order."""
    return (
        BodyMember.objects.filter(body=body, valid__contains=day)
        .select_related("stands_in_for")
        .order_by("order", "id")
    )


def seats(members: Iterable[BodyMember]) -> list[Seat]:
    """Members as the rules take them."""
    return [Seat(one.pk, one.party, one.substitute, one.order, one.stands_in_for_id) for one in members]


def period(from_day: date, until: date | None) -> DateRange:
    """From a day to and with another (None: until further notice). Raises ValidationError when it ends too soon, or
    at a day that nobody reckons with."""
    day_checks.require("from_day", from_day)
    day_checks.require("until", until, may_be_empty=True)
    if until is not None and until < from_day:
        raise ValidationError({"until": "Sista dagen är före den första. Ändra en av dem."})
    return DateRange(from_day, until + timedelta(days=1) if until else None)


def _check(member: BodyMember) -> None:
    """Refuse what a body cannot have: two chairs, the same person twice, a personal substitute of somebody else's."""
    same_time = BodyMember.objects.filter(body=member.body, valid__overlap=member.valid).exclude(pk=member.pk)
    if member.post in SINGLE and (other := same_time.filter(post=member.post).first()):
        raise ValidationError(
            {"post": f"{other} är redan {other.get_post_display()} då. Avsluta det uppdraget först."}
        )
    same = Q(name__iexact=member.name.strip(), party__iexact=member.party.strip())
    if member.person_id:
        same |= Q(person=member.person_id)
    if other := same_time.filter(same).first():
        raise ValidationError(
            {"name": f"{other} sitter redan i {member.body.name} då. Avsluta det uppdraget först."}
        )
    stands_in = member.stands_in_for
    if stands_in is None:
        return
    if not member.substitute:
        raise ValidationError({"stands_in_for": "Bara en ersättare kan vara personlig ersättare."})
    if stands_in.pk == member.pk or stands_in.substitute or stands_in.body_id != member.body_id:
        raise ValidationError({"stands_in_for": f"Välj en ordinarie ledamot i {member.body.name}."})


@transaction.atomic
def add_member(body: Body, committee: Body, by: Person, *, from_day: date, **values: Any) -> BodyMember:
    """Add somebody to a body from a day. ``until`` is the last day; without ``order`` they come last.

    Raises ValidationError at the field that is wrong.
    """
    access.require(by, Action.EDIT, Resource.MEETINGS, committee)
    until: date | None = values.pop("until", None)
    Body.objects.select_for_update().get(pk=body.pk)  # two secretaries do not give the same seat twice
    last = BodyMember.objects.filter(body=body).order_by("-order").first()
    values["order"] = values.get("order") or (last.order + 1 if last else 1)
    member = BodyMember(body=body, committee=committee, valid=period(from_day, until), **values)
    _check(member)
    member.full_clean()
    member.save()
    access.record(by, "member.added", member, body=body.pk, post=member.post)
    return member


@transaction.atomic
def change_member(member: BodyMember, by: Person, expected_revision: int, **values: Any) -> BodyMember:
    """Change a seat. Raises StaleRecordError when somebody else was first, ValidationError at the field."""
    access.require(by, Action.EDIT, member)
    if "from_day" in values:
        values["valid"] = period(values.pop("from_day"), values.pop("until", None))
    for name, value in values.items():
        setattr(member, name, value)
    _check(member)
    member.save_over(expected_revision, **values)
    access.record(by, "member.changed", member, fields=sorted(values))
    return member


@transaction.atomic
def end_member(member: BodyMember, by: Person, last_day: date) -> BodyMember:
    """End a seat: ``last_day`` is the last day. Raises ValidationError when it never began."""
    access.require(by, Action.EDIT, member)
    day_checks.require("last_day", last_day)
    ended = end_seat(member, last_day + timedelta(days=1))
    access.record(by, "member.ended", member, on=last_day.isoformat())
    return ended


def end_seat(member: BodyMember, first_day_without: date) -> BodyMember:
    """Cut a seat's time so that it does not hold from a day. The caller has checked the right."""
    if member.valid.lower is not None and member.valid.lower >= first_day_without:
        raise ValidationError(
            {"replaces": f"{member} tillträder först {member.valid.lower:%Y-%m-%d}. Välj en senare dag."}
        )
    if member.valid.upper is None or member.valid.upper > first_day_without:
        member.save_over(member.revision, valid=DateRange(member.valid.lower, first_day_without))
    return member
