"""Jobs: a fetch that somebody has asked for; and once a month, what has been fetched before is fetched again."""

from __future__ import annotations

from roder.core.jobs import job, periodic
from roder.kolada import requests


@job()
def fetch_from_kolada(fetch_id: int, committee_id: int) -> None:
    """Make a fetch that was asked for. Done twice it does the same."""
    from roder.kolada.models import Fetch  # noqa: PLC0415 - rooms are loaded first
    from roder.organisation.models import Body  # noqa: PLC0415

    waiting = Fetch.objects.filter(pk=fetch_id).first()
    committee = Body.objects.filter(pk=committee_id).first()
    if waiting is not None and committee is not None:
        requests.carry_out(waiting, committee)


@periodic("20 4 2 * *")
def fetch_monthly() -> None:
    """On the second of every month: what was published last month comes in."""
    requests.fetch_again()
