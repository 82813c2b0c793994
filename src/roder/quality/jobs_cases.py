"""By the clock: providers' quarters are opened when they are over, and the public form's secrets are forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from roder.core.jobs import periodic
from roder.organisation.models import Body
from roder.quality.models import FormSalt, FormWindow
from roder.quality.rules.providers import last_ended
from roder.quality.services.providers import open_quarter


@periodic("10 4 * * *")
def open_provider_quarters() -> None:
    """Open the quarter that is over wherever there are external providers. Every night: new providers get theirs."""
    ended = last_ended(timezone.localdate())
    for committee in Body.objects.filter(units__external=True).distinct().order_by("pk"):
        open_quarter(committee, ended.year, ended.number)


@periodic("5 2 * * *")
def forget_senders() -> None:
    """Throw away the day's secret of the public form, and the counts made with it."""
    today = timezone.localdate()
    FormSalt.objects.filter(day__lt=today).delete()
    FormWindow.objects.filter(starts_at__lt=timezone.now() - timedelta(days=1)).delete()
