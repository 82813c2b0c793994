"""The executive board's compilation on paper: page, PDF, Word and Excel."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from roder.access.rights import User
from roder.control.rules import plans as rules
from roder.control.services.board import UNTIL, BoardRow, Told, compilation
from roder.core.numbers import Unit
from roder.core.words import joined, small_first
from roder.organisation.models import Municipality
from roder.reports.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Inline,
    Number,
    Paragraph,
    Row,
    Status,
    Table,
)
from roder.reports.document import Note as Remark
from roder.reports.files import write_each
from roder.reports.render import MEDIA_TYPES, draw

KIND = "Sammanställning"
#: conclusion -> how it is said in a table, and its tone
CONCLUSIONS = {
    "sufficient": ("Tillräcklig", "good"),
    "mostly": ("I huvudsak tillräcklig", "near"),
    "insufficient": ("Inte tillräcklig", "bad"),
}
_NUMBERS = (
    ("points", "Punkter"),
    ("followed", "Följda upp"),
    ("without", "Utan anm."),
    ("with", "Med anm."),
    ("moved", "Flyttade"),
    ("actions", "Öppna åtgärder"),
)
COLUMNS = (
    Column("committee", "Nämnd", "text"),
    *(Column(key, title, "number", Unit.COUNT, 0) for key, title in _NUMBERS),
    Column("conclusion", "Slutsats", "status"),
)
POINTS = (
    Column("number", "Nr", "text"),
    Column("point", "Vad kontrolleras", "text"),
    Column("result", "Resultat", "text"),
    Column("action", "Åtgärd", "text"),
)
MOVED = (
    Column("number", "Nr", "text"),
    Column("point", "Vad kontrolleras", "text"),
    Column("why", "Varför", "text"),
    Column("when", "Redovisas senast", "text"),
)


def document_of(municipality: Municipality, year: int, rows: Sequence[BoardRow], until: str = "") -> Document:
    """The compilation as a document: what stands out, the committees side by side, and each with its remarks."""
    told = UNTIL[until]
    blocks: list[Block] = [
        Heading(1, "Det viktigaste"),
        Bullets(tuple((text,) for text in main_points(rows))),
    ]
    blocks += [Heading(1, "Nämnderna"), _table(rows, year)]
    if rows:
        blocks.append(Heading(1, "Nämnd för nämnd"))
    for row in rows:
        blocks += _committee(row)
    blocks += [
        Heading(1, "Så är siffrorna framtagna"),
        Bullets((
            ("Siffrorna räknas ur nämndernas planer och uppföljningar. Inget är skrivet för hand.",),
            ("En punkt är följd upp när den är bedömd. En flyttad punkt är inte följd upp.",),
            ("Punkter som har gått ur planen utan att följas upp räknas inte.",),
        )),
    ]  # fmt: skip
    return Document(
        title=f"Nämndernas interna kontroll {year}",
        kind=KIND,
        municipality=municipality.name,
        committee="Kommunstyrelsen",
        occasion=told if until else "",
        blocks=tuple(blocks),
    )


def main_points(rows: Sequence[BoardRow]) -> list[str]:
    """What stands out, in a few sentences."""
    planned = [row for row in rows if row.plan is not None]
    if not rows:
        return ["Det finns inga nämnder att visa."]
    said = [f"{len(planned)} av {len(rows)} nämnder har en internkontrollplan för året."]
    if planned:
        every: list[str | None] = [one for row in planned for one in row.outcomes]
        said.append(rules.sentence(rules.counts(every), sum(row.assumed for row in planned)))
    missing = [row.committee.name for row in rows if row.plan is None]
    if missing:
        said.append(f"Utan plan: {joined(missing)}.")
    drafts = [row.committee.name for row in planned if row.plan is not None and row.plan.adopted_on is None]
    if drafts:
        said.append(f"Planen är inte antagen: {joined(drafts)}.")
    for code, (label, _) in CONCLUSIONS.items():
        if names := [row.committee.name for row in planned if _conclusion(row) == code]:
            said.append(f"{label} intern kontroll: {joined(names)}.")
    if silent := [row.committee.name for row in planned if row.conclusion is None]:
        said.append(f"Har inte lämnat någon slutsats: {joined(silent)}.")
    return said


def _conclusion(row: BoardRow) -> str:
    return row.conclusion.conclusion if row.conclusion is not None else ""


def status_of(row: BoardRow) -> Status:
    """The committee's conclusion as a word with its tone."""
    if row.plan is None:
        return Status("Ingen plan", "bad")
    label, tone = CONCLUSIONS.get(_conclusion(row), ("Ingen slutsats", "none"))
    return Status(label, tone)  # type: ignore[arg-type]  # the tones above are the document's


