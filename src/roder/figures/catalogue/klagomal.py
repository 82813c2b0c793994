"""Complaints and suggestions: kind, subject, from whom, answered.

Keys: ``slag``, ``amne``, ``lamnad_av`` and ``ar``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.catalogue.periods import COUNT, SHARE, crossed, dated, ended, in_every, named, years_in_use
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

KINDS = {
    "klagomal": "Klagomål", "synpunkt": "Synpunkt", "berom": "Beröm", "forslag": "Förslag",
    "felanmalan": "Felanmälan", "fraga": "Fråga",
}  # fmt: skip
SHOWN = ("number", "received_on", "kind", "unit_code", "service_area", "registered_at")
DATES = ("complaints.received_on",)


def _all(source: Source, at: At) -> Table:
    return dated(source.complaints, at, "received_on").mutate(slag=_.kind, lamnad_av=_.complainant)


def _used(source: Source, at: At) -> Table:
    """The years since the first complaint."""
    return years_in_use(at, source.complaints.received_on)


def _behind(rows: Any, *keys: str) -> Expression:
    def expression(source: Source, at: At) -> Table:
        found = rows(source, at)
        gid = found.complaint_gid if "complaint_gid" in found.columns else found.gid
        return found.select(*keys, *SHOWN, gid=gid)

    return expression


@figure(
    "quality.klagomal.antal",
    **COUNT,
    per=("ar",),
    label="Klagomål och synpunkter",
    reads=("complaints",),
    dates=DATES,
    behind=_behind(_all, "ar"),
)
def complaints(source: Source, at: At) -> Table:
    """Antal klagomål och synpunkter som kom in under perioden, av alla slag, och under samma del av de fyra åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Klagomål och synpunkter.
    """
    return in_every(_used(source, at), _all(source, at), ("ar",))


def _words(source: Source, at: At, name: str, key: str) -> Table:
    model = source.occasions.filter(_.code == at.code).select("model_id")
    return named(source.complaint_words.filter(_.list == name).semi_join(model, "model_id"), key)


def _with_unknown(words: Table, rows: Table, key: str, none: str) -> Table:
    """The words of the steering model, and codes that rows have but the model does not."""
    label = f"{key}_label"
    extra = rows.select(key).distinct().anti_join(words, key)
    named_extra = extra.mutate(
        **{label: (extra[key] == "").ifelse(none, extra[key]), "position": ibis.literal(999, "int32")}
    )
    return ibis.union(words, named_extra)


@figure(
    "quality.klagomal.per_slag",
    **COUNT,
    per=("slag", "ar"),
    label="Klagomål och synpunkter per slag",
    reads=("complaints", "complaint_words", "occasions"),
    dates=DATES,
    behind=_behind(_all, "slag", "ar"),
)
def by_kind(source: Source, at: At) -> Table:
    """Antal inkomna klagomål, synpunkter, beröm, förslag, felanmälningar och frågor under perioden, och samma del av
    åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Klagomål och synpunkter.
    """
    rows = _all(source, at)
    kinds = _with_unknown(_words(source, at, "kinds", "slag"), rows, "slag", "Inte angivet")
    return in_every(crossed(kinds, _used(source, at)), rows, ("slag", "ar"))


def _subjects(source: Source, at: At) -> Table:
    return dated(source.complaint_matters, at, "received_on").mutate(amne=_.subject)


@figure(
    "quality.klagomal.per_amne",
    **COUNT,
    per=("amne", "ar"),
    label="Klagomål och synpunkter per ämne",
    reads=("complaint_matters", "complaint_subjects", "complaints"),
    dates=("complaint_matters.received_on",),
    behind=_behind(_subjects, "amne", "ar"),
)
def by_subject(source: Source, at: At) -> Table:
    """Antal klagomål och synpunkter om varje ämne under perioden, och under samma del av de fyra åren före.

    Ett ärende som gäller flera ämnen räknas i vart och ett.

    Källa: Redovisning av avvikelser, klagomål och synpunkter: vad synpunkterna handlar om.
    """
    spine = crossed(named(source.complaint_subjects, "amne"), _used(source, at))
    return in_every(spine, _subjects(source, at), ("amne", "ar"))


@figure(
    "quality.klagomal.fran_vem",
    **COUNT,
    per=("lamnad_av", "ar"),
    label="Vem klagomål och synpunkter kommer från",
    reads=("complaints", "complaint_words", "occasions"),
    dates=DATES,
    behind=_behind(_all, "lamnad_av", "ar"),
)
def by_complainant(source: Source, at: At) -> Table:
    """Antal klagomål och synpunkter efter vem som lämnade dem, under perioden och samma del av de fyra åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter: vilka lämnar synpunkter?
    """
    rows = _all(source, at)
    words = _with_unknown(_words(source, at, "complainants", "lamnad_av"), rows, "lamnad_av", "Inte angivet")
    return in_every(crossed(words, _used(source, at)), rows, ("lamnad_av", "ar"))


def _answerable(source: Source, at: At) -> Table:
    return ended(_all(source, at).filter(~_.anonymous), at)


@figure(
    "quality.klagomal.besvarade",
    **SHARE,
    per=("ar",),
    label="Andel besvarade klagomål och synpunkter",
    reads=("complaints",),
    dates=(*DATES, "complaints.answered_on"),
    behind=_behind(_answerable, "ar"),
)
def answered(source: Source, at: At) -> Table:
    """Andel i procent av periodens klagomål och synpunkter som var besvarade vid periodens slut.

    Anonyma kan inte besvaras och är inte med. Tidigare år räknas likadant vid samma datum.

    Källa: 4-quality, avsnitt 4.4.
    """
    rows = _answerable(source, at)
    done = rows.answered_on.notnull() & (rows.answered_on < rows.ends)
    shares = rows.group_by("ar").agg(numerator=done.sum().cast("int64"), denominator=_.count())
    return shares.mutate(value=ibis.null("int64"))


def _limit(source: Source, at: At) -> Table:
    """The steering model's number of days, as a table of one row; of none when it says none: then nothing is late."""
    model = source.occasions.filter(_.code == at.code).select("model_id")
    rule = source.quality_rules.filter(_.code == "obesvarad_dagar").semi_join(model, "model_id")
    return rule.agg(days=_.value.max()).filter(_.days.notnull())


