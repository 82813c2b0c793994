"""The days that the program reckons with: 9999-12-31 and a year that was mistyped are answered at the field."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from roder.core.dayfield import DayField
from roder.core.days import FIRST_DAY, LAST_DAY

from roder.access import mandates
from roder.core.periods import PeriodError, parse_date, parse_period
from roder.imports.cells import CellFault, read_day
from roder.meetings.models import BodyMember
from roder.meetings.rules.calendar import deadlines, read_days
from roder.meetings.services import members
from roder.organisation.models import Mandate, Role
from roder.tasks.rules import by_day
from tests.meetings.world import Chain

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


def test_until_further_notice_as_a_date_is_answered_at_the_field(chain: Chain) -> None:
    by, committee = chain.by("administrator"), chain.committee
    with pytest.raises(ValidationError) as told:
        mandates.give(
            by, committee, chain.by("chair"), Role.MAS, unit=None, start=date(2022, 1, 1), last=date.max
        )
    assert EMPTY in told.value.message_dict["last"][0]
    mandate = Mandate.objects.filter(body=committee).first()
    assert mandate is not None
    with pytest.raises(ValidationError, match="2999-12-31"):
        mandates.end(by, mandate, date.max)
    seat = BodyMember.objects.filter(committee=committee).first()
    assert seat is not None
    with pytest.raises(ValidationError, match="2999-12-31"):
        members.end_member(seat, chain.by("secretary"), date.max)


@pytest.mark.parametrize(
    ("role", "name", "sent", "field"),
    [
        (
            "administrator", "organisation:mandate-new",
            {"email": "ny@example.test", "name": "Ny", "role": "mas", "start": "2022-01-01", "last": "9999-12-31"},
            "last",
        ),
        (
            "secretary", "meetings:ledamoter-new",
            {"name": "Ny", "party": "S", "post": "member", "from_day": "2022-01-01", "until": "9999-12-31"},
            "until",
        ),
        ("secretary", "registers:avtal-new",
            {"kind": "other", "title": "Avtal", "party": "Regionen", "notice_by": "9999-12-31"}, "notice_by"),
    ],
)  # fmt: skip
def test_the_pages_say_it_at_the_field(
    chain: Chain, role: str, name: str, sent: dict[str, str], field: str
) -> None:
    address = reverse(name, args=[chain.committee.slug, 2022])
    answer = chain.client(role).post(address, sent | {"body": str(chain.committee.pk)})
    assert answer.status_code in (200, 400, 422)
    assert EMPTY in " ".join(answer.context["form"].errors[field])
