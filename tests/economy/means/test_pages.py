"""The pages of means: what they show, where bad input is told, and who may."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from roder.economy.models import (
    Allocation,
    BudgetLine,
    FundEntry,
    PrepaidIncome,
    StaffMove,
    UnitCost,
    VolumeLine,
)
from roder.registers.models import StateGrant
from roder.steering.models import Support
from tests.economy.conftest import login
from tests.economy.real import Town
from tests.economy.test_pages import text_of

NBSP = "\u00a0"
PAGES = ("ekonomi/forutbetalda", "statsbidrag/belopp", "ekonomi/resursfordelning", "ekonomi/resultatfond")


def fill(town: Town) -> None:
    """A row of each kind, at the year end of 2022."""
    annual = town.occasion("2022-12")
    PrepaidIncome.objects.create(
        occasion=annual, project="Bidrag till teknik", budget=1_000_000, outcome=900_000
    )
    StateGrant.objects.create(
        committee=town.committee, year=2022, name="God vård", authority="Socialstyrelsen", state="granted",
        applied_on=date(2022, 2, 1), sought=53_900_000, granted=50_000_000, used=20_000_000,
    )  # fmt: skip
    support = Support.objects.get(committee=town.committee, code="hemtjanst")
    cost = UnitCost.objects.create(
        committee=town.committee, year=2022, support=support, run="egen", amount=198_000
    )
    Allocation.objects.create(
        committee=town.committee, year=2022, cost=cost, volume_before=494, volume_planned=502
    )
    FundEntry.objects.create(
        committee=town.committee, year=2021, kind="carried", amount=6_264_000, decided_on=date(2022, 3, 30),
        decision="KF § 41",
    )  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_page_says_what_comes_and_how_to_begin(town: Town, page: str) -> None:
    answer = login(town, "controller").get(town.url(f"{page}/"))
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


def test_each_page_shows_its_table_and_as_a_file(town: Town) -> None:
    fill(town)
    client = login(town, "controller")
    expected = {
        "ekonomi/forutbetalda": ("Totala inkomster", "1\xa0000", "900", "−100"),
        "statsbidrag/belopp": ("53,9 mkr", "53\xa0900", "30\xa0000"),
        "ekonomi/resursfordelning": ("+1\xa0584", "198\xa0000", "1,6 mkr"),
        "ekonomi/resultatfond": ("6\xa0264", "KF § 41", "Resultat som förts över"),
    }
    for page, words in expected.items():
        address = town.url(f"{page}/?tillfalle=2022-12")
        text = text_of(client.get(address)).replace(NBSP, " ")
        for word in words:
            assert word.replace(NBSP, " ") in text, (page, word)
        file = client.get(f"{address}&format=xlsx")
        assert file.headers["Content-Disposition"].endswith('2022-12.xlsx"')
    assert login(town, "care_staff").get(town.url("ekonomi/resultatfond/")).status_code == 403


def test_the_frame_stands_beside_the_allocation(alingsas: Town) -> None:
    fill(alingsas)
    text = text_of(login(alingsas, "member").get(alingsas.url("ekonomi/resursfordelning/")))
    assert BudgetLine.objects.filter(group__code="kommunbidrag").exists()
    assert "Kommunbidraget i" in text


def test_a_decision_about_the_fund_by_form(town: Town) -> None:
    client, address = login(town, "controller"), town.url("ekonomi/resultatfond/nytt-beslut/")
    assert 'value="2021"' in client.get(address).content.decode()  # last year's result is proposed
    typed = {
        "kind": "used",
        "year": "2022",
        "amount": "-50 000",
        "decided_on": "2022-04-05",
        "decision": "VON § 3",
    }
    refused = client.post(address, typed)
    assert refused.status_code == 400
    assert "Fonden räcker inte" in refused.content.decode() and "VON § 3" in refused.content.decode()
    done = client.post(address, {**typed, "kind": "carried", "year": "2021", "amount": "1 250 000,50"})
    assert done.status_code == 302
    assert str(FundEntry.objects.get().amount) == "1250000.50"
    assert login(town, "member").get(address).status_code == 403


def test_a_wrong_amount_is_corrected_but_never_past_what_there_is(town: Town) -> None:
    fill(town)
    used = FundEntry.objects.create(
        committee=town.committee,
        year=2022,
        kind="used",
        amount=-1_000,
        decided_on=date(2022, 5, 1),
        decision="§ 2",
    )
    client = login(town, "controller")
    address = reverse("economy:fondbeslut-edit", args=[town.committee.slug, 2022, used.pk])
    typed = {"year": "2022", "decided_on": "2022-05-01", "decision": "§ 2", "revision": "1"}
    assert "Fonden räcker inte" in client.post(address, {**typed, "amount": "-9 000 000"}).content.decode()
    assert client.post(address, {**typed, "amount": "-2 000"}).status_code == 302
    used.refresh_from_db()
    assert used.amount == -2_000


def test_a_volume_forecast_by_form(town: Town) -> None:
    support = Support.objects.get(committee=town.committee, code="hemtjanst")
    for run, count in (("egen", 494), ("extern", 215)):
        VolumeLine.objects.create(
            committee=town.committee, support=support, measured_on=date(2021, 11, 30), run=run, count=count
        )
    client, address = login(town, "controller"), town.url("ekonomi/volymer/prognos/")
    typed = {"support": support.pk, "day": "2022-12-31", "reference": "2021-11-30", "count": "720"}
    assert "fördelad: egen regi 502" in text_of(client.post(address, typed, follow=True))
    wrong = client.post(address, {**typed, "count": "720,5"})
    assert wrong.status_code == 400 and "med högst 0 decimaler" in wrong.content.decode()
    assert client.post(address, {**typed, "reference": "1999-01-01"}).status_code == 400


def test_an_allocation_takes_a_cost_of_its_own_year(town: Town) -> None:
    fill(town)
    support = Support.objects.get(committee=town.committee, code="hemtjanst")
    other = UnitCost.objects.create(
        committee=town.committee, year=2021, support=support, run="extern", amount=1
    )
    client = login(town, "controller")
    typed = {"cost": other.pk, "volume_before": "10", "volume_planned": "-1"}
    address = reverse("economy:volymplan-new", args=[town.committee.slug, 2022])
    page = client.post(address, typed)
    text = page.content.decode()
    assert "negativ" in text
    page = client.post(address, {**typed, "volume_planned": "12"})
    assert "Välj ett pris för samma år" in page.content.decode()
    assert Allocation.objects.count() == 1


def test_the_staff_page_has_those_who_came_and_went(alingsas: Town) -> None:
    for kind, reason, count in (("hired", "utokning", 18), ("left", "pension", 31)):
        StaffMove.objects.create(
            committee=alingsas.committee, kind=kind, reason=reason, count=count,
            period_start=date(2022, 1, 1), period_end=date(2022, 9, 1),
        )  # fmt: skip
    text = text_of(login(alingsas, "member").get(alingsas.url("ekonomi/personal/?tillfalle=2022-08")))
    assert "Slutade, pension" in text and "31" in text
