"""What is decided at an item: decision points, reservations, and assignments caught (7-meetings 7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from roder import access
from roder.access import Action
from roder.core.models import StaleRecordError
from roder.core.words import joined
from roder.meetings.models import (
    AgendaItem,
    Ballot,
    BodyMember,
    Case,
    DecisionPoint,
    Dispatch,
    ItemPaper,
    MinuteItem,
    Presence,
    Proposal,
    Reservation,
    Vote,
    Watch,
)
from roder.meetings.rules import cases as case_rules
from roder.meetings.rules import session as session_rules
from roder.meetings.rules import votes as rules
from roder.meetings.rules.session import SessionFault
from roder.meetings.services.attendance import hold_item, presences, serving_at
from roder.meetings.services.members import members_on
from roder.meetings.services.votes import held, motions
from roder.organisation.models import Body, Person, Unit

Outcome = MinuteItem.Outcome
#: where a case is when a body has dealt with it
PHASES = {
    Body.Kind.SUBCOMMITTEE: Case.Phase.SUBCOMMITTEE,
    Body.Kind.COMMITTEE: Case.Phase.COMMITTEE,
    Body.Kind.EXECUTIVE_BOARD: Case.Phase.EXECUTIVE_BOARD,
    Body.Kind.COUNCIL: Case.Phase.COUNCIL,
}
#: the body in definite form, as its minutes write it
NOUNS = {
    Body.Kind.SUBCOMMITTEE: "utskottet",
    Body.Kind.COMMITTEE: "nämnden",
    Body.Kind.EXECUTIVE_BOARD: "kommunstyrelsen",
    Body.Kind.COUNCIL: "kommunfullmäktige",
}


# --- what is proposed to write ------------------------------------------------------------------------------------


def _letter(item: AgendaItem, by: Person) -> dict[str, Any]:
    """The official letter among the item's papers that the person may see; empty when there is none."""
    papers = access.visible(by, ItemPaper.objects.filter(item=item, version__letter__isnull=False))
    paper = papers.select_related("version").order_by("position", "id").first()
    return paper.version.letter or {} if paper else {}


def proposed_points(item: AgendaItem, by: Person) -> list[str]:
    """The decision points that the letter proposes."""
    return [str(one).strip() for one in _letter(item, by).get("proposal", ()) if str(one).strip()]


def proposed_recipients(item: AgendaItem, by: Person) -> list[dict[str, str]]:
    """Who the letter says that the decision is to be sent to."""
    return list(_letter(item, by).get("recipients", ()))


def proposed_summary(item: AgendaItem, by: Person) -> str:
    """The summary of the case in the letter, or of the case itself."""
    return str(_letter(item, by).get("summary", "") or (item.case.summary if item.case else ""))


def proposed_procedure(item: AgendaItem, outcome: str = "") -> str:
    """The procedure in words, from proposals and votes; empty when nothing stood against anything."""
    carried = {
        one.pk: one.carried if one.carried is not None else rules.derived(one.kind, outcome)
        for one in Proposal.objects.filter(item=item, withdrawn=False)
    }
    body = NOUNS[Body.Kind(item.meeting.body.kind)]
    return rules.procedure(rules.Conclusion(body, outcome, motions(item), held(item), carried))


def union_reminder(item: AgendaItem) -> str:
    """What to say about union consultation before the item is decided; empty when nothing is due."""
    case = item.case
    if case is None or not case.union_due or case.union_on is not None:
        return ""
    return f"Facklig samverkan krävs i ärende {case.number}, men är inte antecknad. Anteckna den på ärendet."


