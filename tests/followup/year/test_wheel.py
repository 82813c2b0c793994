"""The wheel's sources, who sees what, its calendar, and its dates as tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roder import tasks
from roder.access import NotAllowedError
from roder.followup import feed, wheel
from roder.followup.models import Step, WheelFeed
from roder.followup.pages.wheel import _address as address_of
from roder.followup.rules.wheel import Event, Ring, span_of
from roder.followup.services import calendar
from roder.measures.models import Measure
from roder.meetings.models import Meeting
from roder.organisation.models import Mandate, Person, Unit, UnitPlacement
from roder.quality.models import QualityPlan, SelfCheck, SelfCheckRound
from roder.questionnaires.models import QuestionSet
from roder.registers.models import StateGrant, SteeringDocument
from roder.steering.loading import load_model
from roder.steering.models import Occasion, SteeringModelVersion
from roder.web.scope import Scope
from tests.web.world import MODEL, SINCE_2020, World

CALENDAR = """\
calendar:
  - {code: bokslut, label: Lämna underlag till bokslutet, kind: follow_up, date: 2022-05-10, end: 2022-05-13, role: controller, body: KS}
  - {code: uttag, label: Ta ut listor, kind: control, months: [3, 9], role: quality_strategist}
  - {code: rapport, label: Internkontrollen rapporteras, kind: control, months: [5], body: VON}
"""  # noqa: E501 - one line for each entry
PHASES = """\
    phases:
      - {code: chefer, name: Enhetschefernas uppföljning, step: report, role: unit_manager, start: 2022-08-12, end: 2022-08-23}
      - {code: samverkan, name: Samverkan, step: union_consultation, role: head_administration, start: 2022-09-20, end: 2022-09-20}
"""  # noqa: E501


def year_text(calendar_text: str = CALENDAR) -> str:
    """The world's model with phases at the interim report and a calendar."""
    line = next(one for one in MODEL.splitlines() if "2022-08" in one)
    block = (
        "  - code: 2022-08\n    kind: interim\n    name: Delårsbokslut\n    cut_off: 2022-08-31\n"
        "    decided_by: VON\n    receives: [KS]\n" + PHASES
    )
    return MODEL.replace(f"{line}\n", block) + calendar_text


@pytest.fixture
def modelled(world: World) -> SteeringModelVersion:
    return load_model(world.committee, year_text())


def shown(world: World, who: str | None = None, **more: Any) -> list[Event]:
    user = world.people[who] if who else None
    return wheel.events(world.committee, *span_of(2022), user, **more)


def titles(events: list[Event]) -> list[str]:
    return [one.title for one in events]


def test_occasions_phases_and_calendar(world: World, modelled: SteeringModelVersion) -> None:
    interim = Occasion.objects.get(committee=world.committee, code="2022-08")
    Step.objects.create(occasion=interim, phase="samverkan", held_on=date(2022, 9, 20))
    found = {one.title: one for one in shown(world, "member")}
    managers = found["Delårsbokslut: Enhetschefernas uppföljning"]
    assert (managers.day, managers.last, managers.role, managers.done) == (
        date(2022, 8, 12), date(2022, 8, 23), "unit_manager", None,
    )  # fmt: skip
    assert found["Delårsbokslut: Samverkan"].done is True
    assert found["Månadsuppföljning maj: brytdatum"].day == date(2022, 5, 31)
    papers = found["Lämna underlag till bokslutet"]
    assert (papers.ring, papers.day, papers.last, papers.body) == (
        Ring.FOLLOW_UP, date(2022, 5, 10), date(2022, 5, 13), "KS",
    )  # fmt: skip
    lists = [one for one in shown(world, "member") if one.title == "Ta ut listor"]
    assert [(one.day, one.last) for one in lists] == [
        (date(2022, 3, 1), date(2022, 3, 31)), (date(2022, 9, 1), date(2022, 9, 30)),
    ]  # fmt: skip
    assert "Delårsbokslut: brytdatum" not in found  # it has phases


