"""Self-checks: from a plan to rounds, tasks, answers on the phone, outcome, actions with effect; and who may what."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from roder import questionnaires, tasks
from roder.access import NotAllowedError
from roder.core.models import StaleRecordError
from roder.quality.models import QualityPlan, SelfCheck, SelfCheckRound
from roder.quality.selfchecks import services
from roder.questionnaires.models import Answer
from roder.tasks.models import Task
from tests.web.world import World, build_world

FORMS = Path(__file__).parents[2] / "examples" / "formular"
GOOD = {
    "q-referens": "A-17", "q-granskad": "2022-05-02", "q-ordination": "ja", "q-signerad": "ja", "q-delegering": "ja",
    "q-narkotika": "ej_aktuellt", "q-forvaring": "ja", "deed": "final",
}  # fmt: skip
BAD = {**GOOD, "q-signerad": "nej", "q-osignerade": "3", "q-brist": "Kvällsdosen glöms."}


@pytest.fixture
def world(db: None) -> World:
    """A municipality with the medicine check's questions."""
    made = build_world()
    questionnaires.load_set(FORMS / "egenkontroll-lakemedel.yaml", made.committee)
    return made


def a_plan(world: World, *, sample: int = 2, role: str = "unit_manager", decide: bool = True) -> QualityPlan:
    by = world.people["unit_manager"]
    plan = services.make_plan(world.unit, 2022, by, "Inga missade doser")
    risk = services.add_risk(
        plan, by, step="carry_out", what="Doser signeras inte", likelihood=3, consequence=3
    )
    services.add_check(
        plan, by, title="Signering", question_set=services.question_sets_of(world.committee.pk)[0],
        method="Slumpvis valda listor", sample=sample, interval="half_year", first_on=date(2022, 5, 31), role=role,
        risk=risk,
    )  # fmt: skip
    if decide:
        services.decide_plan(plan, by, plan.revision, today=date(2022, 4, 15))
    return plan


@pytest.fixture
def login(world: World) -> Any:
    """A client logged in as a role."""

    def logged_in(role: str) -> Client:
        client = Client()
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


def page(world: World, rest: str) -> str:
    return f"{world.root}egenkontroll/{rest}"


def test_a_decided_plan_has_its_rounds_and_those_whose_time_has_come_are_tasks(world: World) -> None:
    plan = a_plan(world)
    first, second = SelfCheckRound.objects.filter(control__plan=plan).order_by("due_on")
    assert (first.due_on, second.due_on) == (date(2022, 5, 31), date(2022, 11, 30))
    task = Task.objects.get(kind=services.TASK)
    assert (task.subject_id, task.unit, task.role) == (first.pk, world.unit, "unit_manager")
    assert services.open_due(date(2022, 4, 20)) == 0
    assert services.open_due(date(2022, 11, 1)) == 1
    assert Task.objects.filter(kind=services.TASK).count() == 2


def test_a_plan_needs_a_check_and_is_decided_once(world: World) -> None:
    by = world.people["unit_manager"]
    plan = services.make_plan(world.unit, 2022, by)
    with pytest.raises(ValidationError):
        services.decide_plan(plan, by, plan.revision)
    with pytest.raises(ValidationError):
        services.make_plan(world.unit, 2022, by)
    with pytest.raises(ValidationError) as caught:
        services.add_check(
            plan, by, title="X", question_set=services.question_sets_of(world.committee.pk)[0], method="M",
            interval="year", first_on=date(2023, 1, 1),
        )  # fmt: skip
    assert "first_on" in caught.value.message_dict
    with pytest.raises(StaleRecordError):
        services.change_plan(plan, by, "Ny text", plan.revision + 5)


