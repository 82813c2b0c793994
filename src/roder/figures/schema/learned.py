# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""What events and inspections led to: actions in the work with quality, and what authorities came to see.

No free text, no person. An action is counted with what it followed of, in its committee.
"""

from __future__ import annotations

from roder.figures.schema.spec import ROW, TableSpec, of, on

#: What an action may follow of, as the figures call it.
ORIGINS = {
    "avvikelse": "quality.deviation",
    "klagomal": "quality.complaint",
    "lex_sarah": "quality.lexsarahcase",
    "lex_maria": "quality.lexmariacase",
    "egenkontroll": "quality.selfcheckround",
}


_CASES = " ".join(f"WHEN '{kind}' THEN '{code}'" for code, kind in ORIGINS.items())
_KINDS = ", ".join(f"'{kind}'" for kind in ORIGINS.values())

LEARNED = (
    TableSpec(
        "quality_actions",
        "Åtgärder i kvalitetsarbetet",
        {
            **ROW,
            "follows": "string",
            "unit_code": "string",
            "added_on": "date",
            "due_on": "date",
            "done_on": "date",
            "effect": "string",
            "effect_on": "date",
            "dropped_on": "date",
        },
        f"""
        SELECT {of("tasks.action", "a", "created_at")}, CASE a.subject_kind {_CASES} END AS follows,
               u.code AS unit_code, {on("a.created_at", "added_on")}, a.due_on, {on("a.done_at", "done_on")},
               a.effect, {on("a.effect_at", "effect_on")}, {on("a.dropped_at", "dropped_on")}
        FROM tasks_action a LEFT JOIN organisation_unit u ON u.id = a.unit_id
        WHERE a.committee_id = :committee AND a.subject_kind IN ({_KINDS}) ORDER BY a.id
        """,
        "added_on",
        large=True,
    ),
    TableSpec(
        "inspections",
        "Tillsyner",
        {
            **ROW,
            "authority_code": "string",
            "unit_code": "string",
            "held_on": "date",
            "decided_on": "date",
            "answer_due": "date",
            "answered_on": "date",
            "state": "string",
        },
        f"""
        SELECT {of("control.inspection", registered="created_at")}, t.authority AS authority_code, u.code AS unit_code,
               t.held_on, t.decided_on, t.answer_by AS answer_due, t.answered_on, t.state
        FROM control_inspection t LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
)
