"""What stands in a report: the figures digit for digit, sums as sums, what is absent shown as absent."""

from __future__ import annotations

import io
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from roder.figures import At, LiveSource, SnapshotSource, take_snapshot
from roder.reports import files
from roder.reports.build import build
from roder.reports.document import (
    HOW_FIGURES_WERE_MADE,
    Chart,
    Document,
    Heading,
    Paragraph,
    Table,
    cell_text,
    inline_text,
    numbers,
    tables,
)
from roder.reports.gather import gather
from roder.reports.kinds import all_reports, reports_for
from tests.reports.committee import Committee, assignment, goal

MAY = {
    "Verksamhetens intäkter": ("195 144", "222 100", "26 956"),
    "Personalkostnader": ("−717 534", "−714 211", "3 323"),
    "Lokalhyror": ("−93 004", "−93 826", "−822"),
    "Köp av tjänster": ("−160 751", "−169 406", "−8 655"),
    "Övriga kostnader": ("−77 411", "−88 213", "−10 802"),
    "Verksamhetens kostnader": ("−1 048 700", "−1 065 656", "−16 956"),
    "Verksamhetens nettokostnader": ("−853 556", "−843 556", "10 000"),
    "Kommunbidrag": ("853 556", "853 556", "0"),
    "Finansnetto": ("0", "0", "0"),
    "Årets resultat": ("0", "10 000", "10 000"),
}
MARCH = {
    "Personalkostnader": ("−717 534", "−724 465", "−6 931"),
    "Köp av tjänster": ("−160 751", "−171 895", "−11 144"),
    "Verksamhetens kostnader": ("−1 048 700", "−1 071 352", "−22 652"),
    "Verksamhetens nettokostnader": ("−853 556", "−853 556", "0"),
}


def document(committee: Committee, code: str, comments: dict[tuple[str, str], str] | None = None) -> Document:
    occasion = committee.occasion(code)
    at, kind = At.of(occasion), reports_for(occasion.kind)[0].slug
    with LiveSource(committee.body) as source:
        return build(kind, source, at, comments or {}, gather(occasion, source, at))


def table(made: Document, caption: str) -> Table:
    return next(one for one in tables(made) if one.caption.startswith(caption))


def printed(one: Table) -> dict[str, tuple[str, ...]]:
    """The rows of a table as read, with ordinary spaces."""
    return {
        cell_text(row.cells["rad"]): tuple(
            cell_text(row.cells.get(column.key), column).replace("\u00a0", " ") for column in one.columns[1:]
        )
        for row in one.rows
    }


def text(made: Document) -> str:
    said = [inline_text(block.inlines) for block in made.blocks if isinstance(block, Paragraph)]
    return "\n".join(said).replace("\u00a0", " ")


def test_the_may_table_is_that_of_the_municipality_digit_for_digit(alingsas: Committee) -> None:
    drift = table(document(alingsas, "2022-05"), "Drift")

    assert printed(drift) == MAY
    assert [column.title for column in drift.columns] == [
        "Belopp i tkr", "Budget 2022", "Prognos helår 2022", "Avv. prognos/budget 2022",
    ]  # fmt: skip
    assert [row.key for row in drift.rows if row.kind == "sum"] == ["kostnader", "nettokostnader", "resultat"]
    assert drift.unit_note == "tkr"


def test_the_march_table_too(alingsas: Committee) -> None:
    assert MARCH.items() <= printed(table(document(alingsas, "2022-03"), "Drift")).items()


def test_every_format_holds_the_digits(alingsas: Committee) -> None:
    rendered = {one.format: one.content for one in files.render_all(document(alingsas, "2022-05"))}

    page = rendered["html"].decode().replace("\u00a0", " ")
    with zipfile.ZipFile(io.BytesIO(rendered["docx"])) as archive:
        word = archive.read("word/document.xml").decode().replace("\u00a0", " ")
    for row in MAY.values():
        for digits in row:
            assert f">{digits}<" in page
            assert digits in word
    with pikepdf.open(io.BytesIO(rendered["pdf"])) as pdf:
        assert "/StructTreeRoot" in pdf.Root
    sheets = openpyxl.load_workbook(io.BytesIO(rendered["xlsx"]))
    formulas = [
        cell.value
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith("=")
    ]
    assert formulas
    values = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert -88_213_000 in values  # kronor, shown as tkr


