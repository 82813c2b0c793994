"""The compilation of a year's grants to associations: over the years, shares, the check of printed sums, one chart."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from roder.core.faults import UserFault
from roder.core.numbers import Unit
from roder.organisation.models import Body
from roder.registers.rules import grants as rules
from roder.registers.services import grants
from roder.registers.services.grants import OverYears, Year
from roder.reports.column_charts import year_chart
from roder.reports.document import (
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Inline,
    Note,
    Number,
    Paragraph,
    Row,
    Table,
)
from roder.reports.files import write_each
from roder.reports.render import draw

#: format -> what it is called on a button
FORMATS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel", "html": "Webbsida"}


def _kr(value: Decimal | None, *, sign: bool = False, suffix: bool = False) -> Number:
    return Number(value, Unit.KRONOR, sign=sign, suffix=suffix)


def _percent(value: int | None, *, suffix: bool = False) -> Number:
    return Number(None if value is None else Decimal(value), Unit.PERCENT, 0, suffix=suffix)


def document_of(committee: Body, year: int) -> Document:
    """The compilation as a document, with the years up to ``year`` (at most five).

    Raises UserFault when the committee has no call for the year.
    """
    made = grants.over_years_of(committee, year)
    if not made.years or made.years[-1].call.year != year:
        raise UserFault(f"{committee} har ingen utlysning av föreningsbidrag {year}. Lägg till den först.")
    last = made.years[-1]
    what = "förslag" if last.proposal else "fördelning"
    return Document(
        title=f"Föreningsbidrag {year}: {what} och jämförelse över åren",
        kind="Sammanställning",
        municipality=str(committee.municipality),
        committee=committee.name,
        registration_number=last.call.number,
        date=last.call.decided_on,
        blocks=tuple(_blocks(made)),
    )


def _blocks(made: OverYears) -> list[Block]:
    blocks: list[Block] = [Heading(1, "Det viktigaste"), Bullets(tuple(_main_points(made)))]
    if (chart := _chart(made)) is not None:
        blocks.append(chart)
    blocks += [Heading(1, "Bidrag per förening"), _table(made)]
    if len(made.years) > 1:
        blocks.append(_changes(made))
    blocks += _checks(made)
    if (applied := _applications(made.years[-1])) is not None:
        blocks += [Heading(1, f"Ansökningar {made.years[-1].call.year}"), applied]
    blocks += [Heading(1, "Så är siffrorna framtagna"), *_how()]
    return blocks


# --- the main points and the chart ----------------------------------------------------------------------------------


def _main_points(made: OverYears) -> list[tuple[Inline, ...]]:
    last = made.years[-1]
    points: list[tuple[Inline, ...]] = []
    total, year = last.check.added, last.call.year
    deed = "föreslås dela på" if last.proposal else "delar på"
    given = [line for line in last.lines if line.amount]
    points.append((f"{len(given)} föreningar {deed} ", _kr(total, suffix=True), f" år {year}."))
    if len(made.years) > 1:
        before = made.years[-2]
        change = total - before.check.added
        if change and before.check.added:
            points.append((
                f"Det är {'mer' if change > 0 else 'mindre'} än {before.call.year}: ",
                _kr(change, sign=True, suffix=True),
                " (", Number(change * 100 / before.check.added, Unit.PERCENT, 0, sign=True, suffix=True), ").",
            ))  # fmt: skip
    if given:
        most = max(given, key=lambda line: line.amount or 0)
        points.append((f"{most.association} får mest: ", _kr(most.amount, suffix=True), ", ",
                       _percent(most.share, suffix=True), " av summan."))  # fmt: skip
    for one in made.years:
        if told := one.check.text(one.call.year):
            points.append((f"Kontrollen hittade ett fel. {told}",))
    return points


def _chart(made: OverYears) -> Chart | None:
    sums = [(str(year.call.year), year.check.added) for year in made.years]
    if len(sums) < 2:
        return None
    (first, start), (last, end) = sums[0], sums[-1]
    change = end - start
    if change:
        moved = "växer" if change > 0 else "minskar"
        title = f"Summan {moved} med {rules.kronor(abs(change))} från {first} till {last}"
    else:
        title = f"Summan är densamma {first} och {last}"
    told = ", ".join(f"{year} {rules.kronor(value)}" for year, value in sums)
    return year_chart(
        title,
        f"Stående staplar: summan av årets rader. {told}.",
        [(year, _kr(value)) for year, value in sums],
        unit=Unit.KRONOR,
        what="Årets rader tillsammans",
        label="Summa",
        caption="Summan av årets rader",
    )


# --- the tables -----------------------------------------------------------------------------------------------------


def _table(made: OverYears) -> Table:
    """The table over years: amount and share side by side, so that the workbook can count with them."""
    columns = [Column("forening", "Förening", "text")]
    for year in made.years:
        key = str(year.call.year)
        columns += [
            Column(key, year.label, "number", Unit.KRONOR),
            Column(f"{key}-andel", f"Andel {key}, %", "number", Unit.PERCENT, 0),
        ]
    rows = []
    for at, (name, lines) in enumerate(made.rows):
        cells: dict[str, Cell] = {"forening": name}
        for year, line in zip(made.years, lines, strict=True):
            key = str(year.call.year)
            has = line is not None and line.amount is not None
            cells[key] = _kr(line.amount) if has and line else "–"
            cells[f"{key}-andel"] = _percent(line.share) if has and line else "–"
        rows.append(Row(f"rad-{at}", cells))
    names = tuple(row.key for row in rows)
    total: dict[str, Cell] = {"forening": "Raderna blir"}
    printed: dict[str, Cell] = {"forening": "Summa enligt beslutet"}
    for year in made.years:
        key = str(year.call.year)
        total |= {key: _kr(year.check.added), f"{key}-andel": _percent(100) if year.check.added else "–"}
        printed |= {key: "–" if year.check.printed is None else _kr(year.check.printed), f"{key}-andel": ""}
    rows += [Row("summa", total, "sum", names), Row("tryckt", printed)]
    forms = sorted({
        f"{name} {year.call.year}: {line.other_form}"
        for name, lines in made.rows for year, line in zip(made.years, lines, strict=True)
        if line is not None and line.other_form
    })  # fmt: skip
    return Table(
        "Bidrag per förening och år", tuple(columns), tuple(rows), "kronor",
        (*forms, "Andelen är av det som årets rader blir, avrundad till hela procent."),
    )  # fmt: skip


def _changes(made: OverYears) -> Table:
    before, last = made.years[-2:]
    old, new = str(before.call.year), str(last.call.year)
    columns = (
        Column("forening", "Förening", "text"),
        Column(old, before.label, "number", Unit.KRONOR),
        Column(new, last.label, "number", Unit.KRONOR),
        Column("andring", "Ändring", "number", Unit.KRONOR, formula=(new, "-", old)),
    )
    rows = []
    for at, (name, lines) in enumerate(made.rows):
        was, now = ((line.amount or Decimal(0)) if line else Decimal(0) for line in lines[-2:])
        rows.append(
            Row(
                f"rad-{at}",
                {"forening": name, old: _kr(was), new: _kr(now), "andring": _kr(now - was, sign=True)},
            )
        )
    was, now = before.check.added, last.check.added
    total: dict[str, Cell] = {
        "forening": "Summa",
        old: _kr(was),
        new: _kr(now),
        "andring": _kr(now - was, sign=True),
    }
    rows.append(Row("summa", total, "sum", tuple(row.key for row in rows)))
    return Table(f"Ändring från {old} till {new}", columns, tuple(rows), "kronor")


def _applications(year: Year) -> Table | None:
    """What was sought, proposed and granted, and why a proposal was reduced; None when nothing of it is known."""
    known = [
        line
        for line in year.lines
        if line.application and (line.application.sought or line.application.reduced_why)
    ]
    if not known:
        return None
    columns = (
        Column("forening", "Förening", "text"),
        Column("sokt", "Sökt", "number", Unit.KRONOR),
        Column("forslag", "Förslag", "number", Unit.KRONOR),
        Column("beviljat", "Beviljat", "number", Unit.KRONOR),
        Column("skal", "Skäl för nedsättning", "text"),
    )
    rows = []
    for at, line in enumerate(year.lines):
        row = line.application
        if row is not None:
            rows.append(
                Row(f"rad-{at}", {
                    "forening": line.association,
                    "sokt": "–" if row.sought is None else _kr(row.sought),
                    "forslag": "–" if row.proposed is None else _kr(row.proposed),
                    "beviljat": "–" if row.granted is None else _kr(row.granted),
                    "skal": row.reduced_why,
                })
            )  # fmt: skip
    return Table("Sökt, förslag och beslut", columns, tuple(rows), "kronor")


# --- the check ------------------------------------------------------------------------------------------------------


def _checks(made: OverYears) -> list[Block]:
    blocks: list[Block] = [Heading(1, "Kontroll av summor och andelar")]
    right = [str(one.call.year) for one in made.years if one.check.right and one.check.printed is not None]
    for one in made.years:
        if told := one.check.text(one.call.year):
            blocks.append(Note("warning", (told,)))
        for wrong in one.wrong_shares:
            blocks.append(Note("warning", (
                f"{one.call.year}: {wrong.name} har {wrong.right}\u00a0% av det som raderna blir. "
                f"I handlingen står {wrong.printed}\u00a0%.",
            )))  # fmt: skip
    if right:
        words = right[0] if len(right) == 1 else ", ".join(right[:-1]) + f" och {right[-1]}"
        blocks.append(Paragraph((f"Raderna blir den tryckta summan {words}.",)))
    off = [one for one in made.years if one.lines and one.shares_sum != 100]
    blocks += [
        Paragraph(
            (
                f"Andelarna {one.call.year} blir {one.shares_sum}\u00a0% tillsammans. Det beror på avrundningen.",
            )
        )
        for one in off
        if one.check.added
    ]
    return blocks


def _how() -> list[Block]:
    return [
        Bullets((
            ("Beloppen är hämtade ur registret: det beviljade, och förslaget där inget är beslutat.",),
            ("Andelen är föreningens belopp delat med summan av årets rader, inte med den tryckta summan.",),
            ("Ett streck betyder att föreningen inte har någon ansökan det året.",),
        ))
    ]  # fmt: skip


# --- files ----------------------------------------------------------------------------------------------------------


def write_grants(committee: Body, year: int, folder: Path) -> list[Path]:
    """Write the compilation to ``folder`` as ``foreningsbidrag-<year>`` in four formats. Gives the paths.

    Raises UserFault when the committee has no call for the year.
    """
    document = document_of(committee, year)
    return write_each(folder, f"foreningsbidrag-{year}", FORMATS, lambda kind: draw(document, kind))
