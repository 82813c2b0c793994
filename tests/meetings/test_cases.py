"""Cases: registering, moving, depending, closing; who sees which."""

from __future__ import annotations

from tests.meetings.world import Chain


def test_the_world_is_whole(chain: Chain) -> None:
    assert chain.case.number == "2022.001 VON"
    assert chain.paper.pages == 2
    chain.all_present(chain.meeting)
    assert chain.meeting.presences.filter(serves=True).count() == 7
