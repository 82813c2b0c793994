"""Who may be given an action of a deviation: a post where it happened, or somebody who works there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roder import tasks
from roder.organisation.models import Person, Role
from roder.quality.models import Deviation

#: group of actions -> the posts that own one, the usual first. The line above has the means that a unit has not.
POSTS = {
    "unit": (
        "unit_manager", "casework_manager", "head_department", "head_administration", "sas", "mas",
        "quality_strategist",
    ),
    "profession": ("licensed", "mas"),
}  # fmt: skip
#: group of actions -> whose holders may be given one by name.
BY_NAME = {"unit": ("unit_manager", "care_staff", "licensed"), "profession": ("licensed",)}
#: What is said of an owner that the group does not have.
REFUSED = {
    "unit": "Välj någon som kan ansvara för enhetens åtgärder.",
    "profession": "Välj någon som kan ansvara för professionens åtgärder.",
}
NAMED = 2


@dataclass(frozen=True)
class Candidate:
    """Somebody who may own an action: what the form sends, what it says, and the owner."""

    value: str
    label: str
    owner: tasks.Owner


def usual(deviation: Deviation, group: str) -> tasks.Owner:
    """The owner when nobody is chosen: the unit's manager, or its licensed staff."""
    return tasks.Owner(POSTS[group][0], unit=deviation.unit)


def candidates(deviation: Deviation, group: str) -> list[Candidate]:
    """Those who may own an action of the group: the usual post first, the other posts that somebody holds there, and
    then people by name, in order."""
    found = []
    for place, role in enumerate(POSTS[group]):
        owner = tasks.Owner(role, unit=deviation.unit)
        names = [one.name for one in tasks.people_of(owner).order_by("name", "pk")]
        if names or place == 0:
            found.append(Candidate(f"role:{role}", _post(role, names), owner))
    people: dict[int, Person] = {}
    for role in BY_NAME[group]:
        people |= {one.pk: one for one in tasks.people_of(tasks.Owner(role, unit=deviation.unit))}
    ordered = sorted(people.values(), key=lambda one: (one.name.casefold(), one.pk))
    return found + [
        Candidate(f"person:{one.pk}", one.name, tasks.Owner("", unit=deviation.unit, person=one))
        for one in ordered
    ]


def owner_of(deviation: Deviation, group: str, value: str) -> tasks.Owner | None:
    """The owner that the form's value stands for; None for somebody who may not own an action of the group."""
    return next((one.owner for one in candidates(deviation, group) if one.value == value), None)


def may_own(deviation: Deviation, group: str, owner: tasks.Owner) -> bool:
    """Whether the owner is one of those who may own an action of the group."""
    return owner == usual(deviation, group) or any(one.owner == owner for one in candidates(deviation, group))


def _post(role: str, names: Iterable[str]) -> str:
    held = list(names)
    who = ", ".join(held[:NAMED]) + (f" och {len(held) - NAMED} till" if len(held) > NAMED else "")
    label = str(Role(role).label)
    return f"{label[:1].upper()}{label[1:]}" + (f" ({who})" if who else "")
