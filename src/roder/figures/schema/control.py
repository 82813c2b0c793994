# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""Risks, internal control, critical factors, recommendations: scores, states and days. No free text, no person.

A risk's area and a critical factor's perspective are headings of the register, and the printed numbers of risks, points
and controls name their rows. What a risk is, what is checked and what was found in words stay in their rooms.
"""

from __future__ import annotations

from roder.figures.schema.spec import ROW, TableSpec, of, on

#: A point, a control and a round as they are counted in figures: 7, 7.2.
_POINT = {"year": "int32", "point": "string"}
_CONTROL = {**_POINT, "control": "int32"}
_OF_CONTROL = """
        JOIN control_control c ON c.id = rd.control_id
        JOIN control_controlpoint pt ON pt.id = c.point_id
        JOIN control_controlplan p ON p.id = pt.plan_id
        LEFT JOIN steering_occasion o ON o.id = rd.occasion_id
"""


#: Whether the handling is another than the rule proposes for the cell: roder.control.rules.scales.departure.
_DEPARTS = """
        (r.handling <> '' AND jsonb_array_length(coalesce(cell.one->'proposals', '[]')) > 0
         AND NOT jsonb_exists(cell.one->'proposals', r.handling)
         AND NOT (r.obligatory AND r.handling = 'control_point'
                  AND coalesce((s.content->>'obligatory_points')::boolean, false))) AS departs
"""

#: Last year's value: that of last year's risk, else what a source prints, but not what stands for a retired risk.
_BEFORE = """
        CASE WHEN before.id IS NOT NULL THEN before.value
             WHEN r.previous_value = (s.content->>'retired_value')::int AND NOT EXISTS (
                 SELECT 1 FROM jsonb_object_keys(s.cells) AS cell(name)
                 WHERE split_part(cell.name, 'x', 1)::int * split_part(cell.name, 'x', 2)::int = r.previous_value)
             THEN NULL ELSE r.previous_value END
"""


def _size(scale: str) -> str:
    """How many steps a scale's axes have, as one array."""
    steps = (f"jsonb_array_length({scale}.content->'{axis}'->'steps')" for axis in ("likelihood", "impact"))
    return f"ARRAY[{', '.join(steps)}]"


_RISKS = TableSpec(
    "risks",
    "Risker",
    {
        **ROW,
        "year": "int32",
        "code": "string",
        "number": "string",
        "position": "int32",
        "state": "string",
        "area": "string",
        "likelihood": "int32",
        "impact": "int32",
        "value": "int32",
        "previous_value": "int32",
        "comparable": "boolean",
        "retired_value": "int32",
        "handling": "string",
        "in_plan": "boolean",
        "obligatory": "boolean",
        "common": "boolean",
        "reasoned": "boolean",
        "level": "string",
        "level_label": "string",
        "level_place": "int32",
        "departs": "boolean",
    },
    f"""
        SELECT {of("control.risk", "r", "created_at")}, a.year, r.code, r.number, r.position, r.state,
               r.category AS area, r.likelihood, r.impact, r.value,
               {_BEFORE} AS previous_value,
               (other.id IS NULL OR {_size("s")} = {_size("other")}) AS comparable,
               (s.content->>'retired_value')::int AS retired_value, r.handling, r.in_plan, r.obligatory, r.common,
               r.handling_reason <> '' AS reasoned, cell.one->>'level' AS level, cell.one->>'label' AS level_label,
               (cell.one->>'place')::int AS level_place, {_DEPARTS}
        FROM control_risk r
        JOIN control_riskanalysis a ON a.id = r.analysis_id
        JOIN control_scaleversion s ON s.id = r.scale_id
        LEFT JOIN control_risk before ON before.id = r.previous_id
        LEFT JOIN control_scaleversion other ON other.id = before.scale_id
        LEFT JOIN LATERAL (SELECT s.cells->(r.likelihood || 'x' || r.impact) AS one) AS cell ON true
        WHERE r.committee_id = :committee ORDER BY r.id
        """,
)

