"""The API as its description says it is: schemathesis calls every operation with what fits and what does not.

A few examples in the suite; ``HYPOTHESIS_PROFILE=long`` looks much further.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from roder.api.main import api
from roder.meetings.models import Case, Document, Meeting, MinuteItem
from roder.quality.models import Complaint, Deviation
from tests.api.conftest import Caller, caller
from tests.quality.deviation_world import Quality

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLES = 300 if LONG else 6
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def in_transaction() -> Iterator[None]:
    """Requests do not close the connection that the test's transaction is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("in_transaction")
def test_no_operation_fails_or_answers_otherwise_than_described(
    quality: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "API_CALLS_PER_MINUTE", 10**9)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    call = caller(quality.who("quality_strategist"))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    called = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        called.add(f"{operation.method.upper()} {operation.path}")
        _try(operation, call)
    assert len(called) == sum(len(one) for one in api.get_openapi_schema(path_prefix="")["paths"].values())


def _try(operation: Any, call: Caller) -> None:
    """Call an operation with examples of both kinds. What each does is taken back."""

    @hypothesis.given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE))
    @_bounds
    def fitting(case: Any) -> None:
        once(case)

    @hypothesis.given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
    @_bounds
    def unfitting(case: Any) -> None:
        once(case)

    turn = itertools.count()

    def once(case: Any) -> None:
        if next(turn) % 2:
            _point_at_what_exists(case)
        with transaction.atomic():
            case.call_and_validate(headers={"Authorization": f"Bearer {call.secret}"}, checks=CHECKS)
            transaction.set_rollback(True)

    fitting()
    if operation.query or operation.body or operation.path_parameters:
        unfitting()


def _point_at_what_exists(case: Any) -> None:
    """Let a call get past the first question, whether there is such a thing."""
    kinds = {
        "complaints": Complaint, "cases": Case, "documents": Document, "meetings": Meeting, "paragraphs": MinuteItem,
    }  # fmt: skip
    model: Any = next((model for name, model in kinds.items() if name in case.path), Deviation)
    real = {
        "id": model.objects.first().pk,
        "name": "matt.utfall",
        "committee": "prov-von",
        "occasion": "2022-08",
        "unit": "111",
    }
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            part.update({name: value for name, value in real.items() if name in part})
    if isinstance(case.body, dict) and isinstance(case.body.get("types"), list):
        case.body["types"] = [{"type": "fall"}]


def _bounds(test: Any) -> Any:
    return hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )(test)
