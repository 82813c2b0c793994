"""The pages with real figures: as printed, each number leading to its figure, and only for those who may see."""

from __future__ import annotations

import csv
import html
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roder.access.models import AuditRecord
from roder.economy.models import BudgetLine, ForecastLine, VolumeLine
from roder.economy.pages.export import to_csv
from roder.economy.rules.forecast import bottom_row
from roder.reports.charts import palette_css
from roder.reports.document import Column, Document, Row, Table
from roder.steering.models import Support
from roder.steering.services import model_of
from tests.economy.conftest import login
from tests.economy.real import Town
from tests.examples.files import EXAMPLES, document

MINUS, NBSP = "\u2212", "\u00a0"
PAGES = (
    "ekonomi/",
    "ekonomi/budget/",
    "ekonomi/investeringar/",
    "ekonomi/volymer/",
    "ekonomi/personal/",
    "ekonomi/?tillfalle=2022-plan",
    "ekonomi/?tillfalle=2022-08",
    "ekonomi/?tillfalle=finns-inte",
)


def text_of(answer: HttpResponse) -> str:
    """The page's words, with tags taken away."""
    content = re.sub(r"<svg.*?</svg>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s*\n\s*", "\n", html.unescape(re.sub(r"<[^>]+>", "\t", content)))


def table(answer: HttpResponse, caption: str) -> dict[str, list[str]]:
    """The rows of a table on the page: what the row is called and its cells."""
    content = answer.content.decode()
    found = next(
        one for one in re.findall(r"<table.*?</table>", content, re.S) if f"<caption>{caption}" in one
    )
    body = found[found.index("<tbody") :]
    rows = {}
    for line in re.findall(r"<tr.*?</tr>", body, re.S):
        cells = [
            html.unescape(re.sub(r"<[^>]+>", "", one)).strip()
            for one in re.findall(r"<t[hd].*?</t[hd]>", line, re.S)
        ]
        rows[cells[0]] = cells[1:]
    return rows


def shown(text: str) -> str:
    """A number as the source prints it, in the product's signs."""
    return text.replace("-", MINUS).replace(" ", NBSP)


# --- operations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "source"), [("2022-03", "von-mars"), ("2022-05", "von-maj")])
def test_the_operating_table_is_the_printed_one(alingsas: Town, code: str, source: str) -> None:
    answer = login(alingsas, "member").get(alingsas.url(f"ekonomi/?tillfalle={code}"))
    printed = next(one for one in document("alingsas/tryckta-summor.yaml")["tables"] if one["id"] == source)
    rows = table(answer, "Drift, ")
    labels = {row.code: row.label for row in model_of(alingsas.occasion(code)).accounts.rows}
    for row, cells in printed["rows"].items():
        assert rows[labels[row]][:3] == [shown(cell) if cell else "0" for cell in cells], row


def test_the_variance_of_other_costs_leads_to_its_figure(alingsas: Town) -> None:
    client = login(alingsas, "member")
    content = client.get(alingsas.url("ekonomi/?tillfalle=2022-05")).content.decode()
    number = f"{MINUS}10{NBSP}802"
    link = re.search(rf'<a class="figure" href="([^"]+)" data-panel>{number}</a>', content)
    assert link
    address = html.unescape(link[1])
    assert address == alingsas.url("siffror/ekonomi.drift.prognosavvikelse/?tillfalle=2022-05&rad=ovriga")
    behind = client.get(address)
    assert behind.status_code == 200
    assert number in text_of(behind)


def test_every_number_of_the_operating_table_is_a_link(alingsas: Town) -> None:
    content = login(alingsas, "member").get(alingsas.url("ekonomi/?tillfalle=2022-05")).content.decode()
    found = re.search(r'<table class="dense figures" id="drift">.*?</table>', content, re.S)
    assert found
    cells = re.findall(r'<td class="num">(.*?)</td>', found[0])
    assert len(cells) == 40
    assert all(cell.startswith('<a class="figure"') for cell in cells)


def test_the_finding_is_made_of_figures_and_names_the_occasion_before(alingsas: Town) -> None:
    words = text_of(login(alingsas, "member").get(alingsas.url("ekonomi/")))
    sentence = re.sub(r"\t", "", words)
    assert (
        f"Prognosen visar ett överskott på 10,0{NBSP}mkr; den har förbättrats med 10,0{NBSP}mkr sedan mars."
        in sentence
    )
    assert "jämfört med månadsuppföljning mars 2022" in sentence
    assert "Prognosen i maj: 10,0 mkr bättre än budget (mars: 0,0)" in sentence


