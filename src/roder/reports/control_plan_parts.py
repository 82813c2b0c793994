"""The plan of internal control and its follow-up, as municipalities print them."""

from __future__ import annotations

from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.core.words import joined
from roder.reports.base import Page, inside
from roder.reports.control_parts import (
    IMPACT,
    LIKELIHOOD,
    WORTH,
    control,
    has_plan,
    plan,
    said,
    short,
    shortened,
)
from roder.reports.document import (
    Bullets,
    Cell,
    Column,
    Heading,
    Inline,
    Note,
    Number,
    Paragraph,
    Row,
    Status,
    Strong,
    Table,
)
from roder.reports.facts_control import ActionFact, ControlFact, PointFact

POINTS, FOLLOWED = "kontroll.punkter", "kontroll.uppfoljda"
WITHOUT, WITH = "kontroll.utan_anmarkning", "kontroll.med_anmarkning"
MOVED, ASSUMED = "kontroll.flyttade", "kontroll.antagna"
FRAME, DRAWN, CHECKED, DEVIATING, SHARE = (
    "kontroll.ram", "kontroll.urval", "kontroll.granskade", "kontroll.brister", "kontroll.bristandel",
)  # fmt: skip
WHOLE = "totalt"


# --- the plan --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanTable:
    """The plan: a row for each control, with its point's scores in the point's first row."""

    def write(self, page: Page) -> None:
        """Write the table; that there is no plan, when there is none."""
        if not has_plan(page):
            page.absent("Internkontrollplan")
            return
        points = plan(page).points
        analysis = control(page).analysis
        scored = any(point.risk for point in points)
        columns = [
            Column("punkt", "Kontrollpunkt/område", "text"),
            Column("moment", "Kontrollmoment", "text"),
            Column("ansvarig", "Kontrollansvarig", "text"),
            Column("omfattning", "Omfattning", "text"),
            Column("frekvens", "Frekvens", "text"),
            Column("metod", "Metod/urval", "text"),
            Column("redovisas", "Redovisas", "text"),
        ]
        if scored:
            scale = analysis.scale if analysis else None
            columns += [
                Column("konsekvens", short(scale.impact.label) if scale else "Konsekvens", unit=Unit.COUNT),
                Column(
                    "sannolikhet", short(scale.likelihood.label) if scale else "Sannolikhet", unit=Unit.COUNT
                ),
                Column("varde", "Riskvärde", unit=Unit.COUNT, formula=("konsekvens", "*", "sannolikhet")),
            ]
        if not any(one.frequency for point in points for one in point.controls):
            columns = [column for column in columns if column.key != "frekvens"]
        shown = {column.key for column in columns}
        rows = [
            Row(row.key, {key: cell for key, cell in row.cells.items() if key in shown})
            for point in points
            for row in self._rows(page, point)
        ]
        notes: tuple[str, ...] = (
            ("* Obligatorisk punkt.",) if any(point.obligatory for point in points) else ()
        )
        notes += tuple(shortened(analysis.scale)) if analysis and scored else ()
        own = ("** Punkt på nämndens eget initiativ.",) if any(point.by_committee for point in points) else ()
        page.add(
            Table(
                f"Internkontrollplan {page.facts.year}",
                tuple(columns),
                tuple(rows),
                "",
                (*notes, *own),
                "plan",
            )
        )

    @staticmethod
    def _rows(page: Page, point: PointFact) -> list[Row]:
        mark = ("*" if point.obligatory else "") + ("**" if point.by_committee else "")
        title = f"{point.name}{mark}" + "".join(
            f"\n{part}" for part in dict.fromkeys((point.area, point.process)) if part
        )
        made = []
        for place, one in enumerate(point.controls or (None,)):
            cells: dict[str, Cell] = {"punkt": title if place == 0 else ""}
            if one is None:
                cells["moment"] = "Inget kontrollmoment"
            else:
                cells |= _control_cells(one)
            if place == 0:
                for key, figure in (("konsekvens", IMPACT), ("sannolikhet", LIKELIHOOD), ("varde", WORTH)):
                    number = page.number(figure, point.risk) if point.risk else None
                    cells[key] = number if number is not None and number.value is not None else "–"
            made.append(Row(one.moment if one else point.number, cells))
        return made


def _control_cells(one: ControlFact) -> dict[str, Cell]:
    method = f"{one.method}\n{one.frame}" if one.frame else one.method
    return {
        "moment": f"{one.what}\n{one.out}" if one.out else one.what,
        "ansvarig": one.responsible,
        "omfattning": one.scope,
        "frekvens": one.frequency,
        "metod": method,
        "redovisas": one.told,
    }


# --- the follow-up ---------------------------------------------------------------------------------------------------


