# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""The steering model and what it governs, and the units."""

from __future__ import annotations

from roder.figures.schema.spec import ROW, TableSpec, of, terms

STEERING = (
    TableSpec(
        "occasions",
        "Uppföljningstillfällen",
        {
            **ROW,
            "occasion_id": "int64",
            "code": "string",
            "name": "string",
            "kind": "string",
            "year": "int32",
            "cut_off": "date",
            "model_id": "int64",
        },
        f"""
        SELECT {of("steering.occasion", registered="created_at")}, t.id AS occasion_id, t.code, t.name, t.kind,
               t.year, t.cut_off, t.model_id
        FROM steering_occasion t WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
    TableSpec(
        "account_rows",
        "Rader i drifttabellen",
        {
            **ROW,
            "model_id": "int64",
            "row_code": "string",
            "label": "string",
            "position": "int32",
            "is_sum": "boolean",
            "sign": "string",
            "group_code": "string",
        },
        f"""
        SELECT {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id, t.code AS row_code,
               t.label, t.position, t.is_sum,
               (SELECT part->>'sign' FROM jsonb_path_query(m.content, '$.accounts.rows[*]') AS part
                WHERE part->>'code' = t.code LIMIT 1) AS sign,
               g.code AS group_code
        FROM steering_accountrow t
        JOIN steering_steeringmodelversion m ON m.id = t.model_id
        LEFT JOIN steering_accountrow_groups link ON link.accountrow_id = t.id
        LEFT JOIN steering_accountgroup g ON g.id = link.accountgroup_id
        WHERE m.committee_id = :committee ORDER BY t.id, g.id
        """,
    ),
    TableSpec(
        "statuses",
        "Statusskalor",
        {
            **ROW,
            "model_id": "int64",
            "subject": "string",
            "level": "string",
            "occasion_kind": "string",
            "code": "string",
            "label": "string",
            "position": "int32",
            "tone": "string",
        },
        f"""
        SELECT {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id,
               scale->>'subject' AS subject, scale->>'level' AS level, kind.code AS occasion_kind,
               status->>'code' AS code, status->>'label' AS label, (status->>'order')::int AS position,
               status->>'tone' AS tone
        FROM steering_steeringmodelversion m
        CROSS JOIN LATERAL jsonb_path_query(m.content, '$.status_scales[*]') AS scale
        CROSS JOIN LATERAL jsonb_path_query(scale, '$.statuses[*]') AS status
        LEFT JOIN LATERAL jsonb_array_elements_text(scale->'occasion_kinds') AS kind(code) ON true
        WHERE m.committee_id = :committee ORDER BY m.id, scale->>'code', kind.code, position, code
        """,
    ),
    terms("account_groups", "Kontogrupper", "steering.accountgroup"),
    terms("service_codes", "Verksamheter", "steering.servicecode"),
    terms("investment_categories", "Investeringskategorier", "steering.investmentcategory"),
    terms(
        "supports",
        "Insatser",
        "steering.support",
        ", t.area, t.unit_of_count",
        area="string",
        unit_of_count="string",
    ),
    TableSpec(
        "goals",
        "Mål",
        {
            **ROW,
            "goal_id": "int64",
            "code": "string",
            "number": "string",
            "level": "string",
            "kind": "string",
            "followed": "string",
            "from_year": "int32",
            "to_year": "int32",
            "position": "int32",
        },
        f"""
        SELECT {of("steering.goal", registered="created_at")}, t.id AS goal_id, t.code, t.number, t.level, t.kind,
               t.followed, t.from_year, t.to_year, t.position
        FROM steering_goal t
        WHERE t.committee_id = :committee
           OR (t.committee_id IS NULL
               AND t.municipality_id = (SELECT municipality_id FROM organisation_body WHERE id = :committee))
        ORDER BY t.id
        """,
    ),
    TableSpec(
        "assignments",
        "Uppdrag",
        {
            **ROW,
            "assignment_id": "int64",
            "code": "string",
            "number": "string",
            "giver": "string",
            "decided_on": "date",
            "due_on": "date",
            "from_year": "int32",
            "to_year": "int32",
            "position": "int32",
        },
        f"""
        SELECT {of("steering.assignment", registered="created_at")}, t.id AS assignment_id, t.code, t.number,
               t.giver, t.decided_on, t.due_on, t.from_year, t.to_year, t.position
        FROM steering_assignment t WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "decided_on",
    ),
    TableSpec(
        "assessments",
        "Bedömningar",
        {
            **ROW,
            "occasion_code": "string",
            "cut_off": "date",
            "subject_kind": "string",
            "subject_id": "int64",
            "unit_code": "string",
            "unit_kind": "string",
            "status": "string",
            "proposed_status": "string",
        },
        f"""
        SELECT {of("steering.assessment", registered="created_at")}, o.code AS occasion_code, o.cut_off,
               t.subject_kind, t.subject_id, u.code AS unit_code, u.kind AS unit_kind, t.status, t.proposed_status
        FROM steering_assessment t
        JOIN steering_occasion o ON o.id = t.occasion_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE o.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
)

ORGANISATION = (
    TableSpec(
        "units",
        "Enheter",
        {
            **ROW,
            "code": "string",
            "name": "string",
            "kind": "string",
            "parent_code": "string",
            "valid_from": "date",
            "valid_to": "date",
        },
        f"""
        SELECT {of("organisation.unit", registered="created_at")}, t.code, t.name, t.kind,
               (SELECT parent.code FROM organisation_unitplacement p
                JOIN organisation_unit parent ON parent.id = p.parent_id
                WHERE p.unit_id = t.id ORDER BY p.valid DESC LIMIT 1) AS parent_code,
               (SELECT lower(p.valid) FROM organisation_unitplacement p
                WHERE p.unit_id = t.id ORDER BY lower(p.valid) NULLS FIRST LIMIT 1) AS valid_from,
               (SELECT upper(p.valid) FROM organisation_unitplacement p
                WHERE p.unit_id = t.id ORDER BY upper(p.valid) DESC NULLS FIRST LIMIT 1) AS valid_to
        FROM organisation_unit t WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
)
