# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""Key figures: definitions, values, targets."""

from __future__ import annotations

from roder.figures.schema.spec import ROW, VALUE, TableSpec, of

MEASURES = (
    TableSpec(
        "measures",
        "Nyckeltal",
        {
            **ROW,
            "measure_id": "int64",
            "code": "string",
            "title": "string",
            "unit": "string",
            "decimals": "int32",
            "direction": "string",
            "position": "int32",
        },
        f"""
        SELECT {of("measures.measure", registered="created_at")}, t.id AS measure_id, t.code, t.title, t.unit,
               t.decimals, t.direction, t.position
        FROM measures_measure t WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
    TableSpec(
        "measure_values",
        "Utfall av nyckeltal",
        {
            **ROW,
            "measure_id": "int64",
            "period_start": "date",
            "period_end": "date",
            "unit_code": "string",
            "unit_kind": "string",
            "sex": "string",
            "part": "string",
            "comparison": "string",
            "value": VALUE,
            "numerator": VALUE,
            "denominator": VALUE,
            "status": "string",
        },
        f"""
        SELECT {of("measures.measurevalue")}, t.measure_id, t.period_start, t.period_end, u.code AS unit_code,
               u.kind AS unit_kind, t.sex, t.part, t.comparison, t.value, t.numerator, t.denominator, t.status
        FROM measures_measurevalue t
        JOIN measures_measure m ON m.id = t.measure_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE m.committee_id = :committee ORDER BY t.id
        """,
        "period_start",
    ),
    TableSpec(
        "measure_targets",
        "Målvärden",
        {**ROW, "measure_id": "int64", "year": "int32", "operator": "string", "value": VALUE},
        f"""
        SELECT {of("measures.target", registered="created_at")}, t.measure_id, t.year, t.operator, t.value
        FROM measures_target t JOIN measures_measure m ON m.id = t.measure_id
        WHERE m.committee_id = :committee ORDER BY t.id
        """,
    ),
)
