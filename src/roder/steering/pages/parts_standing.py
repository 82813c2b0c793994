"""What the pages of the model's parts stand on: the version, a place in it, and what a change of it would come to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from roder.core.words import capital_first
from roder.steering.modelfile import Change, Checked, Fault, check_text, diff
from roder.steering.modelfile.compare import where_in
from roder.steering.modelfile.faults import Path, value_at
from roder.steering.modelfile.messages import title_at
from roder.steering.modelfile.references import named
from roder.steering.modelfile.rowfields import of_kind
from roder.steering.modelfile.splice import data_of
from roder.steering.models import SteeringModelVersion
from roder.steering.pages.edit import save, text_of
from roder.steering.services import parsed
from roder.web.scope import CommitteeRequest

ROOT = "modellen"
"""What the model's own keys are called in an address."""


@dataclass(frozen=True)
class Standing:
    """The version that a page builds on, its text, and the place in it that the page is about."""

    version: SteeringModelVersion
    text: str
    data: dict[str, Any]
    path: Path = ()

    @property
    def value(self) -> Any:
        """What stands at the place; None when nothing does."""
        return value_at(self.data, self.path)

    @property
    def title(self) -> str:
        """What the place is called: the row's own word, or the part's."""
        return titled(self.data, self.path)


def standing(request: CommitteeRequest, where: str = ROOT) -> Standing:
    """The place of an address in the year's latest version. Raises Http404 when the model has no such place."""
    version = request.scope.model
    if version is None:
        raise Http404("Året har ingen styrmodell.")
    text = text_of(version)
    data = data_of(text)
    if not isinstance(data, dict):
        raise Http404("Styrmodellens text går inte att läsa.")
    path: Path = (
        () if where == ROOT else tuple(int(one) if one.isdigit() else one for one in where.split("/"))
    )
    for length in range(1, len(path) + 1):
        here = path[:length]
        known = of_kind(here, data) in ("list", "group")
        if not known or (isinstance(here[-1], int) and value_at(data, here) is None):
            raise Http404("Styrmodellen har ingen sådan del.")
    return Standing(version, text, data, path)


def titled(data: Any, path: Path) -> str:
    """What people call a place in the model."""
    if not path:
        return "Modellen"
    if isinstance(path[-1], int):
        return named(value_at(data, path)) or f"Rad {path[-1] + 1}"
    return capital_first(title_at(path, data) or path[-1])


def address(request: CommitteeRequest, path: Path, deed: str = "") -> str:
    """The address of a place, or of a deed there."""
    where = "/".join(map(str, path)) or ROOT
    return request.scope.url(f"steering:part-{deed}" if deed else "steering:part", where)


def way_back(request: CommitteeRequest, path: Path) -> str:
    """The address of the place to go back to; the overview of the parts from the model itself."""
    return address(request, path) if path else request.scope.url("steering:parts")


def trail(request: CommitteeRequest, stand: Standing) -> list[tuple[str, str]]:
    """The places above, with their addresses."""
    above = [stand.path[:length] for length in range(1, len(stand.path))]
    return [(titled(stand.data, path), address(request, path)) for path in above]


@dataclass
class Outcome:
    """What a change would come to: the whole text checked, what differs, and what stands in the way."""

    checked: Checked
    stand: Standing
    newer: bool
    reviewed: bool
    """Whether the person has seen what this very text changes."""
    fault: str = ""
    changes: list[Change] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether nothing is changed."""
        return self.checked.text == self.stand.text

    @property
    def seal(self) -> str:
        """What stands for the text that has been shown."""
        return hashlib.sha256(self.checked.text.encode()).hexdigest()

    @property
    def may_save(self) -> bool:
        """Whether the text can be saved when the person says so."""
        return self.checked.ok and not self.same

    @property
    def status(self) -> int:
        """The answer's status."""
        return 400 if self.fault or self.newer or not self.checked.ok else 200

    def inside(self, fields: Collection[str]) -> list[Fault]:
        """The faults of the place itself: those of its fields, and of it as a whole."""
        path = self.stand.path
        return [
            one
            for one in self.checked.faults
            if one.at[: len(path)] == path
            and (one.at[len(path) : len(path) + 1] or (None,))[0] in {*fields, None}
        ]

    def elsewhere(self, request: CommitteeRequest, fields: Collection[str]) -> list[tuple[str, str, str]]:
        """The other faults: where, the address, and what is wrong."""
        data, inside = data_of(self.checked.text), set(self.inside(fields))
        return [
            (said_where(data, one.at), _nearest(request, self.stand, one.at), one.message)
            for one in self.checked.faults
            if one not in inside
        ]


def said_where(data: Any, path: Path) -> str:
    """A place in words: ``Tillfällen › Delårsbokslut › mottagare``."""
    return capital_first(where_in(data, path)) or "Modellen"


def _nearest(request: CommitteeRequest, stand: Standing, path: Path) -> str:
    """The address of the nearest row or part around a path, as the model stands now."""
    while path and (of_kind(path, stand.data) not in ("list", "group") or value_at(stand.data, path) is None):
        path = path[:-1]
    return address(request, path)


def tried(request: CommitteeRequest, stand: Standing, text: str) -> Outcome:
    """Check the whole text with the change made."""
    checked = check_text(text, "styrmodell.yaml")
    newer = request.POST.get("bygger_pa", "") != str(stand.version.pk)
    outcome = Outcome(checked, stand, newer, reviewed=False)
    outcome.reviewed = request.POST.get("granskat", "") == outcome.seal
    if checked.model is not None and not outcome.same:
        outcome.changes = diff(parsed(stand.version), checked.model)
    return outcome


def saved(request: CommitteeRequest, outcome: Outcome, back: Path) -> HttpResponse | None:
    """Save when the person has said so, has seen what changes, and nobody else has saved meanwhile. Gives the page to
    go to, or None when nothing was saved (the outcome says why)."""
    if "spara" not in request.POST or not outcome.may_save or outcome.newer or not outcome.reviewed:
        return None
    outcome.fault = save(request, outcome.checked) or ""
    return None if outcome.fault else redirect(way_back(request, back))
