"""Deviations by the API: the list, one of them, and to report."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roder.access.models import AuditRecord
from roder.api.jobs import forget_posts
from roder.api.models import KeptPost
from roder.quality.models import Deviation
from tests.api.conftest import Caller, caller, fill
from tests.quality.deviation_world import Quality, build_quality


def body(**changes: Any) -> dict[str, Any]:
    return {
        "committee": "prov-von", "unit": "111", "occurred_at": "2026-01-02T21:40:00+01:00", "what": "Föll.",
        "types": [{"type": "fall", "cause": "egen"}], **changes,
    }  # fmt: skip


def test_the_list_has_no_text(strategist: Caller) -> None:
    answer = strategist("GET", "deviations")
    assert answer["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer
    found = answer.json()
    assert [one["unit"]["code"] for one in found["items"]] == ["112", "111"]
    assert found["next"] is None
    assert found["items"][1]["types"] == [{"code": "fall", "label": "Fall", "cause": None}]
    assert not {"what", "place", "reference"} & set(found["items"][0])


FILTERS = [
        ("unit=111", ["111"]), ("unit=11", ["112", "111"]), ("unit=nej", []), ("type=fall", ["111"]),
        ("type=bemotande", ["112"]), ("state=closed", []), ("state=reported", ["112", "111"]), ("severity=3", []),
        ("reported_from=2020-01-01", ["112", "111"]), ("reported_before=2020-01-01", []),
        ("committee=prov-von", ["112", "111"]),
    ]  # fmt: skip


def test_filters(strategist: Caller) -> None:
    for query, expected in FILTERS:
        assert [one["unit"]["code"] for one in strategist.get(f"deviations?{query}")["items"]] == expected


def test_pages_follow_each_other_without_gap_or_repetition(quality: Quality, strategist: Caller) -> None:
    for _ in range(5):
        quality.report()
    Deviation.objects.update(reported_at=Deviation.objects.first().reported_at)  # type: ignore[union-attr]
    seen: list[int] = []
    place = ""
    for _ in range(10):
        page = strategist.get(f"deviations?limit=3{place}")
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        place = f"&after={page['next']}"
    assert seen == list(Deviation.objects.order_by("-reported_at", "-pk").values_list("pk", flat=True))
    assert len(seen) == 7


NO_PAGES = ["x", "MjAyMg", "OTk5OXwx", "MjAyMi0wMS0wMXwx", "%F0%9F%98%80", "=" * 20]


def test_a_page_that_does_not_exist(strategist: Caller) -> None:
    for after in NO_PAGES:
        answer = strategist("GET", f"deviations?after={after}")
        assert answer.status_code == 404
        assert "värdet next" in answer.json()["detail"]


def test_the_number_of_queries_is_constant(quality: Quality, strategist: Caller) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            strategist.get("deviations")
        return len(queries)

    few = asked()
    for _ in range(6):
        quality.report()
    assert asked() == few <= 9


def test_one_deviation_with_its_text_is_read_and_noted(quality: Quality, strategist: Caller) -> None:
    one = Deviation.objects.get(unit=quality.unit)
    found = strategist.get(f"deviations/{one.pk}")
    assert (found["what"], found["place"], found["consequence"]) == (one.what, one.place, "")
    assert found["steps"]
    assert AuditRecord.objects.filter(deed="deviation.read", subject=one.gid).count() == 1
    assert strategist("GET", "deviations/999999").status_code == 404


def test_the_reporter_sees_the_report_but_not_the_case_work(quality: Quality) -> None:
    mine = Deviation.objects.get(unit=quality.unit)
    call = caller(quality.who("care_staff"))
    assert [one["id"] for one in call.get("deviations")["items"]] == [mine.pk]
    found = call.get(f"deviations/{mine.pk}")
    assert (found["what"], found["consequence"], found["cause"]) == (mine.what, None, None)
    other = Deviation.objects.exclude(pk=mine.pk).get()
    assert call("GET", f"deviations/{other.pk}").status_code == 404


def test_a_report_is_made_as_the_owner(quality: Quality) -> None:
    call = caller(quality.who("care_staff"))
    answer = call("POST", "deviations", body())
    assert answer.status_code == 201, answer.content
    made = Deviation.objects.get(pk=answer.json()["id"])
    assert (made.reporter, made.what, made.unit) == (
        quality.world.people["care_staff"],
        "Föll.",
        quality.unit,
    )
    assert answer.json()["types"] == [{"code": "fall", "label": "Fall", "cause": "egen"}]


def test_a_report_sent_again_makes_no_second(quality: Quality) -> None:
    call, key = caller(quality.who("care_staff")), str(uuid4())
    first = call("POST", "deviations", body(), idempotency_key=key)
    again = call("POST", "deviations", body(), idempotency_key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = call("POST", "deviations", body(what="Annat."), idempotency_key=key)
    assert other.status_code == 409
    assert "har använts för något annat" in other.json()["detail"]
    assert call("POST", "deviations", body(), idempotency_key="nej").status_code == 422
    forget_posts()
    assert KeptPost.objects.count() == 1
    KeptPost.objects.update(at=timezone.now() - timedelta(days=31))
    forget_posts()
    assert not KeptPost.objects.exists()


BAD_INPUT = [
        ({"what": ""}, "what", "Skriv kort vad som hände."),
        ({"what": "Om 811218-9876"}, "what", "personnummer"),
        ({"what": "a\x00b"}, "what", "NUL"),
        ({"what": "\ud83d"}, "what", "halvt tecken"),
        ({"what": "x" * 20_001}, "what", "högst 20000 tecken"),
        ({"what": 7}, "what", "Ska vara en text."),
        ({"occurred_at": "2099-01-01T00:00:00Z"}, "occurred_at", ""),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "Skriv en dag från 1900-01-01"),
        ({"occurred_at": "2026-01-02T21:40:00"}, "occurred_at", "tidszon"),
        ({"occurred_at": "i går"}, "occurred_at", "Ska vara ett datum"),
        ({"unit": "nej"}, "unit", "Välj var det hände."),
        ({"unit": "112"}, "unit", "Du hör inte till den enheten."),
        ({"types": []}, "types", "För få: minst 1."),
        ({"types": [{"type": "nej"}]}, "types", "finns inte i nämndens styrmodell"),
        ({"types": [{"type": "fall", "cause": "nej"}]}, "types", "finns inte i nämndens styrmodell"),
        ({"types": [{"type": "fall", "mer": 1}]}, "types.0.mer", "Fältet finns inte."),
        ({"severity": 8}, "severity", "Välj en av graderna."),
        ({"severity": 99}, "severity", "Ska vara högst 9."),
        ({"severity": "2"}, "severity", "heltal"),
        ({"direction": "upp"}, "direction", "Ska vara något av 'intern'"),
        ({"okant": 1}, "okant", "Fältet finns inte."),
    ]  # fmt: skip


def test_bad_input_is_told_by_field_in_swedish(quality: Quality) -> None:
    for changes, field, words in BAD_INPUT:
        count = Deviation.objects.count()
        answer = caller(quality.who("care_staff"))("POST", "deviations", body(**changes))
        assert answer.status_code == 422, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        found = answer.json()
        assert (found["status"], found["title"]) == (422, "Något i frågan är fel")
        messages = {one["field"]: one["message"] for one in found["errors"]}
        assert words in messages[field], messages
        assert Deviation.objects.count() == count


NO_OBJECTS = ['"AAA"', "[]", "null", "12", "{", b"\xff", b""]


def test_a_body_that_is_no_object_is_refused(strategist: Caller) -> None:
    for sent in NO_OBJECTS:
        answer = strategist("POST", "deviations", sent)
        assert answer.status_code in (400, 422), answer.content
        assert answer.json()["title"]


def test_a_committee_elsewhere_does_not_exist(strategist: Caller) -> None:
    assert strategist("POST", "deviations", body(committee="annan-sn")).status_code == 404
    assert strategist("GET", "deviations?committee=annan-sn").status_code == 404


@pytest.mark.usefixtures("committed")
def test_the_same_report_twice_at_once_makes_one() -> None:
    quality = build_quality()
    fill(quality)
    call, key, together = caller(quality.who("unit_manager")), str(uuid4()), Barrier(4)
    before = Deviation.objects.count()

    def send(_: int) -> tuple[int, int]:
        try:
            together.wait()
            answer = call("POST", "deviations", body(), idempotency_key=key)
            return answer.status_code, answer.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 201]
    assert len({made for _, made in answers}) == 1
    assert Deviation.objects.count() == before + 1
