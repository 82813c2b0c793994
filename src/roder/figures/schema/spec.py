# ruff: noqa: S608 - the SQL is put together from names written in these modules only
"""What a table of the snapshot schema is, and the parts that most tables have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import Table

MONEY = "decimal(16, 2)"
AMOUNT = "decimal(14, 2)"
VALUE = "decimal(18, 4)"


#: Where days begin and end.
ZONE = "Europe/Stockholm"


@dataclass(frozen=True)
class TableSpec:
    """A table of the schema.

    ``columns`` has name and type (as Ibis writes types) in the order of ``sql``, where ``:committee`` stands for the
    committee's id. ``concerns`` is the column with the date that a row is about: it decides whether a row that was
    registered afterwards is late. ``large`` ones may hold millions of rows: a live query reads of them what it needs.
    """

    name: str
    title: str
    columns: dict[str, str]
    sql: str
    concerns: str | None = None
    large: bool = False

    def select(self, committee_id: int) -> str:
        """The SELECT for one committee."""
        return self.sql.replace(":committee", str(int(committee_id))).strip()

    def live(self, committee_id: int) -> str:
        """The table in a live query, as it stands in a WITH clause: a large one unordered, and open to the query."""
        select = self.select(committee_id)
        if self.large:
            return f'"{self.name}" AS NOT MATERIALIZED ({select.rpartition("ORDER BY")[0].strip()})'
        return f'"{self.name}" AS ({select})'

    def unbound(self) -> Table:
        """The table as an Ibis expression that is not tied to any database."""
        import ibis  # noqa: PLC0415

        return ibis.table(self.columns, name=self.name)


def of(room: str, alias: str = "t", registered: str = "registered_at") -> str:
    """The two columns every row has."""
    return f"'{room}:' || {alias}.id AS gid, {alias}.{registered} AT TIME ZONE 'UTC' AS registered_at"


def day_of(moment: str) -> str:
    """The local day of a moment."""
    return f"({moment} AT TIME ZONE '{ZONE}')::date"


def on(moment: str, name: str) -> str:
    """A column with the local day of a moment."""
    return f"{day_of(moment)} AS {name}"


ROW = {"gid": "string", "registered_at": "timestamp"}
TERM = {**ROW, "code": "string", "label": "string", "position": "int32"}


def terms(name: str, title: str, model: str, extra: str = "", **columns: str) -> TableSpec:
    table = model.replace(".", "_")
    sql = f"""
        SELECT {of(model, registered="created_at")}, t.code, t.label, t.position{extra}
        FROM {table} t WHERE t.committee_id = :committee ORDER BY t.id
    """
    return TableSpec(name, title, {**TERM, **columns}, sql)
