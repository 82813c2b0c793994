"""Staff: sick leave in per cent of ordinary working time.

Key ``grupp``: ``total``, a sex, an age group or a length of spell.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import LAST, behind_union, committee_wide, difference
from roder.figures.registry import At, figure, years_before
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

SICK_LEAVE = "sjukfranvaro"
ALL = ("alla", "")
GROUPS = {
    "total": "Total sjukfrånvaro", "kvinnor": "Kvinnor", "man": "Män", "-29": "29 år och yngre", "30-49": "30–49 år",
    "50-": "50 år och äldre", "dag_1-14": "Dag 1–14", "dag_15-59": "Dag 15–59", "dag_60-": "Dag 60 och längre",
}  # fmt: skip


def _lines(source: Source, at: At, year: int) -> Table:
    """The year's values of sick leave, each with its group; combinations of groups are left out."""
    rows = source.staff.filter(_.measure == SICK_LEAVE, _.period_start >= date(year, 1, 1))
    rows = rows.filter(_.period_start < date(year + 1, 1, 1))
    sex, age, days = rows.sex.isin(ALL), rows.age.isin(ALL), rows.days.isin(ALL)
    group = ibis.cases(
        (~sex & age & days, rows.sex), (sex & ~age & days, rows.age), (sex & age & ~days, "dag_" + rows.days),
        (sex & age & days, "total"),
    )  # fmt: skip
    grouped = rows.mutate(grupp=group).filter(_.grupp.notnull())
    return committee_wide(source, at, grouped, ("period_start", "period_end", "grupp"))


def _this_year(source: Source, at: At) -> Table:
    """Values of the year's period that ended last at the cut-off; the longest, if several did."""
    rows = _lines(source, at, at.year).filter(_.period_end <= at.cut_off + timedelta(days=1))
    latest = rows.agg(latest=_.period_end.max())
    ended = rows.semi_join(latest, rows.period_end == latest.latest)
    first = ended.agg(first=_.period_start.min())
    return ended.semi_join(first, ended.period_start == first.first)


def _last_year(source: Source, at: At) -> Table:
    """Values of the same months the year before."""
    period = _this_year(source, at).select("period_start", "period_end").distinct()
    months = period.select(
        start_month=_.period_start.month(), end_month=_.period_end.month(),
        end_day=_.period_end.day(), start_day=_.period_start.day(), years=_.period_end.year() - _.period_start.year(),
    )  # fmt: skip
    rows = _lines(source, at, at.year - 1)
    return rows.semi_join(
        months,
        [
            rows.period_start.month() == months.start_month,
            rows.period_start.day() == months.start_day,
            rows.period_end.month() == months.end_month,
            rows.period_end.day() == months.end_day,
            rows.period_end.year() - rows.period_start.year() == months.years,
        ],
    )


def _figure_rows(rows: Table) -> Table:
    places = {code: place for place, code in enumerate(GROUPS)}
    return rows.select(
        "grupp",
        "value",
        "numerator",
        "denominator",
        grupp_label=ibis.cases(*((_.grupp == code, label) for code, label in GROUPS.items()), else_=_.grupp),
        position=ibis.cases(*((_.grupp == code, place) for code, place in places.items()), else_=len(places)),
    )


def _shown(rows: Table, what: str) -> Table:
    return rows.select(
        "grupp", "gid", "period_start", "period_end", "unit_code", "sex", "age", "days", "value", "numerator",
        "denominator", "registered_at", what=ibis.literal(what),
    )  # fmt: skip


def _behind(source: Source, at: At) -> Table:
    return _shown(_this_year(source, at), "I år")


def _behind_last_year(source: Source, at: At) -> Table:
    return _shown(_last_year(source, at), "Föregående år")


@figure(
    "personal.sjukfranvaro",
    unit=Unit.PERCENT,
    per=("grupp",),
    label="Sjukfrånvaro",
    ratio=100,
    reads=("staff", "units"),
    dates=("staff.period_end",),
    behind=_behind,
)
def sick_leave(source: Source, at: At) -> Table:
    """Sjukfrånvaro i procent av ordinarie arbetstid, under årets senast avslutade period vid brytdatum.

    Slutar flera perioder samtidigt räknas den längsta.

    Räknas av täljare och nämnare där de är kända, annars det redovisade värdet.

    Källa: Uppföljningsanvisningar, delårsbokslut, avsnitt Sjukfrånvaro, tabell.
    """
    return _figure_rows(_this_year(source, at))


