"""Internal control up to an occasion: points followed up, without and with remarks; what samples showed; measures.

The plan is the one for the occasion's year. ``moment`` is a control as the plan numbers it (7.2: the second control of
point 7), ``prov`` a sample of it (1-2: the second sample of the first time) or ``totalt``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.catalogue.counting import TOTAL, counted, in_all, listed, per_key
from roder.figures.catalogue.periods import COUNT, SHARE
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

STATES = {"planned": "Planerade", "handed_over": "Överlämnade till egenkontroll", "withdrawn": "Utgår"}
POINTS: dict[str, Any] = {
    "per": (),
    "reads": ("control_points", "control_reviews", "controls"),
    "dates": ("control_reviews.told_on",),
}
CHECKS: dict[str, Any] = {
    "per": ("moment", "prov"),
    "reads": ("control_rounds", "control_samples", "control_items"),
    "dates": ("control_rounds.told_on",),
}
SAMPLES: dict[str, Any] = {
    "per": ("moment", "prov"),
    "reads": ("control_samples",),
    "dates": ("control_samples.told_on",),
}
ACTIONS: dict[str, Any] = {
    "per": (),
    "reads": ("control_actions", "control_points"),
    "dates": ("control_actions.added_on", "control_actions.done_on"),
}


# --- points ----------------------------------------------------------------------------------------------------------


def _points(source: Source, at: At) -> Table:
    """The plan's points with what was last said of each up to the occasion.

    A point whose controls are all handed over or withdrawn, and of which nothing was ever said, is out of the plan.
    """
    points = source.control_points.filter(_.year == at.year)
    said = source.control_reviews.filter(_.year == at.year, _.told_on <= at.cut_off)
    order = [ibis.desc(said.told_on), ibis.desc(said.registered_at), ibis.desc(said.gid)]
    last = said.mutate(nth=ibis.row_number().over(group_by="point", order_by=order)).filter(_.nth == 0)
    given = last.select(
        of=_.point, outcome=_.outcome, assumed=_.assumed, moved_to=_.moved_to, told_on=_.told_on
    )
    made = source.controls.filter(_.year == at.year).group_by(its=_.point).agg(
        planned=counted(_.state == "planned")
    )  # fmt: skip
    known = points.left_join(given, points.point == given.of).drop("of")
    known = known.left_join(made, known.point == made.its).drop("its")
    return known.filter(_.outcome.notnull() | _.planned.isnull() | (_.planned > 0))


def _with_outcome(*outcomes: str) -> Expression:
    def expression(source: Source, at: At) -> Table:
        return _points(source, at).filter(_.outcome.isin(outcomes))

    return expression


def _behind_points(rows: Expression) -> Expression:
    def expression(source: Source, at: At) -> Table:
        found = rows(source, at).rename(assessment="outcome")
        return found.select("point", "told_on", "assessment", "assumed", "moved_to", "registered_at", "gid")

    return expression


def _of_points(source: Source, at: At, *outcomes: str) -> Table:
    """How many of the plan's points have one of the outcomes; 0 where none has, nothing where there is no plan."""
    rows = _points(source, at)
    return in_all(rows, value=counted(rows.outcome.isin(outcomes)))


@figure("kontroll.punkter", **COUNT, **POINTS, label="Kontrollpunkter", behind=_behind_points(_points))
def points(source: Source, at: At) -> Table:
    """Antal kontrollpunkter i årets internkontrollplan.

    Källa: Uppföljningsanvisningar, internkontroll.
    """
    return in_all(_points(source, at))


@figure("kontroll.uppfoljda", **COUNT, **POINTS, label="Kontrollpunkter som är uppföljda",
        behind=_behind_points(_with_outcome("without", "with")))  # fmt: skip
def followed_up(source: Source, at: At) -> Table:
    """Antal kontrollpunkter i årets plan som är bedömda till och med tillfället, med eller utan anmärkning.

    Källa: Uppföljningsanvisningar, internkontroll.
    """
    return _of_points(source, at, "without", "with")


