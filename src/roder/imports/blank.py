"""Blank files to fill in: the columns of a kind with what goes in them, the committee's own lists, and an example row.

Everything comes of the declaration of the import and of the committee's own words; nothing is written twice. The
example row may stay in the file: a row that is exactly the example is left aside when the file is read in.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import IO, Any

from roder.core.faults import UserFault
from roder.core.words import capital_first
from roder.imports.cells import CellFault, Choice, Context, Day, Number, Period, Term, Text, YesNo
from roder.imports.cells import Year as YearCell
from roder.imports.declaration import Column, Import
from roder.imports.goal_cells import GoalCell, MeasuresCell
from roder.imports.headings import letters
from roder.imports.lookups import BudgetVersionCell, OccasionCell, UnitCell
from roder.imports.organisation_cells import PlaceCell

ROWS = 2_000  # rows of a workbook with lists to choose from
WIDEST = 40
LIST_SHEET = "Listor"
EXAMPLE_STAYS = (
    "Rad 2 på bladet ”Fyll i” är ett exempel. Skriv över den eller låt den stå: den läses inte in."
)


@dataclass(frozen=True)
class Asked:
    """A column of a blank file: what it is called, whether every row must have it, what goes in it, and an example.
    ``must`` says in words whether it must be there: ``varje rad``, ``kolumnen`` or ``nej``."""

    name: str
    needed: bool
    about: str
    example: str
    choices: tuple[str, ...]
    must: str


def asked(what: Import, context: Context | None = None) -> list[Asked]:
    """The columns in the order they are documented, with the committee's own lists where ``context`` is given.

    The example row has the kind's own examples first, as far as the committee has what they name: the row can be read
    in when a cell of it has been changed.
    """
    found: dict[str, Asked] = {}
    required = set(what.required_columns)
    every_row = {name for column in what.columns if column.filled for name in column.sources}
    for column in what.columns:
        for name in column.sources:
            choices = choices_of(column, context, name)
            found.setdefault(
                name,
                Asked(
                    name,
                    column.filled or (column.required and column.key),
                    column.about(name),
                    _kinds_example(what, column, name, context)
                    or _example(column, name, choices, context)
                    or (what.example.get(name, "") if not _has_list(column) and name != "ar" else ""),
                    choices,
                    "varje rad" if name in every_row else "kolumnen" if name in required else "nej",
                ),
            )
    return list(found.values())


def _kinds_example(what: Import, column: Column, name: str, context: Context | None) -> str:
    """The kind's own example of a column, unless it names something that the committee does not have."""
    example = what.example.get(name, "")
    if not example or context is None or not is_own(column):
        return example
    if len(column.sources) > 1:
        return "" if isinstance(column.cell, BudgetVersionCell) else example
    try:
        column.cell.reader(context)(example)
    except (CellFault, UserFault):  # the latter when what the rows belong to is not there yet
        return ""
    return example


def _has_list(column: Column) -> bool:
    """Whether the committee has a list of what may stand in the column: then nothing else is an example."""
    return isinstance(
        column.cell, Term | UnitCell | OccasionCell | BudgetVersionCell | PlaceCell | MeasuresCell | GoalCell
    )


def is_own(column: Column) -> bool:
    """Whether what may stand in the column is the committee's own, as its units, occasions, budgets and codes are, or
    has a rule of its own."""
    return not isinstance(column.cell, Text | Number | YearCell | Period | Day | YesNo | Choice)


def example_row(what: Import, context: Context | None = None) -> dict[str, str]:
    """The example by column."""
    return {one.name: one.example for one in asked(what, context)}


def choices_of(column: Column, context: Context | None, name: str = "") -> tuple[str, ...]:
    """What may be chosen in a column, in words where they are enough to know it by. None for free text and numbers.

    A cell that is read from several columns says itself what may stand in each (``offered``).
    """
    cell: Any = column.cell
    if hasattr(cell, "offered"):
        return tuple(cell.offered(context, name)) if context is not None else ()
    if len(column.sources) > 1:
        return ()
    if isinstance(cell, Choice):
        return tuple(label for _, label in cell.choices)
    if isinstance(cell, YesNo):
        return ("ja", "nej")
    if context is None:
        return ()
    if isinstance(cell, PlaceCell):
        return cell.places(context)
    if isinstance(cell, Term):
        rows = cell.model._default_manager.filter(committee=context.committee).order_by("pk")
        return _named(list(rows.values_list(cell.code, cell.name)))
    if isinstance(cell, UnitCell):
        from roder.organisation.models import Unit  # noqa: PLC0415

        units = Unit.objects.filter(committee=context.committee).order_by("code")
        return _named(list(units.values_list("code", "name")))
    if isinstance(cell, OccasionCell):
        from roder.steering.models import Occasion  # noqa: PLC0415

        rows = Occasion.objects.filter(committee=context.committee).order_by("cut_off")
        if context.year is not None:
            rows = rows.filter(year=context.year)
        return tuple(rows.values_list("code", flat=True))
    return ()