@figure(
    "personal.sjukfranvaro_foregaende_ar",
    unit=Unit.PERCENT,
    per=("grupp",),
    label="Sjukfrånvaro samma månader i fjol",
    ratio=100,
    reads=("staff", "units"),
    dates=("staff.period_end",),
    behind=_behind_last_year,
)
def sick_leave_last_year(source: Source, at: At) -> Table:
    """Sjukfrånvaro i procent av ordinarie arbetstid, under samma månader föregående år.

    Källa: Uppföljningsanvisningar, delårsbokslut, avsnitt Sjukfrånvaro, tabell.
    """
    return _figure_rows(_last_year(source, at))


@figure(
    "personal.sjukfranvaroforandring",
    unit=Unit.PERCENTAGE_POINTS,
    per=("grupp",),
    label="Sjukfrånvarons förändring",
    ratio=100,
    sign=True,
    reads=("staff", "units"),
    dates=("staff.period_end",),
    behind=behind_union(_behind, _behind_last_year),
)
def sick_leave_change(source: Source, at: At) -> Table:
    """Sjukfrånvaron minus sjukfrånvaron samma månader föregående år, i procentenheter; plus är mer frånvaro.

    Källa: Uppföljningsanvisningar, delårsbokslut, avsnitt Sjukfrånvaro, tabell.
    """
    before = sick_leave_last_year(source, at)
    minus = before.select(
        of=_.grupp, minus_value=_.value, minus_numerator=_.numerator, minus_denominator=_.denominator
    )
    now = sick_leave(source, at)
    return now.left_join(minus, now.grupp == minus.of).drop("of")


#: Other measures of the staff, as the files name them; further ones are shown by their code.
MEASURES = {
    "anstallda": "Anställda",
    "anstallningar": "Anställningar",
    "arsarbetare": "Årsarbetare",
    "arsarbetare_ok": "Årsarbetare, överenskommen sysselsättningsgrad",
    "medelalder": "Medelålder",
    "sysselsattningsgrad": "Sysselsättningsgrad, procent",
    "genomsnittlig_sysselsattningsgrad": "Genomsnittlig sysselsättningsgrad, procent",
}
EMPLOYMENTS = {
    "alla": "Alla",
    "tillsvidare_manad": "Tillsvidare, månadsavlönade",
    "visstid_manad": "Visstid, månadsavlönade",
    "visstid_tim": "Visstid, timavlönade",
}


def latest_measures(source: Source, at: At) -> Table:
    """The committee's latest values of everything but sick leave, with measure and form of employment apart.

    A plan's staff is that of the last day before its year, which is often stated a little earlier.
    """
    rows = source.staff.filter(_.measure != SICK_LEAVE, _.sex.isin(ALL), _.age.isin(ALL), _.days.isin(ALL))
    until = max(at.cut_off + timedelta(days=1), at.reference)
    rows = committee_wide(source, at, rows.filter(_.period_end <= until), ("period_end", "measure"))
    latest = rows.agg(latest=_.period_end.max())
    rows = rows.semi_join(latest, rows.period_end == latest.latest)
    endings = [code for code in EMPLOYMENTS if code != "alla"]
    form = ibis.cases(*((_.measure.endswith(f"_{code}"), code) for code in endings), else_="alla")
    rows = rows.mutate(anstallningsform=form)
    short = _.measure.substr(0, _.measure.length() - _.anstallningsform.length() - 1)
    return rows.mutate(matt=ibis.ifelse(_.anstallningsform == "alla", _.measure, short))


def _behind_measures(source: Source, at: At) -> Table:
    return latest_measures(source, at).select(
        "matt",
        "anstallningsform",
        "gid",
        "period_start",
        "period_end",
        "unit_code",
        "measure",
        "value",
        "registered_at",
    )


