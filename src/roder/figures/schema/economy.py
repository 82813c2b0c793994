# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""Budget, forecast, outcome, investments, volumes, staff."""

from __future__ import annotations

from roder.figures.schema.spec import AMOUNT, MONEY, ROW, VALUE, TableSpec, of

_LINE = {"unit_code": "string", "service_code": "string", "group_code": "string", "amount": MONEY}
_LINE_COLUMNS = "u.code AS unit_code, s.code AS service_code, g.code AS group_code, t.amount"
_LINE_JOINS = """
        JOIN steering_accountgroup g ON g.id = t.group_id
        LEFT JOIN steering_servicecode s ON s.id = t.service_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
"""

ECONOMY = (
    TableSpec(
        "economy_budget",
        "Budgetrader",
        {
            **ROW,
            "version": "string",
            "version_name": "string",
            "applies_from": "date",
            "is_plan": "boolean",
            "year": "int32",
            **_LINE,
        },
        f"""
        SELECT {of("economy.budgetline")}, v.code AS version, v.name AS version_name, v.applies_from, v.is_plan,
               v.year, {_LINE_COLUMNS}
        FROM economy_budgetline t JOIN economy_budgetversion v ON v.id = t.version_id {_LINE_JOINS}
        WHERE v.committee_id = :committee ORDER BY t.id
        """,
        "applies_from",
    ),
    TableSpec(
        "economy_forecast",
        "Prognosrader",
        {**ROW, "occasion_code": "string", "cut_off": "date", "year": "int32", **_LINE},
        f"""
        SELECT {of("economy.forecastline")}, o.code AS occasion_code, o.cut_off, o.year, {_LINE_COLUMNS}
        FROM economy_forecastline t JOIN steering_occasion o ON o.id = t.occasion_id {_LINE_JOINS}
        WHERE o.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
    TableSpec(
        "economy_outcome",
        "Utfallsrader",
        {**ROW, "period_start": "date", "period_end": "date", **_LINE},
        f"""
        SELECT {of("economy.outcomeline")}, t.period_start, t.period_end, {_LINE_COLUMNS}
        FROM economy_outcomeline t {_LINE_JOINS}
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "period_start",
    ),
    TableSpec(
        "investments",
        "Investeringsrader",
        {
            **ROW,
            "occasion_code": "string",
            "cut_off": "date",
            "year": "int32",
            "category_code": "string",
            "project": "string",
            "position": "int32",
            "unit_code": "string",
            "budget": MONEY,
            "forecast": MONEY,
            "outcome": MONEY,
            "outcome_last_year": MONEY,
        },
        f"""
        SELECT {of("economy.investmentline")}, o.code AS occasion_code, o.cut_off, t.year, c.code AS category_code,
               t.project, t.position, u.code AS unit_code, t.budget, t.forecast, t.outcome, t.outcome_last_year
        FROM economy_investmentline t
        JOIN steering_occasion o ON o.id = t.occasion_id
        JOIN steering_investmentcategory c ON c.id = t.category_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE o.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
    TableSpec(
        "volumes",
        "Volymrader",
        {
            **ROW,
            "measured_on": "date",
            "support_code": "string",
            "run": "string",
            "unit_code": "string",
            "count": AMOUNT,
            "hours": AMOUNT,
            "is_forecast": "boolean",
        },
        f"""
        SELECT {of("economy.volumeline")}, t.measured_on, s.code AS support_code, t.run, u.code AS unit_code,
               t.count, t.hours, t.is_forecast
        FROM economy_volumeline t
        JOIN steering_support s ON s.id = t.support_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "measured_on",
    ),
    TableSpec(
        "staff",
        "Personalmått",
        {
            **ROW,
            "period_start": "date",
            "period_end": "date",
            "measure": "string",
            "sex": "string",
            "age": "string",
            "days": "string",
            "unit_code": "string",
            "unit_kind": "string",
            "value": VALUE,
            "numerator": VALUE,
            "denominator": VALUE,
        },
        f"""
        SELECT {of("economy.staffvalue")}, t.period_start, t.period_end,
               t.measure || CASE WHEN t.employment IN ('', 'alla') THEN '' ELSE '_' || t.employment END AS measure,
               t.sex, t.age, t.days, u.code AS unit_code, u.kind AS unit_kind, t.value, t.numerator, t.denominator
        FROM economy_staffvalue t LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "period_start",
    ),
)
