"""Critical factors: their measures by perspective, and how these are graded by the latest outcome.

The grade is what `roder.control.services.factors.grade_of` says: the steering model's rule for the measure, and without
a rule whether a target in numbers is met. A target in words is graded by hand, and is counted as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.catalogue.counting import per_key
from roder.figures.catalogue.matt import measure_country, measure_outcome
from roder.figures.catalogue.parts import LAST, rounded
from roder.figures.catalogue.periods import COUNT, named_as, placed
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

#: What is said of a measure that the steering model has no rule for.
VERDICTS = {
    "met": "Når målvärdet",
    "missed": "Når inte målvärdet",
    "by_hand": "Bedöms för hand",
    "no_outcome": "Utfall saknas",
    "no_target": "Målvärde saknas",
}
READS = (
    "factor_measures", "grading_rules", "grading_bands", "statuses", "measures", "measure_values", "measure_targets",
    "occasions", "units",
)  # fmt: skip


def _model(source: Source, at: At) -> Table:
    return source.occasions.filter(_.code == at.code).select("model_id")


def _rows(source: Source, at: At) -> Table:
    """The year's measures of critical factors with their perspective as the steering model calls it."""
    rows = source.factor_measures.filter(_.year == at.year)
    named = source.perspectives.semi_join(_model(source, at), "model_id")
    labels = named.select(its=_.code, named=_.label, place=_.position)
    joined = rows.left_join(labels, rows.perspective == labels.its)
    return joined.mutate(
        perspektiv=joined.perspective,
        perspektiv_label=ibis.coalesce(joined.named, joined.perspective),
        position=ibis.coalesce(joined.place, 1000).cast("int64"),
    ).drop("its", "named", "place")


@figure("kvf.antal", **COUNT, per=("perspektiv",), reads=("factor_measures", "perspectives", "occasions"),
        label="Nyckeltal för kritiska faktorer", behind=lambda source, at: _rows(source, at).select(
            "perspektiv", "measure", "number", "times", "registered_at", "gid"))  # fmt: skip
def per_perspective(source: Source, at: At) -> Table:
    """Antal nyckeltal som mäter årets kritiska verksamhetsfaktorer, per perspektiv och totalt.

    Källa: Kritiska verksamhetsfaktorer 2022, bilaga till 2022.053 VON.
    """
    return per_key(_rows(source, at), "perspektiv")


@figure("kvf.ganger_per_ar", **COUNT, per=("matt",), reads=("factor_measures",), label="Gånger per år",
        behind=lambda source, at: source.factor_measures.filter(_.year == at.year).select(
            "number", "times", "registered_at", "gid", matt=_.measure))  # fmt: skip
def times_a_year(source: Source, at: At) -> Table:
    """Hur många gånger om året den kritiska faktorns nyckeltal följs upp.

    Källa: Kritiska verksamhetsfaktorer 2022, bilaga till 2022.053 VON.
    """
    rows = source.factor_measures.filter(_.year == at.year)
    return rows.group_by(matt=_.measure).agg(
        value=_.times.max().cast("int64"), position=_.number.min().cast("int64")
    )


# --- how they are graded ---------------------------------------------------------------------------------------------


def _first(rows: Table, by: str, *order: Any) -> Table:
    """The first row of each of ``by``, in an order."""
    place = ibis.row_number().over(group_by=by, order_by=list(order))
    return rows.mutate(nth_row=place).filter(_.nth_row == 0).drop("nth_row")


def _known(source: Source, at: At) -> Table:
    """The year's measures with the latest outcome up to the year, the country's mean then or before, and the target."""
    rows = source.factor_measures.filter(_.year == at.year).mutate(row_id=_.gid)
    outcomes = measure_outcome(source, at).filter(_.value.notnull(), _.ar.cast("int64") <= at.year)
    latest = _first(
        outcomes.select(its=_.matt, of_year=_.ar.cast("int64"), outcome=_.value), "its", ibis.desc("of_year")
    )
    found = rows.left_join(latest, rows.measure == latest.its).drop("its")
    means = measure_country(source, at).filter(_.value.notnull()).select(
        its=_.matt, mean_year=_.ar.cast("int64"), mean=_.value
    )  # fmt: skip
    pairs = found.left_join(means, [found.measure == means.its, found.of_year >= means.mean_year])
    found = _first(pairs, "row_id", ibis.desc(ibis.coalesce(pairs.mean_year, 0))).drop("its", "mean_year")
    targets = source.measure_targets.filter(_.year == at.year)
    wanted = targets.select(its=_.measure_id, operator=_.operator, target=_.value)
    return found.left_join(wanted, found.measure_id == wanted.its).drop("its")


