# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""What a meeting's report on lex Sarah could not tell, because it was registered after that report was locked.

By its date a decision belongs to the first meeting on or after it. When that meeting's report was locked on an earlier
snapshot, the decision would be in no report: it is told at the next meeting instead. Only such cases have a row here.
A report with a draft of a new version is not locked; a meeting without a report has told what its dates say.
"""

from __future__ import annotations

from roder.figures.schema.spec import ROW, TableSpec, day_of

#: The committee's meetings: day, and the moment that their locked report on lex Sarah stands on.
_MEETINGS = """
    SELECT o.cut_off, CASE WHEN bool_and(r.state = 'locked') THEN max(s.taken_at) END AS taken_at
    FROM steering_occasion o
    LEFT JOIN reports_report r ON r.occasion_id = o.id AND r.kind = 'lex-sarah'
    LEFT JOIN figures_snapshot s ON s.id = r.snapshot_id
    WHERE o.committee_id = :committee AND o.kind = 'meeting'
    GROUP BY o.id, o.cut_off
"""


def _late(what: str, day: str, registered: str) -> str:
    """The cases whose ``registered`` came after the report that ``day`` belongs to, and the meeting that tells them
    instead (within a year; else none)."""
    return f"""
    SELECT 'quality.lexsarahcase:' || t.id AS gid, {registered} AT TIME ZONE 'UTC' AS registered_at,
           '{what}' AS what, {day} AS day,
           (SELECT min(later.cut_off) FROM meeting later
            WHERE later.cut_off > due.cut_off AND later.cut_off < {day} + interval '1 year'
              AND (later.taken_at IS NULL OR later.taken_at >= {registered})) AS told_on
    FROM quality_lexsarahcase t
    LEFT JOIN quality_lexsarahdecision b ON b.id = t.decision_id
    CROSS JOIN LATERAL (
        SELECT meeting.cut_off, meeting.taken_at FROM meeting
        WHERE meeting.cut_off >= {day} ORDER BY meeting.cut_off LIMIT 1
    ) AS due
    WHERE t.committee_id = :committee AND due.taken_at < {registered}
    """


TOLD = (
    TableSpec(
        "lex_sarah_late",
        "Lex Sarah som redovisas vid ett senare sammanträde",
        {**ROW, "what": "string", "day": "date", "told_on": "date"},
        f"""
        SELECT * FROM (
            WITH meeting AS ({_MEETINGS})
            {_late("rapport", day_of("t.reported_at"), "t.created_at")}
            UNION ALL
            {_late("beslut", "b.decided_on", "b.created_at")}
        ) AS late ORDER BY gid, what
        """,
    ),
)
