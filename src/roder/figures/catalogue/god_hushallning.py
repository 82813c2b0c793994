"""Good economic management: each goal's outcome, what it is held against, and whether enough goals are met.

The same rules as ``roder.economy.rules.good_economy``, over tables. Keys: ``mal``, ``matt``, ``grupp``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.matt import measure_country, measure_outcome
from roder.figures.catalogue.parts import rounded
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

COUNTRY, YEAR_BEFORE = "riksgenomsnitt", "föregående år"
READS = ("economy_goals", "measures", "measure_values", "units", "occasions")
DATES = ("measure_values.period_start",)
_NUMBER = "decimal(18, 4)"


def _goals(source: Source, at: At) -> Table:
    model = source.occasions.filter(_.code == at.code).select("model_id")
    return source.economy_goals.semi_join(model, "model_id").filter(_.goal_code.notnull())


def _known(rows: Table, years: Any = None) -> Table:
    """Outcomes by measure and year, those that are known."""
    found = rows.filter(_.value.notnull()).mutate(of_year=_.ar.cast("int64"))
    return found if years is None else found.filter(_.of_year == years)


def _held(source: Source, at: At) -> Table:
    """Each measure of each goal with its outcome, the year of it, and what it is held against (``against``).

    Against the national mean: the latest year, up to the occasion's, in which both are known. Else the year's own
    outcome, against the target, the year before, or the measure that the target names as its basis.
    """
    goals, own = _goals(source, at), measure_outcome(source, at)
    now = _known(own, at.year).select(its_now=_.matt, now=_.value)
    then = _known(own, at.year - 1).select(its_then=_.matt, then=_.value)
    basis = _known(own, at.year).select(its_basis=_.matt, other=_.value)
    with_now = goals.left_join(now, goals.measure_code == now.its_now)
    with_then = with_now.left_join(then, with_now.measure_code == then.its_then)
    every = with_then.left_join(basis, with_then.basis_measure == basis.its_basis)
    outcomes = _known(own).filter(_.of_year <= at.year).select(its=_.matt, of_year=_.of_year, outcome=_.value)
    means = _known(measure_country(source, at)).select(mean_of=_.matt, mean_year=_.of_year, mean=_.value)
    pairs = outcomes.inner_join(means, [outcomes.its == means.mean_of, outcomes.of_year == means.mean_year])
    nth = ibis.row_number().over(group_by="its", order_by=ibis.desc(pairs.of_year))
    latest = pairs.mutate(nth=nth).filter(_.nth == 0).select("its", "of_year", "outcome", "mean")
    joined = every.left_join(latest, every.measure_code == latest.its)
    to_country = joined.basis == COUNTRY
    return joined.select(
        "gid", "registered_at", "group_code", "group_label", "rule", "at_least", "label", "position", "operator",
        "factor",
        mal=joined.goal_code,
        matt=ibis.coalesce(joined.measure_code, ""),
        year=ibis.ifelse(
            to_country,
            joined.of_year,
            ibis.ifelse(joined.now.notnull(), ibis.literal(at.year).cast("int64"), ibis.null("int64")),
        ),
        outcome=ibis.ifelse(to_country, joined.outcome, joined.now).cast(_NUMBER),
        against=ibis.cases(
            (to_country, joined.mean),
            (joined.target.notnull(), joined.target),
            (joined.basis == YEAR_BEFORE, joined.then),
            else_=joined.other,
        ).cast(_NUMBER),
    )  # fmt: skip


def _met(source: Source, at: At) -> Table:
    """Each measure of each goal, with whether it is met (1, 0 or missing), both sides as they are printed."""
    rows = _held(source, at)
    own, other = rounded(rows.outcome, rows.factor), rounded(rows.against, rows.factor)
    met = ibis.cases(
        (rows.operator == ">", own > other),
        (rows.operator == ">=", own >= other),
        (rows.operator == "=", own == other),
        (rows.operator == "<=", own <= other),
        else_=own < other,
    )
    known = rows.outcome.notnull() & rows.against.notnull()
    return rows.mutate(met=ibis.ifelse(known, ibis.ifelse(met, 1, 0), ibis.null("int64")).cast("int64"))


def _verdicts(source: Source, at: At) -> Table:
    """Each goal with whether it is met: all of its measures are; one that is not is enough to miss it."""
    rows = _met(source, at)
    counted = rows.group_by(
        mal=_.mal, mal_label=_.label, position=_.position, group_code=_.group_code, group_label=_.group_label,
        rule=_.rule, at_least=_.at_least,
    ).agg(n=_.count(), met=_.met.sum(), known=_.met.count())  # fmt: skip
    met = ibis.coalesce(counted.met, 0)
    value = ibis.cases(
        (met < counted.known, ibis.literal(0)), (counted.known < counted.n, ibis.null("int64")), else_=1
    )
    return counted.mutate(value=value.cast("int64")).drop("n", "met", "known")


def _groups(source: Source, at: At) -> Table:
    """Each group with how many of its goals there are, are met, and are not known."""
    return _verdicts(source, at).group_by(grupp=_.group_code, grupp_label=_.group_label, rule=_.rule).agg(
        position=_.position.min(), at_least=_.at_least.max(), goals=_.count(),
        met=ibis.coalesce(_.value.sum(), 0), unknown=_.count() - _.value.count(),
    )  # fmt: skip


def _behind_goals(source: Source, at: At) -> Table:
    return _met(source, at).select(
        "mal", "matt", "year", "outcome", "operator", "against", "registered_at", "gid", met=_.met == 1
    )


def _behind_groups(source: Source, at: At) -> Table:
    return _met(source, at).select(
        "mal", "matt", "year", "outcome", "operator", "against", "registered_at", "gid", grupp=_.group_code
    )


@figure("ekonomi.god_hushallning", unit=Unit.YES_NO, per=("mal",), label="God ekonomisk hushållning, målet uppfyllt",
        reads=READS, dates=DATES, behind=_behind_goals)  # fmt: skip
def goals_met(source: Source, at: At) -> Table:
    """Om målet för god ekonomisk hushållning är uppfyllt: alla målets nyckeltal når det de jämförs med, som tryckta.

    Ett nyckeltal jämförs med målvärdet, året före, riksgenomsnittet eller det nyckeltal som målvärdet anger. Mot
    riksgenomsnittet räknas det senaste år då båda är kända, annars årets utfall.

    Källa: Kommunallagen 11 kap. 6 §; kommunens budget, avsnitt God ekonomisk hushållning.
    """
    return _verdicts(source, at).select("mal", "mal_label", "position", "value")


@figure("ekonomi.god_hushallning.utfall", unit=Unit.COUNT, per=("mal", "matt"), label="Utfall av målets nyckeltal",
        reads=READS, dates=DATES, behind=_behind_goals)  # fmt: skip
def goal_outcome(source: Source, at: At) -> Table:
    """Utfallet som målet för god ekonomisk hushållning bedöms på, i nyckeltalets egen enhet.

    Källa: Kommunens budget, avsnitt God ekonomisk hushållning.
    """
    return _with_units(source, _held(source, at), "outcome")


@figure("ekonomi.god_hushallning.jamforelse", unit=Unit.COUNT, per=("mal", "matt"), label="Det målet jämförs med",
        reads=READS, dates=DATES, behind=_behind_goals)  # fmt: skip
def goal_against(source: Source, at: At) -> Table:
    """Det som målets utfall jämförs med: målvärdet, året före, riksgenomsnittet eller ett annat nyckeltal.

    Källa: Kommunens budget, avsnitt God ekonomisk hushållning.
    """
    return _with_units(source, _held(source, at), "against")


def _with_units(source: Source, rows: Table, column: str) -> Table:
    measures = source.measures.select(its=_.code, unit=_.unit, decimals=_.decimals, title=_.title)
    kept = rows.mutate(value=rows[column])
    joined = measures.inner_join(kept, measures.its == kept.matt)
    return joined.select(
        "mal", "matt", "unit", "decimals", "position", "value", mal_label=_.label, matt_label=_.title
    )


@figure("ekonomi.god_hushallning.uppfyllda", unit=Unit.COUNT, per=("grupp",), label="Uppfyllda mål",
        reads=READS, dates=DATES, behind=_behind_groups)  # fmt: skip
def goals_met_count(source: Source, at: At) -> Table:
    """Hur många av gruppens mål för god ekonomisk hushållning som är uppfyllda.

    Källa: Kommunens budget, avsnitt God ekonomisk hushållning.
    """
    return _groups(source, at).select("grupp", "grupp_label", "position", value=_.met)


@figure("ekonomi.god_hushallning.grupp", unit=Unit.YES_NO, per=("grupp",), label="God ekonomisk hushållning i gruppen",
        reads=READS, dates=DATES, behind=_behind_groups)  # fmt: skip
def groups_met(source: Source, at: At) -> Table:
    """Om tillräckligt många av gruppens mål är uppfyllda: de flesta, alla eller minst så många som styrmodellen säger.

    Saknas värde där gruppen inte har någon regel, och där mål som inte kan bedömas avgör.

    Källa: Kommunens budget, avsnitt God ekonomisk hushållning.
    """
    rows = _groups(source, at)
    needed = ibis.cases(
        (rows.rule == "majority", (rows.goals / 2).floor().cast("int64") + 1),
        (rows.rule == "all", rows.goals),
        else_=ibis.ifelse(rows.rule == "at_least", rows.at_least.cast("int64"), ibis.null("int64")),
    )
    value = ibis.cases(
        (needed.isnull(), ibis.null("int64")),
        (rows.met >= needed, ibis.literal(1)),
        (rows.met + rows.unknown < needed, ibis.literal(0)),
        else_=ibis.null("int64"),
    )
    return rows.select("grupp", "grupp_label", "position", value=value.cast("int64"))
