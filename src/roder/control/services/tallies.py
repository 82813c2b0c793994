"""What the items of samples show, counted: of a sample, of a round, or of many of either at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from roder.control.models import ControlRound, SampleItem
from roder.control.rules import sampling


@dataclass(frozen=True)
class Tally:
    """Of a round or a sample: how many items are drawn, checked, and deviate."""

    drawn: int
    checked: int
    deviating: int

    @property
    def left(self) -> int:
        """How many are not checked yet."""
        return self.drawn - self.checked

    @property
    def words(self) -> str:
        """``6 av 42 (14 %)``: deviating of checked."""
        return sampling.share_words(self.deviating, self.checked)


def tally_of(items: QuerySet[SampleItem]) -> Tally:
    """Count items. One query."""
    found = items.order_by().aggregate(
        drawn=Count("pk"), checked=Count("checked_at"), deviating=Count("pk", filter=Q(deviates=True))
    )
    return Tally(found["drawn"], found["checked"], found["deviating"])


def tallies(rounds: Iterable[ControlRound]) -> dict[int, Tally]:
    """Of each round (by its key) that has a sample. One query."""
    rows = SampleItem.objects.filter(sample__frame__round__in=[one.pk for one in rounds])
    return _grouped(rows, "sample__frame__round")


def tallies_by_sample(items: QuerySet[SampleItem]) -> dict[int, Tally]:
    """Of each sample (by its key) that has any of the items. One query."""
    return _grouped(items, "sample")


def _grouped(items: QuerySet[SampleItem], by: str) -> dict[int, Tally]:
    rows = (
        items.order_by()
        .values_list(by)
        .annotate(a=Count("pk"), b=Count("checked_at"), c=Count("pk", filter=Q(deviates=True)))
    )
    return {pk: Tally(drawn, checked, deviating) for pk, drawn, checked, deviating in rows}
