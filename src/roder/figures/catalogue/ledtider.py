"""How deviations are taken care of: share closed and classified, time between the steps, steps that were late.

State is that at the end of each period: what was closed or classified later is not yet so. Keys: ``omrade`` (service
area, or ``totalt``), ``led``, ``steg`` and ``ar``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.avvikelser import DATES, area_of, behind_of, internal
from roder.figures.catalogue.periods import SHARE, dated, ended, named_as, percentile, placed
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

WHOLE = "totalt"
LEADS = {
    "till_rapport": ("Från händelse till rapport", "minutes_to_report", "reported_on"),
    "till_klassificering": ("Från rapport till klassificering", "minutes_to_classified", "classified_on"),
    "till_avslut": ("Från rapport till avslut", "minutes_to_closed", "closed_on"),
}
STEPS = {
    "assessment": "Bedömning av legitimerad", "facts": "Uppgifter om händelsen", "classification": "Klassificering",
    "profession_classification": "Klassificering av legitimerad", "investigation": "Utredning",
    "deep_analysis": "Fördjupad analys", "decision": "Beslut om lex Sarah eller lex Maria",
    "follow_up": "Uppföljning av enhetens åtgärder", "profession_follow_up": "Uppföljning av professionens åtgärder",
    "review": "Översyn av MAS",
}  # fmt: skip


def _in_areas(source: Source, at: At) -> Table:
    """Internal deviations, once under their service area and once in the whole."""
    rows = internal(source, at)
    names = source.service_areas.select(area_code=_.code, label=_.label, place=_.position)
    joined = rows.left_join(names, rows.service_area == names.area_code)
    own = joined.mutate(
        omrade=area_of(joined),
        omrade_label=ibis.coalesce(joined.label, "Utan verksamhetsområde"),
        position=ibis.coalesce(joined.place, 999).cast("int32"),
    )
    whole = joined.mutate(
        omrade=ibis.literal(WHOLE),
        omrade_label=ibis.literal("Totalt"),
        position=ibis.literal(1000, "int32"),
    )
    return ibis.union(own, whole)


def _share(source: Source, at: At, column: str) -> Table:
    rows = ended(_in_areas(source, at), at)
    done = rows[column].notnull() & (rows[column] < rows.ends)
    shares = rows.group_by("omrade", "omrade_label", "position", "ar").agg(
        numerator=done.sum().cast("int64"), denominator=_.count()
    )
    return shares.mutate(value=ibis.null("int64"))


_BEHIND = behind_of(_in_areas, "omrade", "ar")


@figure(
    "quality.avvikelser.avslutade",
    **SHARE,
    per=("omrade", "ar"),
    label="Andel avslutade avvikelser",
    reads=("deviations", "service_areas"),
    dates=(*DATES, "deviations.closed_on"),
    behind=_BEHIND,
)
def closed(source: Source, at: At) -> Table:
    """Andel i procent av periodens interna avvikelser som var avslutade vid periodens slut, per verksamhetsområde.

    Det som avslutades efter brytdatum räknas som öppet. Tidigare år räknas likadant vid samma datum.

    Källa: Redovisning av avvikelser, klagomål och synpunkter; målet står i styrmodellen.
    """
    return _share(source, at, "closed_on")


@figure(
    "quality.avvikelser.klassificerade",
    **SHARE,
    per=("omrade", "ar"),
    label="Andel klassificerade avvikelser",
    reads=("deviations", "service_areas"),
    dates=(*DATES, "deviations.classified_on"),
    behind=_BEHIND,
)
def classified(source: Source, at: At) -> Table:
    """Andel i procent av periodens interna avvikelser som var klassificerade vid periodens slut, per
    verksamhetsområde.

    Det som klassificerades efter brytdatum räknas som oklassificerat. Tidigare år räknas likadant vid samma datum.

    Källa: Redovisning av avvikelser, klagomål och synpunkter; målet står i styrmodellen.
    """
    return _share(source, at, "classified_on")


def _leads(source: Source, at: At) -> Table:
    """Minutes of each part of the way, of deviations that had come that far at the period's end."""
    rows = ended(internal(source, at), at)
    parts = []
    for place, (code, (label, minutes, day)) in enumerate(LEADS.items()):
        done = rows.filter(rows[minutes].notnull(), rows[day] < rows.ends)
        parts.append(
            done.select(
                "ar", "gid", "number", "reported_on", "unit_code", "registered_at", minutes=done[minutes],
                led=ibis.literal(code), led_label=ibis.literal(label), position=ibis.literal(place),
            )
        )  # fmt: skip
    return ibis.union(*parts)


