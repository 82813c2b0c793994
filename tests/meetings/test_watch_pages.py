"""The pages of the balance list: read by members, kept by the secretary, mended at the fields."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from roder.access.models import AuditRecord
from roder.core.jobs import run_pending
from roder.meetings.models import Meeting, Watch
from roder.meetings.services import watch_times, watches
from tests.meetings.test_watches import add, due, plan
from tests.meetings.world import Chain

FORM = {
    "title": "Kö till särskilt boende", "role": "head_administration", "origin": "decision",
    "rhythm_mi": "Varje nämnd utom feb och december", "rhythm_b": "April, maj och november",
    "decided_on": "2019-03-26, 2022-08-01", "section": "§ 70",
}  # fmt: skip


def page(chain: Chain, client: Client, path: str = "", **query: str) -> str:
    """A page of the list, which must be there."""
    answer = client.get(f"{chain.root}balanslista/{path}", query)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_a_member_reads_the_list(chain: Chain) -> None:
    add(chain, plan("MI", "Varje nämnd"), plan("B", "Oktober"), decided_on=[date(2022, 6, 1)], section="§ 12")
    html = page(chain, chain.client("member"))
    for text in (
        "Kö till särskilt boende",
        "2022-06-01",
        "§ 12",
        "Varje nämnd",
        "Oktober",
        "sen",
        "Försenade",
    ):
        assert text in html
    assert "Nytt uppdrag" not in html
    assert "Nytt uppdrag" in page(chain, chain.client("secretary"))


def test_filters_and_groups(chain: Chain) -> None:
    secretary = chain.client("secretary")
    add(chain, plan("MI", "Varje nämnd"), title="Hemtjänsten")
    add(
        chain,
        plan("B", "När utredningen är klar"),
        title="Daglig verksamhet",
        origin="audit",
        responsible="HR",
    )
    add(chain, ("MI", "Paus", None, None), title="Ukraina", paused_why="Vilar")
    done = add(chain, title="Samhall")
    watches.finish_watch(done, chain.by("secretary"), "Redovisat.")
    wanted = {
        ("lage", "sena"): {"Hemtjänsten"}, ("lage", "villkor"): {"Daglig verksamhet"}, ("lage", "pausade"): {"Ukraina"},
        ("lage", "klara"): {"Samhall"}, ("slag", "B"): {"Daglig verksamhet"},
        ("kommer", "audit"): {"Daglig verksamhet"},
        ("ansvarig", "HR"): {"Daglig verksamhet"}, ("q", "hemtjänst"): {"Hemtjänsten"}, ("q", "finns inte"): set(),
    }  # fmt: skip
    titles = {"Hemtjänsten", "Daglig verksamhet", "Ukraina", "Samhall"}
    for (name, value), expected in wanted.items():
        html = page(chain, secretary, **{name: value})
        assert {one for one in titles if f">{one}</a>" in html} == expected, (name, value)
    for group, heading in (("nasta", "Vilar"), ("ansvarig", "Förvaltningschef")):
        assert heading in page(chain, secretary, grupp=group)
    assert "Samhall" in page(chain, secretary, "").replace("Samhall", "") or "Samhall" not in page(
        chain, secretary
    )
    assert ">Samhall</a>" in chain.client("member").get(f"{chain.root}bevakningar/").content.decode()


def test_the_same_number_of_queries_whatever_the_length(
    chain: Chain, django_assert_max_num_queries: object
) -> None:
    client = chain.client("secretary")
    for number in range(3):
        add(chain, plan("MI", "Varje nämnd"), plan("B", "Oktober"), title=f"Rad {number}")
    page(chain, client)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        page(chain, client)


def test_new_from_a_case(chain: Chain) -> None:
    client = chain.client("secretary")
    assert chain.case.number in page(chain, client, "ny/", arende=str(chain.case.pk))
    answer = client.post(f"{chain.root}balanslista/ny/?arende={chain.case.pk}", FORM)
    watch = Watch.objects.get(committee=chain.committee)
    assert answer["Location"] == f"{chain.root}balanslista/{watch.pk}/"
    assert (watch.case, watch.decided_on) == (chain.case, [date(2019, 3, 26), date(2022, 8, 1)])
    assert [str(one) for one in watch.rhythms.order_by("kind")] == [
        "B April, maj och november", "MI Varje nämnd utom feb och december",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("rhythm_b", "ibland", "Det här förstod jag inte: ”ibland”"),
        ("rhythm_mi", "När ärende 2099.1 VON är beslutat", "finns inte i nämndens diarium"),
        ("decided_on", "i våras", "”i våras” är inget datum"),
        ("title", "", "errorlist"),
        ("what", "Gäller 19121212-1212", "personnummer"),
    ],
)
def test_what_cannot_be_read_stands_at_its_field(chain: Chain, field: str, value: str, says: str) -> None:
    answer = chain.client("secretary").post(f"{chain.root}balanslista/ny/", {**FORM, field: value})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert says in html
    assert "April, maj och november" in html or field == "rhythm_b"  # nothing typed is lost
    assert not Watch.objects.exists()


def test_a_row_waits_for_a_case(chain: Chain) -> None:
    text = f"När ärende {chain.case.number} är beslutat"
    chain.client("secretary").post(
        f"{chain.root}balanslista/ny/", {**FORM, "rhythm_mi": text, "rhythm_b": ""}
    )
    condition = Watch.objects.get().rhythms.get().condition
    assert condition == {
        "kind": "meetings.case", "id": chain.case.pk, "field": "phase", "states": ["carried_out", "closed"],
    }  # fmt: skip


def test_two_who_edit(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd"))
    client, where = chain.client("secretary"), f"{chain.root}balanslista/{watch.pk}/andra/"
    assert "Varje nämnd" in client.get(where).content.decode()
    sent = {**FORM, "revision": watch.revision}
    assert client.post(where, {**sent, "title": "Första"}).status_code == 302
    answer = client.post(where, {**sent, "title": "Andra"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Första" in html
    assert "Andra" in html
    assert client.post(where, {**sent, "title": "Andra", "revision": watch.revision + 1}).status_code == 302
    assert Watch.objects.get().title == "Andra"


def post(chain: Chain, watch: Watch, deed: str, role: str = "secretary", **said: str) -> int:
    """A deed on the row's page; gives the status."""
    where = f"{chain.root}balanslista/{watch.pk}/"
    return chain.client(role).post(where, {"deed": deed, **said}).status_code