def _budget_version(context: Context | None) -> tuple[str, str] | None:
    """The year and code of the committee's latest budget."""
    if context is None:
        return None
    from roder.economy.models import BudgetVersion  # noqa: PLC0415

    versions = BudgetVersion.objects.filter(committee=context.committee, is_plan=False)
    found = versions.order_by("-year", "-applies_from").values_list("year", "code").first()
    return (str(found[0]), found[1]) if found else None


def _named(rows: list[tuple[str, str]]) -> tuple[str, ...]:
    """The name where only one has it, else the code."""
    names = [name.casefold() for _, name in rows]
    return tuple(name if names.count(name.casefold()) == 1 else code for code, name in rows)


def _example(column: Column, name: str, choices: tuple[str, ...], context: Context | None) -> str:
    """An example that the kind of value gives. Empty for a text of one's own that may be empty."""
    year = str(context.year) if context and context.year else "2026"
    cell: Any = column.cell
    if isinstance(cell, BudgetVersionCell):
        return dict(zip(("ar", "version"), _budget_version(context) or (year, "ursprunglig"), strict=True))[
            name
        ]
    if len(column.sources) > 1:
        return ""
    if choices:
        return choices[0] if column.filled or column.required or isinstance(cell, Choice) else ""
    if isinstance(cell, YearCell):
        return year
    if not (column.filled or column.required):
        return ""
    if isinstance(cell, Period):
        return f"{year}-03"
    if isinstance(cell, Day):
        return f"{year}-03-31"
    if isinstance(cell, Number):
        return "12,5" if cell.digits > 2 else "125000"
    return ""


def write_csv(what: Import, context: Context | None, target: IO[str]) -> None:
    """The heading and the example row, with semicolons. ``target`` is opened with newline=""."""
    columns = asked(what, context)
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([one.name for one in columns])
    writer.writerow([one.example for one in columns])


def csv_text(what: Import, context: Context | None = None) -> str:
    """The same as text, with the mark that makes Excel read it as UTF-8."""
    target = io.StringIO(newline="")
    write_csv(what, context, target)
    return "\ufeff" + target.getvalue()


def write_xlsx(what: Import, context: Context | None, target: Any) -> None:
    """A workbook, to a path or to what has ``write``: a sheet to fill in with lists to choose from, one that explains
    the columns, one with the lists."""
    import xlsxwriter  # noqa: PLC0415 - only who makes a workbook needs it

    columns = asked(what, context)
    with xlsxwriter.Workbook(target, {"strings_to_numbers": False}) as book:
        looks = {
            "must": book.add_format({"bold": True, "bg_color": "#0f4c5c", "font_color": "#ffffff"}),
            "may": book.add_format({"bold": True, "bg_color": "#d5dbde"}),
            "text": book.add_format({"num_format": "@"}),
            "example": book.add_format({"italic": True, "font_color": "#56636a", "num_format": "@"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
        }
        sheet = book.add_worksheet("Fyll i")
        explained = book.add_worksheet("Så fyller du i")
        _fill_in(book, sheet, columns, looks)
        _explain(explained, what, columns, looks)


def _fill_in(book: Any, sheet: Any, columns: list[Asked], looks: dict[str, Any]) -> None:
    lists = book.add_worksheet(LIST_SHEET) if any(one.choices for one in columns) else None
    sheet.freeze_panes(1, 0)
    for place, one in enumerate(columns):
        sheet.set_column(
            place, place, min(WIDEST, max(12, len(one.name) + 3, len(one.example) + 2)), looks["text"]
        )
        sheet.write_string(0, place, one.name, looks["must"] if one.needed else looks["may"])
        needed = "Måste fyllas i." if one.needed else "Får vara tom."
        sheet.write_comment(0, place, f"{capital_first(one.about)}. {needed}".lstrip(". "))
        sheet.write_string(1, place, one.example, looks["example"])
        if lists is not None and one.choices:
            lists.write_string(0, place, one.name, looks["may"])
            for row, choice in enumerate(one.choices, 1):
                lists.write_string(row, place, choice)
            letter = letters(place)
            source = f"={LIST_SHEET}!${letter}$2:${letter}${len(one.choices) + 1}"
            # Words may be typed as well: codes are taken, and the reader says what it does not know.
            rule = {"validate": "list", "source": source, "error_type": "information", "ignore_blank": True}
            sheet.data_validation(1, place, ROWS, place, rule)


def _explain(sheet: Any, what: Import, columns: list[Asked], looks: dict[str, Any]) -> None:
    sheet.write_string(0, 0, what.title, looks["title"])
    sheet.write_string(1, 0, what.about)
    sheet.write_string(2, 0, EXAMPLE_STAYS)
    for place, (name, width) in enumerate(
        (
            ("Kolumn", 22),
            ("Måste fyllas i", 14),
            ("Vad som ska stå", 60),
            ("Exempel", 24),
            ("Att välja på", 50),
        )
    ):
        sheet.set_column(place, place, width, looks["wrap"])
        sheet.write_string(4, place, name, looks["may"])
    for row, one in enumerate(columns, 5):
        shown = ", ".join(one.choices[:12]) + (
            " med flera (se bladet Listor)" if len(one.choices) > 12 else ""
        )
        for place, text in enumerate(
            (one.name, "ja" if one.needed else "nej", one.about, one.example, shown)
        ):
            sheet.write_string(row, place, text, looks["wrap"])