def summary(page: Page) -> list[list[Inline]]:
    """``4 av 7 kontrollpunkter är uppföljda: 2 utan anmärkning och 2 med.`` Every number is a figure."""
    if not has_plan(page):
        return []
    points, followed = page.number(POINTS), page.number(FOLLOWED)
    parts: list[Inline] = [followed, " av ", points, " kontrollpunkter är uppföljda"]
    if said(followed):
        without, remarks = plan(page).said or (
            "utan anmärkning eller med försumbar anmärkning",
            "med anmärkning",
        )
        parts += [": ", page.number(WITHOUT), f" {without} och ", page.number(WITH), f" {remarks}"]
    parts.append(".")
    if said(moved := page.number(MOVED)):
        parts += [" ", moved, " är flyttad till senare." if moved.value == 1 else " är flyttade till senare."]
    return [parts]


@dataclass(frozen=True)
class Summary:
    """The summary sentence, and what is assumed in it."""

    def write(self, page: Page) -> None:
        """Write it."""
        for inlines in summary(page):
            page.add(Paragraph(tuple(inlines)))
        reasons = list(dict.fromkeys(point.assumed for point in plan(page).points if point.assumed))
        if said(assumed := page.number(ASSUMED)):
            one = assumed.value == 1
            words = (
                " bedömning är antagen och märkt så: " if one else " bedömningar är antagna och märkta så: "
            )
            page.add(
                Note(
                    "info",
                    (assumed, words, "; ".join(inside(text.strip().rstrip(".")) for text in reasons), "."),
                )
            )


@dataclass(frozen=True)
class FollowUpTable:
    """The follow-up as it is printed: a heading row for each point, then its controls, then what was said of it."""

    def write(self, page: Page) -> None:
        """Write the table, and the samples' figures."""
        points = plan(page).points
        columns = (
            Column("vad", "Vad kontrolleras", "text"),
            Column("frekvens", "Frekvens", "text"),
            Column("metod", "Metod", "text"),
            Column("bedomning", "Bedömning", "text"),
            Column("resultat", "Resultat", "text"),
            Column("atgard", "Åtgärd", "text"),
        )
        rows = [row for point in points for row in self._rows(point)]
        page.add(
            Table(
                f"Uppföljning av internkontrollplan {page.facts.year}",
                columns,
                tuple(rows),
                "",
                (),
                "uppfoljning",
            )
        )
        if (found := samples_table(page, points)) is not None:
            page.add(found)

    @staticmethod
    def _rows(point: PointFact) -> list[Row]:
        """A point's rows: its outcome stands with its first control, and what was said of the whole point too."""
        rows = [Row(f"punkt-{point.number}", {"vad": point.name}, "sub")]
        assessment: Cell = f"Redovisas vid {point.when}" if point.when else "Inte bedömd"
        if point.assessment is not None:
            mark = " (antagen)" if point.assumed else ""
            moved = f" till {point.moved_to}" if point.moved_to else ""
            assessment = (point.assessment, f"{moved}{mark}") if moved or mark else (point.assessment,)
        several = len(point.controls) > 1 and len({one.result for one in point.controls if one.result}) > 1
        for place, one in enumerate(point.controls):
            first = place == 0
            result = "\n".join(part for part in (one.result if several else "", one.moved, one.out) if part)
            action = one.action if several else ""
            if first and (not several or not _repeats(point)):
                result = "\n".join(part for part in (point.result, result) if part)
                action = "\n".join(part for part in (point.action, action) if part)
            cells: dict[str, Cell] = {
                "vad": one.what,
                "frekvens": one.frequency or one.told,
                "metod": one.method,
                "bedomning": assessment if first else "",
                "resultat": result,
                "atgard": action,
            }
            rows.append(Row(one.moment, cells))
        if not point.controls:
            rows.append(
                Row(
                    f"{point.number}.0",
                    {"vad": "Inget kontrollmoment", "bedomning": assessment, "resultat": point.result,
                     "atgard": point.action},
                )
            )  # fmt: skip
        return rows


def _repeats(point: PointFact) -> bool:
    """Whether what is said of the point is only what its controls say already."""
    said_by_controls = " ".join(one.result for one in point.controls)
    return bool(point.result) and all(line.strip() in said_by_controls for line in point.result.split("\n"))


def samples_table(page: Page, points: tuple[PointFact, ...]) -> Table | None:
    """The figures of the samples: frame, drawn, checked, deviating and share; and of controls without a sample."""
    rows = []
    for point in points:
        for one in point.controls:
            for sample in one.samples:
                rows.append(_sample_row(page, f"{point.number}. {sample.name}", one.moment, sample.prov))
            if not one.samples and page.number(CHECKED, one.moment, WHOLE).value is not None:
                rows.append(_sample_row(page, f"{point.number}. {one.what}", one.moment, WHOLE))
    if not rows:
        return None
    columns = (
        Column("prov", "Stickprov eller kontroll", "text"),
        Column("ram", "Antal att dra ur", unit=Unit.COUNT),
        Column("urval", "Stickprov", unit=Unit.COUNT),
        Column("granskade", "Granskade", unit=Unit.COUNT),
        Column("brister", "Med brist", unit=Unit.COUNT),
        Column("andel", "Andel, %", unit=Unit.PERCENT, digits=0, formula=("brister", "%", "granskade")),
    )
    notes = (
        "iu. = uppgiften är inte lämnad. Stickproven är dragna med frö och kan göras om av vem som helst.",
    )
    return Table("Stickprov och granskningar", columns, tuple(rows), "antal", notes, "stickprov")


