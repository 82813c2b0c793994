# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""Deviations, lex Sarah and lex Maria, complaints, providers' reports, and the lead times of casework.

No free text, no person and no reference to the person that a case is about. Dates are Swedish local dates, moments are
UTC, times between moments whole minutes. A case that was merged into another is counted in that other one only.
What was done after a cut-off is seen on its date: a figure asks ``closed_on``, never the state.
"""

from __future__ import annotations

from roder.figures.schema.spec import ROW, TableSpec, day_of, of, on, terms


def _at(column: str, name: str) -> str:
    """A moment in UTC."""
    return f"{column} AT TIME ZONE 'UTC' AS {name}"


def _minutes(start: str, end: str, name: str) -> str:
    """Whole minutes from one moment to another."""
    return f"floor(extract(epoch FROM {end} - {start}) / 60)::bigint AS {name}"


#: What stands in the deviation itself, in the table of deviations and in that of their types.
_OF_DEVIATION = {
    "reported_on": "date",
    "unit_code": "string",
    "department_code": "string",
    "service_area": "string",
    "law": "string",
    "direction": "string",
    "counterpart": "string",
    "severity": "int32",
    "serious": "boolean",
    "classified_on": "date",
    "closed_on": "date",
}
_DEVIATION_COLUMNS = f"""{on("d.reported_at", "reported_on")}, u.code AS unit_code,
               CASE WHEN u.kind = 'department' THEN u.code ELSE parent.code END AS department_code,
               area.code AS service_area, d.law, d.direction, d.counterpart, d.severity, d.serious,
               {on("d.classified_at", "classified_on")}, {on("d.closed_at", "closed_on")}"""
_DEVIATION_JOINS = f"""
        JOIN organisation_unit u ON u.id = d.unit_id
        LEFT JOIN organisation_unitplacement place
          ON place.unit_id = d.unit_id AND place.valid @> {day_of("d.reported_at")}
        LEFT JOIN organisation_unit parent ON parent.id = place.parent_id AND parent.kind = 'department'
        LEFT JOIN steering_servicearea area ON area.id = d.service_area_id