def test_a_round_from_the_phone_to_an_action_with_effect(world: World, login: Any) -> None:
    plan = a_plan(world)
    made = SelfCheckRound.objects.filter(control__plan=plan).earliest("due_on")
    staff, manager = login("care_staff"), login("unit_manager")
    form = staff.get(page(world, f"omgang/{made.pk}/1/"))
    assert form.status_code == 200
    revision = form.context["done"].revision
    refused = staff.post(page(world, f"omgang/{made.pk}/1/"), {**BAD, "q-brist": "", "revision": revision})
    assert refused.status_code == 400
    assert "A-17" in refused.content.decode()
    assert staff.post(page(world, f"omgang/{made.pk}/1/"), {**BAD, "revision": revision}).status_code == 302
    other = staff.get(page(world, f"omgang/{made.pk}/2/"))
    staff.post(page(world, f"omgang/{made.pk}/2/"), {**GOOD, "revision": other.context["done"].revision})
    assert questionnaires.of(made).filter(state=Answer.State.FINAL).count() == 2

    closing = {
        "deed": "close",
        "method_followed": "yes",
        "method_note": "",
        "outcome": "",
        "revision": made.revision,
    }
    missing = manager.post(page(world, f"omgang/{made.pk}/"), closing)
    assert missing.status_code == 400
    assert "Det finns brister" in missing.content.decode()
    assert (
        manager.post(page(world, f"omgang/{made.pk}/"), {**closing, "outcome": "Kvällar"}).status_code == 302
    )
    made.refresh_from_db()
    assert (made.sampled, made.found, made.method_followed) == (2, 1, "yes")
    assert not tasks.of(made).filter(state="open").exists()

    action = {"deed": "action", "finding": "Kvällsdoser", "what": "Larm i signeringen", "due": "2030-01-01"}
    assert manager.post(page(world, f"omgang/{made.pk}/"), action).status_code == 302
    (added,) = tasks.actions_of(made)
    tasks.action_done(added, world.people["unit_manager"], "Infört")
    tasks.state_effect(added, world.people["unit_manager"], tasks.Action.Effect.YES, "Inga missade doser")
    assert "Effekt: ja" in manager.get(page(world, f"omgang/{made.pk}/")).content.decode()


def test_a_personal_number_is_refused_and_the_text_stays(world: World, login: Any) -> None:
    made = SelfCheckRound.objects.filter(control__plan=a_plan(world)).earliest("due_on")
    answer = login("care_staff").post(
        page(world, f"omgang/{made.pk}/1/"), {**GOOD, "q-bra": "Hon, 811218-9876"}
    )
    assert answer.status_code == 400
    assert "innehåller ett personnummer" in answer.content.decode()
    assert "811218-9876" in answer.content.decode()


def test_the_second_of_two_on_the_same_form_sees_both(world: World, login: Any) -> None:
    made = SelfCheckRound.objects.filter(control__plan=a_plan(world)).earliest("due_on")
    one, two = login("care_staff"), login("unit_manager")
    revision = one.get(page(world, f"omgang/{made.pk}/1/")).context["done"].revision
    draft = {**GOOD, "deed": "draft", "revision": revision}
    assert one.post(page(world, f"omgang/{made.pk}/1/"), {**draft, "q-bra": "Min text"}).status_code == 302
    told = two.post(page(world, f"omgang/{made.pk}/1/"), {**draft, "q-bra": "Din text"})
    assert told.status_code == 409
    text = told.content.decode()
    assert "Min text" in text
    assert "Din text" in text


def test_a_risk_is_changed_and_the_second_of_two_sees_what_the_first_saved(world: World, login: Any) -> None:
    risk = a_plan(world).risks.get()
    manager, address = login("unit_manager"), page(world, f"risk/{risk.pk}/")
    assert "Doser signeras inte" in manager.get(address).content.decode()
    given = {"step": risk.step, "what": "Doser glöms på kvällen", "likelihood": 2, "consequence": 4}
    assert manager.post(address, {**given, "revision": risk.revision}).status_code == 302
    risk.refresh_from_db()
    assert (risk.what, risk.value) == ("Doser glöms på kvällen", 8)
    late = manager.post(address, {**given, "what": "Något annat", "revision": risk.revision - 1})
    assert late.status_code == 400
    text = late.content.decode()
    assert "Någon annan sparade medan du skrev: ”Doser glöms på kvällen”, 2 × 4" in text
    assert "Något annat" in text
    assert login("member").get(address).status_code == 403


