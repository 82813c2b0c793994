"""The calendar's format, as RFC 5545 wants it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from roder.tasks.ical import Entry, calendar, escaped, folded

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_moment_is_in_utc_and_a_day_is_a_day() -> None:
    text = calendar(
        "Roder",
        [
            Entry(
                "1@x",
                "Bedöm; nu, genast",
                NOW,
                at=datetime(2026, 3, 2, 21, 40, tzinfo=UTC),
                url="https://x/1/",
            ),
            Entry("2@x", "Lämna in", NOW, day=date(2026, 12, 31)),
            Entry("3@x", "Utan tid", NOW),
        ],
        NOW,
    )
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20260302T214000Z" in lines and "SUMMARY:Bedöm\\; nu\\, genast" in lines
    assert "DTSTART;VALUE=DATE:20261231" in lines and "DTEND;VALUE=DATE:20270101" in lines
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_every_line_is_short_and_nothing_is_lost(text: str) -> None:
    line = "SUMMARY:" + escaped(text)
    written = folded(line)
    assert all(len(piece.encode()) <= 75 for piece in written.split("\r\n"))
    assert unfolded(written) == line


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_text_cannot_break_out_of_its_line(text: str) -> None:
    lines = unfolded(calendar(text, [Entry("1@x", text, NOW, at=NOW)], NOW)).split("\r\n")
    assert len(lines) == 17
    assert all("\n" not in line and "\r" not in line for line in lines)
