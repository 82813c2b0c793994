"""The kinds of task that the rooms declare: what they are called, where they lead, and who hears when they are late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roder.organisation.models import Body, Person
    from roder.tasks.models import Action, Task

#: A page by its name and arguments after committee and year; ``common`` pages stand outside the committees.
Page = tuple[str, Sequence[Any]]

Escalation = Sequence[tuple[timedelta, str]]

#: Refuses what a person wants to do with a task by raising NotAllowedError or ValidationError.
Check = Callable[["Task", "Person"], None]

#: Whether a person may change an action, of those who may change the record that it is about.
ActionRule = Callable[["Action", "Person"], bool]

#: Who hears, and how long after the time was out, unless a kind says otherwise: the leaders in the line.
LINE: Escalation = (
    (timedelta(days=1), "unit_manager"),
    (timedelta(days=3), "head_department"),
    (timedelta(days=7), "head_administration"),
)
LEADERS = tuple(role for _, role in LINE)


@dataclass(frozen=True)
class Kind:
    """A declared kind. See ``kind``."""

    name: str
    label: str
    url: Callable[[Task], Page | str] | None = None
    remind: Sequence[timedelta] = ()
    escalate: Escalation = LINE
    attest: str = ""
    by_hand: bool = False
    tells: bool = True
    clock: bool = False
    alerts: bool = True
    deeds: dict[str, Callable[[Task], None]] = field(default_factory=dict, compare=False)
    checks: dict[str, Check] = field(default_factory=dict, compare=False)


_KINDS: dict[str, Kind] = {}
_PLACES: dict[str, Callable[[Any], Page | str]] = {}
_ALSO: dict[str, Sequence[str]] = {}
_ACTION_RULES: dict[str, ActionRule] = {}
_MEETINGS: list[Callable[[Body], Iterable[date]]] = []


def kind(
    name: str,
    label: str,
    *,
    url: Callable[[Task], Page | str] | None = None,
    remind: Sequence[timedelta] = (),
    escalate: Escalation = LINE,
    attest: str = "",
    by_hand: bool = False,
    tells: bool = True,
    clock: bool = False,
    alerts: bool = True,
    closed: Callable[[Task], None] | None = None,
    marked: Callable[[Task], None] | None = None,
    ready: Check | None = None,
    approve: Check | None = None,
) -> Kind:
    """Declare a kind of task, ``<room>.<what>``, in the room's ``tasks.py``.

    ``url`` gives the page where it is done: (name, arguments after committee and year), or a whole address; without
    one, the page declared for the subject with ``place``. ``remind``: how long before it is due the owner is reminded.
    ``escalate``: (how long after, role) pairs; in the line, roles at or below the owner's are passed over.
    ``attest``: the role that approves what somebody has marked ready (implies ``by_hand``). ``by_hand``: people tick it
    off themselves on "Att göra"; otherwise only the room's own services complete it. ``tells``: the owner is told when
    it is opened. ``clock``: shown with a running clock on the start page. ``closed`` is called, in the transaction,
    when somebody has done it by hand; ``marked`` when somebody has marked it ready for approval, and then the room
    tells whoever approves it. ``ready`` and ``approve`` are asked before somebody marks it ready or approves
    it, and refuse by raising. ``alerts`` False: the clockwork says nothing of it; its room reminds, and tells who is
    late.

    Declaring the same name again replaces it. Raises ValueError for a name without a room.
    """
    if "." not in name:
        raise ValueError(f"{name}: ett slag av uppgift heter rum.namn")
    deeds = {name: deed for name, deed in (("closed", closed), ("marked", marked)) if deed is not None}
    checks = {name: check for name, check in (("ready", ready), ("approve", approve)) if check is not None}
    made = Kind(
        name, label, url, tuple(remind), tuple(escalate), attest, by_hand or bool(attest), tells, clock, alerts,
        deeds, checks,
    )  # fmt: skip
    _KINDS[name] = made
    return made


def find(name: str) -> Kind:
    """The declared kind. Raises LookupError with the name when no room has declared it."""
    try:
        return _KINDS[name]
    except KeyError:
        raise LookupError(f"uppgiftsslaget {name} är inte deklarerat i något rums tasks.py") from None


def known(name: str) -> Kind:
    """The declared kind, or a plain one with the name for rows of a kind that no longer is declared."""
    return _KINDS.get(name) or Kind(name, name.rpartition(".")[2].replace("_", " ").capitalize())


def clocks() -> list[str]:
    """The kinds that are shown with a running clock."""
    return [one.name for one in _KINDS.values() if one.clock]


def place(record_kind: str, page: Callable[[Any], Page | str], *, also: Sequence[str] = ()) -> None:
    """Declare where a record is shown: ``place("quality.deviation", lambda one: ("quality:deviation", [one.pk]))``.

    ``page`` gets the record and gives (name, arguments after committee and year), or a whole address. ``also``: records
    it points at that the page (or the record's ``year``) needs, read in the same query.
    """
    _PLACES[record_kind] = page
    _ALSO[record_kind] = tuple(also)


def actions_changed_by(record_kind: str, rule: ActionRule) -> None:
    """Declare who may change the actions of a kind of record on their own page. Without it, whoever may change the
    record; an action's owner always may."""
    _ACTION_RULES[record_kind] = rule


def may_change_action(row: Action, by: Person) -> bool:
    """What the record's room says of who may change the action."""
    rule = _ACTION_RULES.get(row.subject_kind)
    return rule is None or rule(row, by)


def read_with(record_kind: str) -> Sequence[str]:
    """What ``place`` said is read together with the kind of record."""
    return _ALSO.get(record_kind, ())


def place_of(record_kind: str) -> Callable[[Any], Page | str] | None:
    """What ``place`` declared for the kind of record, or None."""
    return _PLACES.get(record_kind)


def use_meetings(source: Callable[[Body], Iterable[date]]) -> None:
    """Declare where the days come from that a body meets; several sources are put together."""
    if source not in _MEETINGS:
        _MEETINGS.append(source)


def meetings_of(body: Body) -> list[date]:
    """The days a body meets, as far as they are known."""
    return sorted({day for source in _MEETINGS for day in source(body)})


def line_above(role: str, escalate: Escalation) -> Escalation:
    """The escalation without the roles in the line that are the owner's own or below it."""
    if role not in LEADERS:
        return escalate
    passed = LEADERS[: LEADERS.index(role) + 1]
    return tuple((after, to) for after, to in escalate if to not in passed)
