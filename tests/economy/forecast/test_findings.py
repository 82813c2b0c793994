"""What comments say is held against the computed variance and change; a deficit without plan locks no report.

The figures and the mismatches are those of the committee's own reports of 2022; the sentences are ours.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from roder import tasks
from roder.economy.models import ForecastLine
from roder.economy.services import recovery
from roder.economy.services.committee_forecast import committee_sum
from roder.figures import At, LiveSource, compute
from roder.meetings.models import Case, Document
from roder.meetings.services import cases
from roder.meetings.services.letters import made_from
from roder.reports.build import Finding, FindingKind
from roder.reports.claims import contradicts, nothing_new
from roder.reports.document import Number, Table
from roder.reports.models import Report
from roder.reports.services import (
    CannotLockError,
    NotAcknowledgedError,
    check,
    document_of,
    lock,
    open_draft,
    save_comment,
)
from tests.economy.forecast.conftest import World
from tests.economy.real import Town

KIND = {"2022-04": "fordjupad-manadsuppfoljning", "2022-05": "manadsuppfoljning", "2022-08": "delarsbokslut"}
GROUPS = ("intakter", "personal", "lokaler", "kop_tjanster", "ovriga")


def draft(town: Town, code: str, **comments: str) -> Report:
    """A draft with comments on how the forecast has changed, by account group."""
    by = town.people["controller"]
    report = open_draft(town.occasion(code), KIND[code], by)
    for subject, text in comments.items():
        save_comment(report, "prognosforandring", subject, text, by)
    return report


def about_texts(report: Report) -> dict[str, Finding]:
    """What the texts say against the numbers, by subject."""
    kinds = (FindingKind.NUMBER, FindingKind.DIRECTION, FindingKind.UNCHANGED)
    return {one.subject: one for one in check(report) if one.kind in kinds}


def mkr(amount: Decimal | None) -> str:
    return "iu." if amount is None else f"{amount / 1_000_000:.1f}"


def change(town: Town, code: str) -> list[str]:
    with LiveSource(town.committee) as source:
        found = compute("ekonomi.drift.prognosforandring", source, At.of(town.occasion(code)))
    values = {row.key["rad"]: row.value for row in found.rows}
    return [mkr(values[group]) for group in GROUPS]


def test_aprils_variances_and_how_they_moved_from_march_and_to_may(alingsas: Town) -> None:
    april = committee_sum(alingsas.occasion("2022-04"))
    assert [mkr(april.variance_of(group)) for group in GROUPS] == ["22.2", "-9.6", "-0.8", "-4.4", "-7.4"]
    assert mkr(april.variance) == "0.0"
    assert change(alingsas, "2022-04") == ["-0.5", "-2.7", "-0.8", "6.7", "-2.8"]
    assert [mkr(april.change_of(group)) for group in GROUPS] == change(alingsas, "2022-04")
    assert change(alingsas, "2022-05") == ["4.8", "12.9", "-0.0", "-4.3", "-3.4"]
    assert change(alingsas, "2022-08") == ["6.8", "3.7", "-0.3", "-2.5", "-7.7"]  # against April, not May
    august = committee_sum(alingsas.occasion("2022-08"))
    assert [mkr(august.variance_of(group)) for group in GROUPS] == ["29.0", "-5.9", "-1.1", "-6.9", "-15.1"]
    assert [mkr(august.change_of(group)) for group in GROUPS] == change(alingsas, "2022-08")


def test_aprils_four_millions_are_listed_against_the_computed_change(alingsas: Town) -> None:
    found = about_texts(
        draft(
            alingsas, "2022-04",
            intakter="Inga större förändringar sedan mars.",
            personal="Kostnaderna väntas bli 2,7 mkr högre än i mars.",
            lokaler="Hyrorna väntas bli 4,0 mkr högre.",
            kop_tjanster="Köpen väntas bli 6,7 mkr lägre än i mars.",
            ovriga="Kostnaderna ökar med 2,8 mkr.",
        )
    )  # fmt: skip
    assert set(found) == {"lokaler"}
    assert found["lokaler"].excerpt == "4,0 mkr"
    assert found["lokaler"].nearest[0].text.replace("\u00a0", " ") == "−0,8 mkr"
    assert found["lokaler"].must_be_acknowledged


def test_mays_mismatches_are_listed(alingsas: Town) -> None:
    found = about_texts(
        draft(
            alingsas, "2022-05",
            intakter="Statsbidragen ökar med 4,7 mkr.",
            personal="Kostnaderna väntas bli 12,3 mkr lägre.",
            lokaler="Prognosen är oförändrad.",
            kop_tjanster="Köpen väntas bli 4,2 mkr dyrare.",
            ovriga="Kostnaderna väntas bli 3,4 mkr högre.",
        )
    )  # fmt: skip
    assert {subject: one.excerpt for subject, one in found.items()} == {
        "intakter": "4,7 mkr", "personal": "12,3 mkr", "kop_tjanster": "4,2 mkr",
    }  # fmt: skip
    nearest = {subject: one.nearest[0].text.replace("\u00a0", " ") for subject, one in found.items()}
    assert nearest == {"intakter": "+4,8 mkr", "personal": "+12,9 mkr", "kop_tjanster": "−4,3 mkr"}


def test_augusts_unchanged_forecasts_have_changed(alingsas: Town) -> None:
    same = "Ingen förändring mot prognosen i april."
    found = about_texts(
        draft(
            alingsas, "2022-08",
            intakter="Intäkterna ökar med 6,8 mkr.", personal=same, lokaler=same, kop_tjanster=same,
            ovriga="Kostnaderna ökar med 7,7 mkr.",
        )
    )  # fmt: skip
    assert {subject: one.kind for subject, one in found.items()} == dict.fromkeys(
        ("personal", "lokaler", "kop_tjanster"), FindingKind.UNCHANGED
    )
    assert found["personal"].message.replace("\u00a0", " ") == (
        "”Ingen förändring” stämmer inte: prognosförändring, Personalkostnader, är +3,7 mkr"
    )


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Ingen förändring mot aprilprognosen.", [("Ingen förändring", "change")]),
        ("Prognosen är oförändrad.", [("Prognosen är oförändrad", "change")]),
        ("Ingen avvikelse väntas.", [("Ingen avvikelse", "variance")]),
        (
            "Inga avvikelser och inga ändringar.",
            [("Inga avvikelser", "variance"), ("inga ändringar", "change")],
        ),
        ("Inga större förändringar.", []),
        ("Ingen nämnvärd avvikelse.", []),
        ("Nästan oförändrad.", []),
        ("Stora förändringar väntas.", []),
        ("", []),
    ],
)
def test_claims_that_nothing_is_new(text: str, claims: list[tuple[str, str]]) -> None:
    assert [(one.text, one.about) for one in nothing_new(text)] == claims
    assert all(text[one.start : one.end].strip() == one.text for one in nothing_new(text))


def test_what_prints_as_nothing_contradicts_nothing() -> None:
    assert not contradicts(Decimal(-22_000))
    assert not contradicts(None)
    assert contradicts(Decimal(-822_000))


# --- the gate ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def deficit(alingsas: Town, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Town:
    """May's real forecast, but with fifteen millions more of staff: five worse than the budget."""
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path))
    line = ForecastLine.objects.get(occasion=alingsas.occasion("2022-05"), group__code="personal")
    line.amount -= 15_000_000
    line.save()
    return alingsas