def test_every_number_says_which_figure_it_is(alingsas: Committee) -> None:
    goal(alingsas, "M1", "Fler får svar direkt", "ej_utvarderad")
    for code in ("2022-05", "2022-04", "2022-08", "2022-plan"):
        for number in numbers(document(alingsas, code)):
            assert number.ref is not None or number.value is None


def test_the_change_since_the_previous_forecast_names_it(alingsas: Committee) -> None:
    change = table(document(alingsas, "2022-05"), "Prognosförändring")

    assert change.caption == "Prognosförändring sedan månadsuppföljning mars 2022"
    assert printed(change)["Personalkostnader"] == ("−714 211", "+10 254")
    assert not any(
        one.caption.startswith("Prognosförändring") for one in tables(document(alingsas, "2022-03"))
    )


def test_a_forecast_that_is_not_there_is_not_a_zero(alingsas: Committee) -> None:
    drift = printed(table(document(alingsas, "2022-04"), "Drift"))

    assert drift["Personalkostnader"] == ("−717 534", "iu.", "iu.")
    assert drift["Årets resultat"] == ("0", "iu.", "iu.")


def test_investments_of_the_interim_report_say_where_a_sum_is_rounded(alingsas: Committee) -> None:
    investments = table(document(alingsas, "2022-08"), "Investeringar")

    rows = printed(investments)
    assert rows["Totala utgifter"][:4] == ("5 300", "3 200", "2 100", "1 169")
    assert rows["Vårdarhjälpmedel"] == ("350", "700", "−350", "317", "532", "−215")
    total = next(row for row in investments.rows if row.key == "totalt")
    assert total.sum_of == ("reinvestering",)
    assert len(investments.columns) == 7


def test_sick_leave_stands_beside_last_year(alingsas: Committee) -> None:
    made = document(alingsas, "2022-08")

    assert printed(table(made, "Sjukfrånvaro"))["Total sjukfrånvaro"] == ("9,1", "9,5", "+0,4")
    chart = next(block for block in made.blocks if isinstance(block, Chart) and "Sjuk" in block.title)
    assert chart.title.replace("\u00a0", " ") == "Sjukfrånvaron ökade från 9,1 till 9,5 %"


def test_goals_are_counted_by_status_and_shown_with_their_measures(alingsas: Committee) -> None:
    goal(alingsas, "M1", "Fler bostäder", "helt_uppfyllt")
    goal(alingsas, "M2", "Fler får svar direkt", "ej_utvarderad")
    goal(alingsas, "M3", "Mejl besvaras", "ej_utvarderad")
    goal(alingsas, "M4", "Fler trivs", "", followed="annual")
    assignment(alingsas, "U1", "Öka självbestämmandet", "delvis_uppfyllt")
    made = document(alingsas, "2022-08")

    assert "Bedömning av nämndens mål vid tillfället: 1 helt uppfyllt, 2 ej utvärderad." in text(made)
    assert "målet följs upp vid årets slut" in text(made)
    measures = next(one for one in tables(made) if one.caption == "Nyckeltal")
    assert [column.title for column in measures.columns] == [
        "Nyckeltal", "Mål 2022", "Utfall 2022", "Utfall 2021", "Utfall 2020",
    ]  # fmt: skip
    row = [cell_text(measures.rows[0].cells[column.key], column) for column in measures.columns]
    assert [cell.replace("\u00a0", " ") for cell in row[1:]] == ["50 %", "iu.", "33 %", "iu."]
    assignments = table(made, "Uppdrag")
    assert assignments.rows[0].cells["beslut"] == "§\u00a084, 2021.232"


