"""The reports of quality: what stands in them, where their numbers come from, and what people may write."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from roder.figures import At, LiveSource, Result, SnapshotSource, catalogue, take_snapshot
from roder.figures.calculate import FigureRow
from roder.reports.base import Page
from roder.reports.build import Assembly, FindingKind, assemble, build, findings, values_of
from roder.reports.demo import has_figures
from roder.reports.document import (
    Chart,
    Document,
    Heading,
    Number,
    Paragraph,
    Status,
    Table,
    cell_text,
    inline_text,
    numbers,
    tables,
)
from roder.reports.facts import Facts
from roder.reports.facts_quality import QualityFacts
from roder.reports.gather import gather
from roder.reports.kinds import reports_for
from roder.reports.render import html, xlsx
from roder.reports.self_check_parts import SelfChecks
from roder.reports.values import Values
from tests.reports import quality

pytestmark = pytest.mark.django_db  # so that there is a test database when the module's documents are made

HALF_YEAR = {
    ("sammanfattning", ""): "Läkemedelsavvikelserna ökade med 50 %.",
    ("internt", "rubrik"): "{{quality.avvikelser.antal}} avvikelser första halvåret",
    ("internt", ""): "Det kom 9999 avvikelser.",
    ("typer", "fall"): "Fallen ökade med 6 %.",
    ("typer", "fall-rubrik"): "Fallen minskade med 6 %",
    ("register", "bpsd"): "Antalet bedömningar är {{quality.register.utfall[bpsd_registreringar,alla]}}.",
}


@dataclass
class Made:
    """The documents of the module, made once."""

    by_name: dict[str, Assembly] = field(default_factory=dict)
    frozen: Document | None = None
    live: Document | None = None
    found: dict[str, bool] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Assembly:
        return self.by_name[name]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Every report of quality, and one of them on a snapshot."""
    with pytest.MonkeyPatch.context() as patch, quality.kept(django_db_blocker):
        patch.setenv("RODER_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        body = quality.committee()
        result = Made()
        result.by_name["nothing"] = quality.assembled(body, "2022-02-21", "lex-sarah", draft=False)
        result.by_name["empty"] = quality.assembled(body, "2022-h1", "avvikelser")
        quality.fill(body)
        result.by_name["half"] = quality.assembled(body, "2022-h1", "avvikelser", HALF_YEAR)
        result.by_name["quarter"] = quality.assembled(body, "2022-q2", "kvartalsrapport-kvalitet")
        result.by_name["meeting"] = quality.assembled(body, "2022-09-27", "lex-sarah")
        story = {("omraden", "trygg-gjort"): "Vi har lärt oss."}
        result.by_name["quality"] = quality.assembled(
            body, "2022-kvalitet", "kvalitetsberattelse", story, draft=False
        )
        result.by_name["safety"] = quality.assembled(body, "2022-kvalitet", "patientsakerhetsberattelse")
        _on_snapshot(result, quality.occasion(body, "2022-09-27"))
        for name, data in (
            ("unwritten", {}),
            ("written", {"avvikelser": {"2022-h1": {"sammanfattning": "Text."}}}),
        ):
            result.found[name] = has_figures(quality.occasion(body, "2022-h1"), data)
    return result


def _on_snapshot(result: Made, occasion: Any) -> None:
    at = At.of(occasion)
    with LiveSource(occasion.committee) as live, SnapshotSource.open(take_snapshot(occasion)) as frozen:
        facts = gather(occasion, live, at)
        result.live = assemble("lex-sarah", values_of(live, at), {}, facts).document
        result.frozen = build("lex-sarah", frozen, at, {}, facts)


def charts(document: Document) -> list[Chart]:
    return [block for block in document.blocks if isinstance(block, Chart)]


def chart(document: Document, caption: str) -> Chart:
    return next(one for one in charts(document) if one.table.caption.startswith(caption))


def table(document: Document, caption: str) -> Table:
    return next(one for one in tables(document) if one.caption.startswith(caption))


def rows(one: Table) -> dict[str, tuple[str, ...]]:
    """The rows of a table as read, with ordinary spaces."""
    first = one.columns[0].key
    return {
        cell_text(row.cells[first]): tuple(
            cell_text(row.cells.get(column.key), column).replace("\u00a0", " ") for column in one.columns[1:]
        )
        for row in one.rows
    }


def text(document: Document) -> str:
    said = [inline_text(block.inlines) for block in document.blocks if isinstance(block, Paragraph)]
    return "\n".join(said).replace("\u00a0", " ")


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading)]


