"""A municipality with something of everything that the API gives, and callers with a token."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from roder.api import tokens
from roder.api.models import ApiToken
from roder.api.scopes import Scope
from roder.measures.models import Measure, MeasureValue
from roder.organisation.models import Person
from roder.quality.models import Complaint, ComplaintMatter, LexSarahCase
from roder.steering.models import ComplaintSubject
from tests.api.control_world import fill_control
from tests.api.meeting_world import fill_meetings
from tests.quality.deviation_world import Quality, build_quality

ALL = [scope.value for scope in Scope]


@dataclass
class Caller:
    """Somebody's program with a token."""

    secret: str
    token: ApiToken | None = None

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        options: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"} if self.secret else {}
        options |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if body is not None:
            options |= {"data": body if isinstance(body, (str, bytes)) else json.dumps(body)}
            options["content_type"] = "application/json"
        return Client().generic(method, f"/api/v1/{path}", **options)

    def get(self, path: str) -> Any:
        """The answer to a GET, which must be good."""
        answer = self("GET", path)
        assert answer.status_code == 200, answer.content
        return answer.json()


def caller(by: Person, scopes: list[str] | None = None) -> Caller:
    """A token of the person's own, made for a month."""
    fresh = Person.objects.get(pk=by.pk)
    token, secret = tokens.make(
        fresh, fresh, "Prov", scopes or ALL, timezone.localdate() + timedelta(days=30)
    )
    return Caller(secret, token)


def fill(quality: Quality) -> None:
    """One or more of everything."""
    body, world = quality.committee, quality.world
    fill_meetings(body)
    fill_control(body, world.unit)
    quality.report()
    quality.social(unit=quality.sibling, by="unit_manager")
    at = datetime(2022, 3, 1, 10, tzinfo=UTC)
    common = {"committee": body, "municipality": world.municipality, "unit": world.unit}
    LexSarahCase.objects.create(**common, number="2022-001", reported_at=at, what="Hemlig text.")
    complaint = Complaint.objects.create(
        **common, number="2022-0001", received_at=at, kind="klagomal", channel="post", text="Maten är kall.",
        name="Hemligt Namn", contact="hemlig@prov.se",
    )  # fmt: skip
    subject = ComplaintSubject.objects.create(committee=body, code="mat", label="Mat")
    ComplaintMatter.objects.create(complaint=complaint, subject=subject)
    measure = Measure.objects.create(committee=body, code="nojda", title="Nöjda", unit="%", decimals=1)
    for year in (2021, 2022):
        MeasureValue.objects.create(
            measure=measure, period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1), value=None,
            status="missing", reason="Kommer i maj",
        )  # fmt: skip


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def quality(db: None) -> Quality:
    made = build_quality()
    fill(made)
    return made


@pytest.fixture
def strategist(quality: Quality) -> Caller:
    """Sees all that the API has but tasks for others; may register complaints and report."""
    return caller(quality.who("quality_strategist"))