def test_rings_and_roles_are_picked(world: World, modelled: SteeringModelVersion) -> None:
    assert {one.ring for one in shown(world, "member", rings=[Ring.CONTROL])} == {Ring.CONTROL}
    assert titles(shown(world, "member", role="controller")) == ["Lämna underlag till bokslutet"]


def test_registers_meetings_and_measures(world: World) -> None:
    body = world.committee
    Meeting.objects.create(committee=body, body=body, date=date(2022, 5, 19), starts="13:00")
    Meeting.objects.create(
        committee=body, body=body, date=date(2022, 6, 19), starts="13:00", state="cancelled"
    )
    SteeringDocument.objects.create(
        committee=body, type="policy", title="Policy om mat", decided_by="VON", revise_by=date(2022, 4, 1)
    )
    StateGrant.objects.create(
        committee=body, year=2022, name="Personligt ombud", authority="Länsstyrelsen", apply_by=date(2022, 3, 1),
        report_by=date(2023, 1, 15), applied_on=date(2022, 2, 20), state="applied",
    )  # fmt: skip
    for code in ("U1", "U2"):
        Measure.objects.create(
            committee=body, code=code, title=f"Mått {code}", unit="antal", publication_month=12
        )
    found = {one.title: one for one in shown(world, "controller")}
    assert found["Vård- och omsorgsnämnden sammanträder"].clock == "13.00"
    assert found["Revidera Policy om mat"].done is False
    assert found["Ansök om Personligt ombud 2022"].done is True
    assert found["Återrapportera Personligt ombud 2022"].day == date(2023, 1, 15)
    assert (found["Nyckeltal publiceras"].count, found["Nyckeltal publiceras"].whom) == (2, "2 nyckeltal")
    assert found["Ansök om Personligt ombud 2022"].ring is Ring.STATUTORY


def test_meetings_of_the_model_stand_until_they_are_planned(world: World) -> None:
    model = SteeringModelVersion.objects.get()
    Occasion.objects.create(
        committee=world.committee, model=model, year=2022, code="2022-05-19", kind="meeting", name="Sammanträde",
        cut_off=date(2022, 5, 19),
    )  # fmt: skip
    name = "Vård- och omsorgsnämnden sammanträder"
    assert titles(shown(world)).count(name) == 1
    Meeting.objects.create(
        committee=world.committee, body=world.committee, date=date(2022, 5, 19), starts="13:00"
    )
    assert titles(shown(world)).count(name) == 1


# --- self-checks: only for those who may see the unit ----------------------------------------------------------------


def _check(world: World, unit: Unit) -> SelfCheckRound:
    questions = QuestionSet.objects.filter(committee=world.committee).first() or QuestionSet.objects.create(
        committee=world.committee, code="signering", title="Signering", audience="object",
        subject_kinds=["quality.selfcheckround"],
    )  # fmt: skip
    plan = QualityPlan.objects.create(committee=world.committee, unit=unit, year=2022)
    control = SelfCheck.objects.create(
        plan=plan, title="Signering", question_set=questions, method="Stickprov", first_on=date(2022, 3, 31)
    )
    return SelfCheckRound.objects.create(
        control=control, committee=world.committee, unit=unit, number=1, opens_on=date(2022, 3, 1),
        due_on=date(2022, 3, 31),
    )  # fmt: skip


def _more_units(world: World, count: int) -> list[Unit]:
    made = []
    for number in range(count):
        unit = Unit.objects.create(
            committee=world.committee, code=f"9{number}", name=f"Enhet {number}", kind="unit"
        )
        UnitPlacement.objects.create(unit=unit, parent=world.administration, valid=SINCE_2020)
        made.append(unit)
    return made


def test_a_unit_sees_its_own_self_checks_and_papers_none(world: World) -> None:
    _check(world, world.unit)
    for unit in _more_units(world, 2):
        _check(world, unit)
    [own] = [one for one in shown(world, "unit_manager") if one.title == "Egenkontroll: Signering"]
    assert (own.whom, own.count) == (world.unit.name, 1)
    [every] = [one for one in shown(world, "quality_strategist") if one.title == "Egenkontroll: Signering"]
    assert (every.whom, every.count) == ("3 enheter", 3)
    assert not [one for one in shown(world, "member") if "Egenkontroll" in one.title]
    assert not [one for one in shown(world) if "Egenkontroll" in one.title]


