"""Tasks as a calendar that others subscribe to (iCalendar, RFC 5545). Pure: text out, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, without the line break (RFC 5545, 3.1)


@dataclass(frozen=True)
class Entry:
    """Something in the calendar: at a moment, or on a day when ``day`` is given (to ``last`` when it goes on)."""

    uid: str
    summary: str
    changed: datetime
    at: datetime | None = None
    day: date | None = None
    url: str = ""
    last: date | None = None
    about: str = ""


def escaped(text: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks written as the format wants; other control characters
    left out (RFC 5545, 3.3.11)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(sign for sign in text if sign == "\t" or (ord(sign) >= 32 and ord(sign) != 127))


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, never inside a character; the following ones begin with a space."""
    pieces, piece, room = [], "", LONGEST_LINE
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append(piece)
            piece, room = " ", LONGEST_LINE - 1
        piece += sign
        room -= size
    return "\r\n".join([*pieces, piece])


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _entry(entry: Entry, now: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{_utc(now)}",
        f"LAST-MODIFIED:{_utc(entry.changed)}",
    ]
    if entry.day is not None:
        following = (entry.last or entry.day) + timedelta(days=1)
        lines += [f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}", f"DTEND;VALUE=DATE:{following:%Y%m%d}"]
    elif entry.at is not None:
        lines.append(f"DTSTART:{_utc(entry.at)}")
    lines.append(f"SUMMARY:{escaped(entry.summary)}")
    if entry.about:
        lines.append(f"DESCRIPTION:{escaped(entry.about)}")
    if entry.url:
        lines.append(f"URL:{entry.url}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def calendar(name: str, entries: Iterable[Entry], now: datetime) -> str:
    """The whole calendar. Entries without time are left out."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Roder//Roder//SV",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for entry in entries:
        if entry.at is not None or entry.day is not None:
            lines += _entry(entry, now)
    lines.append("END:VCALENDAR")
    return "\r\n".join(folded(line) for line in lines) + "\r\n"
