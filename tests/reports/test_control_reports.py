"""The reports of risk and control: the plan, its follow-up, critical factors and the answer to auditors."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from roder.control.models import (
    Audit,
    ControlRound,
    ControlSample,
    CriticalFactor,
    Evidence,
    FactorMeasure,
    PlanReview,
    PointReview,
    Recommendation,
    RiskAnalysis,
    SampleFrame,
    SampleItem,
)
from roder.figures import At, LiveSource
from roder.measures.models import Measure, MeasureValue, Target
from roder.reports.build import Assembly, assemble, values_of
from roder.reports.demo import reports_to_make
from roder.reports.document import Chart, Paragraph, cell_text, inline_text, numbers, tables
from roder.reports.gather import gather
from roder.reports.kinds import report_class
from roder.steering.models import Occasion
from tests.control.conftest import room as room  # noqa: PLC0414 - the fixture
from tests.control.world import DEPARTING, Room


@pytest.fixture
def planned(room: Room) -> Occasion:
    """The occasion where 2022 is planned."""
    return Occasion.objects.create(
        committee=room.committee, model=room.model, year=2022, code="2022-plan", kind="plan", name="Budget 2022",
        cut_off=date(2021, 12, 31),
    )  # fmt: skip


def made(occasion: Occasion, kind: str) -> Assembly:
    """A report on the live database."""
    found = Occasion.objects.select_related("committee__municipality", "model").get(pk=occasion.pk)
    at = At.of(found)
    with LiveSource(found.committee) as live:
        return assemble(kind, values_of(live, at), {}, gather(found, live, at))


def table(found: Assembly, caption: str) -> list[dict[str, str]]:
    """A table as the rows of its texts."""
    one = next(table for table in tables(found.document) if table.caption.startswith(caption))
    columns = {column.key: column for column in one.columns}
    return [{key: cell_text(cell, columns[key]) for key, cell in row.cells.items()} for row in one.rows]


def text(found: Assembly) -> str:
    """All running text."""
    return " ".join(inline_text(one.inlines) for one in found.document.blocks if isinstance(one, Paragraph))


def test_the_plan_lists_risks_departures_and_controls(room: Room, planned: Occasion) -> None:
    room.risks["2"].__class__.objects.filter(pk=room.risks["2"].pk).update(previous_value=6)
    room.risks["16"].__class__.objects.filter(pk=room.risks["16"].pk).update(
        state="retired", retired_reason="Löst", likelihood=None, impact=None
    )
    found = made(planned, "internkontrollplan")
    risks = {row["nr"]: row for row in table(found, "Risker 2022")}
    assert risks["2"] | {"hantering": ""} == {
        "nr": "2", "omrade": "Styrning", "risk": "Brister i brandskyddsarbetet", "fore": "6",
        "rorelse": "↑\u00a0upp från 6", "sannolikhet": "3", "konsekvens": "4", "varde": "12", "hantering": "",
    }  # fmt: skip
    assert (risks["16"]["varde"], risks["16"]["hantering"]) == ("–", "Utgår: Löst")
    assert tuple(row["nr"] for row in table(found, "Avsteg")) == DEPARTING
    assert all(row["skal"] == "Skäl saknas" for row in table(found, "Avsteg"))
    plan = table(found, "Internkontrollplan 2022")
    assert [row["moment"] for row in plan] == [one.what for one in room.controls]
    assert (plan[0]["konsekvens"], plan[0]["sannolikhet"], plan[0]["varde"]) == ("2", "4", "8")
    assert plan[1]["omfattning"] == "10\u00a0%"
    chart = next(one for one in found.document.blocks if isinstance(one, Chart))
    assert chart.title == "Risk 2 och 11 har högst riskvärde, 12 av 16 möjliga"
    assert "antagen 2021-12-17, § 84" in text(found)
    assert all(one.ref is not None for one in numbers(found.document) if one.value is not None)
    assert found.report.file_name(2022, "2022-plan", "plan") == "internkontrollplan-2022"


def test_retired_risks_print_what_the_scale_says(room: Room, planned: Occasion) -> None:
    RiskAnalysis.objects.filter(pk=room.analysis.pk).update(scale=room.scale5)
    room.risks["1"].__class__.objects.filter(pk=room.risks["1"].pk).update(
        scale=room.scale5,
        state="retired",
        retired_reason="Borta",
        likelihood=None,
        impact=None,
        previous_value=12,
    )
    found = made(planned, "internkontrollplan")
    row = next(row for row in table(found, "Risker 2022") if row["nr"] == "1")
    assert (row["fore"], row["sannolikhet"], row["konsekvens"], row["varde"]) == ("12", "0", "0", "0")
    assert any(row["nr"] == "2*" for row in table(found, "Risker 2022"))  # still scored by the old scale


def _follow(room: Room) -> None:
    PointReview.objects.create(
        committee=room.committee, point=room.points[0], occasion=room.interim, outcome="without", result="Allt finns",
    )  # fmt: skip
    PointReview.objects.create(
        committee=room.committee, point=room.points[1], occasion=room.interim, outcome="with", assumed=True,
        assumed_reason="Källan säger inte vilken.", result="Brister", action="Rutin",
    )  # fmt: skip
    held = ControlRound.objects.create(
        committee=room.committee, control=room.controls[1], occasion=room.interim, number=1, due_on=date(2022, 8, 31),
        state="done", done_at=datetime(2022, 6, 1, tzinfo=UTC), result="6 avvek", checked=4, deviating=1,
    )  # fmt: skip
    frame = SampleFrame.objects.create(
        round=held, name="Beslut SoL", source="fil", refs=[f"B-{n}" for n in range(40)], sha256="a" * 64
    )
    sample = ControlSample.objects.create(frame=frame, seed="frö", size=4, rule={})
    for place in range(4):
        SampleItem.objects.create(
            sample=sample, position=place + 1, reference=f"B-{place}", deviates=place == 0,
            checked_at=datetime(2022, 6, 1, tzinfo=UTC),
        )  # fmt: skip


def test_the_follow_up_counts_tells_and_concludes(room: Room) -> None:
    assert "internkontroll" not in {one.slug for one in reports_to_make(room.interim, {})}
    _follow(room)
    PlanReview.objects.create(
        committee=room.committee, plan=room.plan, occasion=room.interim, conclusion="mostly", reasons="Två av två.",
        concluded_on=date(2022, 9, 27),
    )  # fmt: skip
    found = made(room.interim, "internkontroll")
    said = text(found)
    assert "2 av 2 kontrollpunkter är uppföljda: 1 utan anmärkning" in said
    assert "Den interna kontrollen är i huvudsak tillräcklig" in said and "Två av två." in said
    rows = table(found, "Uppföljning av internkontrollplan")
    assert rows[0]["vad"].startswith("1. Styrande") and "utan anmärkning" in rows[1]["bedomning"]
    assert "(antagen)" in rows[3]["bedomning"] and "Brister" in rows[3]["resultat"]
    assert table(found, "Stickprov") == [
        {"prov": "2. Beslut SoL", "ram": "40", "urval": "4", "granskade": "4", "brister": "1", "andel": "25"}
    ]
    assert found.report.file_name(2022, "2022-08", "interim") == "internkontroll-delar-2022"
    assert {one.slug for one in reports_to_make(room.interim, {})} == {"internkontroll"}


def test_the_interim_report_has_the_parts_that_its_model_asks_for(room: Room) -> None:
    chapters = made(room.interim, "delarsbokslut").chapters
    assert "Uppföljning av internkontroll" in chapters and "Riskanalys" in chapters
    assert "Kritiska verksamhetsfaktorer" not in chapters  # there are none: no empty chapter
    Occasion.objects.filter(pk=room.interim.pk).update(year=2030)
    chapters = made(room.interim, "delarsbokslut").chapters
    assert not {"Uppföljning av internkontroll", "Riskanalys", "Omedelbara åtgärder"} & set(chapters)


def test_critical_factors_by_perspective(room: Room) -> None:
    factor = CriticalFactor.objects.create(
        committee=room.committee, year=2022, perspective="ekonomi", title="Kostnaden är rimlig"
    )
    measure = Measure.objects.create(
        committee=room.committee, code="N1", title="Kostnad per brukare", unit="kr", decimals=0
    )
    FactorMeasure.objects.create(
        factor=factor, measure=measure, number=1, times_a_year=1, reported_in=["Månadsuppföljning"]
    )
    MeasureValue.objects.create(
        measure=measure, period_start=date(2020, 1, 1), period_end=date(2021, 1, 1), value=Decimal(700354),
        source="Kolada", status="final",
    )  # fmt: skip
    Target.objects.create(measure=measure, year=2022, operator="<=", value=Decimal(600000))
    found = made(room.interim, "kvf-uppfoljning")
    row = table(found, "Kritiska verksamhetsfaktorer")[1]
    assert row["utfall"] == "700\u00a0354\u00a0kr (2020)"
    assert (row["ganger"], row["redovisas"]) == ("1", "Månadsuppföljning")
    assert row["bedomning"].endswith("Når inte målvärdet")


def test_the_answer_to_auditors(room: Room) -> None:
    audit = Audit.objects.create(
        committee=room.committee, year=2022, title="Grundläggande granskning", auditor="Revisorerna",
        question="Är kontrollen tillräcklig?", judgement="partly",
    )  # fmt: skip
    Evidence.objects.create(
        committee=room.committee,
        subject_kind="control.audit",
        subject_id=audit.pk,
        document="Protokoll",
        page="3",
    )
    values: dict[str, Any] = {"committee": room.committee, "audit": audit}
    Recommendation.objects.create(number=1, text="Skriv skäl", **values)
    Recommendation.objects.create(
        number=2, text="Följ upp", state="accepted", answer="Görs i höst", responsible="Chef", due_on=date(2022, 6, 1),
        **values,
    )  # fmt: skip
    found = made(room.interim, "svar-till-revisionen")
    assert "Är kontrollen tillräcklig?" in text(found) and "Delvis" in text(found)
    assert "Av 2 rekommendationer" in text(found) and "1 skulle ha varit klar." in text(found)
    rows = table(found, "Rekommendationer")
    assert rows[1]["lage"].endswith("Försenad sedan 2022-06-01") and rows[1]["vem"] == "Chef"


def test_a_number_without_key_opens_to_its_rows(room: Room) -> None:
    _follow(room)
    address = reverse("figures:figure", args=[room.committee.slug, 2022, "kontroll.uppfoljda"])
    page = room.client("quality_strategist").get(address, {"tillfalle": "2022-08"}).content.decode()
    assert "Raderna bakom" in page and "med anmärkning" in page
    assert reverse("control:point", args=[room.committee.slug, 2022, room.points[0].pk]) in page


def test_files_are_named_by_occasion() -> None:
    assert report_class("kvf_uppfoljning").file_name(2022, "2022-12", "annual") == "kvf-uppfoljning-ar-2022"
    assert report_class("internkontroll").file_name(2022, "2022-12", "annual") == "internkontroll-ar-2022"