@figure("kontroll.utan_anmarkning", **COUNT, **POINTS, label="Kontrollpunkter utan anmärkning",
        behind=_behind_points(_with_outcome("without")))  # fmt: skip
def without_remarks(source: Source, at: At) -> Table:
    """Antal kontrollpunkter som senast bedömdes som genomförda utan anmärkning eller med försumbar anmärkning.

    Källa: Uppföljningsanvisningar, internkontroll.
    """
    return _of_points(source, at, "without")


@figure("kontroll.med_anmarkning", **COUNT, **POINTS, label="Kontrollpunkter med anmärkning",
        behind=_behind_points(_with_outcome("with")))  # fmt: skip
def with_remarks(source: Source, at: At) -> Table:
    """Antal kontrollpunkter som enligt den senaste bedömningen är genomförda med anmärkning.

    Källa: Uppföljningsanvisningar, internkontroll.
    """
    return _of_points(source, at, "with")


@figure("kontroll.flyttade", **COUNT, **POINTS, label="Flyttade kontrollpunkter",
        behind=_behind_points(_with_outcome("moved")))  # fmt: skip
def moved(source: Source, at: At) -> Table:
    """Antal kontrollpunkter som skulle ha följts upp men som enligt den senaste bedömningen är flyttade till senare.

    Källa: 5-risk-and-control, avsnitt 5.2.
    """
    return _of_points(source, at, "moved")


@figure("kontroll.antagna", **COUNT, **POINTS, label="Bedömningar som är antagna",
        behind=_behind_points(lambda source, at: _points(source, at).filter(_.assumed)))  # fmt: skip
def assumed(source: Source, at: At) -> Table:
    """Antal kontrollpunkter vars senaste bedömning är antagen, för att källan inte säger vilken den är.

    Källa: 5-risk-and-control, avsnitt 5.2.
    """
    rows = _points(source, at)
    return in_all(rows, value=counted(rows.assumed))


# --- controls and what they showed -----------------------------------------------------------------------------------


def _controls(source: Source, at: At) -> Table:
    rows = source.controls.filter(_.year == at.year).drop("position")
    return listed(rows, "lage", rows.state, STATES)


@figure("kontroll.moment", **COUNT, per=("lage",), reads=("controls",), label="Kontrollmoment",
        behind=lambda source, at: _controls(source, at).select(
            "lage", "point", "control", "method", "scope", "registered_at", "gid"))  # fmt: skip
def controls(source: Source, at: At) -> Table:
    """Antal kontrollmoment i årets internkontrollplan per läge, och totalt.

    Källa: 5-risk-and-control, avsnitt 5.2.
    """
    return per_key(_controls(source, at), "lage")


def _now(rows: Table, at: At) -> Table:
    """What has been told of the year's plan up to the occasion."""
    found = rows.filter(rows.year == at.year, rows.told_on <= at.cut_off)
    return found.mutate(
        moment=found.point + "." + found.control.cast("string"),
        place=(found.position * 10_000 + found.control * 100).cast("int64"),
    ).drop("position")


def _samples(source: Source, at: At) -> Table:
    rows = _now(source.control_samples, at)
    return rows.mutate(
        prov=rows["round"].cast("string") + "-" + rows["sample"].cast("string"),
        prov_label=ibis.literal("Stickprov ")
        + rows["round"].cast("string")
        + "-"
        + rows["sample"].cast("string"),
        position=rows.place + rows["round"] * 10 + rows["sample"],
    )


def _items(source: Source, at: At) -> Table:
    """What was checked of the samples: one row for each item that has an outcome."""
    done = source.control_items.filter(_.checked_on.notnull()).select(
        "sample_gid", "checked_on", "deviates", item=_.gid, item_at=_.registered_at
    )
    samples = _samples(source, at)
    return samples.inner_join(done, samples.gid == done.sample_gid)


