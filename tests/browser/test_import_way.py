"""A workbook from another system, as it came: mapped, saved, looked at, read in and taken back; also on a phone."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from roder.core.models import ImportBatch
from roder.economy.models import ForecastLine
from roder.imports.models import ColumnMapping
from tests.browser.conftest import Open
from tests.reports.committee import Committee

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def ugly(folder: Path, amount: int) -> Path:
    """A title, headings of another system, a sum and a note; on the second sheet."""
    book = openpyxl.Workbook()
    book.active.title = "Läs mig"
    book.active.append(["Uttag ur ekonomisystemet"])
    sheet = book.create_sheet("Prognos")
    for row in (
        ["Prognos efter maj"],
        [],
        ["Kostnadsslag", "Helårsprognos", "Förklaring", "Handläggare"],
        ["personal", amount, "Fler vikarier", "AB"],
        ["Summa", amount],
        [],
        ["Källa: ekonomisystemet, preliminärt"],
    ):
        sheet.append(row)
    book.save(folder / "ekonomi.xlsx")
    return folder / "ekonomi.xlsx"


def no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_foreign_workbook_all_the_way(open_as: Open, site: Committee, tmp_path: Path, width: int) -> None:
    before = ForecastLine.objects.count()
    page = open_as("controller", width=width)
    page.goto(f"/{site.body.slug}/2022/inlasning/prognos/")
    page.get_by_label("Fil", exact=True).set_input_files(ugly(tmp_path, -99))
    page.get_by_role("button", name="Granska filen").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Koppla kolumner")
    no_sideways(page)
    group = page.get_by_role("group", name="kontogrupp")
    expect(group.get_by_label("Filens kolumn")).to_have_value("Kostnadsslag")
    expect(page.get_by_role("group", name="belopp").get_by_label("Filens kolumn")).to_have_value(
        "Helårsprognos"
    )
    page.get_by_label("Namn").fill("Ekonomisystemet")
    page.get_by_role("button", name="Granska filen").click()
    expect(page.get_by_role("alert")).to_contain_text("tillfalle behövs", ignore_case=True)
    expect(page.get_by_label("Namn")).to_have_value("Ekonomisystemet")
    page.get_by_role("group", name="tillfalle").get_by_label("Eller samma värde på alla rader").fill(
        "2022-05"
    )
    page.get_by_role("button", name="Granska filen").click()

    expect(page.get_by_text("är en summarad")).to_be_visible()
    expect(page.get_by_text("är en anteckning")).to_be_visible()
    no_sideways(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Excel", exact=True).click()
    kept = tmp_path / "granskning.xlsx"
    fetched.value.save_as(kept)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(kept).active.rows]
    assert ["koppling", None, "Kostnadsslag", "läses som kontogrupp", None, None, None] in rows
    assert (
        ForecastLine.objects.filter(batch__isnull=False).count() == 0 and ColumnMapping.objects.count() == 1
    )

    page.get_by_role("button", name="Läs in 1 rad").click()
    expect(page.get_by_text("ekonomi.xlsx är inläst")).to_be_visible()
    assert ImportBatch.objects.get(mapping_name="Ekonomisystemet").layout["blad"] == "Prognos"
    page.get_by_role("link", name="Ångra …").click()
    expect(page.get_by_role("row", name="Prognosrader")).to_contain_text("1")
    no_sideways(page)
    page.get_by_role("button", name="Ångra inläsningen").click()
    expect(page.get_by_text("Inläsningen är ångrad")).to_be_visible()
    assert ForecastLine.objects.count() == before

    page.goto(f"/{site.body.slug}/2022/inlasning/prognos/")
    page.get_by_label("Fil", exact=True).set_input_files(ugly(tmp_path, -100))
    page.get_by_role("button", name="Granska filen").click()
    expect(page.get_by_text("passar filens rubriker och används")).to_be_visible()
    refused = [one for one in page.complaints if "400 (Bad Request)" not in one]  # type: ignore[attr-defined]
    assert refused == [], "nothing but what was refused on purpose"