def test_what_cannot_be_closed_is_told_why(world: World) -> None:
    by = world.people["unit_manager"]
    made = SelfCheckRound.objects.filter(control__plan=a_plan(world)).earliest("due_on")
    with pytest.raises(ValidationError) as caught:
        services.close_round(made, by, method_followed="partly", outcome="", expected_revision=made.revision)
    assert set(caught.value.message_dict) == {"__all__", "method_note"}
    with pytest.raises(ValidationError):
        services.answer_item(made, by, 3)
    services.skip_round(made, by, "Branden i huset")
    with pytest.raises(ValidationError):
        services.answer_item(made, by, 1)
    assert Task.objects.get(kind=services.TASK, subject_id=made.pk).state == "cancelled"


def test_a_stopped_check_takes_its_rounds_with_it(world: World) -> None:
    plan = a_plan(world)
    services.stop_check(SelfCheck.objects.get(plan=plan), world.people["unit_manager"], "Ersatt av en annan")
    assert not SelfCheckRound.objects.filter(control__plan=plan, skipped_at=None).exists()
    assert services.open_due(date(2022, 12, 1)) == 0


@pytest.mark.parametrize(
    ("role", "sees", "answers", "plans"),
    [
        ("unit_manager", True, True, True),
        ("care_staff", True, True, False),
        ("licensed", True, True, False),
        ("quality_strategist", True, True, True),
        ("mas", True, True, True),
        ("head_administration", True, True, True),
        ("controller", False, False, False),
        ("member", False, False, False),
        ("auditor", False, False, False),
        ("administrator", False, False, False),
    ],
)
def test_what_each_role_may(
    world: World, login: Any, role: str, sees: bool, answers: bool, plans: bool
) -> None:
    plan = a_plan(world)
    made = SelfCheckRound.objects.filter(control__plan=plan).earliest("due_on")
    client = login(role)
    assert (client.get(page(world, "")).status_code == 200) == sees
    assert (client.get(page(world, f"plan/{plan.pk}/")).status_code == 200) == sees
    assert (client.get(page(world, f"omgang/{made.pk}/1/")).status_code == 200) == answers
    risk = {"deed": "risk", "step": "plan", "what": "X", "likelihood": 1, "consequence": 1}
    assert (client.post(page(world, f"plan/{plan.pk}/"), risk).status_code == 302) == plans


def test_a_manager_sees_only_the_own_unit(world: World, login: Any) -> None:
    plan = services.make_plan(world.administration, 2022, world.people["quality_strategist"])
    assert login("unit_manager").get(page(world, f"plan/{plan.pk}/")).status_code == 404
    with pytest.raises(NotAllowedError):
        services.make_plan(world.administration, 2023, world.people["unit_manager"])


def test_the_overview_asks_as_much_of_one_unit_as_of_many(
    world: World, login: Any, django_assert_max_num_queries: Any
) -> None:
    a_plan(world)
    client = login("quality_strategist")
    client.get(page(world, ""))
    with django_assert_max_num_queries(22):
        text = client.get(page(world, "")).content.decode()
    assert str(world.unit) in text
    assert (
        client.get(page(world, "egenkontroller/").replace("egenkontroll/egenk", "egenk")).status_code == 200
    )


def test_answers_are_counted_in_the_unit_that_made_them(world: World) -> None:
    made = SelfCheckRound.objects.filter(control__plan=a_plan(world, sample=1)).earliest("due_on")
    by = world.people["unit_manager"]
    answer = services.answer_item(made, by, 1)
    assert answer.unit == world.unit
    values = {name[2:]: value for name, value in GOOD.items() if name != "deed"}
    services.save_item(answer, by, values, expected_revision=answer.revision, final=True)
    question_set = made.control.question_set
    found = questionnaires.compile_answers(question_set, questionnaires.of(made))
    assert found.groups == (str(world.unit),)
    assert found.columns[0].label.startswith(str(world.unit))
    # who has not the self-check does not get at the answer by its unit
    for role, seen in (("unit_manager", 1), ("care_staff", 1), ("controller", 0), ("member", 0)):
        rows = questionnaires.visible_answers(world.people[role], Answer.objects.all())
        assert rows.count() == seen, role


def test_an_answer_begun_without_unit_is_found_and_not_begun_again(world: World) -> None:
    made = SelfCheckRound.objects.filter(control__plan=a_plan(world, sample=1)).earliest("due_on")
    by = world.people["unit_manager"]
    answer = services.answer_item(made, by, 1)
    Answer.objects.filter(pk=answer.pk).update(unit=None)
    assert services.answer_item(made, by, 1) == answer