def _written(source: Source, at: At) -> Table:
    """Samples whose items are not checked one by one, but whose round says how many were reviewed."""
    checked = source.control_items.filter(_.checked_on.notnull()).select(its=_.sample_gid)
    rows = _samples(source, at).filter(_.checked.notnull())
    return rows.anti_join(checked, rows.gid == checked.its).mutate(
        reviewed=_.checked.cast("int64"), deviants=_.deviating.cast("int64")
    )


def _rounds(source: Source, at: At) -> Table:
    """Rounds with what was counted in them: as it was written, else as their samples' items say."""
    items = _items(source, at)
    summed = items.group_by(its_moment=_.moment, its_round=_["round"]).agg(
        items=_.count().cast("int64"), found=counted(_.deviates)
    )
    rows = _now(source.control_rounds, at)
    joined = rows.left_join(summed, [rows.moment == summed.its_moment, rows["round"] == summed.its_round])
    known = joined.mutate(
        reviewed=ibis.coalesce(joined.checked.cast("int64"), joined["items"]),
        deviants=ibis.coalesce(joined.deviating.cast("int64"), joined.found),
    )
    return known.filter(_.reviewed.notnull())


def _checks(source: Source, at: At) -> Table:
    """What was reviewed and found deviating: in each sample, and in all for each control."""
    names = ("moment", "prov", "prov_label", "position", "reviewed", "deviants")
    items = _items(source, at)
    keys = ["moment", "prov", "prov_label", "position"]
    found = items.group_by(keys).agg(reviewed=_.count().cast("int64"), deviants=counted(_.deviates))
    of_samples = found.select(*names).union(_written(source, at).select(*names))
    rounds = _rounds(source, at)
    lacking = rounds.deviants.isnull().cast("int32").sum()
    whole = rounds.group_by("moment").agg(
        position=rounds.place.min() + 99,
        reviewed=rounds.reviewed.sum().cast("int64"),
        deviants=(lacking == 0).ifelse(rounds.deviants.sum(), ibis.null()).cast("int64"),
    )
    total = whole.mutate(prov=ibis.literal(TOTAL), prov_label=ibis.literal("Totalt"))
    return of_samples.union(total.select(*names))


def _behind_checks(source: Source, at: At) -> Table:
    items, rounds = _items(source, at), _rounds(source, at)
    of_samples = items.select(
        "moment", "prov", what=ibis.literal("Granskad post"), done_on=items.checked_on,
        reviewed=ibis.literal(1, "int64"), deviants=items.deviates.cast("int32").cast("int64"),
        registered_at=items.item_at, gid=items.item,
    )  # fmt: skip
    whole = rounds.select(
        "moment", prov=ibis.literal(TOTAL), what=ibis.literal("Genomförande"), done_on=rounds.done_on,
        reviewed=rounds.reviewed, deviants=rounds.deviants, registered_at=rounds.registered_at, gid=rounds.gid,
    )  # fmt: skip
    told = _written(source, at)
    written = told.select(
        "moment", "prov", what=ibis.literal("Stickprov"), done_on=told.told_on, reviewed=told.reviewed,
        deviants=told.deviants, registered_at=told.registered_at, gid=told.gid,
    )  # fmt: skip
    return of_samples.union(written, whole)


@figure("kontroll.granskade", **COUNT, **CHECKS, label="Granskade", behind=_behind_checks)
def reviewed(source: Source, at: At) -> Table:
    """Antal poster som är granskade i ett stickprov, och totalt i kontrollmomentet, till och med tillfället.

    Kontroller utan stickprov har det antal som är skrivet.

    Källa: Delårsbokslut, uppföljning av internkontroll.
    """
    return _checks(source, at).select("moment", "prov", "prov_label", "position", value=_.reviewed)


@figure("kontroll.brister", **COUNT, **CHECKS, label="Med brist", behind=_behind_checks)
def deviating(source: Source, at: At) -> Table:
    """Antal av de granskade posterna som hade brist, per stickprov och totalt i kontrollmomentet.

    Källa: Delårsbokslut, uppföljning av internkontroll.
    """
    return _checks(source, at).select("moment", "prov", "prov_label", "position", value=_.deviants)


