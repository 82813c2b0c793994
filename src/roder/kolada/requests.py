"""Fetches that are asked for on a page or by the clock, and made in the background."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from roder.core.faults import UserFault
from roder.core.jobs import defer
from roder.core.paths import private_dir
from roder.imports.kinds import MEASURE_VALUES
from roder.imports.services import require_rights
from roder.kolada.asking import YEARS_BACK, Ask, measures_of, wanted_kpis
from roder.kolada.cache import Cache
from roder.kolada.client import Client
from roder.kolada.faults import KoladaFault
from roder.kolada.models import Fetch
from roder.kolada.services import fetch, remember_failure
from roder.organisation.models import Body, Person


@transaction.atomic
def ask_for(
    committee: Body, by: Person | None, first_year: int, last_year: int, everybody: bool = False
) -> Fetch:
    """Ask for a committee's measures to be fetched in the background.

    Raises NotAllowedError, and UserFault when no measure has a Kolada id.
    """
    require_rights(MEASURE_VALUES, committee, by)
    years = tuple(range(first_year, last_year + 1))
    kpis = wanted_kpis(Ask(committee.municipality, (committee,), years))
    waiting = Fetch.objects.create(
        municipality=committee.municipality, kpis=kpis, first_year=first_year, last_year=last_year,
        everybody=everybody, asked_by=by,
    )  # fmt: skip
    from roder.kolada.jobs import fetch_from_kolada  # noqa: PLC0415 - the job needs these services

    defer(fetch_from_kolada, fetch_id=waiting.pk, committee_id=committee.pk)
    return waiting


def carry_out(waiting: Fetch, committee: Body, client: Client | None = None) -> bool:
    """Make a fetch that was asked for. A fault is written down with its words; gives whether it succeeded.

    Raises KoladaFault when trying again later may help: the queue does so, and the last words stand.
    """
    if waiting.state == Fetch.State.DONE:
        return True
    years = tuple(range(waiting.first_year, waiting.last_year + 1))
    ask = Ask(waiting.municipality, (committee,), years, everybody=waiting.everybody)
    client = client or Client(cache=Cache(private_dir("kolada") / "svar"))
    try:
        fetch(ask, client, waiting.asked_by, waiting=waiting)
    except KoladaFault as fault:
        remember_failure(waiting, str(fault))
        if fault.passing:
            raise
        return False
    except UserFault as fault:
        remember_failure(waiting, str(fault))
        return False
    return True


def fetch_again(today: date | None = None) -> int:
    """Ask anew for what has been fetched before, for every committee; gives how many were asked for.

    Only where a fetch from Kolada itself has succeeded: a server without a way out to the network is left alone.
    """
    today, asked = today or timezone.localdate(), 0
    reached = Fetch.objects.filter(state=Fetch.State.DONE, example=False).values("municipality")
    for committee in Body.objects.filter(municipality__in=reached, measures__isnull=False).distinct():
        if measures_of([committee]):
            ask_for(committee, None, today.year - YEARS_BACK + 1, today.year)
            asked += 1
    return asked
