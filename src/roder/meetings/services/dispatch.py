"""Expediering: who gets an extract of which paragraph, for action or for information, and what was sent when (7.6).

plan(paragraph, by)                            # from the paragraph's recipients
queue_mail(dispatch, by, extract) / note_sent(dispatch, by, way, extract, on)
deliver(dispatch_id)                           # the job
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access
from roder.access import Action
from roder.access.matrix import Resource
from roder.core.faults import UserFault
from roder.files.models import Blob
from roder.meetings.models import Dispatch, MinuteItem, Minutes
from roder.meetings.rules import minutes as rules
from roder.meetings.services import minutes_tasks
from roder.organisation.models import Person

Way = Dispatch.Way
FOOT = "Utdraget är skickat från nämndens protokoll i Roder. Svara till nämndens sekreterare."


class DispatchFault(UserFault):
    """What cannot be sent. ``field`` is the field of a form that is wrong."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def _require(by: Person, paragraph: MinuteItem) -> None:
    access.require(by, Action.EDIT, Resource.MINUTES, paragraph.item.meeting.committee)
    access.require(by, Action.EDIT, paragraph)


def is_attested(paragraph: MinuteItem) -> bool:
    """Whether the paragraph may be sent: attested, by itself or with the whole."""
    if paragraph.attested_at:
        return True
    states = Minutes.objects.filter(meeting=paragraph.item.meeting_id).values_list("state", flat=True)
    return bool(set(states) & {rules.ATTESTED, rules.LOCKED})


def is_secret(paragraph: MinuteItem) -> bool:
    """Whether the paragraph stands in a secret point, case, or under a point that is secret."""
    return paragraph.item.under_secrecy


def plan(paragraph: MinuteItem, by: Person) -> list[Dispatch]:
    """A line for every recipient of the paragraph that has none. Done again it adds only what is new."""
    _require(by, paragraph)
    if not is_attested(paragraph):
        raise DispatchFault("Paragrafen är inte justerad än. Utdraget skickas när den är det.")
    return plan_recipients(paragraph)


def plan_recipients(paragraph: MinuteItem) -> list[Dispatch]:
    """As `plan`, where it follows from attesting, whoever attested last."""
    names = {name.casefold() for name in paragraph.dispatches.values_list("recipient", flat=True)}
    made = [
        Dispatch(paragraph=paragraph, recipient=one["name"], purpose=one.get("purpose") or "FK")
        for one in paragraph.recipients
        if one.get("name") and one["name"].casefold() not in names
    ]
    Dispatch.objects.bulk_create(made)
    return made


def plan_all(minutes: Minutes, by: Person) -> int:
    """Plan every paragraph of attested minutes; the secretary gets a task when there is anything to send."""
    rows = MinuteItem.objects.filter(item__meeting=minutes.meeting_id).select_related(
        "item__case", "item__meeting"
    )
    count = sum(len(plan_recipients(one)) for one in rows)
    if left(minutes).exists():
        minutes_tasks.to_dispatch(minutes, by)
    return count


def left(minutes: Minutes) -> QuerySet[Dispatch]:
    """What is not sent of these minutes."""
    return Dispatch.objects.filter(paragraph__item__meeting=minutes.meeting_id, sent_at=None)


def add_recipient(paragraph: MinuteItem, by: Person, name: str, purpose: str, email: str = "") -> Dispatch:
    """One more recipient, who was not in the decision's list. Raises ValidationError at the field, DispatchFault."""
    _require(by, paragraph)
    if not is_attested(paragraph):
        raise DispatchFault("Paragrafen är inte justerad än. Utdraget skickas när den är det.")
    made = Dispatch(
        paragraph=paragraph, recipient=" ".join(name.split()), purpose=purpose, email=email.strip()
    )
    made.full_clean(exclude=["paragraph"])
    with transaction.atomic():
        MinuteItem.objects.select_for_update(of=("self",)).get(
            pk=paragraph.pk
        )  # two at once do not add the same
        if paragraph.dispatches.filter(recipient__iexact=made.recipient).exists():
            raise ValidationError({"recipient": f"{made.recipient} står redan bland mottagarna."})
        made.save()
        minutes = Minutes.objects.get(meeting=paragraph.item.meeting_id)
        minutes_tasks.to_dispatch(minutes, by)
        access.record(by, "dispatch.planned", made, purpose=purpose)
    return made


def _held(dispatch: Dispatch, by: Person) -> Dispatch:
    held = (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related(
            "paragraph__item__meeting__committee", "paragraph__item__case", "paragraph__item__parent__case"
        )
        .get(pk=dispatch.pk)
    )
    _require(by, held.paragraph)
    if held.sent_at:
        raise DispatchFault(f"Utdraget är redan skickat till {held.recipient}.")
    if not is_attested(held.paragraph):
        raise DispatchFault("Paragrafen är inte justerad än. Utdraget skickas när den är det.")
    return held


