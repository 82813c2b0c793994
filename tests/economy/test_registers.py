"""The registers of the rows behind the tables: who sees which, filters, and a constant number of queries."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from roder.economy.models import ForecastLine
from roder.economy.pages.registers import REGISTERS
from tests.economy.conftest import login
from tests.economy.real import Town

NAMES = [register.name for register in REGISTERS]


def body(answer: HttpResponse) -> str:
    """The list's rows as text."""
    found = re.search(r"<tbody.*?</tbody>", answer.content.decode(), re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", found[0])) if found else ""


@pytest.mark.parametrize("name", NAMES)
def test_every_register_lists_filters_and_exports(alingsas: Town, name: str) -> None:
    client = login(alingsas, "controller")
    assert client.get(alingsas.url(f"{name}/")).status_code == 200
    for wanted in ("csv", "xlsx"):
        answer = client.get(alingsas.url(f"{name}/?format={wanted}"))
        assert f".{wanted}" in answer.headers["Content-Disposition"]
        assert not isinstance(answer, StreamingHttpResponse) or b"".join(answer.streaming_content)  # type: ignore[arg-type]


def test_the_lines_behind_the_variance(alingsas: Town) -> None:
    client = login(alingsas, "member")
    occasion, group = alingsas.occasion("2022-05"), alingsas.group("ovriga")
    answer = client.get(alingsas.url(f"prognosrader/?occasion={occasion.pk}&group={group.pk}"))
    text = body(answer)
    assert "−88\u00a0213" in text and "bränsle" in text and "−714" not in text
    line = ForecastLine.objects.get(occasion=occasion, group=group)
    assert "bränsle" in client.get(alingsas.url(f"prognosrader/{line.pk}/")).content.decode()


def test_a_units_lines_are_seen_by_its_manager_and_by_no_other(alingsas: Town) -> None:
    for unit, amount in ((alingsas.unit, -111_000), (alingsas.other_unit, -222_000)):
        ForecastLine.objects.create(
            occasion=alingsas.occasion("2022-08"),
            unit=unit,
            group=alingsas.group("ovriga"),
            amount=Decimal(amount),
        )
    manager = body(login(alingsas, "unit_manager").get(alingsas.url("prognosrader/?sortera=-amount")))
    assert "−111" in manager and "−222" not in manager and "Hela nämnden" in manager
    member = body(login(alingsas, "controller").get(alingsas.url("prognosrader/?sortera=-amount")))
    assert "−111" in member and "−222" in member
    assert login(alingsas, "provider").get(alingsas.url("prognosrader/")).status_code == 403


def test_the_list_takes_as_many_queries_for_many_rows(alingsas: Town) -> None:
    client = login(alingsas, "controller")

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(alingsas.url("prognosrader/")).status_code == 200
        return len(found)

    count()
    before = count()
    for code in ("2022-04", "2022-08", "2022-10"):
        for group in ("intakter", "personal", "lokaler", "ovriga"):
            ForecastLine.objects.create(
                occasion=alingsas.occasion(code), group=alingsas.group(group), amount=1
            )
    assert count() == before <= 15