def test_a_forecast_that_was_never_made_is_missing_and_not_zero(alingsas: Town) -> None:
    answer = login(alingsas, "member").get(alingsas.url("ekonomi/?tillfalle=2022-04"))
    assert table(answer, "Drift, ")["Årets resultat"] == ["0", "iu.", "iu.", "iu."]
    assert "Prognosen visar" not in text_of(answer)


def test_the_plan_shows_the_years_and_says_what_rounding_does(alingsas: Town) -> None:
    answer = login(alingsas, "member").get(alingsas.url("ekonomi/?tillfalle=2022-plan"))
    rows = table(answer, "Ekonomiska ramar 2021–2024")
    assert rows["Kommunbidrag"] == [shown(one) for one in ("818 729", "853 556", "882 503", "915 095")]
    assert rows["Verksamhetens kostnader"][3] == shown("-1 123 326"), "the source prints 327: off by rounding"


def test_worse_forecasts_are_said_to_be_worse(alingsas: Town) -> None:
    ForecastLine.objects.filter(occasion__code="2022-05", group__code="personal").update(amount=-800_000_000)
    words = re.sub(r"\t", "", text_of(login(alingsas, "member").get(alingsas.url("ekonomi/"))))
    assert (
        f"Prognosen visar ett underskott på 75,8{NBSP}mkr; den har försämrats med 75,8{NBSP}mkr sedan mars."
        in words
    )


def test_oxelosunds_tables_by_service_are_the_printed_ones(oxelosund: Town) -> None:
    answer = login(oxelosund, "member").get(oxelosund.url("ekonomi/", 2024))
    printed = {one["id"]: one for one in document("oxelosund/tryckta-summor.yaml")["tables"]}
    labels = {
        row.code: f"{row.code} {row.label}" for row in model_of(oxelosund.occasion("2024-plan")).services.rows
    }  # type: ignore[union-attr]
    for name, caption in (
        ("nettokostnad", "Nettokostnad"),
        ("intakter", "Intäkter"),
        ("kostnader", "Kostnader"),
    ):
        rows = table(answer, f"{caption} ")
        for code, cells in printed[name]["rows"].items():
            found = rows[labels.get(code, "Summa")]
            for cell, text in zip(found, cells, strict=True):
                assert cell == shown(text) or (not text and cell in ("iu.", "0")), (name, code)


def test_oxelosunds_follow_up_has_the_variance_by_service(oxelosund: Town) -> None:
    oxelosund.occasion("2023-10")
    answer = login(oxelosund, "member").get(oxelosund.url("ekonomi/", 2023))
    assert table(answer, "Nettokostnad ")["Summa"] == [
        shown(one) for one in ("-333 088", "-336 684", "-3 596")
    ]
    words = re.sub(r"\t", "", text_of(answer))
    assert f"Prognosen är 3,6{NBSP}mkr sämre än budgeten." in words


def test_kungsor_shows_its_frame_and_that_the_rest_is_absent(kungsor: Town) -> None:
    client = login(kungsor, "member")
    assert table(client.get(kungsor.url("ekonomi/", 2024)), "Ekonomisk ram 2024")[
        "Socialnämndens budget"
    ] == [shown("277 700")]
    investments = table(client.get(kungsor.url("ekonomi/investeringar/", 2024)), "Investeringsbudget 2024")
    assert investments["Totala utgifter"] == [shown("1 558")]
    assert "Inga volymer" in text_of(client.get(kungsor.url("ekonomi/volymer/", 2024)))
    assert table(client.get(kungsor.url("ekonomi/personal/", 2024)), "Personal")["Anställda"][:2] == [
        "599",
        "328",
    ]


def test_the_bottom_row_is_the_result_or_the_last_sum(alingsas: Town, oxelosund: Town, kungsor: Town) -> None:
    models = (alingsas.occasion("2022-05"), oxelosund.occasion("2024-plan"), kungsor.occasion("2024-plan"))
    assert [bottom_row(model_of(one).accounts.rows).code for one in models] == [
        "resultat",
        "nettokostnad",
        "ram",
    ]


# --- the other pages ------------------------------------------------------------------------------------------------


def test_investments_in_august(alingsas: Town) -> None:
    answer = login(alingsas, "member").get(alingsas.url("ekonomi/investeringar/?tillfalle=2022-08"))
    rows = table(answer, "Investeringar, Delårsbokslut 2022")
    assert rows["Vårdarhjälpmedel"] == ["350", "700", f"{MINUS}350", "317", "532", f"{MINUS}215"]
    total = ["5 300", "3 200", "2 100", "1 169", "3 240", "-2 071"]
    assert rows["Totala utgifter"] == rows["Reinvestering"] == [shown(one) for one in total]


