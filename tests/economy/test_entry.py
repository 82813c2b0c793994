"""Writing on the pages: every way to write a number, faults at the fields, nothing half saved, two savers at once."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.http import HttpResponse

from roder.core.numbers import Unit
from roder.economy.models import BudgetLine, BudgetVersion, ForecastLine, InvestmentLine
from roder.economy.services import budget_at
from roder.economy.sheets import read_amount, typed
from tests.economy.conftest import login
from tests.economy.real import Town

GROUPS = ("intakter", "personal", "lokaler", "kop_tjanster", "ovriga", "kommunbidrag", "finansnetto")


def fields(answer: HttpResponse) -> dict[str, str]:
    """What the page's fields hold, as a browser would send it."""
    content = answer.content.decode()
    found = dict.fromkeys(re.findall(r'<select name="([^"]+)"', content), "")
    for tag in re.findall(r"<input[^>]+>", content):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] not in ("csrfmiddlewaretoken", "q"):
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', content, re.S):
        found[name] = html.unescape(text)
    return found


def words(answer: HttpResponse) -> str:
    """The page as one line of words."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.parametrize(
    ("text", "kronor"),
    [
        ("−93 826", -93_826_000),
        ("-93 826", -93_826_000),
        ("(93.826)", -93_826_000),
        ("93'826-", -93_826_000),
        ("-93826,5", -93_826_500),
        ("+0,001", 1),
        ("  ", None),
    ],
)
def test_every_way_to_write_an_amount(text: str, kronor: int | None) -> None:
    assert read_amount(text, Unit.TKR) == kronor


@pytest.mark.parametrize("amount", ["-93826000", "0", "1500.5", "-0.01", "123456789012.34"])
def test_what_is_shown_in_a_field_reads_back_the_same(amount: str) -> None:
    assert read_amount(typed(Decimal(amount), Unit.TKR), Unit.TKR) == Decimal(amount)


def test_the_forecast_page_has_budget_and_last_forecast_beside(alingsas: Town) -> None:
    answer = login(alingsas, "controller").get(alingsas.url("ekonomi/prognos/2022-05/"))
    row = next(
        one for one in re.findall(r"<tr.*?</tr>", answer.content.decode(), re.S) if "Lokalhyror" in one
    )
    assert re.findall(r'<td class="num"[^>]*>(.*?)</td>', row) == ["−93\u00a0004", "−93\u00a0004"]
    assert fields(answer)["belopp-lokaler"] == "−93\u00a0826"


def test_saving_the_page_as_it_stands_changes_nothing(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/prognos/2022-05/")
    before = list(ForecastLine.objects.order_by("pk").values("pk", "amount", "cause", "revision"))
    assert client.post(path, fields(client.get(path))).status_code == 302
    assert list(ForecastLine.objects.order_by("pk").values("pk", "amount", "cause", "revision")) == before


def test_a_forecast_is_made_from_the_one_before(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/prognos/2022-08/")
    data = fields(client.get(f"{path}?fyll=forra"))
    assert data["belopp-personal"] == "−714\u00a0211"
    assert not ForecastLine.objects.filter(occasion__code="2022-08").exists(), "nothing is saved by looking"
    data |= {"belopp-personal": "(720.000)", "orsak-personal": "Fler timanställda"}
    answer = client.post(path, data, follow=True)
    assert "är sparad" in words(answer)
    line = ForecastLine.objects.get(occasion__code="2022-08", group__code="personal")
    assert (line.amount, line.cause) == (-720_000_000, "Fler timanställda")
    page = words(client.get(alingsas.url("ekonomi/?tillfalle=2022-08")))
    assert "sedan maj" in page


def test_bad_amounts_stand_at_their_rows_and_nothing_is_saved(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/prognos/2022-08/")
    data = {f"belopp-{code}": "1" for code in GROUPS}
    data |= {
        "belopp-lokaler": "ungefär 90",
        "belopp-ovriga": "9" * 30,
        "belopp-intakter": "",
        "orsak-intakter": "<b>",
    }
    answer = client.post(path, data)
    assert answer.status_code == 400
    text = words(answer)
    assert "Inget är sparat. 3 rader" in text
    assert "”ungefär 90” är inte ett tal. Skriv beloppet i tkr" in text
    assert "Beloppet är för stort" in text
    assert "ta bort orsaken" in text
    kept = fields(answer)
    assert (kept["belopp-lokaler"], kept["belopp-personal"], kept["orsak-intakter"]) == (
        "ungefär 90",
        "1",
        "<b>",
    )
    assert answer.content.decode().count('aria-invalid="true"') == 3
    assert not ForecastLine.objects.filter(occasion__code="2022-08").exists()


def test_costs_without_minus_are_saved_but_said(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/prognos/2022-08/")
    answer = client.post(path, {"belopp-lokaler": "90"}, follow=True)
    assert "Kostnader ska vara negativa, men här står plus: Lokalhyror" in words(answer)


def test_the_second_saver_sees_both_and_may_save_knowingly(alingsas: Town) -> None:
    one, two = login(alingsas, "controller"), login(alingsas, "controller")
    path = alingsas.url("ekonomi/prognos/2022-05/")
    first, second = fields(one.get(path)), fields(two.get(path))
    assert (
        one.post(path, first | {"belopp-lokaler": "-95 000", "orsak-lokaler": "Indexhöjning"}).status_code
        == 302
    )
    answer = two.post(path, second | {"belopp-lokaler": "-96 000", "belopp-ovriga": "-90 000"})
    assert answer.status_code == 409
    text = words(answer)
    assert "Person controller sparade" in text and "−95\u00a0000" in answer.content.decode()
    assert "”Indexhöjning”" in text
    assert ForecastLine.objects.get(occasion__code="2022-05", group__code="ovriga").amount == -88_213_000
    again = fields(answer)
    assert again["belopp-lokaler"] == "-96 000"
    assert two.post(path, again).status_code == 302
    assert ForecastLine.objects.get(occasion__code="2022-05", group__code="lokaler").amount == -96_000_000


def test_a_unit_manager_makes_the_own_units_forecast(alingsas: Town) -> None:
    version = budget_at(alingsas.occasion("2022-08"))
    BudgetLine.objects.create(
        version=version, unit=alingsas.unit, group=alingsas.group("personal"), amount=-5_000_000
    )
    client, path = login(alingsas, "unit_manager"), alingsas.url("ekonomi/prognos/2022-08/")
    opened = client.get(path)
    assert "Norra enheten" in words(opened) and "Hela nämnden" not in words(opened)
    data = fields(opened) | {"belopp-personal": "-5 100"}
    answer = client.post(path, data)
    assert answer.status_code == 400
    assert "Skriv vad det beror på" in words(answer)
    assert client.post(path, data | {"orsak-personal": "Vikarier"}).status_code == 302
    assert ForecastLine.objects.get(occasion__code="2022-08").unit == alingsas.unit
    assert client.get(f"{path}?enhet={alingsas.other_unit.pk}").status_code == 400
    assert client.post(path, data | {"enhet": str(alingsas.other_unit.pk)}).status_code == 400
    committee = words(login(alingsas, "controller").get(path))
    assert "centrala justeringar" in committee and "−5 100" in committee


def test_a_unit_without_budget_says_what_its_forecast_builds_on(alingsas: Town) -> None:
    client, path = login(alingsas, "unit_manager"), alingsas.url("ekonomi/prognos/2022-08/")
    data = fields(client.get(path)) | {"belopp-personal": "-12 500"}
    answer = client.post(path, data)
    assert answer.status_code == 400
    assert "Enheten har ingen budget att jämföra med." in words(answer)
    assert fields(answer)["belopp-personal"] == "-12 500", "what was typed is kept"
    assert not ForecastLine.objects.filter(occasion__code="2022-08").exists()
    assert client.post(path, data | {"orsak-personal": "Ny enhet, tre tjänster"}).status_code == 302
    assert ForecastLine.objects.get(occasion__code="2022-08").amount == -12_500_000


@pytest.mark.parametrize("role", ["member", "chair", "auditor", "secretary", "provider"])
def test_readers_do_not_write(alingsas: Town, role: str) -> None:
    client = login(alingsas, role)
    for path in ("ekonomi/prognos/2022-08/", "ekonomi/budget/ny/", "ekonomi/investeringar/2022-08/andra/"):
        assert client.get(alingsas.url(path)).status_code == 403
        assert client.post(alingsas.url(path), {"belopp-lokaler": "-1"}).status_code == 403
    assert not ForecastLine.objects.filter(occasion__code="2022-08").exists()


def test_oxelosunds_forecast_is_by_service(oxelosund: Town) -> None:
    client, path = login(oxelosund, "controller"), oxelosund.url("ekonomi/prognos/2024-04/", 2024)
    data = fields(client.get(path))
    assert len([name for name in data if name.startswith("belopp-")]) == 20
    assert client.post(path, data | {"belopp-55.kostnader": "-241 000"}).status_code == 302
    line = ForecastLine.objects.get(occasion__code="2024-04")
    assert (line.service.code, line.group.code, line.amount) == ("55", "kostnader", -241_000_000)  # type: ignore[union-attr]


def test_an_unknown_occasion_does_not_exist(alingsas: Town) -> None:
    assert login(alingsas, "controller").get(alingsas.url("ekonomi/prognos/2022-99/")).status_code == 404


# --- budget ---------------------------------------------------------------------------------------------------------


def test_a_redistribution_on_the_page(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/budget/ny/")
    data = fields(client.get(path))
    assert data["belopp-personal"] == "−717\u00a0534"
    data |= {"name": "Budget 2022, maj", "code": "maj", "applies_from": "2022-05-01", "decision": "VON § 40"}
    answer = client.post(
        path, data | {"belopp-personal": "-712 534", "belopp-lokaler": "-98 004"}, follow=True
    )
    assert "Kommunbidraget är oförändrat" in words(answer)
    version = BudgetVersion.objects.get(code="maj")
    assert version.lines.get(group__code="personal").amount == -712_534_000
    assert version.lines.count() == 7


def test_faults_of_a_budget_stand_at_the_fields(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/budget/ny/")
    data = {"name": "", "code": "maj", "applies_from": "2022-02-30", "decision": "", "belopp-lokaler": "x"}
    answer = client.post(path, data)
    assert answer.status_code == 400
    text = words(answer)
    for said in (
        "Skriv vad versionen heter",
        "datumet 2022-02-30 finns inte",
        "Skriv vilket beslut",
        "”x” är inte ett tal",
    ):
        assert said in text, said
    assert fields(answer)["belopp-lokaler"] == "x"
    taken = fields(client.get(path)) | {
        "name": "A",
        "code": "ursprunglig",
        "applies_from": "2022-01-01",
        "decision": "§",
    }
    answer = client.post(path, taken)
    assert answer.status_code == 400
    assert not BudgetVersion.objects.filter(name="A").exists()


# --- investments ----------------------------------------------------------------------------------------------------


def test_investments_are_changed_and_added_on_one_page(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/investeringar/2022-08/andra/")
    data = fields(client.get(path))
    beds = InvestmentLine.objects.get(occasion__code="2022-08", project="Sängar")
    assert data[f"budget-{beds.pk}"] == "750"
    data |= {
        f"forecast-{beds.pk}": "600",
        "projekt-ny1": "Larm",
        "kategori-ny1": str(beds.category_id),
        "budget-ny1": "12,5",
    }
    assert client.post(path, data).status_code == 302
    beds.refresh_from_db()
    assert (beds.forecast, beds.revision) == (600_000, 2)
    assert InvestmentLine.objects.get(occasion__code="2022-08", project="Larm").budget == 12_500
    assert InvestmentLine.objects.get(occasion__code="2022-08", project="Inventarier").revision == 1


def test_faults_of_investments_stand_at_their_rows(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/investeringar/2022-08/andra/")
    data = fields(client.get(path))
    beds = InvestmentLine.objects.get(occasion__code="2022-08", project="Sängar")
    answer = client.post(
        path, data | {f"forecast-{beds.pk}": "600", "projekt-ny1": "Larm", "budget-ny1": "tolv"}
    )
    assert answer.status_code == 400
    text = words(answer)
    assert "Välj kategori." in text and "”tolv” är inte ett tal" in text
    assert fields(answer)["projekt-ny1"] == "Larm"
    beds.refresh_from_db()
    assert beds.revision == 1


def test_the_second_saver_of_investments_is_told(alingsas: Town) -> None:
    client, path = login(alingsas, "controller"), alingsas.url("ekonomi/investeringar/2022-08/andra/")
    beds = InvestmentLine.objects.get(occasion__code="2022-08", project="Sängar")
    first, second = fields(client.get(path)), fields(client.get(path))
    assert client.post(path, first | {f"budget-{beds.pk}": "800"}).status_code == 302
    answer = client.post(path, second | {f"budget-{beds.pk}": "900"})
    assert answer.status_code == 409
    assert "budget 800" in words(answer)
    assert client.post(path, fields(answer)).status_code == 302
    beds.refresh_from_db()
    assert beds.budget == 900_000