def test_as_many_questions_whatever_the_number_of_units(
    world: World, modelled: SteeringModelVersion, django_assert_max_num_queries: Any
) -> None:
    for unit in _more_units(world, 12):
        _check(world, unit)
    user = Person.objects.get(pk=world.people["quality_strategist"].pk)
    with django_assert_max_num_queries(32):
        wheel.events(world.committee, *span_of(2022), user)


def test_recurring_tasks_go_on_by_their_rule(world: World) -> None:
    tasks.kind("followup.prov", label="Prov", by_hand=True)
    tasks.open_task(
        "followup.prov", world.committee, owner=tasks.Owner("controller", committee=world.committee),
        rule=tasks.EveryQuarter(15), recurs=True, what="Lämna statistik", due=date(2022, 4, 15),
    )  # fmt: skip
    found = [one for one in shown(world, "controller") if one.title == "Lämna statistik"]
    assert [one.day for one in found] == [
        date(2022, 4, 15), date(2022, 7, 15), date(2022, 10, 15), date(2023, 1, 15),
    ]  # fmt: skip
    assert found[0].done is False and found[1].done is None


def test_another_room_may_declare_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "_SOURCES", dict(wheel._SOURCES))
    wheel.source("prov", lambda committee, start, end: [Event(start, "Provdag", Ring.QUALITY, key="1")])
    [own] = [one for one in shown(world, "member") if one.title == "Provdag"]
    assert own.uid == "prov-1"


# --- the calendar to subscribe to ------------------------------------------------------------------------------------


def test_the_feed_opens_by_its_secret_and_follows_the_person(
    world: World, modelled: SteeringModelVersion
) -> None:
    person = world.people["controller"]
    token = feed.make_address(person, world.committee)
    address = reverse("followup:wheel_ical", args=[world.committee.slug, 2022, token])
    answer = Client().get(address)
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20220510\r\nDTEND;VALUE=DATE:20220514" in text
    assert "SUMMARY:Lämna underlag till bokslutet" in text and token not in WheelFeed.objects.get().token_hash
    only = Client().get(f"{address}?roll=quality_strategist").content.decode()
    assert "Ta ut listor" in only and "bokslutet" not in only
    again = feed.make_address(person, world.committee)
    assert Client().get(address).status_code == 404
    fresh = reverse("followup:wheel_ical", args=[world.committee.slug, 2022, again])
    assert Client().get(fresh).status_code == 200
    Mandate.objects.filter(person=person).update(valid=DateRange(date(2020, 1, 1), date(2020, 2, 1)))
    assert Client().get(fresh).status_code == 404
    with pytest.raises(NotAllowedError):
        feed.make_address(world.people["nobody"], world.committee)


def test_the_page_makes_and_closes_the_address(world: World, as_role: Callable[[str], Client]) -> None:
    client, address = as_role("secretary"), f"{world.root}arshjul/prenumerera/"
    assert "Ingen adress än" in client.get(address).content.decode()
    assert "arshjul/" in client.post(address).content.decode() and WheelFeed.objects.count() == 1
    assert client.post(address, {"stang": "1"}, follow=True).status_code == 200
    assert not WheelFeed.objects.exists()


# --- dates as tasks --------------------------------------------------------------------------------------------------


def _keys(world: World) -> dict[str, tuple[str, date]]:
    rows = tasks.of(world.committee).filter(kind=calendar.TASK)
    return {
        one.key: (one.state, timezone.localtime(one.due_at - timedelta(hours=1)).date())
        for one in rows
        if one.due_at
    }