def test_volumes_split_by_who_runs_them_and_places_added(alingsas: Town) -> None:
    answer = login(alingsas, "member").get(alingsas.url("ekonomi/volymer/"))
    rows = table(answer, "Äldreomsorg")
    assert rows["Hemtjänst i ordinärt boende, timmar per månad"] == [
        shown(one) for one in ("35 040", "33 096", "34 417", "35 000")
    ]
    assert rows["Antal boendeplatser äldreomsorg"] == ["393", "393", "411", "347"]
    assert table(answer, "Funktionsstöd")["Antal boendeplatser LSS"] == ["iu.", "139", "139", "147"]
    assert "Hemtjänst i ordinärt boende: 709 personer i nov 2021, varav 215 i extern regi" in text_of(answer)


def test_volumes_chart_of_a_chosen_support(alingsas: Town) -> None:
    client = login(alingsas, "member")
    assert "Serviceboende: 94 platser" in text_of(
        client.get(alingsas.url("ekonomi/volymer/?insats=serviceboende"))
    )
    assert client.get(alingsas.url("ekonomi/volymer/?insats=finns-inte")).status_code == 200


def test_sick_leave_with_the_difference(alingsas: Town) -> None:
    answer = login(alingsas, "member").get(alingsas.url("ekonomi/personal/?tillfalle=2022-08"))
    rows = table(answer, "Sjukfrånvaro, ")
    assert rows["Total sjukfrånvaro"] == ["9,1", "9,5", "+0,4"]
    assert rows["Män"] == ["5,3", "5,2", f"{MINUS}0,1"]
    assert f"Sjukfrånvaron ökade från 9,1{NBSP}% till 9,5{NBSP}%." in re.sub(r"\t", "", text_of(answer))


def test_a_budget_version_beside_the_one_before(alingsas: Town) -> None:
    client = login(alingsas, "member")
    listed = client.get(alingsas.url("ekonomi/budget/"))
    assert text_of(listed).count("Plan 20") == 2
    version = alingsas.committee.budget_versions.get(code="omfordelad mars")
    rows = table(client.get(alingsas.url(f"ekonomi/budget/{version.pk}/")), "Budget ")
    assert rows["Köp av tjänster"] == [shown("-161 998"), shown("-160 751"), shown("+1 247")]
    assert rows["Kommunbidrag"][2] == "0"
    first = alingsas.committee.budget_versions.get(year=2021)
    rows = table(client.get(alingsas.url(f"ekonomi/budget/{version.pk}/?mot={first.pk}")), "Budget ")
    assert rows["Kommunbidrag"][2] == shown("+34 827")


def test_without_anything_the_pages_say_what_will_come(db: None) -> None:
    town = Town("oxelosund")
    client = login(town, "controller")
    for path in PAGES[:5]:
        answer = client.get(town.url(path, 2024))
        assert answer.status_code == 200
        assert 'class="empty"' in answer.content.decode(), path
        assert client.get(town.url(path, 1999)).status_code == 200
    assert client.get(town.url("ekonomi/budget/ny/", 1999)).status_code == 200


# --- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["member", "chair", "unit_manager", "auditor", "controller", "secretary"])
def test_those_who_read_the_economy_see_the_committees_figures(alingsas: Town, role: str) -> None:
    client = login(alingsas, role)
    for path in PAGES:
        assert client.get(alingsas.url(path)).status_code == 200, path
    assert f"{MINUS}10{NBSP}802" in text_of(client.get(alingsas.url("ekonomi/?tillfalle=2022-05")))


@pytest.mark.parametrize("role", ["provider", "care_staff", "administrator"])
def test_others_are_refused(alingsas: Town, role: str) -> None:
    client = login(alingsas, role)
    for path in (*PAGES, "ekonomi/prognos/2022-05/", "ekonomi/budget/ny/", "budgetrader/"):
        assert client.get(alingsas.url(path)).status_code == 403, path


def test_another_towns_economy_does_not_exist(alingsas: Town, kungsor: Town) -> None:
    assert login(kungsor, "controller").get(alingsas.url("ekonomi/")).status_code == 404
    version = kungsor.committee.budget_versions.get()
    assert login(alingsas, "controller").get(alingsas.url(f"ekonomi/budget/{version.pk}/")).status_code == 404