def _count(value: int) -> Number:
    return Number(Decimal(value), Unit.COUNT, 0)


def _table(rows: Sequence[BoardRow], year: int) -> Table:
    made = []
    for row in rows:
        cells: dict[str, Cell] = {"committee": row.committee.name, "conclusion": status_of(row)}
        if row.plan is not None:
            values = (*row.counts, row.open_actions)
            cells |= {key: _count(value) for (key, _), value in zip(_NUMBERS, values, strict=True)}
        else:
            cells |= {key: "–" for key, _ in _NUMBERS}
        made.append(Row(f"n{row.committee.pk}", cells))
    counted = [row for row in rows if row.plan is not None]
    if len(counted) > 1:
        sums = [
            sum(values) for values in zip(*((*row.counts, row.open_actions) for row in counted), strict=True)
        ]
        total: dict[str, Cell] = {"committee": "Tillsammans", "conclusion": ""}
        total |= {key: _count(value) for (key, _), value in zip(_NUMBERS, sums, strict=True)}
        made.append(Row("summa", total, "sum", tuple(f"n{row.committee.pk}" for row in counted)))
    return Table(f"Intern kontroll {year}", COLUMNS, tuple(made), "antal")


def _committee(row: BoardRow) -> list[Block]:
    """A committee's own part: its summary, remarks, what is moved, and the conclusion with its reasons."""
    blocks: list[Block] = [Heading(2, row.committee.name), Paragraph((row.summary,))]
    if row.plan is None:
        return blocks
    if row.plan.adopted_on is None:
        blocks.append(Remark("warning", ("Planen är ett utkast: nämnden har inte antagit den.",)))
    if row.conclusion is not None:
        said: tuple[Inline, ...] = (
            status_of(row), f" ({row.conclusion.occasion.name}). {row.conclusion.reasons}",
        )  # fmt: skip
        blocks.append(Paragraph(said))
    if row.remarks:
        rows = tuple(
            Row(
                f"p{at}",
                {"number": one.number, "point": one.title, "result": _result(one), "action": one.action},
            )
            for at, one in enumerate(row.remarks)
        )
        blocks.append(Table(f"{row.committee.name}: {small_first(row.with_remarks)}", POINTS, rows, ""))
    if row.moved:
        rows = tuple(
            Row(f"p{at}", {
                "number": one.number, "point": one.title, "why": one.result,
                "when": one.moved_to.isoformat() if one.moved_to else "",
            })
            for at, one in enumerate(row.moved)
        )  # fmt: skip
        blocks.append(Table(f"{row.committee.name}: flyttade", MOVED, rows, ""))
    return blocks


def _result(one: Told) -> str:
    said = f"{one.word.label}. {one.result}" if one.word.step else one.result
    return f"{said} Bedömningen är antagen." if one.assumed else said


def file_name(year: int, until: str, kind: str) -> str:
    """``intern-kontroll-namnderna-2022-arsbokslut.pdf``."""
    tail = {"interim": "-delar", "annual": "-arsbokslut"}.get(until, "")
    return f"intern-kontroll-namnderna-{year}{tail}.{kind}"


def write_board(
    user: User, municipality: Municipality, year: int, folder: Path, until: str = ""
) -> list[Path]:
    """Write what the person may see as ``intern-kontroll-namnderna-<year>`` in four formats. Gives the files."""
    document = document_of(
        municipality, year, compilation(user, year, municipality=municipality, until=until), until
    )
    name = file_name(year, until, "").removesuffix(".")
    return write_each(folder, name, MEDIA_TYPES, lambda kind: draw(document, kind))
