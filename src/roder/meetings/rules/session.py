"""What holds in session: who serves, whether the body may decide, who may reserve, what is missing at the end.

Pure: seats and people are keys, times are nobody's. Källor: kommunallagen (2017:725) 5 kap. 45 § (fullmäktige får
handlägga ett ärende bara om fler än hälften av ledamöterna är närvarande), 6 kap. (samma för nämnder) och 6 kap.
28–32 §§ (jäv i nämnd). The order that substitutes are called in is the body's own: Roder takes the personal
substitute, then the party's in order, then the rest in order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from roder.core.faults import UserFault


class SessionFault(UserFault):
    """What cannot be done in session. ``rows`` holds what is wrong at whom (the member's key), ``field`` at which
    field of a form."""

    def __init__(self, message: str, *, field: str = "", rows: Mapping[int, str] | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.rows = dict(rows or {})


class MeetingNotDoneError(SessionFault):
    """A meeting that cannot be ended: ``missing`` says what is left, as (key of the item or None, what)."""

    def __init__(self, missing: Sequence[tuple[int | None, str]]) -> None:
        self.missing = list(missing)
        super().__init__(
            "Sammanträdet kan inte avslutas än: " + "; ".join(text for _, text in self.missing) + "."
        )


@dataclass(frozen=True)
class Seat:
    """A seat in a body. ``order`` is the place in the order that substitutes are called in."""

    key: int
    party: str
    substitute: bool = False
    order: int = 0
    stands_in_for: int | None = None


def call_in(
    seats: Iterable[Seat], present: Collection[int], barred: Collection[int] = (), taken: Collection[int] = ()
) -> dict[int, int]:
    """Who serves for each absent member: {the absent member's key: the substitute's key}.

    ``present`` are all who are there. ``barred`` are those who may not take part (jäv): a member among them is
    replaced, a substitute among them is not called. ``taken`` serve already and are not called again. Personal
    substitutes go first, for all; then the same party's, in order; then the others, in order. Nobody serves twice.
    """
    seats = sorted(seats, key=lambda one: (one.order, one.key))
    free = [
        one
        for one in seats
        if one.substitute and one.key in present and one.key not in barred and one.key not in taken
    ]
    absent = [one for one in seats if not one.substitute and (one.key not in present or one.key in barred)]
    found: dict[int, int] = {}
    steps = (
        lambda member, substitute: substitute.stands_in_for == member.key,
        lambda member, substitute: substitute.party == member.party,
        lambda member, substitute: True,
    )
    for fits in steps:
        for member in absent:
            if member.key in found:
                continue
            chosen = next((one for one in free if fits(member, one)), None)
            if chosen is not None:
                found[member.key] = chosen.key
                free.remove(chosen)
    return found


def substitute_for(
    member: int,
    seats: Iterable[Seat],
    present: Collection[int],
    barred: Collection[int] = (),
    taken: Collection[int] = (),
) -> int | None:
    """Who serves for one member who is absent or may not take part; None when nobody can."""
    kept = [one for one in seats if one.substitute or one.key == member]
    return call_in(kept, [key for key in present if key != member], barred, taken).get(member)


def quorum(members: int) -> int:
    """How many must be present and serve for a body with so many members to decide: more than half."""
    return members // 2 + 1


def may_decide(members: int, serving: int) -> bool:
    """Whether a body with so many members may handle a case when so many serve (KL 5:45, and 6 kap. for committees)."""
    return serving >= quorum(members)


@dataclass(frozen=True)
class Part:
    """A member's part in a decision. ``side``: how they voted in the last vote ("yes", "no", "abstains", "away", ""
    when there was none); ``lost`` and ``carried``: whether a proposal of theirs was refused or carried."""

    took_part: bool
    side: str = ""
    lost: bool = False
    carried: bool = False


def may_not_reserve(part: Part, won: str = "") -> str:
    """Why a member may not reserve themselves against a decision; empty when they may.

    ``won`` is the side that won the last vote, if there was one. Only one who took part in the decision may, and not
    one who is known to have been for it.
    """
    if not part.took_part:
        return "deltog inte i beslutet"
    if part.side in ("abstains", "away"):
        return "avstod från att rösta" if part.side == "abstains" else "var inte med vid voteringen"
    if won and part.side == won:
        return "röstade för beslutet"
    if not part.side and part.carried and not part.lost:
        return "yrkade det som blev beslutet"
    return ""


@dataclass(frozen=True)
class ItemState:
    """An item as it stands when the meeting is to end. ``needs`` says whether it must be decided."""

    key: int
    title: str
    needs: bool
    decided: bool
    vote_open: bool = False


def missing_at_end(
    items: Iterable[ItemState], *, presence: bool, serving: int, members: int
) -> list[tuple[int | None, str]]:
    """What is missing before a meeting may end: (key of the item or None, what in words)."""
    found: list[tuple[int | None, str]] = []
    if not presence:
        found.append((None, "närvaron är inte antecknad"))
    elif members and not may_decide(members, serving):
        found.append((None, f"bara {serving} tjänstgör, men {quorum(members)} behövs för beslut"))
    for one in items:
        if one.vote_open:
            found.append((one.key, f"voteringen om ”{one.title}” är inte avslutad"))
        if one.needs and not one.decided:
            found.append((one.key, f"”{one.title}” saknar beslut"))
    return found
