"""What several figures are built of: sums that stay missing, table rows, the whole committee's values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.registry import At, Expression
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

LAST = 1_000_000  # the position of totals: after everything else


def whole_sum(column: Any) -> Any:
    """The sum, or missing if any part is missing. Used in an aggregation over rows that may lack a value."""
    return ibis.ifelse(column.count() == _.count(), column.sum(), ibis.null())


def difference(left: Table, right: Table, per: tuple[str, ...]) -> Table:
    """``left`` minus ``right`` by their ``value``, row by row; missing if either is. Other columns are left's."""
    minus = right.select(**{f"key_{name}": right[name] for name in per}, minus=right["value"])
    joined = left.left_join(minus, [left[name] == minus[f"key_{name}"] for name in per])
    return joined.mutate(value=_.value - _.minus).select(*left.columns)


def account_rows(source: Source, at: At) -> Table:
    """The rows of the operating table in the occasion's steering model: one line for each group that a row sums."""
    model = source.occasions.filter(_.code == at.code).select("model_id")
    return source.account_rows.semi_join(model, "model_id")


def per_row(source: Source, at: At, lines: Table) -> Table:
    """Amounts by row of the operating table (``rad``). A row of which any group lacks lines is missing.

    ``lines`` has group_code and amount; sums are taken on unrounded values.
    """
    amounts = lines.group_by(code=_.group_code).agg(amount=_.amount.sum())
    rows = account_rows(source, at)
    joined = rows.left_join(amounts, rows.group_code == amounts.code)
    return joined.group_by(rad=_.row_code, rad_label=_.label, position=_.position).agg(
        value=whole_sum(_.amount)
    )


def per_row_and_year(source: Source, at: At, lines: Table) -> Table:
    """As per_row, for each year that ``lines`` has."""
    amounts = lines.group_by(code=_.group_code, line_year=_.year).agg(amount=_.amount.sum())
    years = lines.select("year").distinct()
    spine = account_rows(source, at).cross_join(years)
    joined = spine.left_join(amounts, [spine.group_code == amounts.code, spine.year == amounts.line_year])
    keys = {"rad": _.row_code, "ar": _.year, "rad_label": _.label, "position": _.position}
    return joined.group_by(**keys).agg(value=whole_sum(_.amount))


def budget(source: Source, at: At) -> Table:
    """The budget lines that apply at the occasion, for every year.

    For each year the version with the latest ``applies_from`` on or before the cut-off. Of a year to come (and of the
    occasion's own year when it is being planned) the first version, since none has begun.
    """
    to_come_after = at.year - 1 if at.is_plan else at.year
    lines = source.economy_budget
    versions = lines.group_by("year").agg(
        begun=_.applies_from.max(where=_.applies_from <= at.cut_off), first=_.applies_from.min()
    )
    chosen = versions.select(
        chosen_year=_.year,
        chosen_from=ibis.coalesce(_.begun, ibis.ifelse(_.year > to_come_after, _.first, ibis.null())),
    )
    return lines.semi_join(
        chosen, [lines.year == chosen.chosen_year, lines.applies_from == chosen.chosen_from]
    )


def in_rows(source: Source, at: At, *parts: Table) -> Table:
    """Lines with the row of the operating table they count in (``rad``): what stands behind the row's number."""
    lines = ibis.union(*parts) if len(parts) > 1 else parts[0]
    rows = account_rows(source, at).select("row_code", row_group=_.group_code)
    joined = lines.inner_join(rows, lines.group_code == rows.row_group)
    return joined.select(rad=_.row_code, **{name: joined[name] for name in lines.columns})


def shown(lines: Table, what: str, of: str, **more: Any) -> Table:
    """Lines as they are shown behind a number: what they are (``Budget``), of which version or occasion, and where."""
    columns = ("unit_code", "service_code", "group_code", "amount", "registered_at")
    return lines.select(
        "gid", what=ibis.literal(what), of=lines[of], **{name: lines[name] for name in columns}, **more
    )


def sole_administration(source: Source, at: At) -> Table:
    """The code of the committee's administration at the time (``sole_code``); no row where there are several."""
    administrations = source.units.filter(
        _.kind == "administration",
        _.valid_from.isnull() | (_.valid_from <= at.reference),
        _.valid_to.isnull() | (_.valid_to > at.reference),
    )
    return administrations.agg(n=_.count(), sole_code=_.code.max()).filter(_.n == 1).select("sole_code")


def rounded(value: Any, factor: Any) -> Any:
    """A value at a precision (``factor`` 10 for one decimal), halves from zero, in units of its last digit."""
    scaled = (value * factor).abs() + ibis.literal("0.5").cast("decimal(4, 2)")
    return (value < 0).ifelse(-1, 1) * scaled.floor().cast("int64")


def committee_wide(source: Source, at: At, rows: Table, per: tuple[str, ...]) -> Table:
    """One row per ``per``: the one without unit, else that of the committee's only administration at the time.

    Values of several administrations side by side are not added: of a share or a mean that would be wrong.
    """
    sole = sole_administration(source, at)
    candidates = rows.filter(_.unit_code.isnull() | (_.unit_kind == "administration"))
    known = candidates.left_join(sole, candidates.unit_code == sole.sole_code)
    kept = known.filter(_.unit_code.isnull() | _.sole_code.notnull())
    order = [kept.unit_code.notnull(), *([kept.gid] if "gid" in kept.columns else [])]
    first = ibis.row_number().over(group_by=per, order_by=order)
    return kept.mutate(place=first).filter(_.place == 0).select(*rows.columns)


def behind_union(*parts: Expression) -> Expression:
    """The rows behind a number that is computed from several figures: all of theirs."""

    def expression(source: Source, at: At) -> Table:
        return ibis.union(*(part(source, at) for part in parts))

    return expression
