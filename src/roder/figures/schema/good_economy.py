# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""The goals of good economic management (god ekonomisk hushållning), as the steering models state them."""

from __future__ import annotations

from roder.figures.schema.spec import ROW, VALUE, TableSpec, of

_SIZE = "CASE {unit} WHEN 'mkr' THEN 1000000 WHEN 'tkr' THEN 1000 ELSE 1 END"

GOOD_ECONOMY = (
    TableSpec(
        "economy_goals",
        "Mål för god ekonomisk hushållning",
        {
            **ROW,
            "model_id": "int64",
            "group_code": "string",
            "group_label": "string",
            "rule": "string",
            "at_least": "int32",
            "goal_code": "string",
            "label": "string",
            "position": "int64",
            "operator": "string",
            "target": VALUE,
            "basis": "string",
            "measure_code": "string",
            "factor": "int64",
            "basis_measure": "string",
        },
        f"""
        SELECT {of("steering.steeringmodelversion", "v", "loaded_at")}, v.id AS model_id,
               part.one->>'code' AS group_code, part.one->>'label' AS group_label, part.one->>'rule' AS rule,
               (part.one->>'at_least')::int AS at_least, goal.one->>'code' AS goal_code, goal.one->>'label' AS label,
               part.nth * 1000 + goal.nth AS position, goal.one->>'operator' AS operator,
               ((goal.one->>'target')::numeric * {_SIZE.format(unit="goal.one->>'unit'")}
                / {_SIZE.format(unit="m.unit")})::numeric(18, 4) AS target,
               goal.one->>'basis' AS basis, named.code AS measure_code,
               (10 ^ coalesce(m.decimals, 0))::bigint AS factor, other.code AS basis_measure
        FROM steering_steeringmodelversion v
        CROSS JOIN LATERAL jsonb_array_elements(v.content#>'{{good_economy,groups}}') WITH ORDINALITY AS part(one, nth)
        CROSS JOIN LATERAL jsonb_array_elements(part.one->'goals') WITH ORDINALITY AS goal(one, nth)
        LEFT JOIN LATERAL jsonb_array_elements_text(goal.one->'measures') AS named(code) ON true
        LEFT JOIN measures_measure m ON m.committee_id = v.committee_id AND m.code = named.code
        LEFT JOIN measures_target t ON t.measure_id = m.id AND t.year = v.year
        LEFT JOIN measures_measure other ON other.committee_id = v.committee_id AND other.code = t.basis
        WHERE v.committee_id = :committee ORDER BY v.id, position, named.code
        """,
    ),
)
