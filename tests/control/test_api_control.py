"""The API of risk and internal control: what it gives, to whom, and that longer lists cost no more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roder.api.scopes import Scope
from roder.control.models import Audit, ControlRound, Recommendation, Risk
from roder.organisation.models import Body
from tests.api.conftest import Caller, caller
from tests.control.world import DEPARTING, Room

LISTS = {
    "risk-analyses": Scope.RISKS_READ, "risks": Scope.RISKS_READ, "control-plans": Scope.CONTROLS_READ,
    "control-points": Scope.CONTROLS_READ, "controls": Scope.CONTROLS_READ, "control-rounds": Scope.CONTROLS_READ,
    "recommendations": Scope.AUDITS_READ,
}  # fmt: skip


@pytest.fixture
def filled(room: Room) -> Room:
    """Rounds of each control, and two recommendations of which one is late."""
    for number, control in enumerate(room.controls, start=1):
        ControlRound.objects.create(
            committee=room.committee, control=control, number=1, due_on=date(2022, 8, number), occasion=room.interim,
            checked=42, deviating=number,
        )  # fmt: skip
    audit = Audit.objects.create(
        committee=room.committee, year=2022, title="Granskning", received_on=date(2022, 3, 1)
    )
    for number, answer in ((1, ""), (2, "Vi gör det.")):
        Recommendation.objects.create(
            committee=room.committee, audit=audit, number=number, text=f"Råd {number}", answer=answer,
            due_on=date(2022, 6, 30) if answer else None, responsible="Förvaltningschef" if answer else "",
            state="accepted" if answer else "open",
        )  # fmt: skip
    return room


@pytest.fixture
def auditor(filled: Room) -> Caller:
    return caller(filled.by("auditor"))


def items(call: Caller, path: str) -> list[dict[str, Any]]:
    return list(call.get(path)["items"])


def test_risks_tell_value_proposal_and_departure(filled: Room, auditor: Caller) -> None:
    found = {one["number"]: one for one in items(auditor, "risks?limit=200")}
    assert len(found) == 17
    assert tuple(sorted((n for n, one in found.items() if one["departure"]), key=int)) == DEPARTING
    one = found["2"]
    assert (one["value"], one["level"], one["handling"], one["movement"]) == (
        12,
        "Hög",
        "control_point",
        "new",
    )
    assert set(one["proposed"]) >= {"goal", "control_point"} and one["year"] == 2022
    analysis = items(auditor, "risk-analyses")[0]
    assert (analysis["scale_size"], analysis["state"]) == ([4, 4], "open")


def test_every_filter_narrows(filled: Room, auditor: Caller) -> None:
    point, control = filled.points[1], filled.controls[0]
    for path, count in {
        "risks?handling=critical_factor&limit=100": 7, "risks?value_from=12": 2, "risks?in_plan=false&year=2021": 0,
        f"risks?analysis={filled.analysis.pk}&code=R-0007": 1, "risks?state=retired": 0, "risk-analyses?year=2021": 0,
        "control-plans?state=adopted&year=2022": 1, f"control-points?plan={filled.plan.pk}": 2,
        f"control-points?risk={filled.risks['9'].pk}&year=2022": 1, f"controls?point={point.pk}": 2,
        "controls?method=documents&state=planned": 1, "controls?year=2021": 0,
        f"control-rounds?control={control.pk}&state=open": 1, "control-rounds?occasion=2022-08": 3,
        "control-rounds?due_from=2022-08-02&due_before=2022-08-03": 1, "recommendations?state=open": 1,
        "recommendations?due_before=2022-07-01": 1, "recommendations?committee=prov-von": 2,
    }.items():  # fmt: skip
        assert len(items(auditor, path)) == count, path
    for path in ("risks?handling=nej", "controls?point=0", "risks?year=1", "control-rounds?due_from=i+dag"):
        assert auditor("GET", path).status_code == 422, path


def test_lists_are_read_page_by_page(filled: Room, auditor: Caller) -> None:
    for path in LISTS:
        seen, place, pages = [], "", 0
        while True:
            page = auditor.get(f"{path}?limit=2&after={place}" if place else f"{path}?limit=2")
            seen += [one["id"] for one in page["items"]]
            pages += 1
            if not (place := page["next"] or ""):
                break
        assert len(seen) == len(set(seen)) == len(items(auditor, f"{path}?limit=200")), path
        assert auditor("GET", f"{path}?after=x").status_code == 404


def test_who_may_and_for_what_the_token_is(filled: Room) -> None:
    for path, scope in LISTS.items():
        others = [one.value for one in Scope if one != scope]
        assert caller(filled.by("member"), others)("GET", path).status_code == 403, path
        assert caller(filled.by("member"), [scope.value])("GET", path).status_code == 200, path
        assert caller(filled.by("care_staff"))("GET", path).status_code == 403, path
    other = Body.objects.exclude(pk=filled.committee.pk).filter(kind="committee").first()
    if other is not None:
        assert caller(filled.by("member"))("GET", f"risks?committee={other.slug}").status_code == 404
        Risk.objects.update(committee=other)
        assert items(caller(filled.by("member")), "risks") == []


def test_longer_lists_take_no_more_questions(filled: Room, auditor: Caller) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            auditor.get(path)
        return len(asked)

    for path in LISTS:
        count(path)
        assert count(f"{path}?limit=1") == count(path), path
