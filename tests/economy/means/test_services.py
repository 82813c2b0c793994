"""The result fund and volume forecasts: what is refused, what is kept, and that the deed is in the trail."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.economy.models import FundEntry, VolumeLine
from roder.economy.services.funds import add_fund_entry, fund_balance, may_carry
from roder.economy.services.volumes import save_volume_forecast
from roder.steering.models import Support
from tests.economy.real import Town

DAY = date(2022, 4, 5)


def entered(town: Town, kind: str, amount: int, year: int = 2021, role: str = "controller") -> FundEntry:
    return add_fund_entry(
        town.committee, kind, Decimal(amount), town.people[role], year=year, decided_on=DAY, decision="KF § 9"
    )


def test_a_result_is_carried_once_and_no_more_is_used_than_there_is(town: Town) -> None:
    assert may_carry(town.committee, 2021)
    entered(town, "carried", 5_000_000)
    assert not may_carry(town.committee, 2021)
    with pytest.raises(ValidationError) as twice:
        entered(town, "carried", 1)
    assert "redan fört" in twice.value.message_dict["year"][0]
    with pytest.raises(ValidationError) as much:
        entered(town, "used", -6_000_000, 2022)
    assert "saldot är 5 000 tkr" in much.value.message_dict["amount"][0].replace("\u00a0", " ")
    entered(town, "used", -2_000_000, 2022)
    assert fund_balance(town.committee) == 3_000_000
    assert fund_balance(town.committee, date(2022, 4, 4)) == 0
    assert AuditRecord.objects.filter(deed="fund.entered").count() == 2


def test_every_fault_is_told_at_its_field_and_nothing_is_kept(town: Town) -> None:
    with pytest.raises(ValidationError) as found:
        add_fund_entry(
            town.committee, "used", Decimal("0.001"), town.people["controller"], year=2022, decided_on=DAY,
            decision=" ",
        )  # fmt: skip
    assert set(found.value.message_dict) == {"amount", "decision"}
    with pytest.raises(NotAllowedError):
        entered(town, "carried", 1, role="unit_manager")
    assert not FundEntry.objects.exists()


def measured(town: Town, day: date, **runs: tuple[int, int]) -> Support:
    support = Support.objects.get(committee=town.committee, code="hemtjanst")
    for run, (count, hours) in runs.items():
        VolumeLine.objects.create(
            committee=town.committee, support=support, measured_on=day, run=run, count=count, hours=hours
        )
    return support


def test_a_volume_forecast_is_split_as_the_reference_month_and_replaces_the_one_before(town: Town) -> None:
    """Hemtjänst, November 2021: 494 own and 215 external; printed forecast 502 and 218."""
    november, december = date(2021, 11, 30), date(2022, 12, 31)
    support = measured(town, november, egen=(494, 24_791), extern=(215, 9_626))
    by = town.people["controller"]
    measured_in_part = measured(town, date(2021, 1, 31), egen=(511, 23_246))
    save_volume_forecast(
        town.committee, measured_in_part, december, by, reference=date(2021, 1, 31), count=Decimal(700)
    )
    saved = save_volume_forecast(
        town.committee, support, december, by, reference=november, count=Decimal(720), hours=Decimal(35_000)
    )
    assert {one.run: (one.count, one.hours) for one in saved} == {
        "egen": (502, 25_211),
        "extern": (218, 9_789),
    }
    assert VolumeLine.objects.filter(is_forecast=True).count() == 2
    with pytest.raises(ValidationError) as none:
        save_volume_forecast(town.committee, support, november, by, reference=november)
    assert set(none.value.message_dict) == {"day", "count"}
    with pytest.raises(ValidationError) as empty:
        save_volume_forecast(
            town.committee, support, december, by, reference=date(2020, 1, 31), count=Decimal(7)
        )
    assert "Referensmånaden" in empty.value.message_dict["count"][0]
    with pytest.raises(NotAllowedError):
        save_volume_forecast(
            town.committee, support, december, town.people["auditor"], reference=november, count=Decimal(7)
        )
