"""Computing a figure: compile the expression, run it, and give its rows as exact decimals in print order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from roder.core.faults import UserFault
from roder.core.numbers import Unit, format_value
from roder.figures.registry import At, Expression, Figure, find
from roder.figures.source import Engine, Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

#: How many rows behind a number are fetched when nothing else is said.
BEHIND_LIMIT = 500

#: What the columns of the rows behind are called.
TITLES = {
    "what": "Slag",
    "of": "Version eller tillfälle", "budget": "Budget", "forecast": "Prognos", "outcome": "Utfall",
    "outcome_last_year": "Utfall föregående år", "version_name": "Budget", "occasion_code": "Tillfälle",
    "unit_code": "Enhet",
    "service_code": "Verksamhet", "group_code": "Kontogrupp", "amount": "Belopp", "applies_from": "Gäller från",
    "period_start": "Från", "period_end": "Till (ej med)", "registered_at": "Registrerad", "category_code": "Kategori",
    "project": "Projekt", "measured_on": "Mätdatum", "support_code": "Insats", "run": "Regi", "count": "Antal",
    "hours": "Timmar", "is_forecast": "Prognos", "sex": "Kön", "age": "Ålder", "days": "Sjukdagar", "value": "Värde",
    "numerator": "Täljare", "denominator": "Nämnare", "status": "Status", "comparison": "Jämförelse",
    "reported_on": "Rapporterad", "service_area": "Verksamhetsområde", "severity": "Allvarlighet",
    "classified_on": "Klassificerad", "closed_on": "Avslutad", "minutes": "Minuter", "due_on": "Senast",
    "done_on": "Klart", "late": "Sent", "decided_on": "Beslutad",
    "notified_on": "Anmäld till IVO", "opened_on": "Inledd", "received_on": "Inkommen", "kind": "Slag",
    "quarter": "Kvartal", "submitted_on": "Lämnad", "waited": "Dagar",
    "origin": "Kommer av", "redovisas": "Redovisas",
    "likelihood": "Sannolikhet", "impact": "Konsekvens", "risk_value": "Riskvärde", "previous_value": "Förra året",
    "handling": "Hantering", "point": "Punkt", "control": "Moment", "method": "Metod", "scope": "Omfattning",
    "assessment": "Bedömning", "assumed": "Antagen", "moved_to": "Flyttad till", "told_on": "Redovisad",
    "reviewed": "Granskade", "deviants": "Med brist", "frame_size": "Antal i ramen", "size": "Stickprov",
    "added_on": "Tillagd", "answer_due": "Svar senast", "answered_on": "Besvarad", "measure": "Nyckeltal",
    "times": "Gånger per år", "of_year": "Utfallets år", "latest_outcome": "Utfall", "target": "Målvärde",
    "against": "Jämförs med", "met": "Uppfyllt", "matt": "Nyckeltal",
    "operator": "Villkor", "year": "År", "code": "Kod", "number": "Nummer", "part": "Delvärde",
    "authority": "Myndighet", "state": "Läge", "applied_on": "Ansökt", "sought": "Sökt", "granted": "Beviljat",
    "used": "Använt", "returned": "Återbetalt", "volume_before": "Volym i dag", "volume_planned": "Planerad volym",
    "held_on": "Dag", "effect": "Effekt", "effect_on": "Effekten bedömd", "cost": "À-pris", "profession": "Yrkesgrupp",
}  # fmt: skip


class UnknownKeyError(UserFault):
    """A key was given that the figure does not have."""


@dataclass(frozen=True)
class FigureRow:
    """One number of a figure, unrounded. None is a missing value, never zero."""

    key: dict[str, str]
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    unit: Unit
    show: Unit
    digits: int
    sign: bool = False

    def text(self, *, suffix: bool = False) -> str:
        """The number as printed."""
        return format_value(self.value, self.show, self.digits, sign=self.sign, suffix=suffix)


@dataclass(frozen=True)
class Result:
    """A computed figure: its rows in print order, and what the key values are called."""

    figure: Figure
    at: At
    rows: list[FigureRow]
    labels: dict[str, dict[str, str]]

    def get(self, *values: str, **key: str) -> FigureRow | None:
        """The row with this key; values may be given by place, as in ``{{name[a,b]}}``. None when there is no such row.

        What is left out: ``ar`` is the occasion's year, ``regi`` the total, ``slag`` the net; of ``matdatum`` the
        latest measured. Raises UnknownKeyError for a key that the figure does not have.
        """
        wanted = _named(self.figure, values, key)
        for name, default in (("ar", str(self.at.year)), ("regi", "totalt"), ("slag", "netto")):
            if name in self.figure.per:
                wanted.setdefault(name, default)
        index = self._by_key
        if len(wanted) == len(self.figure.per):
            return index.get(tuple(wanted[name] for name in self.figure.per))
        found = [row for row in self.rows if all(row.key[name] == value for name, value in wanted.items())]
        if "matdatum" in self.figure.per and "matdatum" not in wanted:
            found = [row for row in found if not row.key["matdatum"].endswith("p")]
            return max(found, key=lambda row: row.key["matdatum"], default=None)
        return found[0] if len(found) == 1 else None

    @property
    def _by_key(self) -> dict[tuple[str, ...], FigureRow]:
        found: dict[tuple[str, ...], FigureRow] | None = self.__dict__.get("_index")
        if found is None:
            found = {tuple(row.key[name] for name in self.figure.per): row for row in self.rows}
            object.__setattr__(self, "_index", found)
        return found

    def label(self, row: FigureRow) -> str:
        """What the row is called: the labels of its keys."""
        return ", ".join(self.labels.get(name, {}).get(value, value) for name, value in row.key.items())


@dataclass(frozen=True)
class BehindTable:
    """The rows that a number is made of. ``total`` may be more than the rows fetched; ``gids`` follow ``rows``."""

    columns: dict[str, str]
    rows: list[tuple[Any, ...]]
    gids: list[str]
    total: int


@dataclass(frozen=True)
class Compiled:
    """An expression as SQL: its text, the columns it gives, and the tables it reads."""

    sql: str
    columns: tuple[str, ...]
    tables: tuple[str, ...]


def compile_expression(expression: Table, dialect: str) -> Compiled:
    """An Ibis expression over the schema's tables as SQL of ``dialect`` (postgres or duckdb)."""
    import ibis  # noqa: PLC0415
    from ibis.expr.operations import UnboundTable  # noqa: PLC0415

    tables = sorted({table.name for table in expression.op().find(UnboundTable)})
    return Compiled(str(ibis.to_sql(expression, dialect=dialect)), tuple(expression.columns), tuple(tables))


