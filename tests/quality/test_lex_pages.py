"""The pages of lex Sarah and lex Maria, as the people who use them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from roder import tasks
from roder.quality.models import LexMariaCase, LexSarahCase, LexSarahDecision
from roder.quality.services import lex, moves
from tests.quality.case_world import client_of, deviation, world
from tests.web.world import World

__all__ = ["world"]

INVESTIGATION = {
    "what": "Larmet var avstängt.", "shortcoming": "ja", "consequence": "ja", "consequence_text": "Låg på golvet.",
    "cause": "Okänd rutin.", "actions_text": "Genomgång.", "finished": "on",
}  # fmt: skip


def url(world: World, rest: str) -> str:
    return f"/{world.committee.slug}/{timezone.localdate().year}/{rest}"


def send(world: World, role: str, rest: str, sent: dict[str, Any], status: int = 302) -> Any:
    answer = client_of(world.people[role]).post(url(world, rest), sent)
    assert answer.status_code == status, answer.content.decode()
    return answer


def look(world: World, role: str, rest: str, status: int = 200) -> str:
    answer = client_of(world.people[role]).get(url(world, rest))
    assert answer.status_code == status
    return answer.content.decode()


def report(world: World, role: str = "care_staff") -> LexSarahCase:
    send(
        world,
        role,
        "lex-sarah/rapportera/",
        {"what": "Larmet var avstängt.", "law": "sol", "unit": world.unit.pk},
    )
    return LexSarahCase.objects.latest("pk")


def decide(world: World, *cases: LexSarahCase, outcome: str, status: int = 302) -> Any:
    sent = {
        "cases": [case.pk for case in cases], "outcome": outcome, "motive": "Därför.", "line": "Larm var avstängt.",
        "decided_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    return send(world, "sas", "lex-sarah/besluta/", sent, status)


@pytest.mark.parametrize("role", ["care_staff", "unit_manager", "sas"])
def test_all_who_shall_report_have_it_in_their_menu(world: World, role: str) -> None:
    assert f'href="{url(world, "lex-sarah/rapportera/")}"' in look(world, role, "avvikelser/rapportera/")


def test_from_report_to_closing(world: World) -> None:
    today = timezone.localdate().isoformat()
    case = report(world)
    page = f"lex-sarah/{case.pk}/"
    assert case.number in look(world, "care_staff", page)
    look(world, "sas", f"{page}utredning/")
    send(world, "sas", f"{page}utredning/", {**INVESTIGATION, "revision": 1})
    assert "Besluta" in look(world, "sas", page)
    decide(world, case, outcome="serious")
    assert "utan dröjsmål" in look(world, "sas", page)
    task = tasks.of(case).get(kind="quality.lex_sarah_notify")
    assert task.state == "open" and task.due_at is not None
    send(world, "sas", page, {"deed": "anmal", "on": today})
    task.refresh_from_db()
    assert task.state == "done"
    send(world, "sas", page, {"deed": "svar", "on": today, "answer": "Rätt åtgärder."})
    send(world, "sas", page, {"deed": "avsluta", "on": today})
    case.refresh_from_db()
    assert case.state == "closed"
    assert not tasks.of(case).filter(state="open").exists()
    assert "allvarligt missförhållande" in look(world, "sas", "lex-sarah/beslut/").lower()
    assert case.number in look(world, "sas", "lex-sarah/")


def test_the_reporter_sees_what_became_of_it_but_not_the_investigation(world: World) -> None:
    case = report(world)
    send(world, "sas", f"lex-sarah/{case.pk}/utredning/", {**INVESTIGATION, "revision": 1})
    decide(world, case, outcome="misconduct")
    own = look(world, "care_staff", f"lex-sarah/{case.pk}/")
    assert "Missförhållande eller påtaglig risk" in own
    assert "Okänd rutin" not in own and "Därför." not in own
    manager = look(world, "unit_manager", f"lex-sarah/{case.pk}/")
    assert "Okänd rutin" in manager and "Rapporterad av" not in manager
    assert "Person care_staff" in look(world, "sas", f"lex-sarah/{case.pk}/")


@pytest.mark.parametrize(
    ("role", "status"),
    [("member", 404), ("secretary", 404), ("provider", 404), ("licensed", 404), ("quality_strategist", 200)],
)
def test_who_may_open_a_case(world: World, role: str, status: int) -> None:
    case = report(world)
    look(world, role, f"lex-sarah/{case.pk}/", status)


def test_only_the_sas_decides_and_investigates(world: World) -> None:
    case = report(world)
    for role in ("unit_manager", "mas", "care_staff"):
        look(world, role, "lex-sarah/besluta/", 403)
        look(world, role, f"lex-sarah/{case.pk}/utredning/", 403)
        send(
            world,
            role,
            f"lex-sarah/{case.pk}/",
            {"deed": "avsluta", "on": "2022-05-01"},
            409,
        )


def test_what_is_wrong_stands_at_the_field_and_nothing_is_lost(world: World) -> None:
    sent = {"what": "Kalle 19121212-1212 föll", "law": "sol"}
    answer = send(world, "care_staff", "lex-sarah/rapportera/", sent, 400)
    text = answer.content.decode()
    assert "personnummer" in text and "Kalle 19121212-1212 föll" in text
    case = report(world)
    half = {**INVESTIGATION, "cause": "", "revision": 1}
    text = send(world, "sas", f"lex-sarah/{case.pk}/utredning/", half, 400).content.decode()
    assert "Skriv vad det berodde på." in text and "Låg på golvet." in text
    assert "inte färdigutrett" in decide(world, case, outcome="misconduct", status=400).content.decode()


def test_a_second_saver_sees_both_texts(world: World) -> None:
    case = report(world)
    send(world, "sas", f"lex-sarah/{case.pk}/utredning/", {**INVESTIGATION, "finished": "", "revision": 1})
    mine = {**INVESTIGATION, "cause": "Min orsak.", "revision": 1}
    text = send(world, "sas", f"lex-sarah/{case.pk}/utredning/", mine, 409).content.decode()
    assert "Min orsak." in text and "Okänd rutin." in text
    assert 'name="revision" value="2"' in text


def test_several_together_from_the_page(world: World) -> None:
    first, second = report(world), report(world, "licensed")
    assert first.number in look(world, "sas", f"lex-sarah/besluta/?arende={first.pk}&arende=x")
    for odd in ("²", "١", "9" * 5000):  # digits that are no number, and a number that no key has room for
        assert first.number in look(world, "sas", f"lex-sarah/besluta/?arende={first.pk}&arende={odd}")
    decide(world, first, second, outcome="work_environment")
    assert LexSarahDecision.objects.get().cases.count() == 2
    taken = tasks.of(first).get(kind="quality.lex_sarah_taken_over")
    assert (taken.role, taken.unit) == ("unit_manager", world.unit)
    assert second.number in look(world, "sas", f"lex-sarah/{first.pk}/")


def test_an_action_is_added_and_its_owner_told(world: World) -> None:
    case = report(world)
    due = (timezone.localdate() + timedelta(days=10)).isoformat()
    sent = {"deed": "atgard", "what": "Gå igenom larmen", "owner": "unit_manager", "due": due}
    send(world, "sas", f"lex-sarah/{case.pk}/", sent)
    assert [one.what for one in tasks.actions_of(case)] == ["Gå igenom larmen"]
    assert "Gå igenom larmen" in look(world, "sas", f"lex-sarah/{case.pk}/")
    late = {**sent, "due": "2022-01-01"}
    assert "Dagen har varit" in send(world, "sas", f"lex-sarah/{case.pk}/", late, 400).content.decode()


def maria(world: World) -> LexMariaCase:
    source = deviation(world, reported_at=timezone.now())
    return lex.open_lex_maria(source, world.people["mas"])


def test_lex_maria_from_deviation_to_closing(world: World) -> None:
    case = maria(world)
    today = timezone.localdate().isoformat()
    page = f"lex-maria/{case.pk}/"
    assert "anmäls senast" in look(world, "mas", page)
    assert tasks.of(case).get().owner_words.startswith("medicinskt ansvarig")
    sent = {
        "analysis": "Förloppet.",
        "analysed_on": today,
        "patient_informed": "ja",
        "patient_informed_on": today,
    }
    send(world, "mas", f"{page}handelseanalys/", {**sent, "revision": 1})
    decision = {
        "deed": "besluta",
        "notify": "ja",
        "motive": "Vårdskada.",
        "decided_on": today,
        "notified_on": today,
    }
    send(world, "mas", page, {**decision, "revision": 2})
    assert tasks.of(case).get().state == "done"
    send(world, "mas", page, {"deed": "utfall", "outcome": "Avslutat utan kritik.", "revision": 3})
    send(world, "mas", page, {"deed": "avsluta", "on": today})
    case.refresh_from_db()
    assert case.state == "closed"
    assert "Avslutat utan kritik." in look(world, "unit_manager", page)
    assert case.number in look(world, "mas", "lex-maria/")


def test_what_the_sas_hands_to_lex_maria_is_a_case_with_the_mas(world: World) -> None:
    case = report(world)
    LexSarahCase.objects.filter(pk=case.pk).update(
        reported_at=timezone.make_aware(datetime(2022, 12, 31, 10))
    )
    decide(world, case, outcome="lex_maria")
    opened = LexMariaCase.objects.get()
    assert (opened.lex_sarah, opened.deviation, opened.unit) == (case, None, world.unit)
    assert opened.due_on == date(2023, 2, 28)  # two months from the report under lex Sarah
    task = tasks.of(opened).get()
    assert (task.kind, task.role, task.state) == ("quality.lex_maria_notify", "mas", "open")
    assert not tasks.of(case).filter(state="open").exists()
    page = look(world, "mas", f"lex-maria/{opened.pk}/")
    assert f"lex-sarah/{case.pk}/" in page and "Larmet var avstängt." in page
    assert f"lex-maria/{opened.pk}/" in look(world, "sas", f"lex-sarah/{case.pk}/")
    assert f"lex-maria/{opened.pk}/" not in look(world, "care_staff", f"lex-sarah/{case.pk}/")
    assert opened.number in look(world, "mas", "lex-maria/")
    today = timezone.localdate().isoformat()
    found = {"analysis": "Förloppet.", "analysed_on": today, "patient_informed": "nej", "revision": 1}
    send(world, "mas", f"lex-maria/{opened.pk}/handelseanalys/", found)


def test_the_months_to_ivo_count_from_the_first_report(world: World) -> None:
    mas = world.people["mas"]
    first = deviation(world, "2022-03-01 10:00")
    took_in = deviation(
        world, "2022-02-11 10:00", state="merged", closed_at=first.reported_at, merged_into=first
    )
    split = deviation(world, "2022-04-20 10:00", split_from=first)
    assert lex.open_lex_maria(split, mas).due_on == date(2022, 4, 11)  # from what it was split from took in
    assert lex.open_lex_maria(took_in, mas).due_on == date(2022, 4, 11)


def test_taking_in_an_earlier_report_moves_the_day_to_notify(world: World) -> None:
    mas = world.people["mas"]
    into, earlier = deviation(world, "2022-03-01 10:00"), deviation(world, "2022-02-11 10:00")
    case = lex.open_lex_maria(into, mas)
    moves.merge(earlier, into, mas, reason="Samma fall.")
    case.refresh_from_db()
    assert case.due_on == date(2022, 4, 11)
    due = tasks.of(case).get().due_at
    assert due is not None and timezone.localdate(due) in (date(2022, 4, 11), date(2022, 4, 12))


def test_the_lex_maria_case_that_the_deviation_has_is_not_opened_twice(world: World) -> None:
    source = deviation(world, "2022-03-01 10:00")
    opened = lex.open_lex_maria(source, world.people["mas"])
    case = lex.open_lex_sarah(source, world.people["sas"])
    decide(world, case, outcome="lex_maria")
    assert LexMariaCase.objects.get() == opened
    assert f"lex-maria/{opened.pk}/" in look(world, "sas", f"lex-sarah/{case.pk}/")
    assert f"lex-sarah/{case.pk}/" in look(world, "mas", f"lex-maria/{opened.pk}/")


def test_lex_maria_is_the_mas_alone(world: World) -> None:
    case = maria(world)
    for role in ("sas", "unit_manager", "quality_strategist"):
        look(world, role, f"lex-maria/{case.pk}/handelseanalys/", 403)
        send(world, role, f"lex-maria/{case.pk}/", {"deed": "besluta", "notify": "nej"}, 409)
    for role in ("care_staff", "licensed", "member", "provider"):
        look(world, role, f"lex-maria/{case.pk}/", 403)


def test_lex_maria_refuses_at_the_field(world: World) -> None:
    case = maria(world)
    page = f"lex-maria/{case.pk}/"
    today = timezone.localdate().isoformat()
    text = send(
        world,
        "mas",
        page,
        {"deed": "besluta", "notify": "nej", "motive": "Nej.", "decided_on": today, "revision": 1},
        400,
    ).content.decode()
    assert "Gör klart händelseanalysen" in text
    text = send(
        world, "mas", f"{page}handelseanalys/", {"analysis": "", "patient_informed": "ja", "revision": 1}, 400
    ).content.decode()
    assert "Skriv vilken dag patienten informerades" in text
