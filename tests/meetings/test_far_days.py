"""9999-12-31, as many systems write that something holds until further notice: answered at the field, never a fault."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from roder.access import mandates
from roder.meetings.models import BodyMember
from roder.meetings.services import members
from roder.organisation.models import Mandate, Role
from tests.meetings.world import Chain

EMPTY = "Lämna tomt om det gäller tills vidare."


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
            "secretary", "meetings:member_new",
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
