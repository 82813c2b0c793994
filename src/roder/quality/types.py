"""The types of deviations as tiles to choose among: by category, with sub-causes, and the picture of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from roder.organisation.models import Body
from roder.steering.models import DeviationCause, DeviationType

#: Pictures in static/quality/types.svg. A type whose picture is not here gets the general one.
ICONS = frozenset(
    "fall lakemedel omvardnad bemotande information dokumentation medicinteknik rehabilitering trycksar infektion "
    "myndighet overgrepp sekretess digitalt insats annat".split()
)
SEPARATOR = ":"
#: Where long words may be divided on a narrow tile: before these parts, in browsers that know no Swedish.
_PARTS = re.compile(
    r"(?<=\w{4})(?=(?:avvikels|dokumentation|händels|infektion|överföring|relaterad|skador|teknisk|tillbud|utövning))"
)


@dataclass
class CauseChoice:
    """A sub-cause that can be chosen under a type."""

    value: str
    label: str
    chosen: bool


@dataclass
class TypeChoice:
    """A type that can be chosen."""

    value: str
    label: str
    icon: str
    clinical: bool
    chosen: bool
    causes: list[CauseChoice] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The label, with soft hyphens where a long word may be divided."""
        return _PARTS.sub("\u00ad", self.label)


@dataclass
class Category:
    """A heading with its types."""

    label: str
    types: list[TypeChoice] = field(default_factory=list)


def choices(committee: Body, chosen: Iterable[str] = ()) -> list[Category]:
    """Everything that can be chosen, in the steering model's order. Two queries."""
    picked = set(chosen)
    causes: dict[int, list[DeviationCause]] = {}
    for cause in DeviationCause.objects.filter(committee=committee).order_by("position", "pk"):
        causes.setdefault(cause.type_id, []).append(cause)
    found: dict[str, Category] = {}
    for kind in DeviationType.objects.filter(committee=committee).order_by("position", "pk"):
        under = [
            CauseChoice(
                f"{kind.code}{SEPARATOR}{one.code}", one.label, f"{kind.code}{SEPARATOR}{one.code}" in picked
            )
            for one in causes.get(kind.pk, [])
        ]
        picture = kind.icon or kind.code
        found.setdefault(kind.category, Category(kind.category_label)).types.append(
            TypeChoice(
                kind.code, kind.label, picture if picture in ICONS else "annat", kind.clinical,
                kind.code in picked or any(one.chosen for one in under), under,
            )
        )  # fmt: skip
    return list(found.values())


def codes(values: Iterable[str]) -> list[tuple[str, str]]:
    """What was chosen, as (code of type, code of cause or "")."""
    found = []
    for value in values:
        kind, _, cause = value.partition(SEPARATOR)
        found.append((kind, cause))
    return found


def values(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The other way: (type, cause) as the form writes it."""
    return [f"{kind}{SEPARATOR}{cause}" if cause else kind for kind, cause in pairs]