_POINTS = (
    TableSpec(
        "control_points",
        "Kontrollpunkter",
        {
            **ROW,
            **_POINT,
            "position": "int32",
            "risk": "string",
            "obligatory": "boolean",
            "by_committee": "boolean",
        },
        f"""
        SELECT {of("control.controlpoint", "pt", "created_at")}, p.year, pt.number AS point, pt.position,
               r.code AS risk, pt.obligatory, pt.by_committee
        FROM control_controlpoint pt
        JOIN control_controlplan p ON p.id = pt.plan_id
        LEFT JOIN control_risk r ON r.id = pt.risk_id
        WHERE pt.committee_id = :committee ORDER BY pt.id
        """,
    ),
    TableSpec(
        "controls",
        "Kontrollmoment",
        {**ROW, **_CONTROL, "position": "int32", "method": "string", "scope": "string", "state": "string"},
        f"""
        SELECT {of("control.control", "c", "created_at")}, p.year, pt.number AS point, c.number AS control,
               pt.position, c.method, c.scope, c.state
        FROM control_control c
        JOIN control_controlpoint pt ON pt.id = c.point_id
        JOIN control_controlplan p ON p.id = pt.plan_id
        WHERE c.committee_id = :committee ORDER BY c.id
        """,
    ),
    TableSpec(
        "control_reviews",
        "Bedömningar av kontrollpunkter",
        {
            **ROW,
            **_POINT,
            "told_on": "date",
            "outcome": "string",
            "assumed": "boolean",
            "moved_to": "date",
        },
        f"""
        SELECT {of("control.pointreview", "t")}, p.year, pt.number AS point, o.cut_off AS told_on, t.outcome,
               t.assumed, t.moved_to
        FROM control_pointreview t
        JOIN control_controlpoint pt ON pt.id = t.point_id
        JOIN control_controlplan p ON p.id = pt.plan_id
        JOIN steering_occasion o ON o.id = t.occasion_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
)

_ROUNDS = (
    TableSpec(
        "control_rounds",
        "Genomföranden av kontroller",
        {
            **ROW,
            **_CONTROL,
            "round": "int32",
            "position": "int32",
            "told_on": "date",
            "state": "string",
            "due_on": "date",
            "done_on": "date",
            "moved_to": "date",
            "checked": "int32",
            "deviating": "int32",
            "sampled": "boolean",
        },
        f"""
        SELECT {of("control.controlround", "rd")}, p.year, pt.number AS point, c.number AS control,
               rd.number AS round, pt.position, coalesce(o.cut_off, rd.due_on) AS told_on, rd.state, rd.due_on,
               {on("rd.done_at", "done_on")}, rd.moved_to, rd.checked, rd.deviating,
               EXISTS (SELECT 1 FROM control_sampleframe f JOIN control_controlsample cs ON cs.frame_id = f.id
                       WHERE f.round_id = rd.id) AS sampled
        FROM control_controlround rd {_OF_CONTROL}
        WHERE rd.committee_id = :committee ORDER BY rd.id
        """,
        "due_on",
    ),
    TableSpec(
        "control_samples",
        "Stickprov",
        {
            **ROW,
            **_CONTROL,
            "round": "int32",
            "sample": "int32",
            "position": "int32",
            "told_on": "date",
            "frame_size": "int32",
            "size": "int32",
            "checked": "int32",
            "deviating": "int32",
        },
        f"""
        SELECT {of("control.controlsample", "cs", "drawn_at")}, p.year, pt.number AS point, c.number AS control,
               rd.number AS round, f.place AS sample, pt.position, coalesce(o.cut_off, rd.due_on) AS told_on,
               f.size AS frame_size, cs.size, CASE WHEN f.alone THEN rd.checked END AS checked,
               CASE WHEN f.alone THEN rd.deviating END AS deviating
        FROM control_controlsample cs
        JOIN (SELECT id, round_id, size, row_number() OVER (PARTITION BY round_id ORDER BY id) AS place,
                     count(*) OVER (PARTITION BY round_id) = 1 AS alone
              FROM control_sampleframe) f ON f.id = cs.frame_id
        JOIN control_controlround rd ON rd.id = f.round_id {_OF_CONTROL}
        WHERE rd.committee_id = :committee ORDER BY cs.id
        """,
    ),
    TableSpec(
        "control_items",
        "Granskade poster",
        {**ROW, "sample_gid": "string", "checked_on": "date", "deviates": "boolean"},
        f"""
        SELECT {of("control.sampleitem", "t", "created_at")}, 'control.controlsample:' || t.sample_id AS sample_gid,
               {on("t.checked_at", "checked_on")}, t.deviates
        FROM control_sampleitem t
        JOIN control_controlsample cs ON cs.id = t.sample_id
        JOIN control_sampleframe f ON f.id = cs.frame_id
        JOIN control_controlround rd ON rd.id = f.round_id
        WHERE rd.committee_id = :committee ORDER BY t.id
        """,
        large=True,
    ),
    TableSpec(
        "control_actions",
        "Åtgärder efter kontroll",
        {
            **ROW,
            **_POINT,
            "added_on": "date",
            "due_on": "date",
            "done_on": "date",
            "dropped_on": "date",
            "effect": "string",
        },
        f"""
        SELECT {of("tasks.action", "a", "created_at")}, p.year, pt.number AS point, {on("a.created_at", "added_on")},
               a.due_on, {on("a.done_at", "done_on")}, {on("a.dropped_at", "dropped_on")}, a.effect
        FROM tasks_action a
        LEFT JOIN control_controlround rd ON a.subject_kind = 'control.controlround' AND rd.id = a.subject_id
        LEFT JOIN control_pointreview re ON a.subject_kind = 'control.pointreview' AND re.id = a.subject_id
        LEFT JOIN control_control c
            ON c.id = coalesce(rd.control_id, CASE WHEN a.subject_kind = 'control.control' THEN a.subject_id END)
        JOIN control_controlpoint pt
            ON pt.id = coalesce(c.point_id, re.point_id,
                                CASE WHEN a.subject_kind = 'control.controlpoint' THEN a.subject_id END)
        JOIN control_controlplan p ON p.id = pt.plan_id
        WHERE a.committee_id = :committee AND starts_with(a.subject_kind, 'control.') ORDER BY a.id
        """,
        "added_on",
    ),
)

_FACTORS = (
    TableSpec(
        "factor_measures",
        "Kritiska faktorers nyckeltal",
        {
            **ROW,
            "year": "int32",
            "perspective": "string",
            "factor": "int64",
            "measure_id": "int64",
            "measure": "string",
            "number": "int32",
            "times": "int32",
            "worded": "boolean",
        },
        f"""
        SELECT {of("control.factormeasure", "t", "created_at")}, f.year, f.perspective, f.id AS factor,
               t.measure_id, m.code AS measure, t.number, t.times_a_year AS times,
               EXISTS (SELECT 1 FROM measures_target g WHERE g.measure_id = m.id AND g.year = f.year
                       AND g.value IS NULL AND g.text <> '') AS worded
        FROM control_factormeasure t
        JOIN control_criticalfactor f ON f.id = t.factor_id
        JOIN measures_measure m ON m.id = t.measure_id
        WHERE f.committee_id = :committee ORDER BY t.id
        """,
    ),
    TableSpec(
        "perspectives",
        "Kritiska faktorers perspektiv",
        {**ROW, "model_id": "int64", "code": "string", "label": "string", "position": "int32"},
        f"""
        SELECT {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id, named.one->>'code' AS code,
               named.one->>'label' AS label, named.place AS position
        FROM steering_steeringmodelversion m
        CROSS JOIN LATERAL jsonb_array_elements(m.content->'critical_factors'->'perspectives')
            WITH ORDINALITY AS named(one, place)
        WHERE m.committee_id = :committee ORDER BY m.id, named.place
        """,
    ),
    TableSpec(
        "grading_rules",
        "Bedömningsregler för nyckeltal",
        {
            **ROW,
            "model_id": "int64",
            "measure_id": "int64",
            "rule": "string",
            "kind": "string",
            "scale": "string",
            "missing": "string",
            "higher": "string",
            "equal": "string",
            "lower": "string",
            "factor": "int64",
            "boundary_below": "boolean",
        },
        f"""
        SELECT DISTINCT ON (m.id, k.id) {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id,
               k.id AS measure_id, rule.one->>'code' AS rule, rule.one->>'kind' AS kind,
               rule.one->>'scale' AS scale, rule.one->>'missing' AS missing, rule.one->>'higher' AS higher,
               rule.one->>'equal' AS equal, rule.one->>'lower' AS lower,
               (10 ^ coalesce((rule.one->>'published_digits')::int, 0))::bigint AS factor,
               rule.one->>'kind' <> 'percent_of_target' OR coalesce(rule.one->>'boundary', 'lower') = 'lower'
                   AS boundary_below
        FROM steering_steeringmodelversion m
        CROSS JOIN LATERAL jsonb_array_elements(m.content->'grading_rules') WITH ORDINALITY AS rule(one, place)
        JOIN measures_measure k ON k.committee_id = m.committee_id
             AND (jsonb_exists(rule.one->'measures', k.code)
                  OR (k.kolada_id <> '' AND jsonb_exists(rule.one->'measures', k.kolada_id)))
        WHERE m.committee_id = :committee ORDER BY m.id, k.id, rule.place
        """,
    ),
    TableSpec(
        "grading_bands",
        "Gränser i bedömningsregler",
        {
            **ROW,
            "model_id": "int64",
            "rule": "string",
            "place": "int32",
            "up_to": "decimal(18, 4)",
            "status": "string",
        },
        f"""
        SELECT {of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id,
               rule.one->>'code' AS rule, band.place, (band.one->>'up_to')::numeric(18, 4) AS up_to,
               band.one->>'status' AS status
        FROM steering_steeringmodelversion m
        CROSS JOIN LATERAL jsonb_array_elements(m.content->'grading_rules') WITH ORDINALITY AS rule(one, place)
        CROSS JOIN LATERAL jsonb_array_elements(rule.one->'bands') WITH ORDINALITY AS band(one, place)
        WHERE m.committee_id = :committee ORDER BY m.id, rule.place, band.place
        """,
    ),
)

_AUDITS = (
    TableSpec(
        "audits",
        "Granskningar",
        {
            **ROW,
            "year": "int32",
            "kind": "string",
            "state": "string",
            "judgement": "string",
            "received_on": "date",
            "answer_due": "date",
            "answered_on": "date",
        },
        f"""
        SELECT {of("control.audit", "t", "created_at")}, t.year, t.kind, t.state, t.judgement, t.received_on,
               t.answer_by AS answer_due, t.answered_on
        FROM control_audit t WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
    TableSpec(
        "recommendations",
        "Rekommendationer",
        {
            **ROW,
            "year": "int32",
            "origin": "string",
            "number": "int32",
            "state": "string",
            "due_on": "date",
            "done_on": "date",
        },
        f"""
        SELECT {of("control.recommendation")},
               coalesce(a.year, extract(year FROM coalesce(i.decided_on, i.held_on, t.registered_at::date))::int)
                   AS year,
               CASE WHEN t.audit_id IS NULL THEN 'inspection' ELSE 'audit' END AS origin, t.number, t.state, t.due_on,
               t.done_on
        FROM control_recommendation t
        LEFT JOIN control_audit a ON a.id = t.audit_id
        LEFT JOIN control_inspection i ON i.id = t.inspection_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
)

CONTROL = (_RISKS, *_POINTS, *_ROUNDS, *_FACTORS, *_AUDITS)
