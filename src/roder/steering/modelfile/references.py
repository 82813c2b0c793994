"""Which keys of the model name a row of it by its code: for choice lists, and to say who refers to a code.

The checks judge; this table only offers. A test holds every line of it against them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roder.steering.modelfile.faults import Path, value_at

REFERENCES = {
    "goals.levels.parent": "goals.levels",
    "goals.levels.decided_by": "bodies",
    "occasions.decided_by": "bodies",
    "occasions.receives": "bodies",
    "occasions.compares_with": "occasions",
    "occasions.phases.body": "bodies",
    "calendar.body": "bodies",
    "accounts.rows.sum_of": "accounts.rows",
    "services.tables": "accounts.rows",
    "investments.categories.parent": "investments.categories",
    "investments.projects.category": "investments.categories",
    "supports.rows.area": "supports.areas",
    "supports.rows.law": "laws",
    "supports.rows.provisions": "supports.provisions",
    "supports.sums.sum_of": "supports.rows",
    "good_economy.groups.goals.followed": "goals.follow_marks",
    "grading_rules.scale": "status_scales",
    "risk_scales.matrix.levels": "risk_scales.levels",
    "delegation.categories.law": "laws",
    "deadlines.law": "laws",
    "laws.replaced_by": "laws",
    "legal_references.sections.law": "laws",
}
"""Where a code is named, and the list whose code it is. Inside one row (a risk scale) it is that row's own list."""

STATUSES = {
    f"grading_rules.{key}"
    for key in ("missing", "higher", "equal", "lower", "bands.status", "small_unit.bands.status")
}
"""Where a status is named: it is one of the scale that the rule is for."""

REPEATED = {"risk_scales.matrix.levels"}
"""Lists in which a code may stand several times, and the order says something."""


def dotted(path: Path) -> str:
    """The path without places in lists: ``occasions.phases.body``."""
    return ".".join(step for step in path if isinstance(step, str))


def target(path: Path, data: Any) -> Path | None:
    """The list that the codes at a path are of, or None when they are of none."""
    name = dotted(path)
    if name in STATUSES:
        rule = value_at(data, path[:2])
        scales = data.get("status_scales", [])
        wanted = rule.get("scale") if isinstance(rule, dict) else None
        place = next((place for place, one in enumerate(scales) if one.get("code") == wanted), None)
        return None if place is None else ("status_scales", place, "statuses")
    named = REFERENCES.get(name)
    if named is None:
        return None
    steps = named.split(".")
    if len(steps) > 1 and len(path) > 1 and isinstance(path[1], int) and path[0] == steps[0]:
        return (steps[0], path[1], *steps[1:])  # of the same row
    return tuple(steps)


def choices(path: Path, data: Any) -> list[tuple[str, str]] | None:
    """The codes that may stand at a path, with what they are called; None where any code may."""
    of = target(path, data)
    if of is None:
        return None
    rows = value_at(data, of)
    found = [(str(one["code"]), named(one)) for one in rows or [] if isinstance(one, dict) and "code" in one]
    if of == ("bodies",):
        committee = data.get("committee", {})
        if committee.get("code") not in dict(found):
            found.append((str(committee.get("code")), named(committee)))
    return found


def referring(path: Path, data: Any, code: str) -> list[Path]:
    """The keys that name the row at ``path`` by its ``code``."""
    return [
        where
        for where, value in _leaves(data, ())
        if _names(value, code) and target(where, data) == path[:-1]
    ]


def renamed(value: Any, old: str, new: str) -> Any:
    """What stands at a key that names a code, with the code changed."""
    return [new if one == old else one for one in value] if isinstance(value, list) else new


def named(row: Any) -> str:
    """What people call a row."""
    if isinstance(row, dict):
        for key in ("label", "name", "short", "singular", "code", "status", "handling", "role"):
            if row.get(key):
                return str(row[key])
        if "value" in row:
            return str(row["value"])
        if "lowest" in row:
            return f"{row['lowest']}–{row.get('highest', '')}"
        return str(row.get("likelihood", row.get("law", "")))
    return str(row)


def _names(value: Any, code: str) -> bool:
    return value == code or (isinstance(value, list) and code in value)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every key with a text or a list of texts."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, (*path, key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for place, one in enumerate(value):
            yield from _leaves(one, (*path, place))
    else:
        yield path, value