def _unanswered(source: Source, at: At) -> Table:
    """Those that were late on the period's last day, as the page counts them (``quality.rules.complaints``)."""
    rows = _answerable(source, at).filter(_.acknowledged_on.notnull(), _.acknowledged_on < _.ends)
    waiting = rows.filter(rows.answered_on.isnull() | (rows.answered_on >= rows.ends))
    limited = waiting.cross_join(_limit(source, at))
    waited = (
        limited.ends.delta(limited.acknowledged_on, unit="day") - 1
    )  # ``ends`` is the day after the period
    return limited.filter(waited > limited.days)


@figure(
    "quality.klagomal.obesvarade",
    **COUNT,
    per=("ar",),
    label="Obesvarade klagomål och synpunkter",
    reads=("complaints", "quality_rules", "occasions"),
    dates=(*DATES, "complaints.acknowledged_on", "complaints.answered_on"),
    behind=_behind(_unanswered, "ar"),
)
def unanswered(source: Source, at: At) -> Table:
    """Antal av periodens klagomål och synpunkter som vid periodens slut hade väntat på svar längre än styrmodellen
    medger.

    Tiden räknas från att mottagandet bekräftades. Utan gräns i styrmodellen finns inget tal. Anonyma är inte med.

    Källa: 4-quality, avsnitt 4.4; styrmodellen, avsnittet om klagomål.
    """
    years = _used(source, at).cross_join(_limit(source, at)).drop("days")
    return in_every(years, _unanswered(source, at), ("ar",))


def _declared(source: Source, at: At) -> Table:
    return _all(source, at).filter(_.concerns_declaration)


@figure(
    "quality.klagomal.servicedeklaration",
    **COUNT,
    per=("ar",),
    label="Klagomål mot servicedeklarationen",
    reads=("complaints",),
    dates=DATES,
    behind=_behind(_declared, "ar"),
)
def against_declaration(source: Source, at: At) -> Table:
    """Antal klagomål och synpunkter som gäller att servicedeklarationen inte följs, under perioden och samma del av
    åren före.

    Källa: 4-quality, avsnitt 4.4.
    """
    return in_every(_used(source, at), _declared(source, at), ("ar",))