def test_a_report_with_a_deficit_is_locked_only_with_a_decided_plan(deficit: Town) -> None:
    by, occasion = deficit.people["controller"], deficit.occasion("2022-05")
    report = draft(deficit, "2022-05")
    with pytest.raises(CannotLockError) as refused:
        lock(report, by, {one.mark for one in check(report)})
    said = str(refused.value).replace("\u00a0", " ")
    assert "Prognosen för årets resultat är 5 000 tkr sämre än budgeten" in said
    assert "Handlingsprogram" in said
    plan = recovery.open_plan(occasion, by)
    recovery.save_plan(plan, by, cause="Fler vikarier", expected_revision=plan.revision)
    recovery.add_measure(
        plan, by, what="Vakanshålla tjänster", owner=tasks.Owner("head_administration", committee=deficit.committee),
        due=date(2022, 10, 31), amount=Decimal(5_000_000),
    )  # fmt: skip
    plan.refresh_from_db()
    recovery.decide_plan(plan, by, on=date(2022, 6, 20), decision="§ 50", expected_revision=plan.revision)
    assert not [one for one in check(report) if one.blocks]
    locked = lock(report, by, {one.mark for one in check(report)})
    assert locked.state == Report.State.LOCKED
    tables = [block for block in document_of(locked).blocks if isinstance(block, Table)]
    (told,) = [table for table in tables if table.anchor == "handlingsprogram"]
    assert [row.cells["vad"] for row in told.rows] == ["Vakanshålla tjänster", "Åtgärderna tillsammans"]
    assert [cell.text for row in told.rows if isinstance(cell := row.cells["vantad"], Number)] == [
        "5\u00a0000"
    ] * 2
    assert "täcka hela underskottet" in told.notes[0]


def test_units_without_forecast_are_told_before_the_report_is_locked(world: World) -> None:
    world.forecast("2022-05", world.unit, intakter=1000, personal=-8000, ovriga=-2000)
    report = open_draft(world.occasion("2022-05"), "manadsuppfoljning", world.people["controller"])
    (found,) = [one for one in check(report) if one.kind is FindingKind.UNITS_MISSING]
    assert "Södra enheten har inte lämnat hela sin" in found.message
    assert "Norra" not in found.message
    with pytest.raises(NotAcknowledgedError, match="Södra enheten"):
        lock(report, world.people["controller"])


def test_a_case_with_the_reports_deficit_waits_for_the_plan(deficit: Town) -> None:
    secretary = deficit.people["secretary"]
    case = cases.register_case(
        deficit.committee, "Månadsuppföljning maj", kind=Case.Kind.values[0], by=secretary
    )
    document = Document.objects.create(
        committee=deficit.committee,
        case=case,
        number=1,
        kind="report",
        title="Rapport",
        dated_on=date(2022, 6, 1),
    )
    assert cases.why_not_decided(case, secretary) == ""
    report = draft(deficit, "2022-05")
    made_from(document, report)
    assert "5 000 tkr sämre än budgeten" in cases.why_not_decided(case, secretary).replace("\u00a0", " ")
    ForecastLine.objects.filter(occasion=report.occasion, group__code="intakter").update(amount=237_100_000)
    assert cases.why_not_decided(case, secretary) == ""
