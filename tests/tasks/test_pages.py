"""The pages: each for those it is for, and deeds by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from roder import tasks
from roder.organisation.models import Deputy
from roder.tasks.models import Action, Notice, State, Task
from tests.tasks.conftest import Town

Login = Callable[[str], Client]


def overdue() -> datetime:
    """Three hours ago, when asked: the suite may have begun long before."""
    return timezone.now() - timedelta(hours=3)


def task_of(town: Town, kind: str = "prov.hand", role: str = "unit_manager", **more: object) -> Task:
    return tasks.open_task(
        kind, town.home, owner=tasks.Owner(role, unit=town.home), what="Gå igenom rutinen", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_my_list_shows_mine_with_how_late(town: Town, as_person: Login) -> None:
    task_of(town, due=overdue())
    ewa = as_person("ewa").get("/uppgifter/").content.decode()
    assert "Gå igenom rutinen" in ewa and "3\xa0h sen" in ewa and "Försenat (1)" in ewa
    assert '<span class="count">1<' in ewa
    erik = as_person("erik").get("/uppgifter/").content.decode()
    assert "Gå igenom rutinen" not in erik and "Inget att göra just nu" in erik


def test_the_list_costs_the_same_however_long(
    town: Town, as_person: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        task_of(town, key=str(number), due=overdue() + timedelta(hours=number))
    client = as_person("ewa")
    with django_assert_max_num_queries(26):  # type: ignore[attr-defined]
        assert client.get("/uppgifter/").status_code == 200


def test_ticked_off_in_the_list(town: Town, as_person: Login) -> None:
    task = task_of(town)
    client = as_person("ewa")
    answer = client.post(f"/uppgifter/{task.pk}/klar/", {"revision": task.revision, "lista": "1"})
    assert answer.status_code == 302 and answer["Location"] == "/uppgifter/"
    task.refresh_from_db()
    assert task.state == State.DONE and task.closed_by == town.people["ewa"]
    assert "Gjort de senaste två veckorna (1)" in client.get("/uppgifter/").content.decode()


def test_somebody_elses_task_is_not_there_and_not_theirs_to_tick_off(town: Town, as_person: Login) -> None:
    task = task_of(town)
    assert as_person("erik").get(f"/uppgifter/{task.pk}/").status_code == 404
    dag = as_person("dag")  # leads the department: sees it, but it is not his
    assert dag.get(f"/uppgifter/{task.pk}/").status_code == 200
    assert dag.post(f"/uppgifter/{task.pk}/klar/").status_code == 403


def test_ready_returned_ready_approved(town: Town, as_person: Login) -> None:
    task = task_of(town, "prov.attest")
    ewa, dag = as_person("ewa"), as_person("dag")
    ewa.post(f"/uppgifter/{task.pk}/klar/", {"note": "Klart hos oss"})
    assert "Gå igenom rutinen" in dag.get("/uppgifter/").content.decode()
    refused = dag.post(f"/uppgifter/{task.pk}/aterlamna/", {"note": ""})
    assert refused.status_code == 422 and "Skriv vad som saknas" in refused.content.decode()
    dag.post(f"/uppgifter/{task.pk}/aterlamna/", {"note": "Bilagan saknas"})
    task.refresh_from_db()
    assert task.state == State.RETURNED
    assert "Återlämnad" in ewa.get("/uppgifter/").content.decode()
    ewa.post(f"/uppgifter/{task.pk}/klar/", {"note": "Nu med bilaga"})
    assert ewa.post(f"/uppgifter/{task.pk}/godkann/").status_code == 403
    dag.post(f"/uppgifter/{task.pk}/godkann/")
    task.refresh_from_db()
    assert task.state == State.DONE and task.closed_by == town.people["dag"]


def test_a_stale_page_changes_nothing_and_loses_nothing(town: Town, as_person: Login) -> None:
    task = task_of(town)
    answer = as_person("ewa").post(f"/uppgifter/{task.pk}/klar/", {"revision": 99, "note": "Mina ord"})
    assert answer.status_code == 422 and "Mina ord" in answer.content.decode()
    task.refresh_from_db()
    assert task.state == State.OPEN


def test_late_tasks_are_for_those_who_lead(town: Town, as_person: Login) -> None:
    task_of(town, due=overdue())
    assert as_person("nora").get("/uppgifter/sena/").status_code == 403
    assert "Gå igenom rutinen" in as_person("dag").get("/uppgifter/sena/?slag=prov.hand").content.decode()
    assert "Inget är försenat" in as_person("erik").get("/uppgifter/sena/").content.decode()


def test_an_action_from_finding_to_effect(town: Town, as_person: Login) -> None:
    action = tasks.add_action(
        task_of(town, "prov.klocka", "licensed"), town.people["dag"], finding="Golvet är halt", what="Byt mattan",
        owner=tasks.Owner("unit_manager", unit=town.home), due=date(2026, 12, 1),
    )  # fmt: skip
    ewa, url = as_person("ewa"), f"/atgarder/{action.pk}/"
    assert "Byt mattan" in ewa.get(url).content.decode()
    assert as_person("erik").get(url).status_code == 404
    early = ewa.post(f"{url}effekt/", {"effekt-effect": "yes", "effekt-effect_text": "Bra"})
    assert early.status_code == 422
    ewa.post(f"{url}klar/", {"klar-note": "Bytt"})
    bare = ewa.post(f"{url}effekt/", {"effekt-effect": "no", "effekt-effect_text": " "})
    assert bare.status_code == 422
    ewa.post(f"{url}effekt/", {"effekt-effect": "partly", "effekt-effect_text": "Färre halkar"})
    action.refresh_from_db()
    assert action.effect == Action.Effect.PARTLY and action.done_by == town.people["ewa"]
    assert not tasks.open_for(town.people["ewa"]).exists()


def test_notices_are_read_and_lead_on(town: Town, as_person: Login) -> None:
    task = task_of(town)
    notice = Notice.objects.get(recipient=town.people["ewa"])
    client = as_person("ewa")
    assert "Ny uppgift" in client.get("/aviseringar/").content.decode()
    assert client.get(f"/aviseringar/{notice.pk}/")["Location"] == f"/uppgifter/{task.pk}/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert as_person("erik").get(f"/aviseringar/{notice.pk}/").status_code == 404


def test_a_deputy_is_appointed_and_ended(town: Town, as_person: Login) -> None:
    task_of(town)
    ewa, erik = as_person("ewa"), as_person("erik")
    today = timezone.localdate()
    form = {"stand_in": town.people["erik"].pk, "first": today, "last": today + timedelta(days=7)}
    assert ewa.post("/ersattare/", form).status_code == 302
    assert "Gå igenom rutinen" in erik.get("/uppgifter/").content.decode()
    deputy = Deputy.objects.get()
    ewa.post(f"/ersattare/{deputy.pk}/avsluta/")
    assert "Gå igenom rutinen" not in erik.get("/uppgifter/").content.decode()


@pytest.mark.parametrize(("last", "said"), [(-3, "före första dagen"), (800, "högst ett år")])
def test_a_deputy_for_wrong_days_is_refused_at_the_field(
    town: Town, as_person: Login, last: int, said: str
) -> None:
    today = timezone.localdate()
    form = {"stand_in": town.people["erik"].pk, "first": today, "last": today + timedelta(days=last)}
    answer = as_person("ewa").post("/ersattare/", form)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_the_calendar_behind_its_secret_address(town: Town, as_person: Login) -> None:
    task_of(town, due=date(2026, 12, 24))
    client = as_person("ewa")
    assert "Ingen adress än" in client.get("/kalender/").content.decode()
    page = client.post("/kalender/").content.decode()
    found = (
        page[page.index("http://127.0.0.1:8000/kalender/") :]
        .split("<")[0]
        .removeprefix("http://127.0.0.1:8000")
    )
    feed = Client().get(found)
    assert feed.status_code == 200 and feed["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20261224" in feed.content.decode()
    client.post("/kalender/", {"stang": "1"})
    assert Client().get(found).status_code == 404