def _banded(source: Source, rows: Table) -> Table:
    """Rows with the status of the first band that the value falls in (``banded``).

    An outcome in per cent of its target is held against the bands without dividing: both engines multiply exactly.
    """
    bands = source.grading_bands.select(
        its_model=_.model_id, its_rule=_.rule, nth=_.place, up_to=_.up_to, status=_.status
    )
    percent = rows.kind == "percent_of_target"
    sign = (rows.target < 0).ifelse(-1, 1)
    scaled = rows.mutate(
        scaled=percent.ifelse(rows.outcome * 100 * sign, rows.outcome),
        unit=percent.ifelse(rows.target * sign, 1),
    )
    pairs = scaled.left_join(bands, [scaled.model_id == bands.its_model, scaled.rule == bands.its_rule])
    limit = pairs.up_to * pairs.unit
    below = limit.isnull() | (pairs.scaled < limit) | (pairs.boundary_below & (pairs.scaled == limit))
    inside = ibis.coalesce(pairs.status.notnull() & below, False)
    found = _first(pairs.mutate(inside=inside), "row_id", inside.ifelse(0, 1), pairs.nth)
    return found.mutate(banded=found.inside.ifelse(found.status, ibis.null("string")))


def _graded(source: Source, at: At) -> Table:
    """The year's measures with their grade: by the model's rule, else by the target."""
    rules = source.grading_rules.semi_join(_model(source, at), "model_id").drop("gid", "registered_at")
    rows = _known(source, at)
    ruled = rules.select(
        "model_id", "rule", "kind", "missing", "higher", "equal", "lower", "factor", "boundary_below",
        its=_.measure_id,
    ).rename(precision="factor")  # fmt: skip
    known = _banded(source, rows.left_join(ruled, rows.measure_id == ruled.its).drop("its"))
    outcome, mean = rounded(known.outcome, known.precision), rounded(known.mean, known.precision)
    against = ibis.cases(
        (known.mean.isnull(), known.missing),
        (outcome > mean, known.higher),
        (outcome == mean, known.equal),
        else_=known.lower,
    )
    percent = (known.target.isnull() | (known.target == 0)).ifelse(known.missing, known.banded)
    by_rule = ibis.cases(
        (known.kind.isnull(), ibis.null("string")),
        (known.outcome.isnull(), known.missing),
        (known.kind == "against_national_mean", against),
        (known.kind == "percent_of_target", percent),
        else_=known.banded,
    )
    met = ibis.cases(
        (known.operator == ">", known.outcome > known.target),
        (known.operator == ">=", known.outcome >= known.target),
        (known.operator == "=", known.outcome == known.target),
        (known.operator == "<=", known.outcome <= known.target),
        else_=known.outcome < known.target,
    )
    verdict = ibis.cases(
        (known.target.isnull() & ~known.worded, "no_target"),
        (known.outcome.isnull(), "no_outcome"),
        (known.target.isnull(), "by_hand"),
        (met, "met"),
        else_="missed",
    )
    return known.mutate(gradering=ibis.coalesce(by_rule.nullif(""), verdict))


def _named(source: Source, at: At) -> Table:
    """Grades with what the steering model calls them, in its order."""
    rows = _graded(source, at)
    scale = source.statuses.semi_join(_model(source, at), "model_id").filter(_.subject == "critical_factor")
    labels = scale.group_by(its=_.code).agg(named=_.label.max(), place=_.position.min())
    joined = rows.select("gradering").left_join(labels, _.gradering == labels.its)
    return joined.mutate(
        gradering_label=ibis.coalesce(joined.named, named_as(VERDICTS, joined.gradering)),
        position=ibis.coalesce(joined.place, 100 + placed(VERDICTS, joined.gradering), LAST - 1).cast(
            "int64"
        ),
    )


@figure("kvf.per_gradering", **COUNT, per=("gradering",), reads=READS, dates=("measure_values.period_start",),
        label="Kritiska faktorer per gradering", behind=lambda source, at: _graded(source, at).select(
            "gradering", "measure", "of_year", "target", "registered_at", "gid", latest_outcome=_.outcome))  # fmt: skip
def per_grade(source: Source, at: At) -> Table:
    """Antal nyckeltal för kritiska faktorer per gradering av det senaste utfallet, och totalt.

    Graderingen följer styrmodellens regel för nyckeltalet. Saknas regel jämförs utfallet med målvärdet; är målvärdet
    skrivet med ord bedöms det för hand.

    Källa: Uppföljningsanvisningar för chefer 2022, Anvisningar bedömning.
    """
    return per_key(_named(source, at), "gradering")