def test_a_date_with_a_role_becomes_a_task_when_it_is_near(
    world: World, modelled: SteeringModelVersion
) -> None:
    assert calendar.open_calendar(modelled, date(2022, 3, 31)) == 1  # the lists of March; May is further off
    assert calendar.open_calendar(modelled, date(2022, 4, 13)) == 1
    assert _keys(world) == {
        "2022:uttag:0": ("open", date(2022, 3, 31)), "2022:bokslut:0": ("open", date(2022, 5, 13)),
    }  # fmt: skip
    assert calendar.open_calendar(modelled, date(2022, 4, 14)) == 0
    task = tasks.of(world.committee).get(key="2022:bokslut:0")
    assert (task.role, task.what) == ("controller", "Lämna underlag till bokslutet")
    tasks.complete(calendar.TASK, world.committee, world.people["controller"], key="2022:bokslut:0")
    assert calendar.open_calendar(modelled, date(2022, 5, 1)) == 0  # done is done


def test_a_new_version_moves_and_strikes(world: World, modelled: SteeringModelVersion) -> None:
    calendar.open_calendar(modelled, date(2022, 4, 13))
    text = year_text(CALENDAR.replace("2022-05-10, end: 2022-05-13", "2022-05-11, end: 2022-05-16"))
    moved = load_model(world.committee, text)
    assert calendar.open_calendar(moved, date(2022, 4, 14)) == 0
    assert _keys(world)["2022:bokslut:0"] == ("open", date(2022, 5, 16))
    gone = load_model(
        world.committee,
        year_text(CALENDAR.split("\n", 2)[0] + "\n" + "\n".join(CALENDAR.splitlines()[2:]) + "\n"),
    )
    calendar.open_calendar(gone, date(2022, 4, 15))
    assert _keys(world)["2022:bokslut:0"][0] == "cancelled"


def test_what_is_long_past_is_not_asked_for(world: World, modelled: SteeringModelVersion) -> None:
    assert calendar.open_due(date(2022, 12, 30)) == 0
    assert calendar.open_due(date(2022, 9, 10)) == 1


# --- the pages -------------------------------------------------------------------------------------------------------


def test_the_picture_has_the_numbers_of_the_list(
    world: World, modelled: SteeringModelVersion, as_role: Callable[[str], Client]
) -> None:
    page = as_role("member").get(f"{world.root}arshjul/").content.decode()
    listed = page.partition('class="wheel-months"')[2]
    number = (
        listed.partition("Delårsbokslut: Enhetschefernas uppföljning")[0]
        .rpartition('id="m')[2]
        .partition('"')[0]
    )
    assert f">{number}</text>" in page
    assert "12–23 augusti 2022" in page and "Årshjul 2022/2023" in page
    assert page.count("<circle") >= 6 and 'role="img"' in page


def test_nobody_is_led_to_a_page_they_may_not_open(world: World, modelled: SteeringModelVersion) -> None:
    event = Event(date(2022, 8, 12), "Uppföljning", Ring.FOLLOW_UP, url=("followup:round", ("2022-08",)))
    led = {
        role: bool(address_of(event, Scope(world.people[role], world.committee, 2022)))
        for role in ("member", "controller")
    }
    assert led == {"member": False, "controller": True}


def test_the_list_is_filtered_and_taken_out(
    world: World, modelled: SteeringModelVersion, as_role: Callable[[str], Client]
) -> None:
    client = as_role("controller")
    page = client.get(f"{world.root}arshjul/lista/?roll=controller").content.decode()
    assert "Lämna underlag" in page and "Ta ut listor" not in page
    assert "Inget i urvalet" in client.get(f"{world.root}arshjul/?roll=secretary").content.decode()
    assert client.get(f"{world.root}arshjul/?ring=finns-inte&roll=x").status_code == 200
    rows = client.get(f"{world.root}arshjul/lista/?format=csv").content.decode("utf-8-sig")
    assert "10–13 maj 2022;Lämna underlag till bokslutet;Uppföljning;controller, KS" in rows
    sheet = client.get(f"{world.root}arshjul/lista/?format=xlsx")
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"


def test_a_year_without_a_model_has_what_the_law_asks_for(
    world: World, as_role: Callable[[str], Client]
) -> None:
    page = as_role("member").get(f"/{world.committee.slug}/1995/arshjul/").content.decode()
    assert "Patientsäkerhetsberättelsen" in page
