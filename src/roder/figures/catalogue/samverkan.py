"""Deviations between the municipality and others: to and from the region, and at external providers.

Keys: ``riktning`` (till_region, fran_region), ``motpart`` (primärvård, sjukhus), ``typ`` and ``ar``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ibis import _

from roder.figures.catalogue.avvikelser import DATES, TYPE_DATES, behind_of, used
from roder.figures.catalogue.periods import COUNT, crossed, dated, fixed, in_every, named
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

DIRECTIONS = {"till_region": "Skickade till regionen", "fran_region": "Mottagna från regionen"}
COUNTERPARTS = {"primary": "Primärvård", "hospital": "Sjukhus", "okand": "Motpart inte angiven"}


def _with_region(source: Source, at: At) -> Table:
    rows = source.deviations.filter(_.direction.isin(tuple(DIRECTIONS)))
    found = dated(rows, at, "reported_on")
    motpart = (found.counterpart == "").ifelse("okand", found.counterpart)
    return found.mutate(riktning=found.direction, motpart=motpart)


def _directions(source: Source) -> Table:
    return fixed(source.deviations, "riktning", DIRECTIONS)


@figure(
    "quality.avvikelser.samverkan",
    **COUNT,
    per=("riktning", "ar"),
    label="Avvikelser i samverkan med regionen",
    reads=("deviations",),
    dates=DATES,
    behind=behind_of(_with_region, "riktning", "ar"),
)
def with_region(source: Source, at: At) -> Table:
    """Antal avvikelser till och från regionen under perioden, och under samma del av de fyra åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Avvikelser i samverkan.
    """
    spine = _directions(source).cross_join(used(source, at))
    return in_every(spine, _with_region(source, at), ("riktning", "ar"))


@figure(
    "quality.avvikelser.samverkan_motpart",
    **COUNT,
    per=("riktning", "motpart", "ar"),
    label="Avvikelser i samverkan per motpart",
    reads=("deviations",),
    dates=DATES,
    behind=behind_of(_with_region, "riktning", "motpart", "ar"),
)
def by_counterpart(source: Source, at: At) -> Table:
    """Antal avvikelser till och från primärvård och sjukhus under perioden, och samma del av de fyra åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, diagram 9 och 10.
    """
    others = fixed(source.deviations, "motpart", COUNTERPARTS)
    spine = crossed(_directions(source), others).cross_join(used(source, at))
    return in_every(spine, _with_region(source, at), ("riktning", "motpart", "ar"))


def _types_with_region(source: Source, at: At) -> Table:
    rows = source.deviation_matters
    rows = rows.filter(rows.direction.isin(tuple(DIRECTIONS)), rows.counted)
    return dated(rows, at, "reported_on").mutate(riktning=_.direction, typ=_.type)


@figure(
    "quality.avvikelser.samverkan_typ",
    **COUNT,
    per=("riktning", "typ", "ar"),
    label="Avvikelser i samverkan per typ",
    reads=("deviation_matters", "deviation_types", "deviations"),
    dates=TYPE_DATES,
    behind=behind_of(_types_with_region, "riktning", "typ", "ar"),
)
def by_type_with_region(source: Source, at: At) -> Table:
    """Antal avvikelser till och från regionen av varje typ under perioden, och samma del av de fyra åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, diagram 9 och 10.
    """
    kinds = crossed(_directions(source), named(source.deviation_types, "typ"))
    spine = kinds.cross_join(used(source, at))
    return in_every(spine, _types_with_region(source, at), ("riktning", "typ", "ar"))


def _external(source: Source, at: At) -> Table:
    rows = source.deviations
    return dated(rows.filter(rows.direction == "extern_utforare"), at, "reported_on")


@figure(
    "quality.avvikelser.externa",
    **COUNT,
    per=("ar",),
    label="Avvikelser hos externa utförare",
    reads=("deviations",),
    dates=DATES,
    behind=behind_of(_external, "ar"),
)
def external(source: Source, at: At) -> Table:
    """Antal avvikelser som externa utförare har rapporterat i kommunens system under perioden, och samma del av åren
    före.

    De som utförarna bara redovisar som antal per kvartal finns i quality.externa.per_typ.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Avvikelser, extern verksamhet.
    """
    return in_every(used(source, at), _external(source, at), ("ar",))
