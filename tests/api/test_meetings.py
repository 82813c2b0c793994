"""Cases, documents, meetings, decisions and the balance list by the API; what is secret only with the right to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roder.access.models import AuditRecord
from roder.api.scopes import Scope
from roder.meetings.models import Case, Document, Meeting, MinuteItem
from tests.api.conftest import Caller, caller
from tests.quality.deviation_world import Quality

LISTS = ("cases", "documents", "meetings", "paragraphs", "watches")
#: Without the right to secrets: everything that any of these is given in any list.
OPEN = ("auditor", "central_office", "controller", "quality_strategist", "unit_manager", "sas")
TRUSTED = ("secretary", "member", "chair", "head_administration")


def everything(call: Caller) -> str:
    """All that the lists, the meeting and the cases give."""
    found: list[Any] = [call.get(one) for one in LISTS]
    found.append(call.get(f"meetings/{Meeting.objects.get().pk}"))
    for paragraph in found[3]["items"]:
        found.append(call.get(f"paragraphs/{paragraph['id']}/trail"))
    for case in found[0]["items"]:
        found.append(call.get(f"cases/{case['id']}"))
    return json.dumps(found, ensure_ascii=False)


def test_what_is_secret_is_given_to_those_with_the_right_and_to_nobody_else(quality: Quality) -> None:
    secret_case, secret_document = Case.objects.get(secret=True), Document.objects.get(secret=True)
    secret_paragraph = MinuteItem.objects.get(item__secret=True)
    paths = (
        f"cases/{secret_case.pk}", f"documents/{secret_document.pk}/file", f"paragraphs/{secret_paragraph.pk}/trail",
    )  # fmt: skip
    for role in OPEN:
        call = caller(quality.who(role))
        told = everything(call)
        assert "Hemlig" not in told and "Öppet beslut" in told, role
        assert [call("GET", path).status_code for path in paths] == [404, 404, 404], role
    for role in TRUSTED:
        call = caller(quality.who(role))
        told = everything(call)
        for what in ("ärende", "handling", "punkt", "beslut", "beslutspunkt", "bevakning", "sammanfattning"):
            assert f"Hemligt {what}" in told, (role, what)
        assert [call("GET", path).status_code for path in paths] == [200, 200, 200], role
    assert AuditRecord.objects.filter(deed="case.read").count() == 2 * len(TRUSTED)
    assert AuditRecord.objects.filter(deed="document.read").count() == len(TRUSTED)


def test_a_secret_document_in_an_open_case(quality: Quality) -> None:
    Case.objects.update(secret=False, secrecy_section="")
    for role, wanted in (
        ("auditor", ["Öppet handling"]),
        ("secretary", ["Hemligt handling", "Öppet handling"]),
    ):
        found = caller(quality.who(role)).get("documents")["items"]
        assert sorted(one["title"] for one in found) == wanted


def test_cases_are_listed_and_found_by_number_in_any_spelling(quality: Quality) -> None:
    call = caller(quality.who("secretary"))
    page = call.get("cases?limit=1")
    assert [one["number"] for one in page["items"]] == ["2022.002 VON"]
    rest = call.get(f"cases?limit=1&after={page['next']}")
    assert ([one["number"] for one in rest["items"]], rest["next"]) == (["2022.001 VON"], None)
    for spelling in ("VON 2022-1", "2022.001%20von", "Dnr VON.2022.1"):
        assert [one["title"] for one in call.get(f"cases?number={spelling}")["items"]] == ["Öppet ärende"]
    for path, count in {
        "cases?phase=registered&kind=own&course=active": 2, "cases?phase=closed": 0, "cases?opened_from=2022-08-02": 1,
        "cases?opened_before=2022-08-02": 1, "cases?committee=prov-von": 2, "documents?kind=letter": 0,
        f"documents?case={Case.objects.get(secret=False).pk}": 1, "documents?dated_from=2022-09-28": 0,
        "documents?dated_before=2022-09-28": 2, "meetings?date_from=2022-09-27&date_before=2022-09-28": 1,
        "meetings?body=prov-von": 1, "meetings?body=nej": 0, "paragraphs?year=2022&outcome=approved": 2,
        "paragraphs?year=2021": 0, "paragraphs?body=prov-von": 2, "watches?state=open": 2, "watches?state=done": 0,
    }.items():  # fmt: skip
        assert len(call.get(path)["items"]) == count, path
    assert call("GET", "cases?committee=annan-sn").status_code == 404
    assert call("GET", "cases?kind=nej").status_code == 422


def test_a_case_a_meeting_and_a_decision_in_full(quality: Quality) -> None:
    call = caller(quality.who("auditor"))
    case = call.get(f"cases/{Case.objects.get(secret=False).pk}")
    assert (case["summary"], [one["phase"] for one in case["steps"]]) == (
        "Öppet sammanfattning",
        ["committee"],
    )
    file = case["documents"][0]["file"]
    assert (file["name"], file["type"]) == ("Öppet.pdf", "pdf")
    answer = call("GET", file["url"].removeprefix("/api/v1/"))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    meeting = call.get(f"meetings/{Meeting.objects.get().pk}")
    assert [(one["number"], one["title"]) for one in meeting["items"]] == [("1", "Öppet punkt")]
    paragraph = call.get("paragraphs")["items"][0]
    assert (paragraph["number"], paragraph["points"], paragraph["date"]) == (
        71,
        ["Öppet beslutspunkt"],
        "2022-09-27",
    )
    assert paragraph["recipients"] == [{"name": "Förvaltningen", "purpose": "FÅ"}]
    trail = call.get(f"paragraphs/{paragraph['id']}/trail")
    assert [one["what"] for one in trail["steps"] if one["here"]] == ["§ 71 Öppet beslut"]
    watch = call.get("watches")["items"][0]
    assert (watch["reported_on"], watch["rhythms"]) == (
        "2022-10-25",
        [{"kind": "MI", "printed": "varje möte"}],
    )


def test_what_is_not_attested_is_given_to_those_who_write_the_minutes(quality: Quality) -> None:
    Meeting.objects.get().record.__class__.objects.update(state="draft")
    assert caller(quality.who("member")).get("paragraphs")["items"] == []
    assert len(caller(quality.who("secretary")).get("paragraphs")["items"]) == 2


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("cases", Scope.CASES_READ), ("documents", Scope.CASES_READ), ("meetings", Scope.MEETINGS_READ),
        ("paragraphs", Scope.MEETINGS_READ), ("watches", Scope.WATCHES_READ),
    ],
)  # fmt: skip
def test_each_part_needs_its_scope(quality: Quality, path: str, scope: Scope) -> None:
    others = [one.value for one in Scope if one != scope]
    assert caller(quality.who("secretary"), others)("GET", path).status_code == 403
    assert caller(quality.who("secretary"), [scope.value])("GET", path).status_code == 200


def test_longer_lists_take_no_more_questions(quality: Quality) -> None:
    call = caller(quality.who("secretary"))

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            call.get(path)
        return len(asked)

    for path in LISTS:
        assert count(f"{path}?limit=1") == count(path), path


def test_the_agenda_is_not_given_before_the_summons(quality: Quality) -> None:
    meeting = Meeting.objects.get()
    for state, wanted in (("planned", []), ("summoned", ["Öppet punkt"])):
        Meeting.objects.filter(pk=meeting.pk).update(state=state)
        found = caller(quality.who("auditor")).get(f"meetings/{meeting.pk}")["items"]
        assert [one["title"] for one in found] == wanted
        assert caller(quality.who("secretary")).get(f"meetings/{meeting.pk}")["items"]
