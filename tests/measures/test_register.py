"""The register of outcomes: printed as each measure is printed, exported as numbers."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from openpyxl import load_workbook

from roder.measures.models import Measure, MeasureValue
from roder.organisation.models import Mandate, Person
from tests.figures.world import empty_world


def test_outcomes_are_printed_with_the_measures_decimals_and_exported_as_numbers(db: None) -> None:
    body = empty_world().committee
    person = Person.objects.create_user("c@prov.se", None, name="C")
    Mandate.objects.create(
        person=person, role="controller", body=body, valid=DateRange(date(2020, 1, 1), None)
    )
    measure = Measure.objects.create(committee=body, code="n1", title="Nöjda", unit="%", decimals=1)
    MeasureValue.objects.create(
        measure=measure, period_start=date(2022, 1, 1), period_end=date(2023, 1, 1), value=Decimal("87.25")
    )
    client = Client()
    client.force_login(person)
    address = f"/{body.slug}/2022/nyckeltalsvarden/"
    assert "87,3" in client.get(address).content.decode()
    answer = client.get(f"{address}?format=xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert 87.25 in [cell for row in book.active.values for cell in row]
