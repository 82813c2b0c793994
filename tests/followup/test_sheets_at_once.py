"""A sheet is saved in the moment when it is approved, or when its round is closed: never written after."""

from __future__ import annotations

import pytest

from roder.followup.faults import SheetFault
from roder.followup.models import Line, Sheet
from roder.followup.services import sheets
from roder.followup.services.rounds import close_round, open_round
from tests.at_once import meanwhile
from tests.followup.test_sheets import fill, sheet_of
from tests.followup.world import START, Town, build_town


@pytest.fixture
def opened(committed: None) -> Town:
    town = build_town()
    open_round(town.occasion, by=town.by("strateg"), today=START)
    return town


def test_what_is_saved_while_it_is_marked_ready_and_approved_is_refused(opened: Town) -> None:
    sheet = fill(opened, "111", "u111")
    line = Line.objects.filter(sheet=sheet).first()
    assert line is not None
    by = opened.by("u111")

    def approve() -> None:
        sheets.mark_ready(sheet, by)
        sheets.attest(sheet, opened.by("avd1"))

    late = meanwhile(
        approve, lambda: sheets.save_line(line, by, expected_revision=line.revision, comment="För sent.")
    )
    with pytest.raises(SheetFault, match="klarmarkerad"):
        late.result()
    assert not Line.objects.filter(comment="För sent.").exists()


def test_what_is_saved_while_the_round_is_closed_is_refused(opened: Town) -> None:
    sheet = sheet_of(opened, "111")
    late = meanwhile(
        lambda: close_round(sheet.round, opened.by("strateg")),
        lambda: sheets.save_summary(sheet, opened.by("u111"), "För sent.", sheet.revision),
    )
    with pytest.raises(SheetFault, match="stängd"):
        late.result()
    assert not Sheet.objects.filter(summary="För sent.").exists()
