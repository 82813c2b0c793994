# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""The balance list: what a committee watches, and each time something was to be reported. No free text, no person."""

from __future__ import annotations

from roder.figures.schema.spec import ROW, ZONE, TableSpec, day_of, of

#: How a watch is reported: B, MI, both (B-MI) or not said (inget).
_FORM = """
    coalesce((SELECT string_agg(DISTINCT nullif(r.kind, ''), '-' ORDER BY nullif(r.kind, ''))
              FROM meetings_rhythm r WHERE r.watch_id = w.id), 'inget')
"""
#: The day it was decided: the first of its days of decision, or the day it came to the list.
_DECIDED = "least((SELECT min(d) FROM unnest(w.decided_on) AS d), w.opened_on)"
_WATCH = {"form": "string", "origin": "string", "opened_on": "date", "closed_on": "date"}

MEETINGS = (
    TableSpec(
        "watches",
        "Uppdrag på balanslistan",
        {
            **ROW,
            **_WATCH,
            "decided_on": "date",
            "done": "boolean",
            "conditional": "boolean",
            "came_on": "date",
        },
        f"""
        SELECT {of("meetings.watch", "w", "created_at")}, {_FORM} AS form, w.origin, w.opened_on, w.closed_on,
               {_DECIDED} AS decided_on, w.state = 'done' AS done,
               EXISTS (SELECT 1 FROM meetings_rhythm r WHERE r.watch_id = w.id AND r.condition IS NOT NULL)
                   AS conditional,
               (SELECT max(r.since) FROM meetings_rhythm r
                WHERE r.watch_id = w.id AND r.condition IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM tasks_task t
                    WHERE t.kind = 'meetings.watch' AND t.subject_kind = 'meetings.watch' AND t.subject_id = w.id
                          AND t.state = 'waiting')) AS came_on
        FROM meetings_watch w WHERE w.committee_id = :committee ORDER BY w.id
        """,
    ),
    TableSpec(
        "watch_times",
        "Återrapporteringar från balanslistan",
        {**ROW, **_WATCH, "due_on": "date", "done_on": "date", "paused_on": "date", "watch": "string"},
        f"""
        SELECT {of("tasks.task", "t", "created_at")}, {_FORM} AS form, w.origin, w.opened_on, w.closed_on,
               ((t.due_at AT TIME ZONE '{ZONE}') - interval '1 second')::date AS due_on,
               CASE WHEN t.state = 'done' THEN {day_of("t.closed_at")} END AS done_on,
               {day_of("t.paused_at")} AS paused_on, 'meetings.watch:' || w.id AS watch
        FROM tasks_task t
        JOIN meetings_watch w ON w.id = t.subject_id AND t.subject_kind = 'meetings.watch'
        WHERE t.kind = 'meetings.watch' AND t.state <> 'cancelled' AND t.due_at IS NOT NULL
              AND w.committee_id = :committee
        ORDER BY t.id
        """,
        "due_on",
    ),
)
