"""The days that the program reckons with: 9999-12-31 and a year that was mistyped are answered at the field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from pydantic import TypeAdapter

from roder.core.dayfield import DayField
from roder.core.days import FIRST_DAY, LAST_DAY
from roder.core.faults import UserFault
from roder.core.periods import PeriodError, parse_date, parse_period
from roder.core.yamlfile import Day, Shape, read_yaml
from roder.imports.cells import CellFault, read_day
from roder.meetings.rules.calendar import deadlines, read_days
from roder.meetings.services import members
from roder.organisation.models import Mandate
from roder.registers.models import Agreement
from roder.steering.modelfile.parts import Day as ModelDay
from roder.tasks.rules import by_day

FAR = ["9999-12-31", "3000-01-01", "1899-12-31", "0001-01-02"]
EMPTY = "Lämna tomt om det gäller tills vidare."


@pytest.mark.parametrize("text", FAR)
def test_a_far_day_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValidationError) as told:
        DayField().clean(text)
    assert told.value.messages == ["Skriv en dag från 1900-01-01 till och med 2999-12-31."]
    with pytest.raises(ValidationError, match=EMPTY):
        DayField(required=False).clean(text)
    with pytest.raises(CellFault, match=EMPTY):
        read_day(text)
    with pytest.raises(PeriodError, match="1900-01-01"):
        parse_date(text)
    _, unread = read_days(text, 2022)
    assert "skriv en dag från 1900-01-01" in str(unread[0])


def test_a_far_period_is_refused() -> None:
    for text in ("9999", "9999-12", "2022..9999"):
        with pytest.raises(PeriodError):
            parse_period(text)


def test_the_first_and_last_days_can_be_reckoned_with() -> None:
    for day in (FIRST_DAY, LAST_DAY):
        assert DayField().clean(day.isoformat()) == parse_date(day.isoformat()) == day
        assert by_day(day).day == day
        assert deadlines(day).summons_by < day
        assert members.period(day, day).lower == day


def test_a_file_with_until_further_notice_as_a_date_is_told_what_to_write(tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    file.write_text("valid_from: 2022-01-01\nvalid_to: 9999-12-31\n")

    class Stands(Shape):
        valid_from: Day
        valid_to: Day | None = None

    with pytest.raises(UserFault, match=r"organisation\.yaml:2: valid_to: Skriv en dag från 1900-01-01"):
        read_yaml(file, Stands)
    with pytest.raises(Exception, match="Skriv en dag från 1900-01-01"):
        TypeAdapter(ModelDay).validate_python("9999-12-31")


def test_a_record_refuses_a_far_day_whoever_writes_it() -> None:
    with pytest.raises(ValidationError) as told:
        Agreement(notice_by=date(9999, 12, 31)).clean_fields()
    assert told.value.message_dict["notice_by"] == ["Skriv en dag från 1900-01-01 till och med 2999-12-31."]
    with pytest.raises(ValidationError) as told:
        Mandate(valid=DateRange(date(1, 1, 1), None)).clean_fields()
    assert "valid" in told.value.message_dict
    with pytest.raises(ValidationError) as told:
        Mandate(valid=DateRange(date(2022, 1, 1), date(3000, 1, 1))).clean_fields()
    assert "valid" not in told.value.message_dict  # the last day of all is in it