@figure(
    "personal.matt",
    unit=Unit.COUNT,
    per=("matt", "anstallningsform"),
    label="Personalmått",
    reads=("staff", "units", "staff_terms", "occasions"),
    dates=("staff.period_end",),
    behind=_behind_measures,
)
def staff_measures(source: Source, at: At) -> Table:
    """Personalens storlek och sammansättning per mått och anställningsform, vid den senaste mätningen.

    Källa: Verksamhetsplan och budget, avsnitt Personal, tabell.
    """
    return _named(source, at, _measure_rows(latest_measures(source, at)))


def a_year_before(at: At) -> At:
    """The same day a year before."""
    return replace(at, year=at.year - 1, cut_off=years_before(at.cut_off, 1))


@figure(
    "personal.matt_foregaende_ar",
    unit=Unit.COUNT,
    per=("matt", "anstallningsform"),
    label="Personalmått ett år tidigare",
    reads=("staff", "units", "staff_terms", "occasions"),
    dates=("staff.period_end",),
    behind=lambda source, at: _behind_measures(source, a_year_before(at)),
)
def staff_measures_before(source: Source, at: At) -> Table:
    """Personalens storlek och sammansättning per mått och anställningsform, vid den senaste mätningen ett år tidigare.

    Källa: Uppföljningsanvisningar, årsbokslut, avsnitt Personal: tabellen jämförs med tidigare period.
    """
    return _named(source, at, _measure_rows(latest_measures(source, a_year_before(at))))


@figure(
    "personal.mattforandring",
    unit=Unit.COUNT,
    per=("matt", "anstallningsform"),
    label="Personalmåttens förändring",
    sign=True,
    reads=("staff", "units", "staff_terms", "occasions"),
    dates=("staff.period_end",),
    behind=behind_union(_behind_measures, lambda source, at: _behind_measures(source, a_year_before(at))),
)
def staff_measures_change(source: Source, at: At) -> Table:
    """Personalmåttet minus samma mått ett år tidigare, per mått och anställningsform.

    Källa: Uppföljningsanvisningar, årsbokslut, avsnitt Personal: tabellen jämförs med tidigare period.
    """
    before = latest_measures(source, a_year_before(at))
    rows = difference(latest_measures(source, at), before, ("matt", "anstallningsform"))
    share, points = Unit.PERCENT.value, Unit.PERCENTAGE_POINTS.value
    return _named(source, at, _measure_rows(rows)).mutate(unit=(_.unit == share).ifelse(points, _.unit))


def _measure_rows(rows: Table) -> Table:
    """Values by measure and form of employment as figures' rows; a measure's rows have as many decimals as it needs."""
    places = list(MEASURES)
    whole, tenth = rows.value == rows.value.round(), rows.value * 10 == (rows.value * 10).round()
    needed = rows.mutate(needed=ibis.cases((rows.value.isnull() | whole, 0), (tenth, 1), else_=2))
    return needed.select(
        "matt",
        "anstallningsform",
        "value",
        matt_label=ibis.cases(*((_.matt == code, label) for code, label in MEASURES.items()), else_=_.matt),
        anstallningsform_label=ibis.cases(
            *((_.anstallningsform == code, label) for code, label in EMPLOYMENTS.items()),
            else_=_.anstallningsform,
        ),
        decimals=_.needed.max().over(group_by="matt"),
        position=ibis.cases(*((_.matt == code, places.index(code)) for code in places), else_=len(places))
        * 10
        + ibis.cases(
            *((_.anstallningsform == code, place) for place, code in enumerate(EMPLOYMENTS)), else_=9
        ),
    )


def _named(source: Source, at: At, rows: Table) -> Table:
    """Rows of measures as the occasion's steering model words, counts and orders them, where it speaks of them."""
    model = source.occasions.filter(_.code == at.code).select("model_id")
    known = source.staff_terms.filter(_.list == "measure").semi_join(model, "model_id")
    terms = known.select(
        code=_.code, label=_.label, counted=_.unit, digits=_.digits, place=_.position.cast("int64")
    )
    joined = rows.left_join(terms, rows.matt == terms.code)
    form = _.position % 10
    return joined.mutate(
        matt_label=ibis.coalesce(_.label, _.matt_label),
        unit=ibis.coalesce(_.counted, Unit.COUNT.value),
        decimals=ibis.coalesce(_.digits, _.decimals),
        position=ibis.ifelse(_.place.notnull(), (_.place - len(MEASURES) - LAST) * 10, _.position - form)
        + form,
    ).select(*rows.columns, "unit")
