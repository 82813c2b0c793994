"""What the committee comes for on the start page: the next meeting with its papers, and what became of what it decided.

And for those who follow the money: how the units' forecasts stand, and who has not reported.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from roder import access
from roder.core.numbers import Unit as Printed
from roder.economy.pages.forecast_show import latest, seen_units
from roder.economy.services.forecast_status import UnitForecast, forecast_before, unit_forecasts
from roder.meetings.models import Meeting, MinuteItem, Watch
from roder.meetings.services import watch_list
from roder.meetings.services.calendar import sees_draft
from roder.steering.models import Occasion
from roder.steering.services import model_of
from roder.web.scope import Scope

DECISIONS = 5
UNITS = 8
#: What was decided by these needs no following.
TOLD = (MinuteItem.Outcome.NOTED, MinuteItem.Outcome.WITHDRAWN, "")


@dataclass(frozen=True)
class MeetingCard:
    """A meeting on the start page: the next one, or the last held when none is planned. ``papers`` says whether the
    person may see its agenda and pack."""

    meeting: Meeting
    coming: bool
    papers: bool


def meeting_card(scope: Scope) -> MeetingCard | None:
    """The committee's next meeting, else the last one held; None when there are none to see."""
    rows = Meeting.objects.filter(committee=scope.committee).exclude(state=Meeting.State.CANCELLED)
    seen = access.visible(scope.user, rows).select_related("body", "committee__municipality")
    today = timezone.localdate()
    running = seen.filter(Q(date__gte=today) & ~Q(state=Meeting.State.ENDED) | Q(state=Meeting.State.OPEN))
    coming = running.order_by("date", "starts").first()
    found = coming or seen.filter(body=scope.committee).order_by("-date", "-starts").first()
    return MeetingCard(found, coming is not None, sees_draft(scope.user, found)) if found else None


@dataclass(frozen=True)
class Decided:
    """A decision, and the rows of the balance list that came of it."""

    paragraph: MinuteItem
    watches: tuple[watch_list.Line, ...]


def decided(scope: Scope) -> list[Decided]:
    """The committee's latest decisions with what became of them. At most five queries."""
    rows = MinuteItem.objects.filter(body=scope.committee).exclude(outcome__in=TOLD)
    paragraphs = list(
        access.visible(scope.user, rows)
        .select_related("item__meeting")
        .defer("search", "summary", "preparation", "procedure", "decided")
        .order_by("-item__meeting__date", "-number")[:DECISIONS]
    )
    if not paragraphs:
        return []
    cases = {one.item.case_id: one.pk for one in reversed(paragraphs) if one.item.case_id}
    about = Q(paragraph__in=[one.pk for one in paragraphs]) | Q(paragraph=None, case__in=list(cases))
    found: dict[int, list[watch_list.Line]] = {}
    for line in watch_list.lines(access.visible(scope.user, Watch.objects.filter(about))):
        of = line.watch.paragraph_id or cases.get(line.watch.case_id or 0)
        if of is not None:
            found.setdefault(of, []).append(line)
    return [Decided(one, tuple(found.get(one.pk, ()))) for one in paragraphs]


@dataclass(frozen=True)
class UnitForecasts:
    """How the units' forecasts stand at an occasion: those that lack something first, and how many there are."""

    occasion: Occasion
    before: Occasion | None
    money: Printed
    shown: list[UnitForecast]
    count: int
    missing: int

    @property
    def more(self) -> int:
        """How many units are not shown."""
        return self.count - len(self.shown)


def unit_table(scope: Scope) -> UnitForecasts | None:
    """The forecast by unit with its change at the latest occasion; None when no unit has a budget or a forecast."""
    occasion = latest(scope)
    if occasion is None:
        return None
    before, seen = forecast_before(occasion), seen_units(scope)
    units = [
        one
        for one in unit_forecasts(occasion, before=before)
        if (one.reported or one.expected) and (seen is None or one.unit.pk in seen)
    ]
    if not units:
        return None
    ordered = sorted(units, key=_worst_first)
    missing = sum(1 for one in units if not one.reported)
    money = Printed(model_of(occasion).accounts.print_unit)
    return UnitForecasts(occasion, before, money, ordered[:UNITS], len(units), missing)


def _worst_first(one: UnitForecast) -> tuple[bool, bool, object]:
    """Those that have not reported, then those whose forecast lacks something, then the largest deficit."""
    return one.reported, not one.lacks, one.variance if one.variance is not None else 0