def test_the_deeds_of_a_row(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd"))
    assert post(chain, watch, "redovisa", on="2022-08-30", note="Läget.") == 302
    assert post(chain, watch, "redovisa", on="2099-01-01") == 400
    assert post(chain, watch, "pausa", why="") == 400
    assert post(chain, watch, "pausa", why="Sommar.") == 302
    assert post(chain, watch, "pausa", why="Igen.") == 409
    assert post(chain, watch, "ateruppta") == 302
    assert post(chain, watch, "redovisa", on="2022-09-27", finished="on") == 400
    html = page(chain, chain.client("member"), f"{watch.pk}/")
    assert "Läget." in html
    assert 'name="deed"' not in html
    assert post(chain, watch, "avsluta", "member", why="Klar.", on="2022-10-01") == 409
    assert post(chain, watch, "redovisa", on="2022-09-27", note="Slutrapport.", finished="on") == 302
    watch.refresh_from_db()
    assert (watch.state, watch.closed_why) == ("done", "Slutrapport.")
    assert "Slutrapport." in page(chain, chain.client("member"), f"{watch.pk}/")
    assert post(chain, watch, "stryk", why="Nej.") == 409


def test_a_report_that_was_to_end_the_row_is_not_written_when_it_cannot_end(chain: Chain) -> None:
    """What was reported may be longer than how it ended."""
    watch = add(chain, plan("MI", "Varje nämnd"))
    said = {"on": "2022-08-30", "note": "Läget. " * 90}
    assert post(chain, watch, "redovisa", finished="on", **said) == 400
    assert not watch.reports.exists()
    assert post(chain, watch, "redovisa", **said) == 302
    assert watch.reports.count() == 1


def test_a_condition_that_never_comes(chain: Chain) -> None:
    watch = add(chain, plan("MI", "När myndigheten är klar"))
    long_ago = timezone.now() - timedelta(days=800)
    watch_times.tasks_of([watch.pk]).update(opened_at=long_ago, due_at=None)
    watch_times.tasks_of([watch.pk]).filter(kind=watch_times.QUESTION).update(due_at=long_ago)
    html = page(chain, chain.client("member"))
    assert "Väntar sedan 2 år" in html
    assert "Fråga om villkoret håller" in html
    assert "Villkoret håller" in page(chain, chain.client("sas"), f"{watch.pk}/")
    assert post(chain, watch, "haller", "sas", note="Väntas i vår.") == 302
    assert "Fråga om villkoret" not in page(chain, chain.client("member"))
    assert post(chain, watch, "uppfyllt", "sas") == 409
    assert post(chain, watch, "uppfyllt") == 302


def test_reported_from_the_agenda_with_one_click(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd"), case=chain.case)
    item = chain.new_item(chain.meeting, "Delegationsordningen", chain.case)
    where = f"{chain.root}balanslista/{watch.pk}/redovisa/{item.pk}/"
    secretary = chain.client("secretary")
    secretary.post(where)
    assert not watch.reports.exists()  # it has not been held
    Meeting.objects.filter(pk=chain.meeting.pk).update(
        state="ended", opened_at=timezone.now(), ended_at=timezone.now()
    )
    assert "Redovisat då" in page(chain, secretary, f"{watch.pk}/")
    assert chain.client("member").post(where).status_code == 403
    assert secretary.get(where).status_code == 405
    secretary.post(where)
    assert [one.item for one in watch.reports.all()] == [item]
    assert "Delegationsordningen" in page(chain, chain.client("member"), f"{watch.pk}/")
    assert due(watch) == [date(2022, 10, 25)]


def test_a_secret_case_is_nowhere_for_those_without_the_right(chain: Chain) -> None:
    case = chain.new_case("Hemligt ärende", secret=True)
    watch = add(chain, plan("MI", "Varje nämnd"), title="Hemligt uppdrag", case=case)
    for role, sees in (("member", True), ("secretary", True), ("sas", False), ("auditor", False)):
        client = chain.client(role)
        assert ("Hemligt uppdrag" in page(chain, client)) is sees, role
        assert (client.get(f"{chain.root}balanslista/{watch.pk}/").status_code == 200) is sees
        assert ("Hemligt uppdrag" in client.get(f"{chain.root}bevakningar/").content.decode()) is sees
        if not sees:
            assert "0 uppdrag" in page(chain, client) or "Balanslistan är tom" in page(chain, client)
            assert "Hemligt uppdrag" not in page(chain, client, "fil/html/")


@pytest.mark.parametrize("role", ["care_staff", "licensed", "provider", "nobody"])
def test_who_may_not_see_it(chain: Chain, role: str) -> None:
    status = chain.client(role).get(f"{chain.root}balanslista/").status_code
    assert status == (200 if role == "licensed" else 404 if role == "nobody" else 403)


def test_files(chain: Chain) -> None:
    add(chain, plan("MI", "Varje nämnd"))
    client = chain.client("member")
    for form in ("html", "pdf", "docx", "xlsx"):
        answer = client.get(f"{chain.root}balanslista/fil/{form}/")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert client.get(f"{chain.root}balanslista/fil/exe/").status_code == 404
    assert (
        AuditRecord.objects.filter(deed="exported", subject=f"{chain.committee.slug}/balanslista").count()
        == 4
    )


def test_a_new_meeting_is_counted_with(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd"))
    chain.new_meeting(date(2022, 8, 15))
    run_pending()
    assert due(watch) == [date(2022, 8, 15)]
