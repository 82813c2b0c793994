"""The snapshot schema: which columns the figures read, and the one SELECT that fetches each table.

The same SELECT is a table expression for the live database and the text of the COPY that fills a snapshot's Parquet
file, so both hold the same rows. Every row has its global id (``gid``) and when it was registered, in UTC.
Free text and references to people are never here: what is erased by rule must not live on in a snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import Table

#: Raised when a column is added, removed or changes its meaning. Written in every manifest.
SCHEMA_VERSION = 1

MONEY = "decimal(16, 2)"
AMOUNT = "decimal(14, 2)"
VALUE = "decimal(18, 4)"


@dataclass(frozen=True)
class TableSpec:
    """A table of the schema.

    ``columns`` has name and type (as Ibis writes types) in the order of ``sql``, where ``:committee`` stands for the
    committee's id. ``concerns`` is the column with the date that a row is about: it decides whether a row that was
    registered afterwards is late.
    """

    name: str
    title: str
    columns: dict[str, str]
    sql: str
    concerns: str | None = None

    def select(self, committee_id: int) -> str:
        """The SELECT for one committee."""
        return self.sql.replace(":committee", str(int(committee_id))).strip()

    def unbound(self) -> Table:
        """The table as an Ibis expression that is not tied to any database."""
        import ibis  # noqa: PLC0415 - takes a second to import

        return ibis.table(self.columns, name=self.name)


def _of(room: str, alias: str = "t", registered: str = "registered_at") -> str:
    """The two columns every row has."""
    return f"'{room}:' || {alias}.id AS gid, {alias}.{registered} AT TIME ZONE 'UTC' AS registered_at"


ROW = {"gid": "string", "registered_at": "timestamp"}
TERM = {**ROW, "code": "string", "label": "string", "position": "int32"}


def _terms(name: str, title: str, model: str, extra: str = "", **columns: str) -> TableSpec:
    table = model.replace(".", "_")
    sql = f"""
        SELECT {_of(model, registered="created_at")}, t.code, t.label, t.position{extra}
        FROM {table} t WHERE t.committee_id = :committee ORDER BY t.id
    """  # noqa: S608 - names from this module only
    return TableSpec(name, title, {**TERM, **columns}, sql)


_STEERING = (
    TableSpec(
        "occasions",
        "Uppföljningstillfällen",
        {
            **ROW, "occasion_id": "int64", "code": "string", "name": "string", "kind": "string", "year": "int32",
            "cut_off": "date", "model_id": "int64",
        },
        f"""
        SELECT {_of("steering.occasion", registered="created_at")}, t.id AS occasion_id, t.code, t.name, t.kind,
               t.year, t.cut_off, t.model_id
        FROM steering_occasion t WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
    TableSpec(
        "account_rows",
        "Rader i drifttabellen",
        {
            **ROW, "model_id": "int64", "row_code": "string", "label": "string", "position": "int32",
            "is_sum": "boolean", "sign": "string", "group_code": "string",
        },
        f"""
        SELECT {_of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id, t.code AS row_code,
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
            **ROW, "model_id": "int64", "subject": "string", "level": "string", "occasion_kind": "string",
            "code": "string", "label": "string", "position": "int32", "tone": "string",
        },
        f"""
        SELECT {_of("steering.steeringmodelversion", "m", "loaded_at")}, m.id AS model_id,
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
    _terms("account_groups", "Kontogrupper", "steering.accountgroup"),
    _terms("service_codes", "Verksamheter", "steering.servicecode"),
    _terms("investment_categories", "Investeringskategorier", "steering.investmentcategory"),
    _terms(
        "supports", "Insatser", "steering.support", ", t.area, t.unit_of_count", area="string", unit_of_count="string"
    ),
    TableSpec(
        "goals",
        "Mål",
        {
            **ROW, "goal_id": "int64", "code": "string", "number": "string", "level": "string", "kind": "string",
            "followed": "string", "from_year": "int32", "to_year": "int32", "position": "int32",
        },
        f"""
        SELECT {_of("steering.goal", registered="created_at")}, t.id AS goal_id, t.code, t.number, t.level, t.kind,
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
            **ROW, "assignment_id": "int64", "code": "string", "number": "string", "giver": "string",
            "decided_on": "date", "due_on": "date", "from_year": "int32", "to_year": "int32", "position": "int32",
        },
        f"""
        SELECT {_of("steering.assignment", registered="created_at")}, t.id AS assignment_id, t.code, t.number,
               t.giver, t.decided_on, t.due_on, t.from_year, t.to_year, t.position
        FROM steering_assignment t WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "decided_on",
    ),
    TableSpec(
        "assessments",
        "Bedömningar",
        {
            **ROW, "occasion_code": "string", "cut_off": "date", "subject_kind": "string", "subject_id": "int64",
            "unit_code": "string", "unit_kind": "string", "status": "string", "proposed_status": "string",
        },
        f"""
        SELECT {_of("steering.assessment", registered="created_at")}, o.code AS occasion_code, o.cut_off,
               t.subject_kind, t.subject_id, u.code AS unit_code, u.kind AS unit_kind, t.status, t.proposed_status
        FROM steering_assessment t
        JOIN steering_occasion o ON o.id = t.occasion_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE o.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
)

_ORGANISATION = (
    TableSpec(
        "units",
        "Enheter",
        {
            **ROW, "code": "string", "name": "string", "kind": "string", "parent_code": "string",
            "valid_from": "date", "valid_to": "date",
        },
        f"""
        SELECT {_of("organisation.unit", registered="created_at")}, t.code, t.name, t.kind,
               (SELECT parent.code FROM organisation_unitplacement p JOIN organisation_unit parent ON parent.id = p.parent_id
                WHERE p.unit_id = t.id ORDER BY p.valid DESC LIMIT 1) AS parent_code,
               (SELECT lower(p.valid) FROM organisation_unitplacement p
                WHERE p.unit_id = t.id ORDER BY lower(p.valid) NULLS FIRST LIMIT 1) AS valid_from,
               (SELECT upper(p.valid) FROM organisation_unitplacement p
                WHERE p.unit_id = t.id ORDER BY upper(p.valid) DESC NULLS FIRST LIMIT 1) AS valid_to
        FROM organisation_unit t WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
)

_LINE = {"unit_code": "string", "service_code": "string", "group_code": "string", "amount": MONEY}
_LINE_COLUMNS = "u.code AS unit_code, s.code AS service_code, g.code AS group_code, t.amount"
_LINE_JOINS = """
        JOIN steering_accountgroup g ON g.id = t.group_id
        LEFT JOIN steering_servicecode s ON s.id = t.service_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
"""

_ECONOMY = (
    TableSpec(
        "economy_budget",
        "Budgetrader",
        {
            **ROW, "version": "string", "version_name": "string", "applies_from": "date", "is_plan": "boolean",
            "year": "int32", **_LINE,
        },
        f"""
        SELECT {_of("economy.budgetline")}, v.code AS version, v.name AS version_name, v.applies_from, v.is_plan,
               v.year, {_LINE_COLUMNS}
        FROM economy_budgetline t JOIN economy_budgetversion v ON v.id = t.version_id {_LINE_JOINS}
        WHERE v.committee_id = :committee ORDER BY t.id
        """,
        "applies_from",
    ),
    TableSpec(
        "economy_forecast",
        "Prognosrader",
        {**ROW, "occasion_code": "string", "cut_off": "date", "year": "int32", **_LINE},
        f"""
        SELECT {_of("economy.forecastline")}, o.code AS occasion_code, o.cut_off, o.year, {_LINE_COLUMNS}
        FROM economy_forecastline t JOIN steering_occasion o ON o.id = t.occasion_id {_LINE_JOINS}
        WHERE o.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
    TableSpec(
        "economy_outcome",
        "Utfallsrader",
        {**ROW, "period_start": "date", "period_end": "date", **_LINE},
        f"""
        SELECT {_of("economy.outcomeline")}, t.period_start, t.period_end, {_LINE_COLUMNS}
        FROM economy_outcomeline t {_LINE_JOINS}
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "period_start",
    ),
    TableSpec(
        "investments",
        "Investeringsrader",
        {
            **ROW, "occasion_code": "string", "cut_off": "date", "year": "int32", "category_code": "string",
            "project": "string", "position": "int32", "unit_code": "string", "budget": MONEY, "forecast": MONEY,
            "outcome": MONEY, "outcome_last_year": MONEY,
        },
        f"""
        SELECT {_of("economy.investmentline")}, o.code AS occasion_code, o.cut_off, t.year, c.code AS category_code,
               t.project, t.position, u.code AS unit_code, t.budget, t.forecast, t.outcome, t.outcome_last_year
        FROM economy_investmentline t
        JOIN steering_occasion o ON o.id = t.occasion_id
        JOIN steering_investmentcategory c ON c.id = t.category_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE o.committee_id = :committee ORDER BY t.id
        """,
        "cut_off",
    ),
    TableSpec(
        "volumes",
        "Volymrader",
        {
            **ROW, "measured_on": "date", "support_code": "string", "run": "string", "unit_code": "string",
            "count": AMOUNT, "hours": AMOUNT, "is_forecast": "boolean",
        },
        f"""
        SELECT {_of("economy.volumeline")}, t.measured_on, s.code AS support_code, t.run, u.code AS unit_code,
               t.count, t.hours, t.is_forecast
        FROM economy_volumeline t
        JOIN steering_support s ON s.id = t.support_id
        LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "measured_on",
    ),
    TableSpec(
        "staff",
        "Personalmått",
        {
            **ROW, "period_start": "date", "period_end": "date", "measure": "string", "sex": "string",
            "age": "string", "days": "string", "unit_code": "string", "unit_kind": "string", "value": VALUE,
            "numerator": VALUE, "denominator": VALUE,
        },
        f"""
        SELECT {_of("economy.staffvalue")}, t.period_start, t.period_end, t.measure, t.sex, t.age, t.days,
               u.code AS unit_code, u.kind AS unit_kind, t.value, t.numerator, t.denominator
        FROM economy_staffvalue t LEFT JOIN organisation_unit u ON u.id = t.unit_id
        WHERE t.committee_id = :committee ORDER BY t.id
        """,
        "period_start",
    ),
)

_MEASURES = (
    TableSpec(
        "measures",
        "Nyckeltal",
        {
            **ROW, "measure_id": "int64", "code": "string", "title": "string", "unit": "string", "decimals": "int32",
            "direction": "string", "position": "int32",
        },
        f"""
        SELECT {_of("measures.measure", registered="created_at")}, t.id AS measure_id, t.code, t.title, t.unit,
               t.decimals, t.direction, t.position
        FROM measures_measure t WHERE t.committee_id = :committee ORDER BY t.id
        """,
    ),
    TableSpec(
        "measure_values",
        "Utfall av nyckeltal",
        {
            **ROW, "measure_id": "int64", "period_start": "date", "period_end": "date", "unit_code": "string",
            "unit_kind": "string", "sex": "string", "part": "string", "comparison": "string", "value": VALUE,
            "numerator": VALUE, "denominator": VALUE, "status": "string",
        },
        f"""
        SELECT {_of("measures.measurevalue")}, t.measure_id, t.period_start, t.period_end, u.code AS unit_code,
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
        SELECT {_of("measures.target", registered="created_at")}, t.measure_id, t.year, t.operator, t.value
        FROM measures_target t JOIN measures_measure m ON m.id = t.measure_id
        WHERE m.committee_id = :committee ORDER BY t.id
        """,
    ),
)

TABLES: dict[str, TableSpec] = {
    spec.name: spec for spec in (*_STEERING, *_ORGANISATION, *_ECONOMY, *_MEASURES)
}


@cache
def unbound(name: str) -> Table:
    """A table of the schema as an Ibis expression. Raises KeyError for an unknown name."""
    return TABLES[name].unbound()