# --- the half-year report ------------------------------------------------------------------------------------------


def test_the_half_year_report_has_seventeen_charts_and_two_tables_each_with_a_place_for_analysis(
    made: Made,
) -> None:
    half = made["half"]
    own = [block for block in half.document.blocks if isinstance(block, Table)][
        :-1
    ]  # the last says how it was made
    titles = [slot for slot in half.slots if slot.subject.endswith("rubrik")]

    assert len(charts(half.document)) == len(titles) == 17
    assert [one.caption for one in own] == [
        "Allvarliga fallavvikelser per verksamhetsområde", "Allvarliga läkemedelsavvikelser per verksamhetsområde",
    ]  # fmt: skip
    analyses = {(slot.section, slot.subject) for slot in half.slots}
    for title in titles:
        assert (title.section, title.subject.removesuffix("rubrik").removesuffix("-")) in analyses


def test_it_follows_the_order_of_the_document(made: Made) -> None:
    wanted = [
        "Sammanfattning", "Avvikelser i den egna verksamheten", "Allvarliga händelser inom hälso- och sjukvård",
        "Lex Maria", "Lex Sarah", "Avvikelser per typ", "Fallskador och falltillbud", "Läkemedelsavvikelser",
        "Omvårdnadshändelser", "Bemötande", "Informationsöverföring", "Dokumentation", "Medicinteknisk utrustning",
        "Från kommunen till primärvård och sjukhus", "Klagomål och synpunkter", "Externa utförare", "Kvalitetsregister",
        "Smärtskattning", "Brytpunktssamtal", "Munhälsobedömning", "Senior alert", "BPSD-registret",
    ]  # fmt: skip
    assert [one for one in headings(made["half"].document) if one in wanted] == wanted


def test_the_titles_are_findings(made: Made) -> None:
    document = made["half"].document

    assert chart(document, "Läkemedel").title.replace("\u00a0", " ") == (
        "Läkemedelsavvikelser ökade med 50 % jämfört med första halvåret 2021"
    )
    assert chart(document, "Bemötande").title == (
        "Avvikelser om bemötande: oförändrat 4 jämfört med första halvåret 2021"
    )
    assert (
        chart(document, "Avvikelser till regionen").title
        == "Flest avvikelser till regionen gällde sjukhus: 22 av 33"
    )
    plans = chart(document, "Risk för ohälsa")
    assert plans.title == "34 av 38 med risk för ohälsa i munnen har en åtgärdsplan (2021: 6 av 14)"


def test_the_author_may_write_a_title_with_figures_and_it_is_checked(made: Made) -> None:
    half = made["half"]

    assert chart(half.document, "Avvikelser totalt").title == "160 avvikelser första halvåret"
    said = {(one.subject, one.kind, one.excerpt) for one in findings(half) if one.excerpt}
    assert said == {
        ("", FindingKind.NUMBER, "9999 avvikelser"),
        ("fall", FindingKind.NUMBER, "6 %"),  # they decreased
    }


def test_serious_events_are_printed_by_area_with_their_sums(made: Made) -> None:
    falls = rows(table(made["half"].document, "Allvarliga fall"))

    assert falls["SoL – Boende"] == ("11", "7")
    assert falls["SoL – Hemtjänst"] == ("6", "2")
    assert falls["Privat hemtjänst"] == ("3", "0")
    assert falls["Totalt"] == ("20", "9")


def test_a_type_that_nobody_used_is_not_zero_for_the_years_before(made: Made) -> None:
    columns = [
        column.title for column in chart(made["half"].document, "Informationsöverföring").table.columns
    ]
    assert columns == ["Vad", "2021", "2022"]


def test_every_number_opens_its_figure_and_only_sums_are_made_here(made: Made) -> None:
    for name in ("half", "quarter", "meeting", "quality", "safety"):
        document = made[name].document
        sums = {
            id(cell)
            for one in tables(document)
            for row in one.rows
            if row.kind == "sum"
            for cell in row.cells.values()
        }
        for number in numbers(document):
            assert number.ref is not None or number.value is None or id(number) in sums, (name, number)
    page = html.render(made["half"].document, lambda ref: f"/{ref.address}", fragment=True)
    assert page.count('class="figure"') > 100


