"""What holds for minutes: how paragraphs are numbered, when they must be attested and put up, what is missing.

Pure: no Django, no database; members are keys. Källor: kommunallagen (2017:725), KL: 5 kap. 69 § med 6 kap. 35 §
(protokollet justeras senast 14 dagar efter sammanträdet; en paragraf kan justeras omedelbart), 8 kap. om anslagstavlan
(justeringen tillkännages senast andra dagen efter och står kvar till överklagandetidens utgång) och 13 kap. 5 §
(laglighetsprövning inom tre veckor från dagen för tillkännagivandet); lag (1930:173) 2 § om en tid som slutar på en
lördag, helgdag eller afton.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from roder.core.faults import UserFault
from roder.tasks.rules import next_working_day

ATTEST_WITHIN = timedelta(days=14)
APPEAL = timedelta(weeks=3)
NOTICE_WITHIN = timedelta(days=2)

DRAFT, CHECKED, ATTESTED, LOCKED = "draft", "checked", "attested", "locked"
#: state -> the states it may go to. Checked minutes may be opened again as long as they are not attested.
MOVES = {DRAFT: (CHECKED,), CHECKED: (DRAFT, ATTESTED), ATTESTED: (LOCKED,), LOCKED: ()}
_STATES = {DRAFT: "ett utkast", CHECKED: "granskat", ATTESTED: "justerat", LOCKED: "låst"}


class MinutesFault(UserFault):
    """What cannot be done with the minutes. ``missing`` lists (key of the paragraph or None, what in words); ``field``
    is the field of a form that is wrong."""

    def __init__(
        self, message: str, *, missing: Sequence[tuple[int | None, str]] = (), field: str = ""
    ) -> None:
        super().__init__(message)
        self.missing = list(missing)
        self.field = field


# --- numbers --------------------------------------------------------------------------------------------------------


def first_number(last: int | None, wanted: int | None = None) -> int:
    """The first § of new minutes: the one after the year's last, or ``wanted`` where that is not behind it.

    ``wanted`` is for a body whose year began outside Roder. Raises MinutesFault when it is taken or not a number.
    """
    following = (last or 0) + 1
    if wanted is None:
        return following
    if wanted < following:
        raise MinutesFault(
            f"§ {wanted} är redan använd i år. Nästa lediga är § {following}." if wanted > 0
            else "Den första paragrafen måste vara minst § 1.",
            field="first",
        )  # fmt: skip
    return wanted


def numbered(keys: Iterable[int], first: int) -> dict[int, int]:
    """The paragraphs in the order of the agenda with their numbers, one after the other from ``first``."""
    return {key: number for number, key in enumerate(keys, start=first)}


# --- days -----------------------------------------------------------------------------------------------------------


def attest_by(meeting: date) -> date:
    """The last day to attest the minutes of a meeting."""
    return meeting + ATTEST_WITHIN


def notice_by(attested: date) -> date:
    """The last day to put up the notice that the minutes are attested: the second day after."""
    return attested + NOTICE_WITHIN


def appeal_by(posted: date) -> date:
    """The last day an appeal may come in, when the notice was put up on ``posted``.

    Three weeks from that day; where the last day is a Saturday, a holiday or an eve, the next working day.
    """
    return next_working_day(posted + APPEAL)


def down_on(posted: date) -> date:
    """The first day the notice may be taken down: the day after the time to appeal is out."""
    return appeal_by(posted) + timedelta(days=1)


# --- states ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as it stands before the minutes are checked. ``must_decide`` for items that were up for decision."""

    key: int
    number: int | None
    heading: str
    points: int = 0
    noted: bool = False
    must_decide: bool = False


def require_move(state: str, to: str) -> None:
    """Raise MinutesFault unless minutes may go from ``state`` to ``to``."""
    if to in MOVES[state]:
        return
    if state == LOCKED:
        raise MinutesFault("Protokollet är låst och kan inte ändras.")
    if state == to:
        raise MinutesFault(f"Protokollet är redan {_STATES[to]}.")
    turn = {CHECKED: "Granska det först.", ATTESTED: "Det ska justeras först.", LOCKED: "", DRAFT: ""}
    needed = next((turn[one] for one in MOVES[state] if one in turn and one != DRAFT), "")
    raise MinutesFault(f"Protokollet är {_STATES[state]} och kan inte bli {_STATES[to]} nu. {needed}".strip())


def problems(paragraphs: Sequence[Paragraph]) -> list[tuple[int | None, str]]:
    """What is missing in the paragraphs before the minutes can be checked: (key or None, what in words)."""
    if not paragraphs:
        return [(None, "protokollet har inga paragrafer")]
    found: list[tuple[int | None, str]] = []
    for one in paragraphs:
        name = f"§ {one.number}" if one.number else f"”{one.heading}”"
        if one.number is None:
            found.append((one.key, f"{name} har inget nummer"))
        if one.must_decide and not one.points:
            found.append((one.key, f"{name} saknar beslut"))
        elif not one.points and not one.noted:
            found.append((one.key, f"{name} saknar både beslut och anteckning"))
    return found


def signing_fault(chair: int | None, attesters: Collection[int], present: Collection[int]) -> str:
    """Why these cannot attest the minutes; empty when they can. The chair of the meeting and at least one more, all of
    whom were there."""
    if chair is None:
        return "Välj vem som var ordförande."
    if not attesters:
        return "Välj minst en justerare utöver ordföranden."
    if chair in attesters:
        return "Ordföranden justerar alltid och kan inte också vara justerare. Välj någon annan."
    if chair not in present:
        return "Den som ska justera som ordförande var inte närvarande vid sammanträdet."
    if any(one not in present for one in attesters):
        return "En justerare var inte närvarande vid sammanträdet. Välj någon som var där."
    return ""


def attest_fault(state: str, member: int, signers: Collection[int], done: Collection[int]) -> str:
    """Why a member cannot attest minutes in ``state``; empty when they can."""
    if state == DRAFT:
        return "Protokollet är ett utkast. Sekreteraren ska granska det innan det justeras."
    if state != CHECKED:
        return f"Protokollet är redan {_STATES[state]}."
    if member not in signers:
        return "Bara ordföranden och de valda justerarna justerar protokollet."
    return "Den här personen har redan justerat." if member in done else ""


def all_attested(signers: Collection[int], done: Collection[int]) -> bool:
    """Whether everybody who is to attest has done so."""
    return bool(signers) and set(signers) <= set(done)


def paper_fault(signed: date, meeting: date, today: date) -> str:
    """Why a signature on paper cannot have been made on a day; empty when it can."""
    if signed < meeting:
        return "Protokollet kan inte ha skrivits under före sammanträdet."
    return "Dagen har inte varit än. Skriv dagen då protokollet skrevs under." if signed > today else ""


def notice_fault(state: str, attested: date | None, posted: date, today: date) -> str:
    """Why a notice cannot be put up on a day; empty when it can."""
    if state not in (ATTESTED, LOCKED) or attested is None:
        return "Protokollet är inte justerat än. Anslaget sätts upp när det är justerat."
    if posted < attested:
        return f"Anslaget kan inte sättas upp före justeringen {attested.isoformat()}."
    return "Dagen har inte varit än. Skriv dagen då anslaget sattes upp." if posted > today else ""


def point_text(points: Sequence[str]) -> str:
    """The points of a decision as one text, numbered when there are several."""
    kept = [" ".join(one.split()) if "\n" not in one else one.strip() for one in points if one.strip()]
    return kept[0] if len(kept) == 1 else "\n".join(f"{n}. {one}" for n, one in enumerate(kept, start=1))
