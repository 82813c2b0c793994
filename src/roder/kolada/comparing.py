"""Comparisons as pages show them: own municipality beside similar ones and the country, the place, the spread.

The series are the committee's measure values (what grades and reports use); the place among the similar and the spread
are of the table of fetched values. A constant number of questions whatever the number of measures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from roder import access
from roder.access.rights import User
from roder.kolada import rules
from roder.kolada.models import Group, Indicator, Place
from roder.kolada.store import Store, Value
from roder.measures.models import Measure, MeasureValue
from roder.measures.rules import against_mean
from roder.organisation.models import Municipality

OWN, SIMILAR, COUNTRY = MeasureValue.Comparison
Years = dict[int, Decimal]


@dataclass(frozen=True)
class Neighbour:
    """A municipality with its value; ``own`` is the one whose page it is."""

    name: str
    value: Decimal
    own: bool = False


@dataclass
class Comparison:
    """A measure beside others. ``series``: comparison and sex -> year -> value."""

    measure: Measure
    series: dict[tuple[str, str], Years] = field(default_factory=lambda: defaultdict(dict))
    group: Group | None = None
    year: int | None = None
    neighbours: list[Neighbour] = field(default_factory=list)
    standing: rules.Standing | None = None
    example: bool = False

    def years(
        self, comparison: MeasureValue.Comparison, sex: MeasureValue.Sex = MeasureValue.Sex.ALL
    ) -> Years:
        """The values by year."""
        return self.series.get((comparison.value, sex.value), {})

    def at(self, comparison: MeasureValue.Comparison) -> Decimal | None:
        """The value of the comparison's year."""
        return self.years(comparison).get(self.year) if self.year is not None else None

    @property
    def own(self) -> Decimal | None:
        """The municipality's value."""
        return self.at(OWN)

    @property
    def similar(self) -> Decimal | None:
        """The similar municipalities' mean."""
        return self.at(SIMILAR)

    @property
    def country(self) -> Decimal | None:
        """The country's value."""
        return self.at(COUNTRY)

    @property
    def tone(self) -> str:
        """Against the country in the wanted direction: good, near (equal), bad, or none."""
        if self.own is None or self.country is None or self.measure.direction == "neither":
            return "none"
        step = against_mean(self.own, self.country, self.measure.decimals)
        if step == 0:
            return "near"
        return "good" if (step > 0) is (self.measure.direction == "higher") else "bad"

    @property
    def word(self) -> str:
        """Over, as or under the country."""
        if self.own is None or self.country is None:
            return "kan inte jämföras"
        words = {1: "högre än riket", 0: "som riket", -1: "lägre än riket"}
        return words[against_mean(self.own, self.country, self.measure.decimals)]


def compared(
    measures: Sequence[Measure],
    municipality: Municipality,
    user: User,
    until: int,
    *,
    store: Store | None = None,
    group: str = "",
    year: int | None = None,
) -> list[Comparison]:
    """The measures with their comparisons of the latest year with an own value, up to and with ``until``.

    ``group``: a group's code instead of the one that suits; ``year``: that year instead of the latest.
    """
    found = {measure.pk: Comparison(measure) for measure in measures}
    rows = access.visible(
        user, MeasureValue.objects.filter(measure__in=found, unit=None, part="", value__isnull=False)
    )
    told = rows.order_by("period_end").values_list("measure_id", "comparison", "sex", "period_start", "value")
    for measure, comparison, sex, start, value in told:
        if value is not None:
            found[measure].series[comparison, sex][start.year] = value
    for one in found.values():
        known = [at for at in one.years(OWN) if at <= until]
        one.year = year if year is not None else max(known, default=None)
    name = name_of(municipality)
    _groups(found.values(), name, until, group)
    _neighbours(found.values(), name, store or Store())
    return list(found.values())


def _groups(ones: Iterable[Comparison], name: str, until: int, chosen: str) -> None:
    """The group of similar municipalities for each measure. Two queries."""
    groups = groups_of(name)
    by_code = {group.code: group for group in groups}
    read = [similar for group in groups if (similar := rules.read_group(group.code, group.title))]
    ids = {one.measure.kolada_id for one in ones}
    areas = dict(Indicator.objects.filter(code__in=ids).values_list("code", "area"))
    for one in ones:
        similar = rules.choose_group(read, name, areas.get(one.measure.kolada_id, ""), one.year or until)
        one.group = by_code.get(chosen or (similar.code if similar else ""))


def name_of(municipality: Municipality) -> str:
    """What Kolada calls a municipality ("Alingsås", where the municipality says "Alingsås kommun")."""
    told = Place.objects.filter(code=municipality.code).values_list("title", flat=True).first()
    return told or municipality.name.removesuffix(" kommun")


def groups_of(name: str) -> list[Group]:
    """The groups of municipalities similar to one, by what Kolada calls it."""
    found = Group.objects.filter(title__icontains=name, title__istartswith="Liknande")
    return [one for one in found if (read := rules.read_group(one.code, one.title)) and read.name == name]


def _neighbours(ones: Iterable[Comparison], name: str, store: Store) -> None:
    """The similar municipalities' values, and the place among them. One reading of the table and one query."""
    wanted = [one for one in ones if one.group is not None and one.year is not None]
    places = sorted({code for one in wanted if one.group for code in one.group.members})
    years = sorted({one.year for one in wanted if one.year is not None})
    kpis = sorted({one.measure.kolada_id for one in wanted})
    if not wanted or not places:
        return
    values: dict[tuple[str, str, int], Value] = {
        (value.kpi, value.place, value.year): value for value in store.read(kpis, places, years)
    }
    names = dict(Place.objects.filter(code__in=places).values_list("code", "title"))
    for one in wanted:
        assert one.group is not None and one.year is not None  # noqa: S101 - chosen above
        members = [values.get((one.measure.kolada_id, code, one.year)) for code in one.group.members]
        known = [value for value in members if value is not None and value.value is not None]
        one.neighbours = [
            Neighbour(names.get(value.place, value.place), value.value)
            for value in known
            if value.value is not None
        ]
        one.example = any(value.example for value in known)
        direction, digits = one.measure.direction, one.measure.decimals
        one.standing = rules.standing(one.own, [near.value for near in one.neighbours], direction, digits)
        if one.own is not None and one.neighbours:
            one.neighbours.append(Neighbour(name, one.own, own=True))
        one.neighbours.sort(key=lambda near: (near.value, not near.own), reverse=direction != "lower")