def test_the_sentences_say_both_years(made: Made) -> None:
    said = text(made["half"].document)

    assert (
        "rapporterades 160 avvikelser i den egna verksamheten. Under första halvåret 2021 var det 123."
        in said
    )
    assert "24 klagomål och synpunkter (31 första halvåret 2021)" in said
    assert "Ingen händelse anmäldes till IVO enligt lex Maria under första halvåret 2022" in said
    assert "registrerades 36 personer i BPSD-registret (29 första halvåret 2021)" in said
    assert "Antalet bedömningar är 45." in said
    assert "redovisar de externa utförarna bemötande (7)" in said


def test_registers_stand_by_setting_with_their_target(made: Made) -> None:
    pain = chart(made["half"].document, "Smärtskattning")

    assert rows(pain.table) == {"Eget hem": ("40,0", "62,5"), "SÄBO och korttid": ("45,0", "47,0")}
    assert "Målet för 2022 är minst 90,0 %." in text(made["half"].document)


def test_nothing_registered_is_said_and_never_zero(made: Made) -> None:
    empty = made["empty"].document

    assert charts(empty) == []
    assert "Inga avvikelser är registrerade för första halvåret 2022." in text(empty)
    assert [number for number in numbers(empty) if number.value == 0] == []


def test_the_workbook_has_real_numbers_and_formulas_for_sums(made: Made) -> None:
    sheets = openpyxl.load_workbook(io.BytesIO(xlsx.render(made["half"].document)))
    cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]

    assert 160 in cells
    assert any(str(cell).startswith("=B5+B6") for cell in cells)
    assert len(sheets.sheetnames) == 17 + 2 + 2  # contents, and how the figures were made


def test_a_snapshot_gives_the_same_report_as_the_live_database(made: Made) -> None:
    assert made.live is not None
    assert made.frozen is not None
    assert made.live.blocks == made.frozen.blocks


def test_the_demonstration_writes_reports_of_quality_where_somebody_has_written(made: Made) -> None:
    assert made.found == {"unwritten": False, "written": True}


# --- the other reports ---------------------------------------------------------------------------------------------


def test_lex_sarah_to_the_meeting_counts_what_came_and_what_was_decided(made: Made) -> None:
    document = made["meeting"].document

    assert document.title == "Lex Sarah, rapport till sammanträde 27 september 2022"
    assert "har 3 rapporter enligt lex Sarah kommit in." in text(document)
    months = rows(table(document, "Rapporter sedan sammanträdet"))
    assert (months["Maj 2022"], months["Juli 2022"], months["Totalt"]) == (("1",), ("2",), ("3",))
    assert rows(table(document, "Beslutade ärenden"))["Totalt"] == ("4", "1")


def test_each_decision_has_a_line_and_last_years_stand_apart(made: Made) -> None:
    document = made["meeting"].document
    now, earlier = rows(table(document, "Beslut sedan")), rows(table(document, "Rapporterade föregående år"))

    assert list(now) == ["2022-0520", "2022-0701, 2022-0702"]
    assert now["2022-0520"] == (
        "2022-06-10", "SoL – Boende: Utebliven dusch. Ingen brist i verksamheten.", "Inte ett missförhållande", "21",
    )  # fmt: skip
    assert list(earlier) == ["2021-1220"]
    assert "Före förra sammanträdet" not in html.render(document)


def test_a_meeting_with_nothing_to_report_says_so(made: Made) -> None:
    document = made["nothing"].document

    assert "har inga rapporter enligt lex Sarah kommit in och inga ärenden beslutats." in text(document)
    assert headings(document)[:2] == ["I korthet", "Ärenden som väntar på beslut"]


def test_the_quarterly_report_holds_shares_against_their_target(made: Made) -> None:
    document = made["quarter"].document
    shares = table(document, "Klassificerade och avslutade")

    whole = rows(shares)["Totalt"]
    assert whole[1::2] == ("■ Når inte målet", "■ Når inte målet")
    assert [column.title.replace("\u00a0", " ") for column in shares.columns[1:3]] == [
        "Klassificerade",
        "Mot målet 95 %",
    ]
    causes = table(document, "Orsaker till avvikelser i SoL – Boende")
    assert causes.rows
    assert all(isinstance(row.cells["antal"], Number) for row in causes.rows)
    assert "rapporterades i" in charts(document)[0].title


