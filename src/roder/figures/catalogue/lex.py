"""Lex Sarah and lex Maria: reported, decided, notified to the inspectorate.

Keys: ``beslut`` (outcome), ``manad``, ``nummer`` and ``ar``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.periods import (
    COUNT,
    crossed,
    current,
    dated,
    fixed,
    in_every,
    months,
    named_as,
    years,
    years_in_use,
)
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

OUTCOMES = {
    "not_misconduct": "Inte ett missförhållande",
    "misconduct": "Missförhållande eller påtaglig risk för det",
    "serious": "Allvarligt missförhållande eller påtaglig risk för det",
    "not_own": "Utreds inte: inte egen verksamhet",
    "lex_maria": "Förs över till lex Maria",
    "work_environment": "Arbetsmiljö",
}
SHOWN = (
    "number", "reported_on", "unit_code", "service_area", "outcome", "decided_on", "notified_on", "registered_at",
)  # fmt: skip
SOURCE_DATE = ("lex_sarah.reported_on",)


def _used(source: Source, at: At) -> Table:
    """The years since the first deviation or lex Sarah case: from then on, none means 0."""
    return years_in_use(at, source.deviations.reported_on, source.lex_sarah.reported_on)


def _behind(rows: Any, *keys: str) -> Expression:
    def expression(source: Source, at: At) -> Table:
        return rows(source, at).select("gid", *keys, *SHOWN)

    return expression


def _reported(source: Source, at: At) -> Table:
    return dated(source.lex_sarah.filter(~_.external), at, "reported_on")


@figure(
    "quality.lex_sarah.rapporterade",
    **COUNT,
    per=("ar",),
    label="Lex Sarah-rapporter",
    reads=("lex_sarah", "deviations"),
    dates=SOURCE_DATE,
    behind=_behind(_reported, "ar"),
)
def reported(source: Source, at: At) -> Table:
    """Antal lex Sarah-rapporter i egen verksamhet under perioden, och under samma del av de fyra åren före.

    Källa: Rapport om lex Sarah till nämnden; socialtjänstlagen och SOSFS 2011:5.
    """
    return in_every(_used(source, at), _reported(source, at), ("ar",))


def _external(source: Source, at: At) -> Table:
    return dated(source.lex_sarah.filter(_.external), at, "reported_on")


@figure(
    "quality.lex_sarah.externa",
    **COUNT,
    per=("ar",),
    label="Lex Sarah hos externa utförare",
    reads=("lex_sarah", "deviations"),
    dates=SOURCE_DATE,
    behind=_behind(_external, "ar"),
)
def external(source: Source, at: At) -> Table:
    """Antal lex Sarah-ärenden hos externa utförare som har kommit in under perioden, och samma del av de fyra åren
    före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Lex Sarah från externa verksamheter.
    """
    return in_every(_used(source, at), _external(source, at), ("ar",))


def _notified(source: Source, at: At) -> Table:
    rows = source.lex_sarah
    return dated(rows.filter(~rows.external, rows.notified_on.notnull()), at, "notified_on")


@figure(
    "quality.lex_sarah.anmalda",
    **COUNT,
    per=("ar",),
    label="Lex Sarah-ärenden anmälda till IVO",
    reads=("lex_sarah", "deviations"),
    dates=("lex_sarah.notified_on",),
    behind=_behind(_notified, "ar"),
)
def notified(source: Source, at: At) -> Table:
    """Antal lex Sarah-ärenden i egen verksamhet som anmäldes till IVO under perioden, och samma del av åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Lex Sarah; SOSFS 2011:5.
    """
    return in_every(_used(source, at), _notified(source, at), ("ar",))


def _told(source: Source, at: At, what: str, day: str) -> Table:
    """The cases with ``told_on``: the day they count from. That is their own day, but to a meeting what an earlier
    meeting's report was locked too early to tell counts from the meeting that tells it; none yet is null."""
    rows = source.lex_sarah.filter(source.lex_sarah[day].notnull())
    if at.kind != "meeting":
        return rows.mutate(told_on=rows[day])
    late = source.lex_sarah_late
    late = late.filter(late.what == what).select(late_gid=late.gid, later_on=late.told_on)
    both = rows.left_join(late, rows.gid == late.late_gid)
    return both.mutate(told_on=both.late_gid.isnull().ifelse(both[day], both.later_on)).drop(
        "late_gid", "later_on"
    )


