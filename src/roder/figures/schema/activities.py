# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""The activities of action plans: for which goal, whose, when, and how far. No free text, no person."""

from __future__ import annotations

from roder.figures.schema.spec import ROW, TableSpec, of

ACTIVITIES = (
    TableSpec(
        "activities",
        "Aktiviteter i handlingsplaner",
        {
            **ROW,
            "activity_id": "int64",
            "goal_id": "int64",
            "unit_code": "string",
            "year": "int32",
            "quarter": "int32",
            "due_on": "date",
            "progress": "int32",
            "done_on": "date",
        },
        f"""
        SELECT {of("steering.activity", registered="created_at")}, t.id AS activity_id, t.goal_id,
               u.code AS unit_code, t.year, t.quarter,
               (make_date(t.year, coalesce(t.quarter, 4) * 3, 1) + interval '1 month - 1 day')::date AS due_on,
               t.progress, t.done_on
        FROM steering_activity t
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "due_on",
    ),
)
