"""The agenda is nobody's but those who write it until the summons is sent: not by the session's pages either."""

from __future__ import annotations

import pytest

from roder.meetings.models import Meeting
from tests.meetings.world import Chain

TITLE = "Ännu inte utskickad punkt"


@pytest.mark.parametrize("role", ["auditor", "unit_manager"])
def test_the_session_does_not_show_a_draft(chain: Chain, role: str) -> None:
    item = chain.new_item(chain.meeting, TITLE)
    meeting = f"{chain.root}sammantraden/{chain.meeting.pk}/session/"
    pages = (
        meeting,
        f"{meeting}nu/",
        f"{meeting}nu/?punkt={item.pk}",
        f"{chain.root}session/punkt/{item.pk}/",
    )
    client = chain.client(role)
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 404, page
        assert TITLE not in answer.content.decode()
    Meeting.objects.filter(pk=chain.meeting.pk).update(state="summoned")
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert TITLE in answer.content.decode()


@pytest.mark.parametrize("role", ["secretary", "chair", "quality_strategist"])
def test_those_who_prepare_it_see_it(chain: Chain, role: str) -> None:
    chain.new_item(chain.meeting, TITLE)
    page = chain.client(role).get(f"{chain.root}sammantraden/{chain.meeting.pk}/session/")
    assert page.status_code == 200


@pytest.mark.parametrize("role", ["auditor", "unit_manager"])
def test_the_case_does_not_tell_of_a_draft(chain: Chain, role: str) -> None:
    """Nor its trail: which meeting a case comes up at is seen when the summons is sent."""
    case = chain.new_case("Taxa för omsorg")
    chain.new_item(chain.meeting, TITLE, case)
    client, page = chain.client(role), f"{chain.root}arenden/{case.pk}/"
    mark = f"sammantraden/{chain.meeting.pk}/"
    for address in (page, f"{page}folj/"):
        assert mark not in client.get(address).content.decode(), address
    assert mark in chain.client("secretary").get(page).content.decode()
    Meeting.objects.filter(pk=chain.meeting.pk).update(state="summoned")
    assert mark in client.get(page).content.decode()
