"""How a case goes: phases in order, what may happen when, what it waits for, and what closing needs.

No Django, no database. Källa: 7-meetings 7.1; MBL 11 § (negotiate before the decision).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from roder.core.words import joined

#: The phases in the order that a case goes through them. Some are skipped: not every case goes to the council.
PHASES = (
    "registered",
    "prepared",
    "subcommittee",
    "committee",
    "executive_board",
    "council",
    "carried_out",
    "closed",
)
#: Before this the case has not been decided: what it waits for, and the unions, come before.
DECIDES_AFTER = "committee"
WORDS = {
    "registered": "registrerat",
    "prepared": "berett",
    "subcommittee": "i utskottet",
    "committee": "i nämnden",
    "executive_board": "i kommunstyrelsen",
    "council": "i kommunfullmäktige",
    "carried_out": "verkställt",
    "closed": "avslutat",
}
COURSES = {
    "active": "pågår",
    "returned": "återremitterat",
    "deferred": "bordlagt",
    "withdrawn": "återkallat",
}
#: Where a returned case begins again: it is to be prepared once more.
RETURNED_TO = "registered"


def place(phase: str) -> int:
    """The phase's place in the order, from 0."""
    return PHASES.index(phase)


def next_phases(phase: str) -> tuple[str, ...]:
    """The phases that a case may be moved to by hand: everything ahead but closing, which has a deed of its own."""
    return PHASES[place(phase) + 1 : -1] if phase != "closed" else ()


def is_decided(phase: str) -> bool:
    """Whether a case in the phase has been decided in the committee."""
    return place(phase) > place(DECIDES_AFTER)


def move_fault(
    phase: str, course: str, to: str, waits: Sequence[str] = (), union_missing: bool = False
) -> str:
    """Why a case cannot be moved to a phase, in Swedish; empty when it can.

    ``waits`` are the names of the cases that it waits for in vain so far.
    """
    if to not in PHASES:
        return f"Läget {to} finns inte."
    if phase == "closed":
        return "Ärendet är avslutat. Öppna det igen först, eller registrera ett nytt som fortsätter det."
    if course == "withdrawn":
        return "Ärendet är återkallat. Återuppta det först, eller avsluta det."
    if to == "closed":
        return "Ärendet avslutas med Avsluta, som också kontrollerar att allt är klart."
    if to == phase:
        return f"Ärendet är redan {WORDS[phase]}."
    if place(to) < place(phase):
        return (
            f"Ärendet är {WORDS[phase]} och går inte tillbaka till {WORDS[to]} av sig självt. "
            "Återremittera det om det ska beredas mer."
        )
    if is_decided(to) and not is_decided(phase):
        return decide_fault(waits, union_missing)
    return ""


def decide_fault(waits: Sequence[str], union_missing: bool) -> str:
    """Why a case cannot be decided yet, in Swedish; empty when it can."""
    if waits:
        return f"Ärendet kan inte beslutas än: det väntar på {joined(waits)}. Ta bort beroendet om det inte gäller."
    if union_missing:
        return "Facklig samverkan krävs före beslut. Skriv in vilken dag den skedde."
    return ""


#: course -> the courses that it may be changed to, and the deed's Swedish
_COURSE_FROM = {
    "withdrawn": ("active", "returned", "deferred"),
    "returned": ("active", "deferred"),
    "deferred": ("active", "returned"),
    "active": ("returned", "deferred", "withdrawn"),
}


def course_fault(phase: str, course: str, to: str) -> str:
    """Why a case cannot be withdrawn, returned, deferred or resumed, in Swedish; empty when it can."""
    if phase == "closed":
        return "Ärendet är avslutat. Öppna det igen först."
    if to == course:
        return "Ärendet pågår redan." if to == "active" else f"Ärendet är redan {COURSES[to]}."
    if course not in _COURSE_FROM[to]:
        return f"Ärendet är {COURSES[course]} och kan inte bli {COURSES[to]}. Återuppta det först."
    return ""


# --- dependencies ---------------------------------------------------------------------------------------------------


def is_waiting(phase: str, course: str, until: str) -> bool:
    """Whether a case that is waited for (with this phase and course) has not come to ``until``. A withdrawn or closed
    case is waited for no more."""
    return course != "withdrawn" and place(phase) < place(until)


def circle(waits_for: Mapping[int, Iterable[int]], case: int, on: int) -> list[int] | None:
    """The circle that arises if ``case`` is to wait for ``on``: the cases from ``case`` and back to it; None when there
    is none. ``waits_for`` says which cases each case waits for already."""
    if case == on:
        return [case, case]
    path: dict[int, int] = {on: case}
    ahead = [on]
    while ahead:
        at = ahead.pop()
        for following in waits_for.get(at, ()):
            if following == case:
                back = [case, at]
                while back[-1] != case:
                    back.append(path[back[-1]])
                return back[::-1]
            if following not in path:
                path[following] = at
                ahead.append(following)
    return None


def circle_words(found: Sequence[int], name: Callable[[int], str]) -> str:
    """The Swedish message that names the circle."""
    names = [name(one) for one in found]
    if len(names) == 2:
        return f"{names[0]} kan inte vänta på sig självt."
    chain = ", som väntar på ".join(names[1:])
    ring = f"{names[0]} väntar på {chain}"
    return f"Ärendena skulle vänta på varandra i en ring: {ring}. Ta bort något av beroendena först."


# --- answers and closing --------------------------------------------------------------------------------------------


def answer_state(answer_by: date | None, answered_on: date | None, today: date) -> str:
    """How it stands with an answer that is asked for: ``none``, ``waiting``, ``late``, ``answered`` or
    ``answered_late``."""
    if answer_by is None:
        return "none" if answered_on is None else "answered"
    if answered_on is not None:
        return "answered_late" if answered_on > answer_by else "answered"
    return "late" if today > answer_by else "waiting"


@dataclass(frozen=True)
class Loose:
    """What may still be open when somebody wants to close a case. Names are as people see them."""

    withdrawn: bool = False
    must_answer: bool = False
    waits_for: Sequence[str] = ()
    watches: Sequence[str] = ()
    asked: Sequence[str] = ()
    coming_items: Sequence[str] = ()
    union_missing: bool = False
    extra: Sequence[str] = field(default=())


def closing_faults(loose: Loose) -> list[str]:
    """What must be done before the case is closed, one Swedish sentence for each; empty when nothing must."""
    faults = []
    if loose.watches:
        faults.append(
            f"Balanslistan har öppna bevakningar: {joined(loose.watches)}. Avsluta eller stryk dem först."
        )
    if loose.coming_items:
        faults.append(
            f"Ärendet står på kommande sammanträden: {joined(loose.coming_items)}. Låt det utgå där först."
        )
    if loose.withdrawn:  # nobody waits for the answer to what has been withdrawn
        return [*faults, *loose.extra]
    if loose.waits_for:
        faults.append(
            f"Ärendet väntar på {joined(loose.waits_for)}. Ta bort beroendet om det inte gäller längre."
        )
    if loose.must_answer:
        faults.append("Ärendet ska besvaras. Skriv in vilken dag svaret lämnades.")
    if loose.asked:
        faults.append(f"Svar saknas från {joined(loose.asked)}. Skriv in svaren, eller att inget svar kom.")
    if loose.union_missing:
        faults.append("Facklig samverkan krävs. Skriv in vilken dag den skedde.")
    return [*faults, *loose.extra]