# --- the decision -----------------------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    item: AgendaItem,
    by: Person,
    *,
    points: Sequence[str],
    outcome: str,
    procedure: str = "",
    recipients: Iterable[Mapping[str, str]] = (),
    repeals: MinuteItem | None = None,
    summary: str | None = None,
    preparation: str | None = None,
    immediate: bool | None = None,
    carried: Mapping[int, bool | None] | None = None,
    expected_revision: int | None = None,
) -> MinuteItem:
    """Write what the body decided at an item: its points, the outcome and how it was reached. May be done again.

    ``expected_revision``: the paragraph's revision that the form was filled in over, 0 when there was none.
    ``carried``: {the proposal's key: whether it was carried}, where the outcome does not say it. What ``summary``,
    ``preparation`` and ``immediate`` leave out (None) stays as it is. The case moves with the outcome.
    Raises SessionFault at the field that is wrong, StaleRecordError when another secretary was first.
    """
    item = hold_item(item, by, Action.DECIDE)
    texts = [one.strip() for one in points if one.strip()]
    sent = _recipients(recipients)
    _may_decide(item, texts, outcome, repeals, by)
    paragraph = MinuteItem.objects.select_for_update(of=("self",)).filter(item=item).first()
    if expected_revision is not None and (paragraph.revision if paragraph else 0) != expected_revision:
        raise StaleRecordError(paragraph if paragraph else item)
    before = paragraph.outcome if paragraph else ""
    values: dict[str, Any] = {
        "heading": item.title, "outcome": outcome, "procedure": procedure.strip(), "recipients": sent,
        "repeals": repeals, "decided": rules.points_text(texts),
    }  # fmt: skip
    more = {"summary": summary, "preparation": preparation, "immediate": immediate}
    values |= {name: value for name, value in more.items() if value is not None}
    if paragraph is None:
        meeting = item.meeting
        paragraph = MinuteItem(item=item, body=meeting.body, year=meeting.date.year, **values)
        paragraph.full_clean()
        paragraph.save()
    else:
        paragraph.save_over(paragraph.revision, **values)
    _write_points(paragraph, texts)
    _settle(item, outcome, carried or {})
    if outcome != before:
        _move_case(item, outcome, by)
    access.record(by, "item.decided", item, outcome=outcome, points=len(texts))
    return paragraph


def _waits_for_nothing(item: AgendaItem, outcome: str, by: Person) -> None:
    """Refuse a decision in a case that waits for another. A subcommittee prepares it, and it may always be put off."""
    from roder.meetings.services import cases  # noqa: PLC0415 - cases know agenda items

    settles = outcome in (Outcome.APPROVED, Outcome.CHANGED, Outcome.REJECTED)
    prepares = item.meeting.body.kind == Body.Kind.SUBCOMMITTEE
    if item.case is None or item.kind != AgendaItem.Kind.DECISION or not settles or prepares:
        return
    if why := cases.why_not_decided(item.case, by, unions=False):
        raise SessionFault(why, field="outcome")


def _may_decide(
    item: AgendaItem, points: list[str], outcome: str, repeals: MinuteItem | None, by: Person
) -> None:
    if outcome not in Outcome.values:
        raise SessionFault("Välj vad beslutet blev.", field="outcome")
    if not points:
        raise SessionFault("Skriv minst en beslutspunkt.", field="points")
    if Vote.objects.filter(item=item, ended_at=None).exists():
        raise SessionFault("Voteringen på punkten är inte avslutad. Avsluta eller ta bort den först.")
    _waits_for_nothing(item, outcome, by)
    meeting = item.meeting
    ordinary = sum(not one.substitute for one in members_on(meeting.body, meeting.date))
    serving = len(serving_at(item))
    if ordinary and not session_rules.may_decide(ordinary, serving):
        raise SessionFault(
            f"{meeting.body.name} är inte beslutför: {serving} tjänstgör, men minst "
            f"{session_rules.quorum(ordinary)} av {ordinary} behövs. Rätta närvaron eller kalla in ersättare."
        )
    if repeals is None:
        return
    if not access.may(by, Action.VIEW, repeals):
        raise SessionFault("Beslutet som ska upphävas finns inte.", field="repeals")
    if repeals.body_id != meeting.body_id:
        raise SessionFault(
            f"Bara {meeting.body.name}s egna beslut kan upphävas här. Välj ett annat beslut.", field="repeals"
        )
    if repeals.item_id == item.pk or not repeals.outcome:
        raise SessionFault("Välj ett tidigare beslut att upphäva.", field="repeals")