def test_the_plan_shows_frames_by_year_and_volumes_as_sums(alingsas: Committee) -> None:
    made = document(alingsas, "2022-plan")

    frames = table(made, "Ekonomiska ramar")
    assert [column.title for column in frames.columns[1:]] == [f"Budget {year}" for year in range(2021, 2025)]
    assert printed(frames)["Kommunbidrag"] == ("818 729", "853 556", "882 503", "915 095")
    volumes = table(made, "Platser och personer, äldreomsorg")
    home_care = [cell_text(volumes.rows[0].cells[column.key]) for column in volumes.columns]
    assert home_care == ["Hemtjänst i ordinärt boende", "739", "705", "709", "720"]


def test_what_a_report_does_not_take_up_is_not_in_it(alingsas: Committee) -> None:
    headings = [block.text for block in document(alingsas, "2022-05").blocks if isinstance(block, Heading)]

    assert headings == ["Sammanfattning", "Prognos", "Prognosförändring", HOW_FIGURES_WERE_MADE]


def test_the_last_section_says_how_each_figure_was_made(alingsas: Committee) -> None:
    made = document(alingsas, "2022-05", {("sammanfattning", ""): "Se {{ekonomi.drift.utfall[personal]}}."})

    last = list(tables(made))[-1]
    assert last.caption == "Siffror i rapporten"
    names = [row.key for row in last.rows]
    assert names == [
        "ekonomi.drift.budget", "ekonomi.drift.prognos", "ekonomi.drift.prognosavvikelse",
        "ekonomi.drift.prognosforandring", "ekonomi.drift.utfall",
    ]  # fmt: skip
    assert all(row.cells["definition"] for row in last.rows)
    assert "2022-05-31" in text(made)


def test_comments_stand_in_their_place_with_their_figures(alingsas: Committee) -> None:
    made = document(alingsas, "2022-05", {
        ("prognos", "ovriga"): "Avvikelsen är {{ekonomi.drift.prognosavvikelse[ovriga]|mkr}}.\n\n- ett\n- två",
        ("sammanfattning", ""): "Läget är bra.",
    })  # fmt: skip

    assert "Avvikelsen är −10,8 mkr." in text(made)
    headings = [block.text for block in made.blocks if isinstance(block, Heading)]
    assert headings[1:4] == ["Prognos", "Kommentarer per kontogrupp", "Övriga kostnader"]


def test_a_snapshot_gives_the_same_document_as_the_live_database(alingsas: Committee) -> None:
    occasion = alingsas.occasion("2022-08")
    at, snapshot = At.of(occasion), take_snapshot(occasion)
    with LiveSource(alingsas.body) as live, SnapshotSource.open(snapshot) as frozen:
        facts = gather(occasion, live, at)
        assert build("delarsbokslut", live, at, {}, facts) == build("delarsbokslut", frozen, at, {}, facts)


def test_building_the_interim_report_takes_less_than_a_second(alingsas: Committee) -> None:
    document(alingsas, "2022-08")
    started = time.perf_counter()
    document(alingsas, "2022-08")
    assert time.perf_counter() - started < 1


def test_a_report_is_found_by_adding_its_module() -> None:
    assert set(all_reports()) == {
        "manadsuppfoljning", "fordjupad-manadsuppfoljning", "delarsbokslut", "verksamhetsplan", "avvikelser",
        "kvartalsrapport-kvalitet", "kvalitetsberattelse", "patientsakerhetsberattelse", "lex-sarah",
        "internkontrollplan", "internkontroll", "svar-till-revisionen", "kvf-uppfoljning", "arsbokslut",
        "kommunsammanstallning", "arshjul", "handlingsplaner",
    }  # fmt: skip
    here = Path(__file__).parents[2] / "src" / "roder" / "reports" / "kinds"
    assert len([path for path in here.glob("*.py") if path.stem != "__init__"]) == len(all_reports())


@pytest.mark.parametrize("slug", ["2022-05", "2022-08"])
def test_money_is_kept_in_kronor(alingsas: Committee, slug: str) -> None:
    drift = table(document(alingsas, slug), "Drift")
    budget = drift.rows[0].cells["budget"]
    assert budget.value == Decimal("195144000.00")  # type: ignore[union-attr]
