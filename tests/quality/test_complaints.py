"""Complaints as people handle them: in from anywhere, acknowledged, handed out, answered, closed, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from roder import access, tasks
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.organisation.models import Unit
from roder.quality.models import Complaint
from roder.quality.services import complaint_care as care
from roder.quality.services import complaints as services
from roder.quality.services.complaints import Received, Sorting
from roder.steering.models import ComplaintSubject
from tests.quality.case_world import build_cases, client_of, deviation, moment, person, world
from tests.web.world import World

__all__ = ["world"]


def come_in(world: World, by: str = "secretary", **more: Any) -> Complaint:
    values: dict[str, Any] = {
        "kind": "klagomal", "channel": "telefon", "text": "Maten var kall.", "name": "Anna", "contact": "0701-234567",
        "unit": world.unit, "received_at": moment("2022-05-02 08:00"), **more,
    }  # fmt: skip
    return services.register(world.committee, world.people[by], Received(**values))


def anonymous(world: World, **more: Any) -> Complaint:
    return come_in(world, anonymous=True, name="", contact="", **more)


def test_registered_with_the_series_or_a_given_number(world: World) -> None:
    assert come_in(world).number == "2022-0001"
    assert come_in(world, number="VON 2022.228").number == "VON 2022.228"
    assert come_in(world, number="2022-0002").number == "2022-0002"
    assert come_in(world).number == "2022-0003"  # the series passes what was given by hand
    with pytest.raises(ValidationError) as refused:
        come_in(world, number="2022-0002")
    assert "number" in refused.value.message_dict
    assert come_in(world).number == "2022-0004"


def test_numbers_given_at_once_are_unique_and_without_gaps(committed: None) -> None:
    world = build_cases()

    def one(_: int) -> str:
        try:
            return come_in(world).number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(pool.map(one, range(12)))
    assert numbers == [f"2022-{n:04d}" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "19121212-1212 klagar"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"kind": "annat"}, "kind"),
        ({"anonymous": True}, "anonymous"),
        ({"received_at": timezone.now() + timedelta(hours=1)}, "received_at"),
    ],
)
def test_what_cannot_be_registered_says_where(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        come_in(world, **more)
    assert field in refused.value.message_dict


@pytest.mark.parametrize(
    "role", ["member", "care_staff", "licensed", "controller", "provider", "auditor", "nobody"]
)
def test_others_do_not_register(world: World, role: str) -> None:
    with pytest.raises(NotAllowedError):
        come_in(world, by=role)


def test_the_unit_manager_sees_the_units_own_only(world: World) -> None:
    mine, common = come_in(world), come_in(world, unit=None)

    def seen(role: str) -> set[str]:
        return set(
            access.visible(world.people[role], Complaint.objects.all()).values_list("number", flat=True)
        )

    assert seen("unit_manager") == {mine.number}
    assert seen("secretary") == seen("quality_strategist") == {mine.number, common.number}
    assert seen("care_staff") == seen("member") == seen("provider") == set()


def test_from_in_to_answered_and_closed(world: World) -> None:
    secretary, manager = world.people["secretary"], world.people["unit_manager"]
    case = come_in(world)
    assert tasks.of(case).get().kind == "quality.complaint_receive"
    case = services.acknowledge(case, secretary, at=moment("2022-05-03 09:00"))
    assert case.state == "acknowledged"
    services.assign(case, secretary, world.unit)
    task = tasks.of(case).get(kind="quality.complaint_answer")
    assert (task.role, task.unit) == ("unit_manager", world.unit)
    assert task.pk in tasks.open_for(manager).values_list("pk", flat=True)
    with pytest.raises(ValidationError, match="väntar på svar"):
        services.close(case, secretary)
    case.refresh_from_db()
    case = services.answer(
        case, manager, answer="Maten ska vara varm.", action="Ny vagn.", expected_revision=case.revision
    )
    assert (case.state, case.answered_by) == ("answered", manager)
    case = services.close(case, secretary)
    assert case.state == "closed" and case.closed_at is not None
    assert not tasks.of(case).filter(state="open").exists()
    with pytest.raises(ValidationError, match="avslutat"):
        services.close(case, secretary)
    assert services.reopen(case, secretary, "Ringde igen.").state == "answered"


def test_the_anonymous_cannot_be_answered_and_it_says_what_was_done(world: World) -> None:
    secretary, case = world.people["secretary"], anonymous(world)
    deeds: list[Callable[[], Any]] = [
        lambda: services.acknowledge(case, secretary),
        lambda: services.answer(case, secretary, answer="Hej", expected_revision=1),
        lambda: services.close(case, secretary),
    ]
    for deed in deeds:
        with pytest.raises(ValidationError, match="anonym"):
            deed()
    services.note_action(case, secretary, "Vi talade med köket.", expected_revision=1)
    assert services.close(case, secretary).state == "closed"


def test_praise_is_closed_without_an_answer(world: World) -> None:
    assert services.close(come_in(world, kind="berom"), world.people["secretary"]).state == "closed"


def test_several_matters_and_the_service_declaration(world: World) -> None:
    case = come_in(world)
    both = tuple(ComplaintSubject.objects.filter(committee=world.committee))
    sorting = Sorting(kind="synpunkt", unit=world.unit, concerns_declaration=True, subjects=both)
    case = services.sort(case, world.people["unit_manager"], sorting, expected_revision=1)
    assert case.matters.count() == 2 and case.concerns_declaration
    case = services.sort(
        case, world.people["secretary"], Sorting("synpunkt", subjects=both[:1]), expected_revision=2
    )
    assert [one.subject for one in case.matters.all()] == [both[0]]
    with pytest.raises(StaleRecordError):
        services.sort(case, world.people["secretary"], sorting, expected_revision=2)


def test_the_task_to_answer_follows_to_the_other_unit(world: World) -> None:
    secretary, manager = world.people["secretary"], world.people["unit_manager"]
    other_unit = Unit.objects.get(committee=world.committee, code="902")
    other = person("other@prov.se", "unit_manager", unit=other_unit)
    case = come_in(world)
    services.assign(case, secretary, world.unit)
    task = tasks.of(case).get(kind="quality.complaint_answer")
    services.sort(case, secretary, Sorting("klagomal", unit=other_unit), expected_revision=case.revision)
    assert task not in tasks.open_for(manager) and task in tasks.open_for(other)
    assert tasks.Notice.objects.filter(recipient=other, task=task).exists()
    case.refresh_from_db()
    services.sort(case, secretary, Sorting("klagomal"), expected_revision=case.revision)
    assert task not in tasks.open_for(other) and task in tasks.open_for(secretary)


def test_who_answers_second_is_told(world: World) -> None:
    case = come_in(world)
    services.answer(case, world.people["secretary"], answer="Först.", expected_revision=1)
    with pytest.raises(StaleRecordError) as stale:
        services.answer(case, world.people["unit_manager"], answer="Sedan.", expected_revision=1)
    assert stale.value.current.answer == "Först."  # type: ignore[attr-defined]


def test_unanswered_after_the_models_days(world: World) -> None:
    secretary = world.people["secretary"]
    waiting, answered = come_in(world), come_in(world)
    for case in (waiting, answered):
        services.acknowledge(case, secretary, at=moment("2022-05-03 09:00"))
    answered.refresh_from_db()
    services.answer(
        answered,
        secretary,
        answer="Svar.",
        at=moment("2022-06-10 09:00"),
        expected_revision=answered.revision,
    )
    anonymous(world)
    rows = Complaint.objects.all()
    assert list(care.unanswered(rows, date(2022, 6, 2), 30)) == []
    assert set(care.unanswered(rows, date(2022, 6, 3), 30)) == {waiting, answered}
    assert set(care.unanswered(rows, date(2022, 6, 30), 30)) == {waiting}


def test_name_and_contact_are_erased_also_from_the_history(world: World) -> None:
    secretary, case = world.people["secretary"], come_in(world, kind="berom")
    with pytest.raises(ValidationError, match="Avsluta"):
        care.erase_contact(case, secretary)
    services.close(case, secretary)
    case = care.erase_contact(case, secretary)
    assert (case.name, case.contact) == ("", "") and case.contact_erased_at is not None
    kept = case.events.all()  # type: ignore[attr-defined]
    assert kept.count() >= 3
    assert not kept.exclude(name="", contact="").exists()
    with pytest.raises(ValidationError, match="raderade"):
        services.reopen(case, secretary, "Igen.")
    with pytest.raises(NotAllowedError):
        care.erase_contact(case, world.people["care_staff"])


def test_linked_to_a_deviation_that_may_be_seen(world: World) -> None:
    case, source = come_in(world), deviation(world)
    with pytest.raises(ValidationError):
        care.link_deviation(
            case, world.people["secretary"], source.number
        )  # a secretary does not see deviations
    care.link_deviation(case, world.people["unit_manager"], source.number)
    care.link_deviation(case, world.people["unit_manager"], source.number)
    assert list(care.deviations_of(case, world.people["unit_manager"])) == [source]
    assert not care.deviations_of(case, world.people["secretary"])


# --- the pages ------------------------------------------------------------------------------------------------------


def page(world: World, rest: str) -> str:
    return f"/{world.committee.slug}/2022/{rest}"


def test_the_register_has_no_names_and_finds_by_word(world: World) -> None:
    case = come_in(world)
    come_in(world, text="Fint väder.")
    client = client_of(world.people["secretary"])
    text = client.get(page(world, "klagomal/?q=kall")).content.decode()
    assert case.number in text and "2022-0002" not in text
    assert "Anna" not in text and "0701-234567" not in text
    csv = b"".join(client.get(page(world, "klagomal/?format=csv"))).decode("utf-8-sig")  # type: ignore[arg-type]
    assert case.number in csv and "Anna" not in csv
    subject = ComplaintSubject.objects.filter(committee=world.committee).first()
    assert subject is not None
    assert (
        client.get(page(world, f"klagomal/?matters__subject={subject.pk}&anonymous=false")).status_code == 200
    )


def test_the_page_leads_from_in_to_closed(world: World) -> None:
    secretary, manager = client_of(world.people["secretary"]), client_of(world.people["unit_manager"])
    sent = {
        "kind": "klagomal",
        "channel": "post",
        "text": "Kall mat.",
        "name": "Anna",
        "contact": "a@example.se",
        "unit": world.unit.pk,
    }
    assert secretary.post(page(world, "klagomal/registrera/"), sent).status_code == 302
    case = Complaint.objects.get()
    at = page(world, f"klagomal/{case.pk}/")
    assert "a@example.se" in secretary.get(at).content.decode()
    assert secretary.post(at, {"deed": "bekrafta"}).status_code == 302
    assert secretary.post(at, {"deed": "tilldela", "unit": world.unit.pk}).status_code == 302
    assert secretary.post(at, {"deed": "avsluta"}).status_code == 400
    case.refresh_from_db()
    assert manager.get(f"{at}svara/").status_code == 200
    answer = {"answer": "Ny vagn.", "action": "", "revision": case.revision}
    assert manager.post(f"{at}svara/", answer).status_code == 302
    assert manager.post(f"{at}svara/", {**answer, "answer": "Annat."}).status_code == 409
    assert (
        secretary.post(at, {"deed": "atgard", "what": "Byt vagn", "owner": "unit_manager"}).status_code == 302
    )
    assert secretary.post(at, {"deed": "avsluta"}).status_code == 302
    assert secretary.post(at, {"deed": "bekrafta"}).status_code == 409
    assert secretary.post(at, {"deed": "radera"}).status_code == 302
    text = secretary.get(at).content.decode()
    assert "Raderade" in text and "a@example.se" not in text and "Byt vagn" in text
    assert secretary.get(page(world, "klagomal/obesvarade/")).status_code == 200
    assert secretary.get(f"{at}sortera/").status_code == 200


def test_when_it_was_acknowledged_and_answered_is_written(world: World) -> None:
    case, client = come_in(world), client_of(world.people["secretary"])
    at = page(world, f"klagomal/{case.pk}/")
    assert 'name="at"' in client.get(at).content.decode()
    early = client.post(at, {"deed": "bekrafta", "at": "2022-05-01T08:00"})
    assert early.status_code == 400 and "Rätta tidpunkten" in early.content.decode()
    assert client.post(at, {"deed": "bekrafta", "at": "2022-05-03T09:30"}).status_code == 302
    case.refresh_from_db()
    assert case.acknowledged_at == moment("2022-05-03 07:30")  # summer time
    assert 'name="at"' in client.get(f"{at}svara/").content.decode()
    said = {"answer": "Ny vagn.", "at": "2022-05-10T14:00", "revision": case.revision}
    assert client.post(f"{at}svara/", said).status_code == 302
    case.refresh_from_db()
    assert case.answered_at == moment("2022-05-10 12:00")
    assert 'value="2022-05-10T14:00"' in client.get(f"{at}svara/").content.decode()


def test_the_minute_it_came_in_is_not_before_it(world: World) -> None:
    case, client = come_in(world, received_at=timezone.now()), client_of(world.people["secretary"])
    now = f"{timezone.localtime(case.received_at):%Y-%m-%dT%H:%M}"
    at = page(world, f"klagomal/{case.pk}/")
    assert client.post(at, {"deed": "bekrafta", "at": now}).status_code == 302


def test_a_bad_post_keeps_what_was_typed(world: World) -> None:
    client = client_of(world.people["secretary"])
    sent = {"kind": "klagomal", "channel": "post", "text": "Fru 19121212-1212 klagar", "contact": "Anna"}
    answer = client.post(page(world, "klagomal/registrera/"), sent)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Fru 19121212-1212 klagar" in text and "personnummer" in text and "telefonnummer" in text


@pytest.mark.parametrize(
    ("role", "status"), [("member", 403), ("care_staff", 403), ("provider", 403), ("sas", 200)]
)
def test_who_opens_the_page(world: World, role: str, status: int) -> None:
    case = come_in(world)
    assert client_of(world.people[role]).get(page(world, f"klagomal/{case.pk}/")).status_code == status


def test_another_units_manager_does_not_find_it(world: World) -> None:
    case = come_in(world)
    other = person("other@prov.se", "unit_manager", unit=world.administration.committee.units.get(code="902"))
    assert client_of(other).get(page(world, f"klagomal/{case.pk}/")).status_code == 404
