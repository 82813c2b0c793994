# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""Prepaid income, state grants, resource allocation, result funds, people who come and go, and what they are called."""

from __future__ import annotations

from roder.figures.schema.spec import AMOUNT, MONEY, ROW, TableSpec, of

MEANS = (
    TableSpec(
        "prepaid_income",
        "Förutbetalda intäkter",
        {
            **ROW,
            "occasion_code": "string",
            "cut_off": "date",
            "project": "string",
            "development": "boolean",
            "position": "int32",
            "unit_code": "string",
            "budget": MONEY,
            "forecast": MONEY,
            "outcome": MONEY,
            "outcome_last_year": MONEY,
        },
        f"""
        SELECT {of("economy.prepaidincome")}, o.code AS occasion_code, o.cut_off, t.project, t.development, t.position,
               u.code AS unit_code, t.budget, t.forecast, t.outcome, t.outcome_last_year
        FROM economy_prepaidincome t
        JOIN steering_occasion o ON o.id = t.occasion_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE o.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
    TableSpec(
        "state_grants",
        "Statsbidrag",
        {
            **ROW,
            "year": "int32",
            "name": "string",
            "authority": "string",
            "state": "string",
            "unit_code": "string",
            "starts_on": "date",
            "ends_on": "date",
            "apply_by": "date",
            "applied_on": "date",
            "decided_on": "date",
            "report_by": "date",
            "reported_on": "date",
            "sought": AMOUNT,
            "granted": AMOUNT,
            "used": AMOUNT,
            "returned": AMOUNT,
        },
        f"""
        SELECT {of("registers.stategrant", registered="created_at")}, t.year, t.name, t.authority, t.state,
               u.code AS unit_code, t.starts_on, t.ends_on, t.apply_by, t.applied_on, t.decided_on, t.report_by,
               t.reported_on, t.sought, t.granted, t.used, t.returned
        FROM registers_stategrant t LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "applied_on",
    ),
    TableSpec(
        "allocations",
        "Resursfördelning",
        {
            **ROW,
            "year": "int32",
            "support_code": "string",
            "run": "string",
            "unit_code": "string",
            "volume_before": AMOUNT,
            "volume_planned": AMOUNT,
            "cost": MONEY,
        },
        f"""
        SELECT {of("economy.allocation")}, t.year, s.code AS support_code, c.run, u.code AS unit_code, t.volume_before,
               t.volume_planned, c.amount AS cost
        FROM economy_allocation t
        JOIN economy_unitcost c ON c.id = t.cost_id
        JOIN steering_support s ON s.id = c.support_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
    TableSpec(
        "fund_entries",
        "Resultatfond",
        {**ROW, "year": "int32", "kind": "string", "amount": MONEY, "decided_on": "date"},
        f"""
        SELECT {of("economy.fundentry", registered="created_at")}, t.year, t.kind, t.amount, t.decided_on
        FROM economy_fundentry t WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "decided_on",
    ),
    TableSpec(
        "staff_moves",
        "Personalrörelser",
        {
            **ROW,
            "period_start": "date",
            "period_end": "date",
            "kind": "string",
            "reason": "string",
            "profession": "string",
            "unit_code": "string",
            "count": "int32",
        },
        f"""
        SELECT {of("economy.staffmove")}, t.period_start, t.period_end, t.kind, t.reason, t.profession,
               u.code AS unit_code, t.count
        FROM economy_staffmove t LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "period_start",
    ),
    TableSpec(
        "staff_terms",
        "Personalens mått och orsaker",
        {
            **ROW,
            "model_id": "int64",
            "list": "string",
            "code": "string",
            "label": "string",
            "unit": "string",
            "digits": "int32",
            "position": "int32",
        },
        f"""
        SELECT {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id, part.list,
               term.value->>'code' AS code, term.value->>'label' AS label, term.value->>'unit' AS unit,
               (term.value->>'digits')::int AS digits, term.ordinality::int AS position
        FROM steering_steeringmodelversion m
        CROSS JOIN LATERAL (
            VALUES ('measure', m.content->'staff'->'measures'), ('hired', m.content->'staff'->'hire_reasons'),
                   ('left', m.content->'staff'->'departure_reasons')
        ) AS part(list, items)
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(part.items, '[]'::jsonb)) WITH ORDINALITY AS term
        WHERE m.committee_id = :committee ORDER BY m.id, part.list, position
        """,
    ),
)