def test_only_those_who_may_write_are_offered_to(alingsas: Town) -> None:
    page = alingsas.url("ekonomi/?tillfalle=2022-05")
    assert "Lämna prognos" in text_of(login(alingsas, "unit_manager").get(page))
    member = login(alingsas, "member")
    assert "Lämna prognos" not in text_of(member.get(page))
    assert "Ny version" not in text_of(member.get(alingsas.url("ekonomi/budget/")))
    assert "/andra/" not in member.get(alingsas.url("ekonomi/investeringar/")).content.decode()


# --- how many queries -----------------------------------------------------------------------------------------------


def queries(town: Town, path: str) -> int:
    """How many queries a page takes when everything that is kept between pages is kept."""
    client = login(town, "controller")
    client.get(town.url(path))
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(town.url(path)).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    "path", [*PAGES[:7], "ekonomi/prognos/2022-05/", "ekonomi/investeringar/2022-08/andra/"]
)
def test_the_number_of_queries_does_not_grow(alingsas: Town, path: str) -> None:
    before = queries(alingsas, path)
    now = timezone.now()
    for place in range(30):
        unit = alingsas.unit.__class__.objects.create(
            committee=alingsas.committee, code=f"x{place}", name=f"Enhet {place}", kind="unit"
        )
        version = alingsas.committee.budget_versions.get(code="omfordelad mars")
        BudgetLine.objects.create(version=version, unit=unit, group=alingsas.group("ovriga"), amount=-1)
        ForecastLine.objects.create(
            occasion=alingsas.occasion("2022-05"), unit=unit, group=alingsas.group("ovriga"), amount=-1
        )
        VolumeLine.objects.create(
            committee=alingsas.committee,
            measured_on=now.date().replace(year=2019, month=1 + place % 12, day=1),
            support=Support.objects.filter(committee=alingsas.committee)[place // 12],
            run="egen",
            count=1,
        )
    assert queries(alingsas, path) == before <= 15


# --- files ----------------------------------------------------------------------------------------------------------


def test_the_workbook_has_kronor_shown_as_tkr_and_formulas(alingsas: Town) -> None:
    answer = login(alingsas, "member").get(alingsas.url("ekonomi/?tillfalle=2022-05&format=xlsx"))
    assert "alingsas-von-drift-2022-05.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = next(book[name] for name in book.sheetnames if name != "Innehåll")
    cells = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    assert cells["Övriga kostnader"][1].value == -77_411_000
    assert str(cells["Verksamhetens kostnader"][1].value).startswith("=")
    assert str(cells["Övriga kostnader"][3].value).startswith("=")
    trail = AuditRecord.objects.get(deed="exported")
    assert trail.subject == "alingsas-von/drift"
    assert trail.detail == {"format": "xlsx", "occasion": "2022-05"}


def test_the_csv_has_kronor_decimal_comma_and_empty_for_missing(alingsas: Town) -> None:
    client = login(alingsas, "member")
    answer = client.get(alingsas.url("ekonomi/?tillfalle=2022-04&format=csv"))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0][:3] == ["Rad", "Budget 2022 (kr)", "Prognos helår (kr)"]
    assert lines[5][:3] == ["Övriga kostnader", "-77411000", ""]
    staff = client.get(alingsas.url("ekonomi/personal/?tillfalle=2022-08&format=csv")).content.decode(
        "utf-8-sig"
    )
    assert "Total sjukfrånvaro;9,1;9,5;0,4" in staff


@pytest.mark.parametrize("path", [*PAGES[:1], *PAGES[2:7]])
@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_every_page_can_be_taken_out(alingsas: Town, path: str, wanted: str) -> None:
    address = f"{path}{'&' if '?' in path else '?'}format={wanted}"
    answer = login(alingsas, "member").get(alingsas.url(address))
    assert f".{wanted}" in answer.headers["Content-Disposition"]


def test_a_text_that_looks_like_a_formula_is_guarded() -> None:
    columns = (Column("rad", "Rad", "text"),)
    found = Table("T", columns, (Row("a", {"rad": '=HYPERLINK("x")'}),), "")
    text = to_csv(Document("T", "", "", "", blocks=(found,)))
    assert "'=HYPERLINK" in text


def test_the_charts_dark_colours_are_those_of_the_drawings() -> None:
    styles = EXAMPLES.parent / "src/roder/web/static/web/charts.css"
    assert palette_css("figure.chart svg") in styles.read_text(encoding="utf-8")
