"""Lex Sarah, complaints, figures, key figures and tasks by the API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from roder.access.models import AuditRecord
from roder.figures.registry import catalogue
from roder.quality.models import Complaint, Deviation
from tests.api.conftest import Caller, caller
from tests.quality.deviation_world import Quality


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "committee": "prov-von",
        "kind": "synpunkt",
        "channel": "telefon",
        "text": "Fler utflykter.",
        **changes,
    }


def test_lex_sarah_is_a_list_without_text(strategist: Caller) -> None:
    found = strategist.get("lex-sarah")["items"]
    assert [(one["number"], one["state"], one["outcome"]) for one in found] == [
        ("2022-001", "reported", None)
    ]
    assert "Hemlig" not in json.dumps(found)
    assert strategist.get("lex-sarah?state=closed")["items"] == []
    assert strategist.get("lex-sarah?reported_before=2022-01-01")["items"] == []


def test_complaints_never_tell_who_sent_them(strategist: Caller) -> None:
    row = strategist.get("complaints?kind=klagomal")["items"][0]
    assert (row["number"], row["subjects"], row["anonymous"]) == ("2022-0001", ["mat"], False)
    one = strategist.get(f"complaints/{row['id']}")
    assert one["text"] == "Maten är kall."
    for found in (row, one):
        assert "emlig" not in json.dumps(found)
    assert AuditRecord.objects.filter(deed="complaint.read").count() == 1
    assert strategist("GET", "complaints/999999").status_code == 404
    assert (
        strategist.get("complaints?state=closed&received_from=2020-01-01&received_before=2030-01-01")["items"]
        == []
    )


def test_a_complaint_is_registered_once(strategist: Caller) -> None:
    key = str(uuid4())
    first = strategist("POST", "complaints", sent(unit="111", subjects=["mat"]), idempotency_key=key)
    assert first.status_code == 201, first.content
    again = strategist("POST", "complaints", sent(unit="111", subjects=["mat"]), idempotency_key=key)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    made = Complaint.objects.get(pk=first.json()["id"])
    assert (made.text, made.kind, first.json()["subjects"]) == ("Fler utflykter.", "synpunkt", ["mat"])


REFUSED = [
        ({"text": " "}, "text"), ({"text": "811218-9876"}, "text"), ({"unit": "nej"}, "unit"),
        ({"subjects": ["nej"]}, "subjects"), ({"channel": "formular"}, "channel"), ({"kind": "nej"}, "kind"),
        ({"received_at": "2099-01-01T00:00:00Z"}, "received_at"), ({"anonymous": True, "name": "A"}, "anonymous"),
        ({"number": "2022-0001"}, "number"),
    ]  # fmt: skip


def test_a_complaint_that_the_rules_refuse(strategist: Caller) -> None:
    for changes, field in REFUSED:
        answer = strategist("POST", "complaints", sent(**changes))
        assert answer.status_code == 422, answer.content
        assert field in [one["field"] for one in answer.json()["errors"]], answer.json()


def test_the_catalogue_and_a_computed_figure(strategist: Caller) -> None:
    names = [one["name"] for one in strategist.get("figures")]
    assert "matt.utfall" in names
    found = strategist.get("figures/matt.utfall?committee=prov-von&occasion=2022-08")
    assert (found["occasion"], found["cut_off"], found["snapshot"]) == ("2022-08", "2022-08-31", None)
    for path in (
        "figures/nej.finns.inte?committee=prov-von&occasion=2022-08",
        "figures/matt.utfall?committee=annan-sn&occasion=2022-08",
        "figures/matt.utfall?committee=prov-von&occasion=nej",
        "figures/matt.utfall?committee=prov-von&occasion=2022-08&snapshot=nej",
    ):
        assert strategist("GET", path).status_code == 404, path
    assert strategist("GET", "figures/matt.utfall").status_code == 422
    assert strategist.get("snapshots?committee=prov-von") == []


def test_small_counts_are_hidden_from_those_who_may_not_open_the_cases(quality: Quality) -> None:
    Deviation.objects.update(
        occurred_at=datetime(2022, 3, 1, tzinfo=UTC), discovered_at=datetime(2022, 3, 1, tzinfo=UTC),
        reported_at=datetime(2022, 3, 1, tzinfo=UTC), registered_at=datetime(2022, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    name = next(
        one
        for one in catalogue()
        if one.startswith("quality.avvikelser.") and catalogue()[one].per == ("ar",)
    )
    path = f"figures/{name}?committee=prov-von&occasion=2022-08"
    exact = caller(quality.who("quality_strategist")).get(path)["rows"]
    assert [(row["value"], row["hidden"]) for row in exact if row["key"]["ar"] == "2022"] == [("2", False)]
    for role in ("member", "licensed", "unit_manager"):
        rows = caller(quality.who(role)).get(path)["rows"]
        found = [(row["value"], row["hidden"], row["text"]) for row in rows if row["key"]["ar"] == "2022"]
        assert found == [(None, True, "visas inte")], role


def test_a_figure_unit_by_unit_is_for_those_who_read_deviations(quality: Quality) -> None:
    path = "figures/quality.avvikelser.per_enhet?committee=prov-von&occasion=2022-08"
    assert caller(quality.who("member"))("GET", path).status_code == 403
    assert caller(quality.who("mas"))("GET", path).status_code == 200


def test_key_figures_and_what_is_missing(strategist: Caller) -> None:
    assert [one["code"] for one in strategist.get("measures")["items"]] == ["nojda"]
    page = strategist.get("measure-values?measure=nojda&limit=1")
    assert [(one["period_start"], one["value"], one["reason"]) for one in page["items"]] == [
        ("2022-01-01", None, "Kommer i maj")
    ]
    rest = strategist.get(f"measure-values?limit=1&after={page['next']}")
    assert [one["period_start"] for one in rest["items"]] == ["2021-01-01"]
    assert rest["next"] is None
    assert strategist.get("measure-values?period_from=2022-01-01&period_before=2022-01-02")["items"]


def test_tasks_are_the_owners(quality: Quality) -> None:
    found = caller(quality.who("licensed")).get("tasks")
    assert [one["kind"] for one in found] == ["quality.assessment"]
    assert found[0]["unit"]["code"] == "111"
    assert found[0]["url"].startswith("/")
    assert caller(quality.who("member")).get("tasks") == []


def test_addresses_and_methods_that_do_not_exist(strategist: Caller) -> None:
    answer = strategist("GET", "nej/finns/inte")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert strategist("DELETE", "deviations").status_code == 405