def _decided(source: Source, at: At) -> Table:
    return dated(_told(source, at, "beslut", "decided_on"), at, "told_on").mutate(beslut=_.outcome)


@figure(
    "quality.lex_sarah.per_beslut",
    **COUNT,
    per=("beslut", "ar"),
    label="Lex Sarah-ärenden per beslut",
    reads=("lex_sarah", "deviations", "lex_sarah_late"),
    dates=("lex_sarah.decided_on",),
    behind=_behind(_decided, "beslut", "ar"),
)
def by_outcome(source: Source, at: At) -> Table:
    """Antal lex Sarah-ärenden som beslutades under perioden, per beslut, och under samma del av de fyra åren före.

    Också de som rapporterades före perioden. Till ett sammanträde också beslut som registrerades sedan det förra
    sammanträdets rapport hade låsts.

    Källa: Rapport om lex Sarah till nämnden.
    """
    spine = crossed(fixed(source.lex_sarah, "beslut", OUTCOMES), _used(source, at))
    return in_every(spine, _decided(source, at), ("beslut", "ar"))


def _this_period(source: Source, at: At) -> Table:
    rows = source.lex_sarah.filter(~_.external)
    found = current(rows, at, "reported_on")
    return found.mutate(manad=found.reported_on.strftime("%Y-%m"))


@figure(
    "quality.lex_sarah.per_manad",
    **COUNT,
    per=("manad",),
    label="Lex Sarah-rapporter per månad",
    reads=("lex_sarah",),
    dates=SOURCE_DATE,
    behind=_behind(_this_period, "manad"),
)
def by_month(source: Source, at: At) -> Table:
    """Antal lex Sarah-rapporter i egen verksamhet varje månad under perioden.

    Månader före den första rapporten är inte kända.

    Källa: Rapport om lex Sarah till nämnden.
    """
    first = source.lex_sarah.agg(first=_.reported_on.min())
    spread = first.mutate(manad=ibis.array(months(at, at.period_start)).unnest())
    spine = spread.filter(spread.manad >= spread.first.strftime("%Y-%m")).select("manad")
    return in_every(spine, _this_period(source, at), ("manad",))


def _decided_now(source: Source, at: At) -> Table:
    rows = current(_told(source, at, "beslut", "decided_on"), at, "told_on")
    return rows.mutate(nummer=_.number, beslut=_.outcome)


@figure(
    "quality.lex_sarah.beslutade",
    unit=Unit.DAYS,
    per=("nummer",),
    label="Lex Sarah-ärenden som har beslutats",
    reads=("lex_sarah", "deviation_types", "lex_sarah_late"),
    dates=("lex_sarah.decided_on",),
    behind=_behind(_decided_now, "nummer"),
)
def decided(source: Source, at: At) -> Table:
    """Dagar från rapport till beslut för vart och ett av de lex Sarah-ärenden som beslutades under perioden.

    Varje ärende står med nummer, typ och beslut, aldrig med namn. Till ett sammanträde också beslut som registrerades
    sedan det förra sammanträdets rapport hade låsts.

    Källa: Rapport om lex Sarah till nämnden.
    """
    rows = _decided_now(source, at)
    kinds = source.deviation_types.select(code=_.code, label=_.label)
    joined = rows.left_join(kinds, rows.type == kinds.code)
    what = ibis.coalesce(" (" + joined.label + ")", "")
    return joined.select(
        "nummer",
        value=joined.decided_on.delta(joined.reported_on, unit="day").cast("int64"),
        nummer_label=joined.nummer + what + ": " + named_as(OUTCOMES, joined.outcome),
    )


def _from_earlier(source: Source, at: At) -> Table:
    rows = _decided_now(source, at)
    return rows.filter(rows.reported_on.year() < rows.decided_on.year())


@figure(
    "quality.lex_sarah.fran_tidigare_ar",
    **COUNT,
    per=("beslut",),
    label="Lex Sarah-ärenden från tidigare år som har beslutats",
    reads=("lex_sarah", "lex_sarah_late"),
    dates=("lex_sarah.reported_on", "lex_sarah.decided_on"),
    behind=_behind(_from_earlier, "beslut"),
)
def from_earlier_years(source: Source, at: At) -> Table:
    """Antal lex Sarah-ärenden som rapporterades ett tidigare år och beslutades under perioden, per beslut.

    Källa: Rapport om lex Sarah till nämnden: de från i fjol som beslutats i år redovisas för sig.
    """
    known = _used(source, at).filter(_.ar == years(at)[0])
    spine = fixed(source.lex_sarah, "beslut", OUTCOMES).cross_join(known).drop("ar")
    return in_every(spine, _from_earlier(source, at), ("beslut",))


