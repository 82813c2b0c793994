"""From the session to locked minutes: opened and numbered, edited, checked, attested, locked, put up (7-meetings 7.5).

    minutes = open_minutes(meeting, by, chair=…, attesters=[…], attest_on=…, attest_place="…")
    edit_paragraph(paragraph, by, revision, heading=…, summary=…, points=[…], …)
    check(minutes, by); attest(minutes, member, by); freeze(minutes, by, finished); post_notice(minutes, by, on)

`papers.locking.lock` draws the files and calls `freeze`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from roder import access
from roder.access import Action
from roder.access.matrix import Resource
from roder.core.persons import checked_text
from roder.meetings.models import AgendaItem, BodyMember, DecisionPoint, Meeting, MinuteItem, Minutes
from roder.meetings.rules import minutes as rules
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import minutes_prefill as prefill
from roder.meetings.services.minutes_tasks import attesting_begins, numbering_lock
from roder.organisation.models import Person

#: What of a paragraph the secretary writes.
TEXTS = ("heading", "summary", "preparation", "procedure", "outcome")
MOST_POINTS = 40
MOST_RECIPIENTS = 60


def require_edit(by: Person, meeting: Meeting) -> None:
    """Only who keeps the minutes of the committee. Raises NotAllowedError."""
    access.require(by, Action.EDIT, Resource.MINUTES, meeting.committee)


def present_members(meeting: Meeting) -> list[BodyMember]:
    """Those who were there, in their order: who may preside and attest."""
    return list(
        BodyMember.objects.filter(presences__meeting=meeting, presences__status="present").order_by(
            "order", "pk"
        )
    )


def paragraphs_of(meeting: Meeting) -> list[MinuteItem]:
    """The paragraphs of a meeting in the order of their numbers (before numbering: of the agenda)."""
    rows = MinuteItem.objects.filter(item__meeting=meeting).select_related(
        "item__case", "item__parent__case", "body"
    )
    return sorted(rows, key=lambda one: (one.number is None, one.number or 0, _place(one.item)))


def _place(item: AgendaItem) -> tuple[int, int, int]:
    parent = item.parent
    return (parent.position, 1, item.position) if parent else (item.position, 0, 0)


def signers_of(minutes: Minutes) -> list[BodyMember]:
    """The chair and the attesters, those who are to attest."""
    chair = [minutes.chair] if minutes.chair else []
    return [*chair, *minutes.attesters.order_by("order", "pk")]


# --- opening --------------------------------------------------------------------------------------------------------


def open_minutes(
    meeting: Meeting,
    by: Person,
    *,
    chair: BodyMember,
    attesters: Sequence[BodyMember],
    attest_on: date | None = None,
    attest_place: str = "",
    kept_at: str = "",
    first: int | None = None,
) -> Minutes:
    """Open the minutes of an ended meeting: a paragraph for every item that has none, numbered through the year.

    ``first`` is the first § where the body's year began outside Roder. Items that were withdrawn without a decision
    get no paragraph. Raises NotAllowedError, ValidationError, MinutesFault (not ended, open already, an earlier meeting
    without minutes, somebody who was not there, a number that is taken).
    """
    require_edit(by, meeting)
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
        _require_ended(meeting)
        made = Minutes(
            meeting=meeting, secretary=by, chair=chair, attest_on=attest_on, attest_place=attest_place, kept_at=kept_at,
        )  # fmt: skip
        made.full_clean(exclude=["document", "files"])
        _require_signers(meeting, chair, attesters)
        _require_day(meeting, attest_on)
        made.save()
        made.attesters.set(attesters)
        _number(meeting, made, first)
        access.record(by, "minutes.opened", made, meeting=meeting.gid)
    return made


def _require_ended(meeting: Meeting) -> None:
    if meeting.state != Meeting.State.ENDED:
        raise MinutesFault("Sammanträdet är inte avslutat. Avsluta det innan protokollet öppnas.")
    if Minutes.objects.filter(meeting=meeting).exists():
        raise MinutesFault("Protokollet är redan öppnat.")
    earlier = (
        Meeting.objects.filter(
            body=meeting.body, date__year=meeting.date.year, date__lt=meeting.date, state=Meeting.State.ENDED,
            record=None,
        ).order_by("date").first()
    )  # fmt: skip
    if earlier:
        raise MinutesFault(
            f"Sammanträdet {earlier.date.isoformat()} har inget protokoll än. Öppna det först, så att paragraferna "
            "kommer i ordning."
        )


def _require_signers(meeting: Meeting, chair: BodyMember | None, attesters: Sequence[BodyMember]) -> None:
    present = {one.pk for one in present_members(meeting)}
    fault = rules.signing_fault(chair.pk if chair else None, [one.pk for one in attesters], present)
    if fault:
        raise MinutesFault(fault, field="chair" if "ordförande." in fault else "attesters")


def _require_day(meeting: Meeting, attest_on: date | None) -> None:
    if attest_on and not meeting.date <= attest_on <= rules.attest_by(meeting.date):
        last = rules.attest_by(meeting.date).isoformat()
        raise MinutesFault(
            f"Protokollet ska justeras senast 14 dagar efter sammanträdet, alltså {last}.", field="attest_on"
        )


def _number(meeting: Meeting, minutes: Minutes, first: int | None) -> None:
    """Make what is missing and give every paragraph its number, in the order of the agenda."""
    numbering_lock(meeting.body_id)
    year = meeting.date.year
    items = list(meeting.items.select_related("case", "parent__case"))
    kept = {one.item_id: one for one in MinuteItem.objects.filter(item__meeting=meeting)}
    children = prefill.children_of(items)
    chosen = [
        one for one in items
        if one.pk in kept or (not one.withdrawn and (one.parent_id is None or one.kind == AgendaItem.Kind.DECISION))
    ]  # fmt: skip
    rows = {}
    for item in sorted(chosen, key=_place):
        paragraph = kept.get(item.pk) or MinuteItem.objects.create(
            item=item, body=meeting.body, year=year, heading=item.title
        )
        prefill.fill(paragraph, item, minutes, children.get(item.pk, []))
        rows[paragraph.pk] = paragraph
    last = MinuteItem.objects.filter(body=meeting.body, year=year).aggregate(last=Max("number"))["last"]
    without = [pk for pk, one in rows.items() if one.number is None]
    for pk, number in rules.numbered(without, rules.first_number(last, first)).items():
        MinuteItem.objects.filter(pk=pk).update(number=number, year=year, body=meeting.body)


def arrange_attesting(
    minutes: Minutes,
    by: Person,
    expected_revision: int,
    *,
    chair: BodyMember,
    attesters: Sequence[BodyMember],
    attest_on: date | None = None,
    attest_place: str = "",
    kept_at: str = "",
) -> Minutes:
    """Change who attests, when and where, while it is a draft. Raises as `open_minutes`, and StaleRecordError."""
    with transaction.atomic():
        held = hold(minutes, by, rules.DRAFT)
        _require_signers(held.meeting, chair, attesters)
        _require_day(held.meeting, attest_on)
        held.save_over(
            expected_revision, chair=chair, attest_on=attest_on, attest_place=attest_place, kept_at=kept_at
        )
        held.attesters.set(attesters)
        access.record(by, "minutes.arranged", held)
    return held


def hold(minutes: Minutes, by: Person, *states: str) -> Minutes:
    """The minutes as they are now, held to the end of the transaction, for somebody who keeps them. Raises
    NotAllowedError, and MinutesFault unless they are in one of ``states``."""
    held = Minutes.objects.select_for_update(of=("self",)).select_related("meeting__body").get(pk=minutes.pk)
    require_edit(by, held.meeting)
    if held.state not in states:
        words = {"draft": "ett utkast", "checked": "granskat", "attested": "justerat", "locked": "låst"}
        end = " och kan inte ändras" if held.state in (rules.ATTESTED, rules.LOCKED) else ""
        fix = " Öppna det för ändring först." if held.state == rules.CHECKED else ""
        raise MinutesFault(f"Protokollet är {words[held.state]}{end}.{fix}")
    return held


# --- the paragraphs -------------------------------------------------------------------------------------------------


def edit_paragraph(
    paragraph: MinuteItem,
    by: Person,
    expected_revision: int,
    *,
    points: Sequence[str] | None = None,
    recipients: Sequence[dict[str, str]] | None = None,
    immediate: bool | None = None,
    **texts: str,
) -> MinuteItem:
    """Change a paragraph of draft minutes: its texts (``TEXTS``), the points of the decision, who gets it, and whether
    it is to be attested at once. What is not given stays.

    Raises NotAllowedError, MinutesFault (attested, locked), ValidationError at the field, StaleRecordError with what
    somebody else has saved since.
    """
    unknown = set(texts) - set(TEXTS)
    if unknown:
        raise TypeError(f"okända fält: {sorted(unknown)}")
    with transaction.atomic():
        _, held = hold_paragraph(paragraph, by)
        values: dict[str, Any] = {name: text.strip() for name, text in texts.items()}
        if recipients is not None:
            values["recipients"] = clean_recipients(recipients)
        if immediate is not None:
            values["immediate"] = immediate
        kept = clean_points(points) if points is not None else None
        if kept is not None:
            values["decided"] = rules.point_text(kept)
        held.save_over(expected_revision, **values)
        if kept is not None:
            _write_points(held, kept)
        access.record(by, "paragraph.edited", held, number=held.number)
    return held


def hold_paragraph(paragraph: MinuteItem, by: Person) -> tuple[Minutes, MinuteItem]:
    """A paragraph that may be changed, with its minutes, both held to the end of the transaction."""
    record = Minutes.objects.filter(meeting__items=paragraph.item_id).first()
    if record is None:
        raise MinutesFault("Protokollet är inte öppnat.")
    held = hold(record, by, rules.DRAFT)
    row = MinuteItem.objects.select_for_update(of=("self",)).get(pk=paragraph.pk)
    access.require(by, Action.VIEW, row)
    if row.attested_at or row.attestations.exists():
        raise MinutesFault(f"§ {row.number} är omedelbart justerad och kan inte ändras.")
    return held, row


def clean_points(points: Sequence[str]) -> list[str]:
    """The points without the empty ones. Raises ValidationError when they are too many."""
    kept = [one.replace("\r\n", "\n").strip() for one in points if one.strip()]
    if len(kept) > MOST_POINTS:
        raise ValidationError({"points": f"Beslutet har {len(kept)} punkter; högst {MOST_POINTS} ryms."})
    _validate("points", kept)
    return kept


def clean_recipients(recipients: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Recipients with a name and FÅ or FK. Raises ValidationError for what is neither, or the same one twice."""
    kept: list[dict[str, str]] = []
    for one in recipients:
        name, purpose = " ".join(str(one.get("name", "")).split()), str(one.get("purpose", "") or "FK")
        if not name:
            continue
        if purpose not in ("FÅ", "FK"):
            raise ValidationError({"recipients": f"{name}: välj FÅ (för åtgärd) eller FK (för kännedom)."})
        if len(name) > 200:
            raise ValidationError({"recipients": f"Namnet ”{name[:40]}…” är för långt; högst 200 tecken."})
        if any(name.casefold() == other["name"].casefold() for other in kept):
            raise ValidationError({"recipients": f"{name} står två gånger bland mottagarna."})
        kept.append({"name": name, "purpose": purpose})
    if len(kept) > MOST_RECIPIENTS:
        raise ValidationError({"recipients": f"Högst {MOST_RECIPIENTS} mottagare ryms."})
    _validate("recipients", [one["name"] for one in kept])
    return kept