def test_the_yearly_report_of_quality_has_six_areas_and_what_was_written(made: Made) -> None:
    document, found = made["quality"].document, headings(made["quality"].document)

    areas = [
        "Självbestämmande och integritet", "Helhetssyn och samordning", "Trygg och säker", "Kunskapsbaserad",
        "Tillgänglig", "Effektiv",
    ]  # fmt: skip
    assert [one for one in found if one in areas] == areas
    assert found[found.index("Trygg och säker") + 1] == "Vad vi har gjort"
    assert "Tillsyn och granskning" not in found  # nothing is written about it
    assert document.title == "Kvalitetsberättelse 2022"


def test_key_figures_stand_with_their_target_and_whether_it_is_reached(made: Made) -> None:
    story = rows(table(made["quality"].document, "Kritiska verksamhetsfaktorer"))
    assert story["Läkemedelsavvikelser"] == ("iu.", "60", "≤ 1 500", "● Ja")
    assert story["Beslut som omprövas inom angiven tid"][2:] == ("minst 90 %", "○ Utfall saknas")

    safety = table(made["safety"].document, "Nyckeltal för patientsäkerhet")
    pain = rows(safety)["Smärtskattning under sista levnadsveckan, eget hem"]
    assert pain == ("40,0 %", "62,5 %", "minst 90,0 %", "■ Nej")
    assert safety.notes[0].startswith("Utfallet 2022 avser 6 månader: ")
    status = next(row.cells["nar"] for row in safety.rows if row.key.startswith("smartskattning"))
    assert isinstance(status, Status)


def test_the_report_of_patient_safety_says_when_it_is_due_and_why(made: Made) -> None:
    said = text(made["safety"].document)

    assert "senast den 1 mars 2023" in said
    assert "3 kap. 10 §" in said
    for title in (
        "Ansvar för patientsäkerheten",
        "Demens",
        "Digitalisering",
        "Rehabilitering",
        "Mål för nästa år",
    ):
        assert title in headings(made["safety"].document)


def test_reports_are_made_at_their_kind_of_occasion() -> None:
    assert [one.slug for one in reports_for("half_year")] == ["avvikelser"]
    assert {one.slug for one in reports_for("quality_year")} == {
        "kvalitetsberattelse",
        "patientsakerhetsberattelse",
    }
    assert reports_for("meeting")[0].file_name(2022, "2022-09-27") == "lex-sarah-2022-09-27"
    assert reports_for("half_year")[0].file_name(2022, "2022-h1") == "avvikelser-2022-h1"


def test_self_checks_stand_by_unit_with_the_whole_last() -> None:
    at = At(1, "x", 1, "2022-kvalitet", "quality_year", 2022, date(2022, 12, 31), date(2022, 1, 1))
    given = {
        "planerade": {"totalt": 5, "o": 2, "a": 3},
        "gjorda": {"totalt": 4, "o": 1, "a": 3},
        "i_tid": {"totalt": 60},
    }
    names = {"totalt": "Totalt", "o": "Öster", "a": "Björken"}

    def compute(name: str) -> Result:
        figure = catalogue()[name]
        numbers = given.get(name.rpartition(".")[2], {})
        unit = {"unit": figure.unit, "show": figure.show, "digits": figure.digits}
        made = [
            FigureRow({"enhet": key}, Decimal(value), None, None, **unit) for key, value in numbers.items()
        ]
        return Result(figure, at, made, {"enhet": names})

    facts = Facts("k", "n", "quality_year", "Årsberättelser", "2022-kvalitet", 2022, date(2022, 12, 31),
                  quality=QualityFacts(date(2022, 1, 1), date(2022, 12, 31)))  # fmt: skip
    page = Page(Values(compute, at, catalogue()), facts, {})
    SelfChecks().write(page)

    checks = page.blocks[0]
    assert isinstance(checks, Table)
    assert [column.title for column in checks.columns] == ["Enhet", "Planerade", "Gjorda", "I tid, %"]
    assert list(rows(checks)) == ["Björken", "Öster", "Totalt"]
    assert rows(checks)["Totalt"] == ("5", "4", "60,0")
    assert rows(checks)["Öster"] == ("2", "1", "iu.")