"""

DEVIATIONS = (
    TableSpec(
        "deviations",
        "Avvikelser",
        {
            **ROW,
            "number": "string",
            **_OF_DEVIATION,
            "occurred_on": "date",
            "discovered_on": "date",
            "occurred_at": "timestamp",
            "reported_at": "timestamp",
            "classified_at": "timestamp",
            "closed_at": "timestamp",
            "minutes_to_report": "int64",
            "minutes_to_classified": "int64",
            "minutes_to_closed": "int64",
            "reporter_kind": "string",
            "work_environment": "boolean",
            "rule": "string",
        },
        f"""
        SELECT {of("quality.deviation", "d")}, d.number, {_DEVIATION_COLUMNS},
               {on("d.occurred_at", "occurred_on")}, {on("d.discovered_at", "discovered_on")},
               {_at("d.occurred_at", "occurred_at")}, {_at("d.reported_at", "reported_at")},
               {_at("d.classified_at", "classified_at")}, {_at("d.closed_at", "closed_at")},
               {_minutes("d.occurred_at", "d.reported_at", "minutes_to_report")},
               {_minutes("d.reported_at", "d.classified_at", "minutes_to_classified")},
               {_minutes("d.reported_at", "d.closed_at", "minutes_to_closed")},
               d.reporter_kind, d.work_environment, d.rule
        FROM quality_deviation d {_DEVIATION_JOINS}
        WHERE d.committee_id = :committee AND d.state <> 'merged' ORDER BY d.id
        """,
        "reported_on",
        large=True,
    ),
    TableSpec(
        "deviation_matters",
        "Avvikelsers typer",
        {
            **ROW,
            "deviation_gid": "string",
            "number": "string",
            "type": "string",
            "cause": "string",
            "category": "string",
            "counted": "boolean",
            **_OF_DEVIATION,
        },
        f"""
        SELECT {of("quality.deviationmatter").replace("t.registered_at", "d.registered_at")},
               'quality.deviation:' || d.id AS deviation_gid, d.number, y.code AS type, c.code AS cause, y.category,
               NOT EXISTS (SELECT 1 FROM quality_deviationmatter earlier WHERE earlier.deviation_id = t.deviation_id
                           AND earlier.type_id = t.type_id AND earlier.id < t.id) AS counted,
               {_DEVIATION_COLUMNS}
        FROM quality_deviationmatter t
        JOIN quality_deviation d ON d.id = t.deviation_id
        JOIN steering_deviationtype y ON y.id = t.type_id
        LEFT JOIN steering_deviationcause c ON c.id = t.cause_id {_DEVIATION_JOINS}
        WHERE d.committee_id = :committee AND d.state <> 'merged' ORDER BY t.id
        """,
        "reported_on",
        large=True,
    ),
    TableSpec(
        "deviation_steps",
        "Avvikelsers steg",
        {
            **ROW,
            "deviation_gid": "string",
            "step": "string",
            "due_on": "date",
            "done_on": "date",
            "due_at": "timestamp",
            "done_at": "timestamp",
            "minutes_late": "int64",
            "reported_on": "date",
            "unit_code": "string",
            "service_area": "string",
            "direction": "string",
        },
        f"""
        SELECT {of("quality.step", registered="created_at")}, 'quality.deviation:' || d.id AS deviation_gid,
               t.code AS step, {on("t.due_at", "due_on")}, {on("t.done_at", "done_on")},
               {_at("t.due_at", "due_at")}, {_at("t.done_at", "done_at")},
               {_minutes("t.due_at", "t.done_at", "minutes_late")},
               {on("d.reported_at", "reported_on")}, u.code AS unit_code, area.code AS service_area, d.direction
        FROM quality_step t
        JOIN quality_deviation d ON d.id = t.deviation_id
        JOIN organisation_unit u ON u.id = d.unit_id
        LEFT JOIN steering_servicearea area ON area.id = d.service_area_id
        WHERE d.committee_id = :committee AND d.state <> 'merged' ORDER BY t.id
        """,
        "reported_on",
        large=True,
    ),
)

LEX = (
    TableSpec(
        "lex_sarah",
        "Lex Sarah",
        {
            **ROW,
            "number": "string",
            "reported_on": "date",
            "unit_code": "string",
            "service_area": "string",
            "law": "string",
            "type": "string",
            "external": "boolean",
            "shortcoming": "boolean",
            "consequence": "boolean",
            "investigated_on": "date",
            "decision": "int64",
            "outcome": "string",
            "decided_on": "date",
            "notified_on": "date",
            "answered_on": "date",
            "closed_on": "date",
        },
        f"""
        SELECT {of("quality.lexsarahcase")}, t.number, {on("t.reported_at", "reported_on")}, u.code AS unit_code,
               area.code AS service_area, t.law, y.code AS type, t.external, t.shortcoming, t.consequence,
               {on("t.investigated_at", "investigated_on")}, b.id AS decision, b.outcome, b.decided_on,
               t.notified_on, t.ivo_answered_on AS answered_on, t.closed_on
        FROM quality_lexsarahcase t
        LEFT JOIN quality_lexsarahdecision b ON b.id = t.decision_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        LEFT JOIN steering_servicearea area ON area.id = t.service_area_id
        LEFT JOIN steering_deviationtype y ON y.id = t.type_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "reported_on",
    ),
    TableSpec(
        "lex_maria",
        "Lex Maria",
        {
            **ROW,
            "number": "string",
            "opened_on": "date",
            "due_on": "date",
            "unit_code": "string",
            "service_area": "string",
            "analysed_on": "date",
            "informed_on": "date",
            "informed": "boolean",
            "decided_on": "date",
            "notified_on": "date",
            "closed_on": "date",
        },
        f"""
        SELECT {of("quality.lexmariacase")}, t.number, {on("t.opened_at", "opened_on")}, t.due_on,
               u.code AS unit_code, area.code AS service_area, t.analysed_on, t.patient_informed_on AS informed_on,
               t.patient_informed AS informed, t.decided_on, t.notified_on, t.closed_on
        FROM quality_lexmariacase t
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        LEFT JOIN steering_servicearea area ON area.id = t.service_area_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "opened_on",
    ),
)

_COMPLAINT_COLUMNS = f"""{on("c.received_at", "received_on")}, c.kind, u.code AS unit_code,
               area.code AS service_area"""
_COMPLAINT_JOINS = """
        LEFT JOIN organisation_unit u ON u.id = c.unit_id
        LEFT JOIN steering_servicearea area ON area.id = c.service_area_id
"""

COMPLAINTS = (
    TableSpec(
        "complaints",
        "Klagomål och synpunkter",
        {
            **ROW,
            "number": "string",
            "received_on": "date",
            "kind": "string",
            "unit_code": "string",
            "service_area": "string",
            "channel": "string",
            "complainant": "string",
            "anonymous": "boolean",
            "concerns_declaration": "boolean",
            "acknowledged_on": "date",
            "answered_on": "date",
            "closed_on": "date",
            "minutes_to_answer": "int64",
        },
        f"""
        SELECT {of("quality.complaint", "c")}, c.number, {_COMPLAINT_COLUMNS}, c.channel, c.complainant, c.anonymous,
               c.concerns_declaration, {on("c.acknowledged_at", "acknowledged_on")},
               {on("c.answered_at", "answered_on")}, {on("c.closed_at", "closed_on")},
               {_minutes("c.received_at", "c.answered_at", "minutes_to_answer")}
        FROM quality_complaint c {_COMPLAINT_JOINS}
        WHERE c.committee_id = :committee ORDER BY c.id
        """,
        "received_on",
    ),
    TableSpec(
        "complaint_matters",
        "Vad klagomål gäller",
        {
            **ROW,
            "complaint_gid": "string",
            "number": "string",
            "subject": "string",
            "received_on": "date",
            "kind": "string",
            "unit_code": "string",
            "service_area": "string",
        },
        f"""
        SELECT {of("quality.complaintmatter").replace("t.registered_at", "c.registered_at")},
               'quality.complaint:' || c.id AS complaint_gid, c.number, s.code AS subject, {_COMPLAINT_COLUMNS}
        FROM quality_complaintmatter t
        JOIN quality_complaint c ON c.id = t.complaint_id
        JOIN steering_complaintsubject s ON s.id = t.subject_id {_COMPLAINT_JOINS}
        WHERE c.committee_id = :committee ORDER BY t.id
        """,
        "received_on",
    ),
)

_QUARTER = """t.year, t.quarter, make_date(t.year, t.quarter * 3 - 2, 1) AS quarter_start,
               (make_date(t.year, t.quarter * 3 - 2, 1) + INTERVAL '3 months')::date AS quarter_end"""
_QUARTER_COLUMNS = {
    "unit_code": "string",
    "year": "int32",
    "quarter": "int32",
    "quarter_start": "date",
    "quarter_end": "date",
}

PROVIDERS = (
    TableSpec(
        "provider_reports",
        "Utförares kvartalsrapporter",
        {
            **ROW,
            **_QUARTER_COLUMNS,
            "due_on": "date",
            "submitted_on": "date",
            "nil": "boolean",
            "lex_sarah_reported": "int32",
            "lex_sarah_notified": "int32",
        },
        f"""
        SELECT {of("quality.providerreport")}, u.code AS unit_code, {_QUARTER}, t.due_on,
               {on("t.submitted_at", "submitted_on")}, t.nil, t.lex_sarah_reported, t.lex_sarah_notified
        FROM quality_providerreport t JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "quarter_start",
    ),
    TableSpec(
        "provider_counts",
        "Utförares antal per typ",
        {
            **ROW,
            "report_gid": "string",
            **_QUARTER_COLUMNS,
            "submitted_on": "date",
            "type": "string",
            "count": "int64",
        },
        f"""
        SELECT {of("quality.providercount", "n").replace("n.registered_at", "t.registered_at")},
               'quality.providerreport:' || t.id AS report_gid, u.code AS unit_code, {_QUARTER},
               {on("t.submitted_at", "submitted_on")}, y.code AS type, n.count::bigint AS count
        FROM quality_providercount n
        JOIN quality_providerreport t ON t.id = n.report_id
        JOIN organisation_unit u ON u.id = t.unit_id
        JOIN steering_deviationtype y ON y.id = n.type_id
        WHERE t.committee_id = :committee ORDER BY n.id
        """,
        "quarter_start",
    ),
)

