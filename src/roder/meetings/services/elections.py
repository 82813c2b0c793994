"""Elections in session: who is elected to what, in whose place, and for how long (7-meetings 7.4)."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.deletion import ProtectedError

from roder import access
from roder.meetings.models import AgendaItem, BodyMember, Election
from roder.meetings.rules.session import SessionFault
from roder.meetings.services.attendance import hold_item
from roder.meetings.services.members import add_member, end_seat
from roder.organisation.models import Body, Person


@transaction.atomic
def elect(
    item: AgendaItem,
    by: Person,
    *,
    body: Body,
    post: str,
    name: str,
    party: str,
    replaces: BodyMember | None = None,
    stands_in_for: BodyMember | None = None,
    from_day: date | None = None,
    until: date | None = None,
    person: Person | None = None,
) -> Election:
    """An election: the new seat holds from the day (the meeting's unless another is given).

    ``replaces`` ends the seat of the one who leaves; the new one holds its place and, unless ``until`` is given, the
    rest of its time. Of a personal substitute the time is that of the member they stand in for. Somebody who sits in
    the body in another post (a substitute who becomes ordinary) leaves that one. Raises SessionFault at the field.
    """
    item = hold_item(item, by)
    first = from_day or item.meeting.date
    committee = item.meeting.committee
    if committee.pk not in (body.pk, body.parent_id) and body.pk != item.meeting.body_id:
        raise SessionFault("Organet hör inte till nämnden. Välj ett annat.", field="body")
    for field, one in (("replaces", replaces), ("stands_in_for", stands_in_for)):
        if one is not None and one.body_id != body.pk:
            raise SessionFault(f"{one} sitter inte i {body.name}. Välj någon annan.", field=field)
    if stands_in_for is not None:
        post = BodyMember.Post.SUBSTITUTE
    term_of = replaces or stands_in_for
    if until is None and term_of is not None and term_of.valid.upper is not None:
        until = term_of.valid.upper - timedelta(days=1)
    try:
        if replaces is not None:
            end_seat(replaces, first)
        for old in BodyMember.objects.filter(
            body=body, name__iexact=name.strip(), party__iexact=party.strip(), valid__contains=first
        ):
            end_seat(old, first)
        seat = add_member(
            body, committee, by, from_day=first, until=until, name=name.strip(), party=party.strip(), post=post,
            stands_in_for=stands_in_for, person=person, order=replaces.order if replaces else None,
        )  # fmt: skip
    except ValidationError as error:
        field, said = next(iter(getattr(error, "message_dict", {"": error.messages}).items()))
        raise SessionFault(" ".join(said), field=field) from error
    found = Election(
        item=item, body=body, post=post, name=seat.name, party=seat.party, elected=seat, replaces=replaces,
        stands_in_for=stands_in_for, from_day=first, until=until,
    )  # fmt: skip
    found.full_clean()
    found.save()
    access.record(by, "item.elected", item, member=seat.pk, body=body.pk, post=post)
    return found


@transaction.atomic
def withdraw_election(election: Election, by: Person) -> None:
    """Take back an election that was noted by mistake: the new seat goes and the old one holds as before."""
    item = hold_item(election.item, by)
    seat, replaced, upper = election.elected, election.replaces, election.until
    election.delete()
    if seat is not None:
        try:
            seat.delete()
        except ProtectedError as error:
            raise SessionFault(
                f"{seat} har redan tjänstgjort. Avsluta uppdraget i registret i stället."
            ) from error
    if replaced is not None:
        until = upper + timedelta(days=1) if upper else None
        kept = BodyMember.objects.get(pk=replaced.pk)
        kept.save_over(kept.revision, valid=DateRange(kept.valid.lower, until))
    access.record(by, "item.election_withdrawn", item)