@lru_cache(maxsize=4096)
def _compiled(make: Expression, at: At, dialect: str) -> Compiled:
    return compile_expression(make(Source(), at), dialect)


def _anywhere(at: At) -> At:
    """The occasion without whose it is: what is compiled for it is the same for every committee."""
    return replace(at, committee_id=0, committee_slug="", occasion_id=0)


def compiled(name: str, at: At, dialect: str, *, behind: bool = False) -> Compiled:
    """A figure's SQL at an occasion (or that of the rows behind it).

    Compiling takes tens of milliseconds and depends on the occasion's kind and dates only, so it is kept, and shared
    between committees.
    """
    figure = find(name)
    return _compiled(figure.behind if behind else figure.function, _anywhere(at), dialect)


def query(name: str, source: Engine, at: At) -> str:
    """The SQL that computes a figure on ``source``, to be shown."""
    return compiled(name, at, source.dialect).sql


def fetch(make: Expression, source: Engine, at: At) -> list[dict[str, Any]]:
    """Run what a function of the module makes over the schema, and give its rows by column name (in no particular
    order). Its SQL is kept as a figure's is."""
    return _rows(_compiled(make, _anywhere(at), source.dialect), source)


def _rows(made: Compiled, source: Engine) -> list[dict[str, Any]]:
    return [dict(zip(made.columns, row, strict=True)) for row in source.run(made.sql, made.tables)]


def _decimal(value: Any) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    raise TypeError(f"en siffra ska vara ett exakt tal, inte {type(value).__name__}")


def _quotient(
    value: Decimal | None, above: Decimal | None, below: Decimal | None, ratio: int | None
) -> Decimal | None:
    """The value, by numerator and denominator where the figure is a ratio and both are known."""
    if ratio is not None and above is not None and below:
        return above / below * ratio
    return value