def _behind_leads(source: Source, at: At) -> Table:
    rows = _leads(source, at)
    return rows.select("led", "ar", "number", "reported_on", "unit_code", "minutes", "registered_at", "gid")


def _lead(share: float) -> Expression:
    def expression(source: Source, at: At) -> Table:
        rows = _leads(source, at)
        return rows.group_by("led", "led_label", "position", "ar").agg(
            value=percentile(rows.minutes, share, 60), denominator=_.count()
        )

    return expression


@figure(
    "quality.avvikelser.ledtid_median",
    unit=Unit.HOURS,
    digits=1,
    per=("led", "ar"),
    label="Ledtid, median",
    reads=("deviations",),
    dates=(*DATES, "deviations.classified_on", "deviations.closed_on"),
    behind=_behind_leads,
)
def lead_time_median(source: Source, at: At) -> Table:
    """Mediantid i timmar för interna avvikelser: från händelse till rapport, och från rapport till klassificering och
    avslut.

    Av periodens avvikelser räknas de som hade kommit så långt vid periodens slut; de öppna är inte med.

    Källa: 4-quality, avsnitt 4.8.
    """
    return _lead(0.5)(source, at)


@figure(
    "quality.avvikelser.ledtid_90",
    unit=Unit.HOURS,
    digits=1,
    per=("led", "ar"),
    label="Ledtid, 90 procent",
    reads=("deviations",),
    dates=(*DATES, "deviations.classified_on", "deviations.closed_on"),
    behind=_behind_leads,
)
def lead_time_90(source: Source, at: At) -> Table:
    """Den tid i timmar som 90 procent av de interna avvikelserna håller sig inom: till rapport, klassificering och
    avslut.

    Av periodens avvikelser räknas de som hade kommit så långt vid periodens slut; de öppna är inte med.

    Källa: 4-quality, avsnitt 4.8.
    """
    return _lead(0.9)(source, at)


def _steps(source: Source, at: At) -> Table:
    """Steps with a time limit that were done, or should have been, by the period's end."""
    rows = source.deviation_steps
    limited = rows.filter(rows.direction == "intern", rows.due_on.notnull())
    found = ended(dated(limited, at, "reported_on"), at)
    done = found.done_on.notnull() & (found.done_on < found.ends)
    known = found.mutate(steg=found.step, done=done).filter(_.done | (_.due_on < _.ends))
    return known.mutate(late=known.done.ifelse(known.done_at > known.due_at, True))


@figure(
    "quality.avvikelser.sena_steg",
    **SHARE,
    per=("steg", "ar"),
    label="Andel sena steg",
    reads=("deviation_steps",),
    dates=("deviation_steps.reported_on", "deviation_steps.done_on", "deviation_steps.due_on"),
    behind=lambda source, at: _steps(source, at).select(
        "steg",
        "ar",
        "reported_on",
        "unit_code",
        "due_on",
        "done_on",
        "late",
        "registered_at",
        gid=_.deviation_gid,
    ),
)
def late_steps(source: Source, at: At) -> Table:
    """Andel i procent av avvikelsernas steg som blev klara efter sin tidsgräns, eller inte var klara fast den hade gått
    ut.

    Av steg som hade blivit klara eller skulle ha varit det vid periodens slut.

    Källa: Styrmodellens tidsgränser; 4-quality, avsnitt 4.1.
    """
    rows = _steps(source, at)
    shares = rows.group_by("steg", "ar").agg(numerator=rows.late.sum().cast("int64"), denominator=_.count())
    return shares.mutate(
        value=ibis.null("int64"), steg_label=named_as(STEPS, _.steg), position=placed(STEPS, _.steg)
    )