def _late_reports(source: Source, at: At) -> Table:
    rows = _told(source, at, "rapport", "reported_on").filter(~_.external)
    return current(rows.filter(rows.told_on != rows.reported_on), at, "told_on")


@figure(
    "quality.lex_sarah.sena_rapporter",
    **COUNT,
    per=(),
    label="Lex Sarah-rapporter sedan förra sammanträdets rapport låstes",
    reads=("lex_sarah", "lex_sarah_late"),
    dates=SOURCE_DATE,
    behind=_behind(_late_reports),
)
def late_reports(source: Source, at: At) -> Table:
    """Antal lex Sarah-rapporter i egen verksamhet som kom in före perioden men sedan det förra sammanträdets rapport
    hade låsts.

    De står i ingen annan rapport till nämnden. Bara för sammanträden.

    Källa: Rapport om lex Sarah till nämnden: varje rapport redovisas en gång.
    """
    counted = _late_reports(source, at).agg(late=_.count())
    known = source.lex_sarah.agg(cases=_.count()).filter(_.cases > 0)
    return counted.cross_join(known).select(value=_.late)


def _open(source: Source, at: At) -> Table:
    rows = source.lex_sarah
    waiting = rows.decided_on.isnull() | (rows.decided_on >= at.period_end)
    found = rows.filter(~rows.external, rows.reported_on < at.period_end, waiting)
    return found.mutate(rapporterad=found.reported_on.strftime("%Y"))


@figure(
    "quality.lex_sarah.oppna",
    **COUNT,
    per=("rapporterad",),
    label="Lex Sarah-ärenden utan beslut",
    reads=("lex_sarah",),
    dates=("lex_sarah.reported_on", "lex_sarah.decided_on"),
    behind=_behind(_open, "rapporterad"),
)
def waiting(source: Source, at: At) -> Table:
    """Antal lex Sarah-ärenden i egen verksamhet som saknade beslut vid periodens slut, efter året de rapporterades.

    Källa: Rapport om lex Sarah till nämnden.
    """
    rows = _open(source, at)
    return rows.group_by("rapporterad").agg(value=_.count())


def _maria(source: Source, at: At, column: str) -> Table:
    rows = source.lex_maria
    return dated(rows.filter(rows[column].notnull()), at, column)


def _maria_used(source: Source, at: At) -> Table:
    return years_in_use(at, source.deviations.reported_on, source.lex_maria.opened_on)


def _maria_behind(column: str) -> Expression:
    def expression(source: Source, at: At) -> Table:
        return _maria(source, at, column).select(
            "gid",
            "ar",
            "number",
            "opened_on",
            "due_on",
            "notified_on",
            "closed_on",
            "unit_code",
            "registered_at",
        )

    return expression


@figure(
    "quality.lex_maria.oppnade",
    **COUNT,
    per=("ar",),
    label="Lex Maria-utredningar",
    reads=("lex_maria", "deviations"),
    dates=("lex_maria.opened_on",),
    behind=_maria_behind("opened_on"),
)
def maria_opened(source: Source, at: At) -> Table:
    """Antal lex Maria-utredningar som inleddes under perioden, och under samma del av de fyra åren före.

    Källa: Patientsäkerhetslagen (2010:659) 3 kap. 5 §.
    """
    return in_every(_maria_used(source, at), _maria(source, at, "opened_on"), ("ar",))


@figure(
    "quality.lex_maria.anmalda",
    **COUNT,
    per=("ar",),
    label="Lex Maria-anmälningar",
    reads=("lex_maria", "deviations"),
    dates=("lex_maria.notified_on",),
    behind=_maria_behind("notified_on"),
)
def maria_notified(source: Source, at: At) -> Table:
    """Antal händelser som anmäldes enligt lex Maria under perioden, och under samma del av de fyra åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Lex Maria.
    """
    return in_every(_maria_used(source, at), _maria(source, at, "notified_on"), ("ar",))