def _row(figure: Figure, found: Mapping[str, Any]) -> FigureRow:
    number = {name: _decimal(found.get(name)) for name in ("value", "numerator", "denominator")}
    value = _quotient(number["value"], number["numerator"], number["denominator"], figure.ratio)
    if "minus_value" in found:
        above, below = _decimal(found.get("minus_numerator")), _decimal(found.get("minus_denominator"))
        minus = _quotient(_decimal(found["minus_value"]), above, below, figure.ratio)
        value = None if value is None or minus is None else value - minus
    own = Unit(found["unit"]) if found.get("unit") else None
    return FigureRow(
        key={name: str(found[name]) for name in figure.per},
        value=value,
        numerator=number["numerator"],
        denominator=number["denominator"],
        unit=own or figure.unit,
        show=own or figure.show,
        digits=int(found["decimals"]) if found.get("decimals") is not None else figure.digits,
        sign=figure.sign,
    )


def _labels(figure: Figure, found: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    return {
        name: {str(row[name]): str(row[f"{name}_label"]) for row in found if row[f"{name}_label"]}
        for name in figure.per
        if found and f"{name}_label" in found[0]
    }


def compute(name: str, source: Engine, at: At) -> Result:
    """Compute a figure for an occasion. Computed once for each source; open a new source after a change.

    Raises UnknownFigureError, and SnapshotFault from a snapshot that cannot be read.
    """
    if (name, at) in source.kept:
        kept: Result = source.kept[name, at]
        return kept
    figure = find(name)
    found = _rows(compiled(name, at, source.dialect), source)
    found.sort(key=lambda row: (row.get("position") or 0, [str(row[key]) for key in figure.per]))
    result = Result(figure, at, [_row(figure, row) for row in found], _labels(figure, found))
    source.kept[name, at] = result
    return result


def _named(figure: Figure, values: tuple[str, ...], key: Mapping[str, str]) -> dict[str, str]:
    """Key values given by place or by name, by name. Raises UnknownKeyError."""
    if len(values) > len(figure.per):
        raise UnknownKeyError(
            f"{figure.name} har {len(figure.per)} nycklar ({', '.join(figure.per)}), inte {len(values)}."
        )
    named = {**dict(zip(figure.per, values, strict=False)), **key}
    unknown = [name for name in named if name not in figure.per]
    if unknown:
        raise UnknownKeyError(
            f"{figure.name} har inte nyckeln {unknown[0]} (den har {', '.join(figure.per)})."
        )
    return named


def rows_behind(
    name: str, source: Engine, at: At, key: Mapping[str, str], limit: int = BEHIND_LIMIT
) -> BehindTable:
    """The rows that a figure's number is made of, oldest id first; at most ``limit`` of them are fetched.

    Raises UnknownFigureError and UnknownKeyError.
    """
    figure = find(name)
    wanted = _named(figure, (), key)
    made = compiled(name, at, source.dialect, behind=True)
    shown = [column for column in made.columns if column not in ("gid", *figure.per)]
    within = " AND ".join(f'"{part}" = {_quoted(value)}' for part, value in wanted.items()) or "TRUE"
    counted = f"SELECT count(*) FROM (\n{made.sql}\n) AS behind WHERE {within}"  # noqa: S608
    columns = ", ".join(f'"{column}"' for column in ("gid", *shown))
    # A record may stand behind a number with several rows: then by what they hold, so that the order stays.
    order = ", ".join(f'"{column}"' for column in ("what", "gid", *shown) if column in ("gid", *shown))
    fetched = (
        f"SELECT {columns} FROM (\n{made.sql}\n) AS behind WHERE {within} ORDER BY {order} LIMIT {int(limit)}"  # noqa: S608
    )
    found = source.run(fetched, made.tables)
    what = shown.index("what") + 1 if "what" in shown else 0
    found.sort(key=lambda row: (str(row[what]) if what else "", _gid_order(row[0]), [*map(str, row[1:])]))
    total = len(found) if len(found) < limit else int(source.run(counted, made.tables)[0][0])
    return BehindTable(
        columns={column: TITLES.get(column, column) for column in shown},
        rows=[row[1:] for row in found],
        gids=[row[0] for row in found],
        total=total,
    )


def _quoted(text: str) -> str:
    """A text as a literal of SQL. Raises UnknownKeyError for text that no database can hold."""
    if "\0" in text:
        raise UnknownKeyError("En nyckel kan inte innehålla nolltecken.")
    return "'" + text.replace("'", "''") + "'"


def _gid_order(gid: str) -> tuple[str, int]:
    kind, _, number = gid.partition(":")
    return kind, int(number)
