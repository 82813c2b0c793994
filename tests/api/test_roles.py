"""Every operation of the API, called as every role with every scope, against the printed matrix in ``matrix.txt``.

``RODER_WRITE_MATRIX=1 pytest tests/api/test_roles.py`` prints it anew, and the change is read in review.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.db import transaction

from roder.access.matrix import RIGHTS
from roder.api.main import api
from roder.meetings.models import Case, Document, Meeting, MinuteItem
from roder.quality.models import Complaint, Deviation
from tests.api.conftest import Caller, caller
from tests.api.test_deviations import body
from tests.api.test_others import sent
from tests.quality.deviation_world import Quality

MATRIX = Path(__file__).with_name("matrix.txt")
LEGEND = """\
# Vem som kommer åt vad genom API:et med en nyckel som får allt. Skrivs av tests/api/test_roles.py.
#   +  får      0  får, men ser inga rader      -  får inte (403)      .  finns inte för rollen (404)
"""
#: operation -> what it is called with
CALLS: dict[str, Any] = {
    "GET deviations": None, "GET deviations/{deviation}": None, "POST deviations": body(unit="111"),
    "GET lex-sarah": None, "GET complaints": None, "GET complaints/{complaint}": None, "POST complaints": sent(),
    "GET figures": None, "GET figures/matt.utfall?committee=prov-von&occasion=2022-08": None, "GET snapshots": None,
    "GET measures": None, "GET measure-values": None, "GET tasks": None, "GET cases": None,
    "GET cases/{case}": None, "GET cases/{secret_case}": None, "GET documents": None,
    "GET documents/{document}/file": None, "GET documents/{secret_document}/file": None, "GET meetings": None,
    "GET meetings/{meeting}": None, "GET paragraphs": None, "GET paragraphs/{paragraph}/trail": None,
    "GET paragraphs/{secret_paragraph}/trail": None, "GET watches": None,
    "GET risk-analyses": None, "GET risks": None, "GET control-plans": None, "GET control-points": None,
    "GET controls": None, "GET control-rounds": None, "GET recommendations": None,
}  # fmt: skip


def sign(call: Caller, method: str, path: str, what: Any) -> str:
    with transaction.atomic():
        answer = call(method, path, what)
        transaction.set_rollback(True)
    if answer.streaming:
        return "+" if b"".join(answer.streaming_content) else "!"
    if answer.status_code in (200, 201):
        found = answer.json()
        return "0" if found == [] or (isinstance(found, dict) and found.get("items") == []) else "+"
    return {403: "-", 404: "."}.get(answer.status_code, f"!{answer.status_code}")


def called(quality: Quality) -> str:
    calls = {name: caller(quality.who(name)) for name in RIGHTS}
    lines = [LEGEND, *(f"# {'  ' * place}{name}" for place, name in enumerate(calls))]
    ids = {
        "deviation": Deviation.objects.get(unit=quality.sibling).pk,
        "complaint": Complaint.objects.get().pk,
        "meeting": Meeting.objects.get().pk,
        **{f"{'secret_' * one.secret}case": one.pk for one in Case.objects.all()},
        **{f"{'secret_' * one.secret}document": one.pk for one in Document.objects.all()},
        **{f"{'secret_' * one.item.secret}paragraph": one.pk for one in MinuteItem.objects.all()},
    }
    for operation, what in CALLS.items():
        method, path = operation.split(" ")
        found = [sign(call, method, path.format(**ids), what) for call in calls.values()]
        lines.append(f"  {operation.split('?')[0]:<41}{' '.join(found)}")
    return "\n".join(lines) + "\n"


def test_every_operation_answers_each_role_as_the_matrix_says(quality: Quality) -> None:
    now = called(quality)
    if os.environ.get("RODER_WRITE_MATRIX"):
        MATRIX.write_text(now, encoding="utf-8")
    assert "!" not in now.replace(LEGEND, ""), now
    assert now == MATRIX.read_text(encoding="utf-8")


def test_no_operation_is_left_out() -> None:
    known = {(one.split(" ")[0], one.split(" ")[1].split("?")[0].split("/")[0]) for one in CALLS}
    schema = api.get_openapi_schema(path_prefix="")
    for path, operations in schema["paths"].items():
        for method in operations:
            assert (method.upper(), path.strip("/").split("/")[0]) in known, (method, path)