def _sample_row(page: Page, label: str, moment: str, prov: str) -> Row:
    cells: dict[str, Cell] = {"prov": label}
    for key, figure in (("ram", FRAME), ("urval", DRAWN), ("granskade", CHECKED), ("brister", DEVIATING)):
        if prov != WHOLE or key in ("granskade", "brister"):
            cells[key] = page.number(figure, moment, prov)
    share = page.number(SHARE, moment, prov)
    cells["andel"] = Number(share.value, share.unit, 0, share.sign, share.ref)
    return Row(f"{moment}/{prov}", cells)


@dataclass(frozen=True)
class Measures:
    """The measures after controls: how many are open and late, and each in a table."""

    def write(self, page: Page) -> None:
        """Write them; nothing where there are none."""
        rows = [(point.number, action) for point in plan(page).points for action in point.actions]
        if not rows:
            return
        page.add(Heading(2, "Åtgärder"))
        opened, late = page.number("kontroll.atgarder_oppna"), page.number("kontroll.atgarder_sena")
        words: list[Inline] = (
            [opened, " åtgärder pågår."] if opened.value != 1 else [opened, " åtgärd pågår."]
        )
        if said(late):
            words += [" ", late, " skulle ha varit klara." if late.value != 1 else " skulle ha varit klar."]
        page.add(Paragraph(tuple(words)), actions_table("Åtgärder efter kontroller", rows, "Punkt"))


def actions_table(caption: str, rows: list[tuple[str, ActionFact]], first: str) -> Table:
    """Measures with what they came of, who does them, by when, how they stand and their effect."""
    columns = [
        Column("punkt", first, "text"),
        Column("vad", "Åtgärd", "text"),
        Column("vem", "Ansvarig", "text"),
        Column("nar", "Senast", "text"),
        Column("lage", "Läge", "status"),
    ]
    if any(action.effect for _, action in rows):
        columns.append(Column("effekt", "Effekt", "text"))
    shown = {column.key for column in columns}
    made = []
    for place, (name, one) in enumerate(rows):
        cells: dict[str, Cell] = {
            "punkt": name, "vad": one.what, "vem": one.owner, "nar": one.due, "lage": one.status,
            "effekt": one.effect,
        }  # fmt: skip
        made.append(Row(str(place), {key: cell for key, cell in cells.items() if key in shown}))
    return Table(caption, tuple(columns), tuple(made), "")


@dataclass(frozen=True)
class ImmediateActions:
    """The risks that are to be handled at once: what has been done, and what is left."""

    def write(self, page: Page) -> None:
        """Write them; that no risk asks for it, when none does."""
        rows = plan(page).immediate if has_plan(page) else ()
        if not rows:
            page.add(
                Paragraph((f"Ingen risk i riskanalysen för {page.facts.year} har krävt omedelbar åtgärd.",))
            )
            return
        page.add(
            Bullets(
                tuple(
                    (
                        Strong(f"{one.risk}. {one.text}"),
                        "" if one.actions else ": ingen åtgärd är registrerad.",
                    )
                    for one in rows
                )
            )
        )
        taken = [(one.risk, action) for one in rows for action in one.actions]
        if taken:
            page.add(actions_table("Omedelbara åtgärder", taken, "Risk"))


@dataclass(frozen=True)
class Conclusion:
    """The committee's conclusion about its internal control, with the reasons."""

    def write(self, page: Page) -> None:
        """Write it; that it is not made, when it is not."""
        found = plan(page).conclusion
        if found is None:
            page.add(Paragraph((Status("Slutsatsen är inte skriven", "none"),)))
            return
        by = ", ".join(part for part in (found.on, found.decision) if part)
        page.add(Paragraph((found.status, f" ({by})" if by else "")))
        for part in found.reasons.split("\n"):
            if part.strip():
                page.add(Paragraph((part.strip(),)))


@dataclass(frozen=True)
class Adopted:
    """When the plan was adopted and by which decision, and what it holds in figures."""

    def write(self, page: Page) -> None:
        """Write it; that the plan is a draft, while it is."""
        found = plan(page)
        points, controls = page.number(POINTS), page.number("kontroll.moment", WHOLE)
        words: list[Inline] = []
        if found.adopted:
            words = [f"Planen är antagen {found.adopted}. "]
        else:
            words = ["Planen är ett förslag och är inte antagen. "]
        words += ["Den har ", points, " kontrollpunkter med ", controls, " kontrollmoment."]
        obligatory = [point.number.rstrip(".") for point in found.points if point.obligatory]
        if obligatory:
            words.append(f" Obligatoriska är punkt {joined(obligatory)}.")
        page.add(Paragraph(tuple(words)))