@figure("kontroll.bristandel", **SHARE, **CHECKS, label="Andel med brist", behind=_behind_checks)
def deviating_share(source: Source, at: At) -> Table:
    """Andel av de granskade posterna som hade brist, per stickprov och totalt i kontrollmomentet.

    Källa: Delårsbokslut, uppföljning av internkontroll.
    """
    return _checks(source, at).select(
        "moment", "prov", "prov_label", "position", numerator=_.deviants, denominator=_.reviewed
    )


def _behind_samples(source: Source, at: At) -> Table:
    rows = _samples(source, at)
    columns = ("frame_size", "size", "registered_at", "gid")
    whole = rows.select("moment", *columns, prov=ibis.literal(TOTAL))
    return rows.select("moment", "prov", *columns).union(whole.select("moment", "prov", *columns))


def _of_samples(source: Source, at: At, column: str) -> Table:
    rows = _samples(source, at)
    names = ("moment", "prov", "prov_label", "position", "value")
    each = rows.mutate(value=rows[column].cast("int64")).select(*names)
    whole = rows.group_by("moment").agg(
        position=rows.place.min() + 99,
        value=rows[column].sum().cast("int64"),
        prov=ibis.literal(TOTAL),
        prov_label=ibis.literal("Totalt"),
    )
    return each.union(whole.select(*names))


@figure("kontroll.ram", **COUNT, **SAMPLES, label="Urvalsram", behind=_behind_samples)
def frame(source: Source, at: At) -> Table:
    """Antal poster i den ram som stickprovet drogs ur, per stickprov och totalt i kontrollmomentet.

    Källa: Delårsbokslut, uppföljning av internkontroll.
    """
    return _of_samples(source, at, "frame_size")


@figure("kontroll.urval", **COUNT, **SAMPLES, label="Stickprov", behind=_behind_samples)
def drawn(source: Source, at: At) -> Table:
    """Antal poster som drogs ur ramen, per stickprov och totalt i kontrollmomentet.

    Källa: Delårsbokslut, uppföljning av internkontroll.
    """
    return _of_samples(source, at, "size")


# --- measures --------------------------------------------------------------------------------------------------------


def _actions(source: Source, at: At) -> Table:
    """Measures after the plan's controls that were neither done nor struck when the period was over."""
    rows = source.control_actions.filter(_.year == at.year, _.added_on < at.period_end)
    return rows.filter(
        _.done_on.isnull() | (_.done_on >= at.period_end),
        _.dropped_on.isnull() | (_.dropped_on >= at.period_end),
    )


def _late(source: Source, at: At) -> Table:
    return _actions(source, at).filter(_.due_on < at.period_end)


def _behind_actions(rows: Expression) -> Expression:
    def expression(source: Source, at: At) -> Table:
        return rows(source, at).select("point", "added_on", "due_on", "registered_at", "gid")

    return expression


def _where_planned(source: Source, at: At, rows: Table) -> Table:
    """How many rows; 0 where the year has a plan, nothing where it has none."""
    some = source.control_points.filter(_.year == at.year).agg(n=_.count()).filter(_.n > 0)
    return rows.agg(value=_.count()).cross_join(some).drop("n")


@figure("kontroll.atgarder_oppna", **COUNT, **ACTIONS, label="Öppna åtgärder efter kontroll",
        behind=_behind_actions(_actions))  # fmt: skip
def open_actions(source: Source, at: At) -> Table:
    """Antal åtgärder efter årets kontroller som varken var genomförda eller strukna när perioden slutade.

    Källa: 5-risk-and-control, avsnitt 5.2.
    """
    return _where_planned(source, at, _actions(source, at))


@figure("kontroll.atgarder_sena", **COUNT, **ACTIONS, label="Sena åtgärder efter kontroll",
        behind=_behind_actions(_late))  # fmt: skip
def late_actions(source: Source, at: At) -> Table:
    """Antal åtgärder efter årets kontroller som skulle ha varit genomförda när perioden slutade men inte var det.

    Källa: 5-risk-and-control, avsnitt 5.2.
    """
    return _where_planned(source, at, _late(source, at))