def _validate(field: str, texts: Sequence[str]) -> None:
    """Free text that may be kept: no personal identity number, nothing that cannot be stored."""
    for text in texts:
        checked_text(text, field)


def _write_points(paragraph: MinuteItem, points: Sequence[str]) -> None:
    paragraph.points.all().delete()
    DecisionPoint.objects.bulk_create(
        DecisionPoint(paragraph=paragraph, position=position, text=text)
        for position, text in enumerate(points, start=1)
    )


# --- checking -------------------------------------------------------------------------------------------------------


def problems(minutes: Minutes) -> list[tuple[int | None, str]]:
    """What is missing before the minutes can be checked: (key of the paragraph or None, what in words)."""
    rows = paragraphs_of(minutes.meeting)
    counts = dict(
        DecisionPoint.objects.filter(paragraph__in=rows)
        .values_list("paragraph")
        .annotate(last=Max("position"))
    )
    state = [
        rules.Paragraph(
            one.pk, one.number, one.heading, counts.get(one.pk, 0), bool((one.summary + one.procedure).strip()),
            one.item.kind == AgendaItem.Kind.DECISION,
        )
        for one in rows
    ]  # fmt: skip
    return rules.problems(state)


def check(minutes: Minutes, by: Person) -> Minutes:
    """The secretary has gone through the draft: it is ready to attest, and those who attest are told.

    Raises NotAllowedError; MinutesFault with everything that is missing.
    """
    with transaction.atomic():
        held = hold(minutes, by, rules.DRAFT, rules.CHECKED, rules.ATTESTED, rules.LOCKED)
        rules.require_move(held.state, rules.CHECKED)
        missing = problems(held)
        if missing:
            words = "; ".join(text for _, text in missing)
            raise MinutesFault(f"Protokollet kan inte justeras än: {words}.", missing=missing)
        _require_signers(held.meeting, held.chair, list(held.attesters.all()))
        held.save_over(held.revision, state=rules.CHECKED, secretary=by)
        attesting_begins(held, by)
        access.record(by, "minutes.checked", held)
    return held
