# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""Self-checks: the rounds that plans hold, and the actions that followed. No free text, no person."""

from __future__ import annotations

from roder.figures.schema.spec import ROW, TableSpec, of, on

SELF_CHECKS = (
    TableSpec(
        "self_check_rounds",
        "Omgångar av egenkontroll",
        {
            **ROW,
            "year": "int32",
            "unit_code": "string",
            "step": "string",
            "interval": "string",
            "opens_on": "date",
            "due_on": "date",
            "done_on": "date",
            "skipped_on": "date",
            "sampled": "int32",
            "found": "int32",
            "method": "string",
        },
        f"""
        SELECT {of("quality.selfcheckround")}, plan.year, u.code AS unit_code, coalesce(risk.step, '') AS step,
               c.interval, t.opens_on, t.due_on, {on("t.done_at", "done_on")}, {on("t.skipped_at", "skipped_on")},
               t.sampled, t.found, t.method_followed AS method
        FROM quality_selfcheckround t
        JOIN quality_selfcheck c ON c.id = t.control_id
        JOIN quality_qualityplan plan ON plan.id = c.plan_id
        JOIN organisation_unit u ON u.id = t.unit_id
        LEFT JOIN quality_processrisk risk ON risk.id = c.risk_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "due_on",
    ),
    TableSpec(
        "self_check_actions",
        "Åtgärder efter egenkontroll",
        {
            **ROW,
            "unit_code": "string",
            "added_on": "date",
            "due_on": "date",
            "done_on": "date",
            "effect": "string",
            "effect_on": "date",
            "dropped_on": "date",
        },
        f"""
        SELECT {of("tasks.action", "a", "created_at")}, u.code AS unit_code, {on("a.created_at", "added_on")},
               a.due_on, {on("a.done_at", "done_on")}, a.effect, {on("a.effect_at", "effect_on")},
               {on("a.dropped_at", "dropped_on")}
        FROM tasks_action a
        JOIN quality_selfcheckround r ON r.id = a.subject_id AND a.subject_kind = 'quality.selfcheckround'
        JOIN organisation_unit u ON u.id = r.unit_id
        WHERE r.committee_id = :committee ORDER BY a.id
        """,
        "added_on",
    ),
)