def queue_mail(dispatch: Dispatch, by: Person, extract: Blob, email: str = "") -> Dispatch:
    """Put an extract in the queue to be mailed. It counts as sent when the mail server has taken it.

    Raises NotAllowedError; DispatchFault: sent already, not attested, secret (nothing secret goes by open mail), no
    address or one that cannot be, no mail server.
    """
    from roder.core.jobs import defer  # noqa: PLC0415 - jobs need every room
    from roder.meetings.jobs_minutes import mail_extract  # noqa: PLC0415

    with transaction.atomic():
        held = _held(dispatch, by)
        if is_secret(held.paragraph):
            raise DispatchFault(
                "Paragrafen är sekretessbelagd och skickas inte med vanlig e-post. Lämna över utdraget eller posta det."
            )
        address = (email or held.email).strip()
        try:
            validate_email(address)
        except ValidationError as error:
            raise DispatchFault(f"Skriv en e-postadress till {held.recipient}.", field="email") from error
        if not settings.SENDS_MAIL:
            raise DispatchFault(
                "Roder har ingen e-postserver. Be systemförvaltaren ställa in RODER_SMTP, eller skicka på annat sätt."
            )
        held.save_over(held.revision, email=address, way=Way.EMAIL, extract=extract, sent_by=by)
        defer(mail_extract, dispatch_id=held.pk)
        access.record(by, "dispatch.queued", held, sha256=extract.sha256)
    return held


def deliver(dispatch_id: int) -> bool:
    """Mail an extract unless that is done already. Gives whether a letter went.

    The row is held while the letter is sent, so two workers cannot send it twice; when the server refuses, nothing is
    written and the queue tries again. Raises what the mail server raises.
    """
    from roder.meetings.services.minutes_final import read_kept  # noqa: PLC0415 - which imports this

    with transaction.atomic():
        rows = Dispatch.objects.select_for_update(of=("self",), skip_locked=True)
        found = (
            rows.select_related("paragraph__item__meeting__body__municipality", "paragraph__item__case", "extract")
            .filter(pk=dispatch_id, sent_at=None, way=Way.EMAIL)
            .first()
        )  # fmt: skip
        if found is None or found.extract is None or not settings.SENDS_MAIL:
            return False
        if is_secret(found.paragraph):
            return False  # it came under secrecy while the letter waited: it stays on the list, to be sent otherwise
        paragraph = found.paragraph
        meeting = paragraph.item.meeting
        message = EmailMessage(
            subject=" ".join(
                f"Protokollsutdrag § {paragraph.number} {meeting.date:%Y-%m-%d}, {meeting.body.name}".split()
            ),
            body=_letter(found),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[found.email],
        )
        message.attach(file_name(paragraph), read_kept(found.extract.sha256), "application/pdf")
        message.send()
        found.save_over(found.revision, sent_at=timezone.now())
        access.record(found.sent_by, "dispatch.sent", found, way=Way.EMAIL, sha256=found.extract.sha256)
        _finish(paragraph, found.sent_by)
    return True


def _letter(dispatch: Dispatch) -> str:
    paragraph = dispatch.paragraph
    meeting = paragraph.item.meeting
    number = f" ({paragraph.item.case.number})" if paragraph.item.case else ""
    return (
        f"Här är ett utdrag ur protokollet från {meeting.body.name} {meeting.date:%Y-%m-%d}, § {paragraph.number}.\n\n"
        f"Ärende: {paragraph.heading}{number}\n"
        f"Du får det {dispatch.get_purpose_display()} ({dispatch.purpose}).\n\n-- \n{FOOT}\n"
    )


def file_name(paragraph: MinuteItem) -> str:
    """The name of an extract's file."""
    return f"protokollsutdrag-{paragraph.item.meeting.date:%Y-%m-%d}-par-{paragraph.number}.pdf"


def note_sent(dispatch: Dispatch, by: Person, way: str, extract: Blob, on: date | None = None) -> Dispatch:
    """Note that an extract has gone by post, been handed over or is read in the program. ``extract`` is what was given.

    Raises NotAllowedError; DispatchFault: sent already, not attested, a way that is none, a day to come.
    """
    if way not in (Way.POST, Way.HAND, Way.PROGRAM):
        raise DispatchFault("Välj hur utdraget har skickats.", field="way")
    today = timezone.localdate()
    with transaction.atomic():
        held = _held(dispatch, by)
        if on and on > today:
            raise DispatchFault("Dagen har inte varit än. Skriv dagen då utdraget skickades.", field="on")
        if on and on < held.paragraph.item.meeting.date:
            raise DispatchFault("Utdraget kan inte ha skickats före sammanträdet.", field="on")
        at = timezone.now() if on in (None, today) else timezone.make_aware(datetime.combine(on, time(12)))
        held.save_over(held.revision, way=way, extract=extract, sent_at=at, sent_by=by)
        access.record(by, "dispatch.sent", held, way=way, sha256=extract.sha256)
        _finish(held.paragraph, by)
    return held


def remove(dispatch: Dispatch, by: Person) -> None:
    """Take away a line that was not sent."""
    with transaction.atomic():
        held = _held(dispatch, by)
        paragraph = held.paragraph
        access.record(by, "dispatch.removed", held)
        held.delete()
        _finish(paragraph, by)


def _finish(paragraph: MinuteItem, by: Person | None) -> None:
    """Close the task when everything of the minutes is sent."""
    minutes = Minutes.objects.filter(meeting=paragraph.item.meeting_id).first()
    if minutes is not None and not left(minutes).exists():
        minutes_tasks.dispatched(minutes, by)