def _recipients(given: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Those who get the decision, each once. Raises SessionFault."""
    found: dict[str, dict[str, str]] = {}
    for one in given:
        name, purpose = str(one.get("name", "")).strip(), str(one.get("purpose", "") or "FK")
        if not name:
            continue
        if purpose not in Dispatch.Purpose.values:
            raise SessionFault(
                f"Skriv FÅ (för åtgärd) eller FK (för kännedom) för {name}.", field="recipients"
            )
        found[name.casefold()] = {"name": name, "purpose": purpose}
    return list(found.values())


def _write_points(paragraph: MinuteItem, texts: list[str]) -> None:
    old = {one.position: one for one in DecisionPoint.objects.filter(paragraph=paragraph)}
    for position, text in enumerate(texts, start=1):
        point = old.pop(position, None)
        if point is None:
            point = DecisionPoint(paragraph=paragraph, position=position, text=text)
            point.full_clean()
            point.save()
        elif point.text != text:
            point.save_over(point.revision, text=text)
    for point in old.values():
        point.delete()


def _settle(item: AgendaItem, outcome: str, carried: Mapping[int, bool | None]) -> None:
    """Say of each proposal whether it was carried."""
    for one in Proposal.objects.filter(item=item, withdrawn=False):
        came = carried.get(one.pk, rules.derived(one.kind, outcome))
        if one.carried != came:
            one.save_over(one.revision, carried=came)


def _move_case(item: AgendaItem, outcome: str, by: Person) -> None:
    """Send the case where the decision sends it."""
    from roder.meetings.services import cases  # noqa: PLC0415 - cases know agenda items

    case, body, on = item.case, item.meeting.body, item.meeting.date
    if case is None or item.kind != AgendaItem.Kind.DECISION or case.phase == Case.Phase.CLOSED:
        return
    why = f"Beslut i {body.short_name} {on:%Y-%m-%d}"
    to = {
        Outcome.RETURNED: (Case.Course.RETURNED, cases.send_back),
        Outcome.DEFERRED: (Case.Course.DEFERRED, cases.defer),
        Outcome.WITHDRAWN: (Case.Course.WITHDRAWN, cases.withdraw),
    }
    try:
        if outcome in to:
            course, deed = to[Outcome(outcome)]
            if case.course != course:
                deed(case, by, why, item=item)
        elif outcome != Outcome.NOTED:
            _carry_on(case, PHASES[Body.Kind(body.kind)], by, item, why)
    except ValidationError as error:
        raise SessionFault(f"Ärende {case.number}: {' '.join(error.messages)}", field="outcome") from error


def _carry_on(case: Case, phase: str, by: Person, item: AgendaItem, why: str) -> None:
    """A case that was decided goes on: it is resumed if it lay, and is where the body is, or further."""
    from roder.meetings.services import cases  # noqa: PLC0415 - cases know agenda items

    ahead = case_rules.place(phase) > case_rules.place(case.phase)
    if case.course == Case.Course.WITHDRAWN or (case.course != Case.Course.ACTIVE and not ahead):
        cases.resume(case, by, why, item=item)
    if ahead:
        cases.move(case, phase, by, on=item.meeting.date, item=item, note=why)


# --- reservations and statements ------------------------------------------------------------------------------------


def took_part(item: AgendaItem) -> dict[int, session_rules.Part]:
    """Each member's part in the decision at an item, by key: whether they took part, and on which side they were."""
    last = Vote.objects.filter(item=item, ended_at__isnull=False).order_by("-position").first()
    sides = dict(Ballot.objects.filter(vote=last).values_list("member_id", "choice")) if last else {}
    served = {one.pk for one in serving_at(item)} | set(sides)
    rows = Proposal.objects.filter(item=item, withdrawn=False).prefetch_related("members")
    lost: set[int] = set()
    carried: set[int] = set()
    for one in rows:
        if one.carried is not None:
            (carried if one.carried else lost).update(member.pk for member in one.members.all())
    return {key: session_rules.Part(True, sides.get(key, ""), key in lost, key in carried) for key in served}


@transaction.atomic
def reserve(
    item: AgendaItem,
    members: Iterable[BodyMember],
    text: str,
    by: Person,
    *,
    kind: str = Reservation.Kind.RESERVATION,
    written: bool | None = None,
) -> Reservation:
    """A reservation against the decision, or a special statement (``kind`` "statement"), before the meeting ends.

    Only those who took part in the decision, and are not known to have been for it, may reserve themselves; all who
    are present may leave a statement. ``written``: handed in on paper; a text makes it so unless it is said otherwise.
    """
    item = hold_item(item, by)
    members = list(members)
    if not members:
        raise SessionFault("Välj vem eller vilka det gäller.", field="members")
    text = text.strip()
    if written and not text:
        raise SessionFault("Skriv av den skriftliga reservationen eller yttrandet.", field="text")
    if kind == Reservation.Kind.RESERVATION:
        if not MinuteItem.objects.filter(item=item).exclude(outcome="").exists():
            raise SessionFault("Punkten är inte beslutad än. Skriv beslutet först, sedan reservationen.")
        last = Vote.objects.filter(item=item, ended_at__isnull=False).order_by("-position").first()
        parts, won = took_part(item), last.won if last else ""
        nothing = session_rules.Part(False)
        rows = {one.pk: session_rules.may_not_reserve(parts.get(one.pk, nothing), won) for one in members}
        if faults := {key: why for key, why in rows.items() if why}:
            said = "; ".join(f"{one} {faults[one.pk]}" for one in members if one.pk in faults)
            raise SessionFault(
                f"Kan inte reservera sig: {said}. Ta bort markeringen.", field="members", rows=faults
            )
    else:
        there = {one.member_id for one in presences(item.meeting) if one.status == Presence.Status.PRESENT}
        if outside := [str(one) for one in members if one.pk not in there]:
            raise SessionFault(f"{joined(outside)} är inte närvarande.", field="members")
    found = Reservation(item=item, kind=kind, text=text, written=bool(text) if written is None else written)
    found.full_clean()
    found.save()
    found.members.set(members)
    access.record(by, "item.reservation_made", item, reservation=found.pk, kind=kind)
    return found


@transaction.atomic
def withdraw_reservation(reservation: Reservation, by: Person) -> None:
    """Take away a reservation or statement that was taken back or noted by mistake."""
    item = hold_item(reservation.item, by)
    access.record(by, "item.reservation_withdrawn", item, reservation=reservation.pk)
    reservation.delete()


# --- assignments ------------------------------------------------------------------------------------------------------


@transaction.atomic
def catch_assignment(
    paragraph: MinuteItem,
    by: Person,
    *,
    title: str,
    what: str = "",
    role: str,
    rhythms: Sequence[Any] = (),
    responsible: str = "",
    unit: Unit | None = None,
) -> Watch:
    """Put an assignment that was just decided on the balance list. ``rhythms`` as ``services.watches.add_watch``
    takes them: (kind, as printed, due rule or None, condition or None)."""
    from roder.meetings.services.watches import add_watch  # noqa: PLC0415 - watches know paragraphs

    item = hold_item(paragraph.item, by)
    if not paragraph.outcome:
        raise SessionFault("Punkten är inte beslutad än. Skriv beslutet först, sedan uppdraget.")
    if not title.strip():
        raise SessionFault("Skriv vad uppdraget gäller.", field="title")
    watch = add_watch(
        item.meeting.committee, title.strip(), by, what=what.strip(), decided_on=(item.meeting.date,),
        paragraph=paragraph, case=item.case, opened_on=item.meeting.date, responsible=responsible.strip(),
        role=role, unit=unit, rhythms=list(rhythms),
    )  # fmt: skip
    access.record(by, "item.assignment_caught", item, watch=watch.pk)
    return watch
