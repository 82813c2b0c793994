"""What people do with the economy: rights, causes, two savers at once, and what the trail remembers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.economy import services
from roder.economy.models import BudgetLine, BudgetVersion, ForecastLine, InvestmentLine
from roder.organisation.models import Unit
from roder.steering.models import InvestmentCategory
from tests.economy.real import Town

COST = Decimal("-90000000")


def save(
    town: Town, amount: Decimal = COST, cause: str = "", by: str = "controller", **more: object
) -> ForecastLine:
    """Save the forecast of the rents in August."""
    group, occasion = town.group("lokaler"), town.occasion("2022-08")
    return services.save_forecast_line(occasion, group, amount, cause, town.people[by], **more)  # type: ignore[arg-type]


def budget_for(town: Town, unit: Unit, amount: int) -> None:
    """Give a unit a budget for its rents in the version that applies in August."""
    version = services.budget_at(town.occasion("2022-08"))
    assert version is not None
    BudgetLine.objects.create(version=version, unit=unit, group=town.group("lokaler"), amount=amount)


# --- forecast -------------------------------------------------------------------------------------------------------


def test_a_cause_with_an_identity_number_is_refused_at_the_field(alingsas: Town) -> None:
    with pytest.raises(ValidationError) as told:
        save(alingsas, cause="Placeringen av 19121212-1212")
    assert "personnummer" in told.value.message_dict["cause"][0]
    assert not ForecastLine.objects.filter(occasion__code="2022-08").exists()


def test_a_forecast_is_saved_with_who_and_in_the_trail(alingsas: Town) -> None:
    line = save(alingsas, cause="Hyran höjs ")
    line.refresh_from_db()
    assert (line.amount, line.cause, line.registered_by) == (
        COST,
        "Hyran höjs",
        alingsas.people["controller"],
    )
    trail = AuditRecord.objects.get(deed="forecast_saved")
    assert trail.subject == f"economy.forecastline:{line.pk}"
    assert trail.detail == {"occasion": "2022-08", "group": "lokaler", "amount": "-90000000.00"}


@pytest.mark.parametrize(
    "role", ["member", "chair", "unit_manager", "head_administration", "auditor", "provider"]
)
def test_the_committees_forecast_takes_the_right_to_edit(alingsas: Town, role: str) -> None:
    with pytest.raises(NotAllowedError):
        save(alingsas, by=role)
    assert not ForecastLine.objects.filter(occasion__code="2022-08").exists()
    assert not AuditRecord.objects.exclude(deed="steering.model_loaded").exists()


def test_a_unit_manager_forecasts_the_own_unit_and_no_other(alingsas: Town) -> None:
    assert save(alingsas, by="unit_manager", unit=alingsas.unit).unit == alingsas.unit
    with pytest.raises(NotAllowedError):
        save(alingsas, by="unit_manager", unit=alingsas.other_unit)
    with pytest.raises(NotAllowedError):
        save(alingsas, by="member", unit=alingsas.unit)
    assert ForecastLine.objects.filter(occasion__code="2022-08").count() == 1


def test_a_units_worse_forecast_asks_for_its_cause_at_the_field(alingsas: Town) -> None:
    budget_for(alingsas, alingsas.unit, -80_000_000)
    with pytest.raises(ValidationError) as fault:
        save(alingsas, unit=alingsas.unit)
    assert list(fault.value.message_dict) == ["cause"]
    assert save(alingsas, cause="Ny hyresavgift", unit=alingsas.unit).pk
    assert save(alingsas, unit=alingsas.other_unit).pk, "without budget there is nothing to be worse than"


def test_words_of_another_committee_are_refused(alingsas: Town, oxelosund: Town) -> None:
    with pytest.raises(ValidationError) as fault:
        services.save_forecast_line(
            alingsas.occasion("2022-08"), oxelosund.group("kostnader"), COST, "", alingsas.people["controller"],
            unit=None, service=oxelosund.service("55"),
        )  # fmt: skip
    assert set(fault.value.message_dict) == {"group", "service"}


@pytest.mark.parametrize("amount", [Decimal(10) ** 15, Decimal("NaN"), Decimal("0.001")])
def test_amounts_that_do_not_fit_are_refused(alingsas: Town, amount: Decimal) -> None:
    with pytest.raises(ValidationError) as fault:
        save(alingsas, amount)
    assert list(fault.value.message_dict) == ["amount"]


def test_a_second_saver_is_told_and_sees_the_first(alingsas: Town) -> None:
    first = save(alingsas, cause="Först")
    with pytest.raises(StaleRecordError) as stale:
        save(alingsas, Decimal(-1), "Andra")
    assert stale.value.current.cause == "Först"  # type: ignore[attr-defined]
    second = save(alingsas, Decimal(-1), "Andra", expected_revision=first.revision)
    assert second.revision == first.revision + 1
    with pytest.raises(StaleRecordError):
        save(alingsas, Decimal(-2), "Tredje", expected_revision=first.revision)
    assert ForecastLine.objects.get(pk=first.pk).cause == "Andra"


def test_saving_the_same_again_changes_nothing(alingsas: Town) -> None:
    first = save(alingsas, cause="Samma")
    again = save(alingsas, cause="Samma", expected_revision=first.revision)
    assert again.revision == first.revision
    assert AuditRecord.objects.filter(deed="forecast_saved").count() == 1


def entry(town: Town, group: str, amount: Decimal | None, **more: object) -> services.ForecastEntry:
    """What was typed for a group."""
    values: dict[str, object] = {"cause": "", "revision": None, **more}
    return services.ForecastEntry(group, town.group(group), None, amount, **values)  # type: ignore[arg-type]


def test_all_rows_are_saved_or_none(alingsas: Town) -> None:
    occasion, by = alingsas.occasion("2022-08"), alingsas.people["controller"]
    typed = [
        entry(alingsas, "intakter", Decimal(1000)),
        entry(alingsas, "personal", None, cause="utan belopp"),
        entry(alingsas, "lokaler", Decimal(10) ** 15),
    ]
    with pytest.raises(services.EntryFaultsError) as found:
        services.save_forecast(occasion, typed, by)
    assert {key: list(faults) for key, faults in found.value.faults.items()} == {
        "personal": ["amount"],
        "lokaler": ["amount"],
    }
    assert not ForecastLine.objects.filter(occasion=occasion).exists()
    assert not AuditRecord.objects.filter(deed="forecast_saved").exists()


def test_an_emptied_field_takes_the_line_back_and_history_keeps_it(alingsas: Town) -> None:
    occasion, by = alingsas.occasion("2022-05"), alingsas.people["controller"]
    line = ForecastLine.objects.get(occasion=occasion, group__code="finansnetto")
    services.save_forecast(occasion, [entry(alingsas, "finansnetto", None, revision=line.revision)], by)
    assert not ForecastLine.objects.filter(pk=line.pk).exists()
    assert AuditRecord.objects.get(deed="forecast_removed").detail["amount"] == "0.00"
    events = ForecastLine.pgh_event_model.objects.filter(pgh_obj_id=line.pk)  # type: ignore[attr-defined]
    assert "delete" in events.order_by("pgh_id").last().pgh_label


def test_the_committees_figure_is_its_units_and_the_adjustment(alingsas: Town) -> None:
    from roder.figures import At, LiveSource, compute

    save(alingsas, Decimal(-60), unit=alingsas.unit)
    save(alingsas, Decimal(-40), unit=alingsas.other_unit)
    save(alingsas, Decimal(10))
    with LiveSource(alingsas.committee) as source:
        found = compute("ekonomi.drift.prognos", source, At.of(alingsas.occasion("2022-08"))).get(
            rad="lokaler"
        )
    assert found is not None and found.value == -90


# --- budget ---------------------------------------------------------------------------------------------------------


def adopt(town: Town, changes: dict[str, int], by: str = "controller", **more: object) -> services.Adopted:
    """Redistribute the budget of 2022 in May: the amounts of March with changes in kronor."""
    before = services.version_in_force(town.committee, 2022, date(2022, 12, 31))
    assert before is not None
    amounts = services.amounts_of(before)
    for code, change in changes.items():
        key = (None, None, town.group(code).pk)
        amounts[key] += change
    told = {
        "code": "maj",
        "name": "Budget maj",
        "applies_from": date(2022, 5, 1),
        "decision": "VON § 40",
        **more,
    }
    return services.adopt_budget(town.committee, 2022, amounts, town.people[by], **told)  # type: ignore[arg-type]


def test_the_version_in_force_is_the_one_that_the_follow_up_prints(alingsas: Town) -> None:
    codes = {
        code: services.budget_at(alingsas.occasion(code)) for code in ("2022-plan", "2022-03", "2022-05")
    }
    assert {code: one and one.code for code, one in codes.items()} == {
        "2022-plan": "ursprunglig",
        "2022-03": "omfordelad mars",
        "2022-05": "omfordelad mars",
    }


def test_a_redistribution_is_a_new_version_and_says_the_frame_is_the_same(alingsas: Town) -> None:
    adopted = adopt(alingsas, {"personal": 5_000_000, "lokaler": -5_000_000})
    assert adopted.remarks == (
        "Kommunbidraget är oförändrat mot Budget 2022, omfördelad mellan kontogrupper.",
    )
    assert adopted.version.lines.get(group__code="lokaler").amount == -98_004_000
    assert services.budget_at(alingsas.occasion("2022-05")) == adopted.version
    march = services.budget_at(alingsas.occasion("2022-03"))
    assert march is not None and march.code == "omfordelad mars", "what was printed in March stays"
    assert AuditRecord.objects.get(deed="budget_adopted").detail["decision"] == "VON § 40"


def test_another_frame_and_another_sum_are_said(alingsas: Town) -> None:
    remarks = adopt(alingsas, {"kommunbidrag": 2_000_000}).remarks
    assert "+2\u00a0000\u00a0tkr" in remarks[0] and "fullmäktige" in remarks[0]
    assert "mer än en omfördelning" in remarks[1]


def test_a_budget_needs_its_decision_and_the_right(alingsas: Town) -> None:
    with pytest.raises(ValidationError) as fault:
        adopt(alingsas, {}, decision="  ")
    assert list(fault.value.message_dict) == ["decision"]
    with pytest.raises(ValidationError):
        adopt(alingsas, {}, code="ursprunglig")
    with pytest.raises(NotAllowedError):
        adopt(alingsas, {}, by="head_administration")
    assert BudgetVersion.objects.filter(committee=alingsas.committee, year=2022).count() == 2


# --- investments ----------------------------------------------------------------------------------------------------


def invest(town: Town, by: str = "controller", **more: object) -> InvestmentLine:
    """Save the beds at the interim report."""
    category = InvestmentCategory.objects.get(committee=town.committee, code="reinvestering")
    told: dict[str, object] = {
        "project": "Larm",
        "amounts": services.InvestmentAmounts(Decimal(5), None),
        **more,
    }
    return services.save_investment_line(
        town.occasion("2022-08"),
        2022,
        category,
        told.pop("project"),
        told.pop("amounts"),
        town.people[by],
        **told,  # type: ignore[arg-type]
    )


def test_a_project_is_added_changed_and_held_against_a_second_saver(alingsas: Town) -> None:
    line = invest(alingsas)
    assert (line.budget, line.forecast) == (5, None)
    changed = invest(
        alingsas, amounts=services.InvestmentAmounts(Decimal(6)), expected_revision=line.revision
    )
    assert changed.budget == 6
    with pytest.raises(StaleRecordError):
        invest(alingsas, amounts=services.InvestmentAmounts(Decimal(7)), expected_revision=line.revision)


def test_a_project_needs_a_name_an_amount_and_the_right(alingsas: Town) -> None:
    with pytest.raises(ValidationError) as fault:
        invest(alingsas, project=" ")
    assert list(fault.value.message_dict) == ["project"]
    with pytest.raises(ValidationError) as fault:
        invest(alingsas, amounts=services.InvestmentAmounts())
    assert list(fault.value.message_dict) == ["budget"]
    with pytest.raises(NotAllowedError):
        invest(alingsas, by="unit_manager")
