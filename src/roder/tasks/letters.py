"""A notice as a letter."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from roder.tasks.models import Notice

FOOT = (
    "Brevet kommer från Roder. Öppna länken och logga in för att läsa mer. Det går inte att svara på brevet."
)


def send(notice_id: int) -> bool:
    """Send a notice to its recipient unless that is done already. Gives whether a letter went.

    The row is locked while the letter is sent, so two workers cannot send it twice; when the server refuses, nothing is
    written and the queue tries again. Raises what the mail server raises.
    """
    with transaction.atomic():
        row = Notice.objects.select_for_update(of=("self",), skip_locked=True)
        notice = row.select_related("recipient").filter(pk=notice_id, mailed_at=None).first()
        if notice is None or not notice.recipient.is_active or not settings.SENDS_MAIL:
            return False
        EmailMessage(
            subject=" ".join(notice.title.split()),
            body=text(notice),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[notice.recipient.email],
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        ).send()
        Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
    return True


def text(notice: Notice) -> str:
    """What the letter says: the notice, the address of the page, and who it is from."""
    link = f"{settings.BASE_URL}/aviseringar/{notice.pk}/"
    parts = [notice.title, notice.body, link, f"-- \n{FOOT}"]
    return "\n\n".join(part for part in parts if part) + "\n"