#: The words that the figures sort and name by.
WORDS = (
    terms("service_areas", "Verksamhetsområden", "steering.servicearea", ", t.external", external="boolean"),
    terms(
        "deviation_types",
        "Typer av avvikelser",
        "steering.deviationtype",
        ", t.category, t.category_label, t.clinical",
        category="string",
        category_label="string",
        clinical="boolean",
    ),
    TableSpec(
        "deviation_causes",
        "Orsaker till avvikelser",
        {**ROW, "type": "string", "code": "string", "label": "string", "position": "int32"},
        f"""
        SELECT {of("steering.deviationcause", registered="created_at")}, y.code AS type, t.code, t.label, t.position
        FROM steering_deviationcause t JOIN steering_deviationtype y ON y.id = t.type_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
    terms("complaint_subjects", "Klagomålstyper", "steering.complaintsubject"),
    TableSpec(
        "complaint_words",
        "Klagomåls slag och vem de kommer från",
        {
            **ROW,
            "model_id": "int64",
            "list": "string",
            "code": "string",
            "label": "string",
            "position": "int32",
        },
        f"""
        SELECT {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id, list.name AS list,
               word.content->>'code' AS code, word.content->>'label' AS label, word.place::int AS position
        FROM steering_steeringmodelversion m
        CROSS JOIN (VALUES ('kinds'), ('complainants')) AS list(name)
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(m.content->'complaints'->list.name, '[]'::jsonb))
          WITH ORDINALITY AS word(content, place)
        WHERE m.committee_id = :committee ORDER BY m.id, list.name, word.place
        """,
    ),
    TableSpec(
        "quality_rules",
        "Mål och gränser för kvalitetsarbetet",
        {
            **ROW,
            "model_id": "int64",
            "code": "string",
            "value": "int32",
        },
        f"""
        SELECT {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id, rule.code,
               (m.content #>> rule.path)::int AS value
        FROM steering_steeringmodelversion m
        CROSS JOIN (VALUES ('avslutade', ARRAY['deviations', 'closed_target']),
                           ('klassificerade', ARRAY['deviations', 'classified_target']),
                           ('obesvarad_dagar', ARRAY['complaints', 'unanswered_days'])) AS rule(code, path)
        WHERE m.committee_id = :committee AND m.content #>> rule.path IS NOT NULL ORDER BY m.id, rule.code
        """,
    ),
)

CASEWORK = (
    TableSpec(
        "casework_leads",
        "Ledtider i handläggningen",
        {
            **ROW,
            "unit_code": "string",
            "received_on": "date",
            "assigned_on": "date",
            "decided_on": "date",
            "closed_on": "date",
            "days_to_assigned": "int32",
            "days_to_decided": "int32",
        },
        f"""
        SELECT 'casework.caseworkevent:' || min(t.id) AS gid,
               max(t.registered_at) AT TIME ZONE 'UTC' AS registered_at, min(u.code) AS unit_code,
               min(t.day) FILTER (WHERE t.kind = 'received') AS received_on,
               min(t.day) FILTER (WHERE t.kind = 'assigned') AS assigned_on,
               min(t.day) FILTER (WHERE t.kind = 'decided') AS decided_on,
               min(t.day) FILTER (WHERE t.kind = 'closed') AS closed_on,
               min(t.day) FILTER (WHERE t.kind = 'assigned') - min(t.day) FILTER (WHERE t.kind = 'received')
                   AS days_to_assigned,
               min(t.day) FILTER (WHERE t.kind = 'decided') - min(t.day) FILTER (WHERE t.kind = 'received')
                   AS days_to_decided
        FROM (SELECT event.*, {day_of("event.at")} AS day
              FROM casework_caseworkevent event WHERE event.committee_id = :committee) t
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        GROUP BY t.reference HAVING count(*) FILTER (WHERE t.kind = 'received') > 0 ORDER BY min(t.id)
        """,
        "received_on",
    ),
)

QUALITY = (*WORDS, *DEVIATIONS, *LEX, *COMPLAINTS, *PROVIDERS, *CASEWORK)
