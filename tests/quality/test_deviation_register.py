"""The register of deviations and the actions on a case, as pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from roder import tasks
from roder.quality.models import Deviation
from roder.quality.pages import deviation_deeds
from roder.quality.services import handling, moves
from roder.quality.services.practice import practice_of
from roder.steering.models import SteeringModelVersion
from tests.quality.deviation_world import (
    Quality,
    acted,
    classified,
    investigated,
)
from tests.quality.test_deviation_pages import As, as_role, body, quality, root

__all__ = ["as_role", "quality", "root"]


def test_the_register_filters(quality: Quality, as_role: As, root: str) -> None:
    fall = quality.report(what="Hittades på golvet", reference="A17")
    conduct = quality.social(what="Otrevligt bemötande i hallen", reference="")
    elsewhere = quality.report("licensed", unit=quality.sibling, what="Fel dos", types=[("lakemedel", "dos")])
    classified(quality, conduct, 3)
    fall.steps.filter(code="facts").update(due_at=timezone.now() - timedelta(hours=1))
    client = as_role("sas")

    def found(query: str) -> set[str]:
        return set(re.findall(r">(\d{4}-\d{4})</a>", body(client.get(root + query))))

    one, two, three = fall.number, conduct.number, elsewhere.number
    assert found("") == {one, two, three}
    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    assert found(f"?fran={today}") == {one, two, three} and found(f"?till={yesterday}") == set()
    assert found(f"?enhet={quality.sibling.pk}") == {three}
    assert found(f"?enhet={quality.world.administration.pk}") == {one, two, three}
    kind = elsewhere.matters.get().type_id
    assert found(f"?typ={kind}") == {three}
    assert found("?grad=allvarliga") == {two} == found("?grad=3") and found("?grad=ingen") == {one, three}
    assert found("?lage=oppna") == {one, two, three} and found("?lage=classified") == {two}
    assert found("?law=hsl") == {one, three} and found("?direction=intern") == {one, two, three}
    assert found("?sen=ja") == {one}
    assert found("?q=golv") == {one} and found("?q=bemötandet") == {two} and found(f"?q={three}") == {three}
    assert found("?q=%00+'") == set()
    assert client.get(root + "?format=csv").status_code == 200
    client = as_role("unit_manager")
    assert found("") == {one, two}
    client = as_role("licensed")
    assert found("") == {one, three}


def test_the_register_filters_on_the_models_own_scale(quality: Quality, as_role: As, root: str) -> None:
    def steps(year: int, *values: tuple[int, str]) -> None:
        rows = [{"value": value, "label": label, "serious": value > 4} for value, label in values]
        SteeringModelVersion.objects.create(
            committee=quality.committee, year=year, version=2, content={"deviations": {"severities": rows}},
        )  # fmt: skip

    case = quality.report()
    Deviation.objects.filter(pk=case.pk).update(severity=6, serious=True)
    client = as_role("sas")
    assert 'value="4">4. Mycket allvarlig' in body(
        client.get(root)
    )  # the usual four, where no model says otherwise
    steps(2021, (1, "Liten"), (5, "Stor"), (6, "Störst"))
    steps(2022, (1, "Ringa"), (2, "Stor"))
    page = body(client.get(root))
    options = re.findall(r'<option value="(\d)"[^>]*>\d\. ([^<]+)', page)
    assert [value for value, _ in options] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
    ]  # 3 and 4: an earlier model says nothing
    assert (dict(options)["1"], dict(options)["2"], dict(options)["6"]) == ("Ringa", "Stor", "Störst")
    assert case.number in body(client.get(root + "?grad=6"))
    assert case.number not in body(client.get(root + "?grad=2"))


def test_the_number_of_queries_does_not_grow(
    quality: Quality, as_role: As, root: str, django_assert_max_num_queries: Any
) -> None:
    case = quality.report()
    client = as_role("unit_manager")
    client.get(root), client.get(f"{root}{case.pk}/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    before = count(root), count(f"{root}{case.pk}/")
    for _ in range(4):
        quality.report(types=[("fall", ""), ("lakemedel", "dos"), ("bemotande", "")])
    investigated(quality, case)
    acted(quality, case)
    acted(quality, case, "profession")
    after = count(root), count(f"{root}{case.pk}/")
    assert after[0] <= before[0] and after[1] <= before[1] + 6, (before, after)


def test_an_action_is_of_a_kind_that_the_steering_model_has(
    quality: Quality, as_role: As, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, manager = quality.report(), as_role("unit_manager")
    url, due = f"{root}{case.pk}/atgard/", timezone.localdate().isoformat()
    assert "Slag av åtgärd" not in body(manager.get(url)), "utan slag i modellen frågas inte"
    practice = replace(practice_of(case.committee, case.reported_at), action_kinds=("Ny rutin", "Utbildning"))
    for module in (deviation_deeds, handling):
        monkeypatch.setattr(module, "practice_of", lambda *_: practice)
    assert "Slag av åtgärd" in body(manager.get(url))
    sent = {"what": "Byt matta", "group": "unit", "due": due}
    assert manager.post(url, {**sent, "kind": "Något annat"}).status_code == 422
    assert manager.post(url, {**sent, "kind": "Utbildning"}).status_code == 302
    action = tasks.actions_of(case).get()
    assert action.kind == "Utbildning"
    assert "Enhetens åtgärd (Utbildning)" in body(manager.get(f"{root}{case.pk}/"))
    assert "Utbildning" in body(manager.get(f"/atgarder/{action.pk}/"))
    with pytest.raises(ValidationError) as refused:
        moves.plan_action(case, quality.who("unit_manager"), kind="Påhittat", due=timezone.localdate(), **{
            "what": "Byt", "group": "unit",
        })  # fmt: skip
    assert "kind" in refused.value.message_dict


def test_an_action_has_an_owner_who_gets_the_task(quality: Quality, as_role: As, root: str) -> None:
    case = quality.report()
    url = f"{root}{case.pk}/atgard/"
    form = body(as_role("unit_manager").get(url))
    assert "Enhetschef (Person unit_manager)" in form and "Person care_staff" in form
    assert "Person andra enheten" not in form  # nobody from another unit
    staff, due = quality.who("care_staff"), timezone.localdate().isoformat()
    sent = {"what": "Byt matta", "group": "unit", "due": due, "owner": f"person:{staff.pk}"}
    assert as_role("unit_manager").post(url, sent).status_code == 302
    action = tasks.actions_of(case).get()
    assert (action.person, action.role) == (staff, "")
    task = tasks.of(action).get()
    assert (task.kind, task.person, task.state) == ("tasks.action", staff, "open")
    assert "Person care_staff" in body(as_role("unit_manager").get(f"{root}{case.pk}/"))
    assert as_role("care_staff").get(f"/atgarder/{action.pk}/").status_code == 200
    # a post that follows the mandate, and what is not to choose from
    as_role("unit_manager").post(url, {**sent, "owner": "role:head_department"})
    assert tasks.actions_of(case).last().role == "head_department"  # type: ignore[union-attr]
    other = quality.world.people["unit_manager_2"]
    for value in (f"person:{other.pk}", "role:controller", "person:x"):
        assert as_role("unit_manager").post(url, {**sent, "owner": value}).status_code == 422, value
    assert tasks.actions_of(case).count() == 2


def test_the_professions_action_is_not_given_to_the_units_people(
    quality: Quality, as_role: As, root: str
) -> None:
    case = quality.report()
    due = timezone.localdate().isoformat()
    sent = {"what": "Se över ordination", "group": "profession", "due": due}
    staff = quality.who("care_staff")
    refused = as_role("mas").post(f"{root}{case.pk}/atgard/", {**sent, "owner": f"person:{staff.pk}"})
    assert refused.status_code == 422 and "professionens åtgärder" in body(refused)
    as_role("mas").post(f"{root}{case.pk}/atgard/", {**sent, "owner": ""})
    assert tasks.actions_of(case).get().role == "licensed"
    with pytest.raises(ValidationError, match="enhetens åtgärder"):
        moves.plan_action(
            case, quality.who("unit_manager"), what="Byt matta", group="unit", due=timezone.localdate(),
            owner=tasks.Owner("secretary", committee=quality.committee),
        )  # fmt: skip
