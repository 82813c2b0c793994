"""What the API answers with."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from roder.api.problems import Problem
from roder.organisation.models import Unit

REFUSALS = frozenset({401, 403, 404, 422, 429})
#: Ways in which any question may be refused, for the description.
ALSO = {REFUSALS: Problem}
POSTED = {frozenset({400, 401, 403, 404, 409, 422, 429}): Problem}


class UnitOut(BaseModel):
    """A unit."""

    code: str
    name: str


def unit_out(unit: Unit | None) -> UnitOut | None:
    """A unit as it is answered."""
    return UnitOut(code=unit.code, name=unit.name) if unit else None


class TypeOut(BaseModel):
    """A type of deviation with its cause, when there is one."""

    code: str
    label: str
    cause: str | None


class DeviationRow(BaseModel):
    """A deviation, without any text about what happened."""

    id: int
    number: str
    committee: str
    unit: UnitOut | None
    occurred_at: datetime
    discovered_at: datetime
    reported_at: datetime
    law: str
    direction: str
    severity: int | None
    serious: bool
    state: str
    types: list[TypeOut]
    classified_at: datetime | None
    closed_at: datetime | None


class StepOut(BaseModel):
    """A step of a deviation's flow."""

    code: str
    due_at: datetime | None
    done_at: datetime | None


class DeviationOut(DeviationRow):
    """A deviation with its texts and steps; the texts of the case work are given to those who work with it."""

    reference: str
    place: str
    what: str
    immediate_action: str
    consequence: str | None
    cause: str | None
    steps: list[StepOut]


class DeviationPage(BaseModel):
    """A page of deviations; ``next`` is null on the last."""

    items: list[DeviationRow]
    next: str | None


class LexSarahRow(BaseModel):
    """A lex Sarah case without its texts."""

    id: int
    number: str
    committee: str
    unit: UnitOut | None
    reported_at: datetime
    law: str
    external: bool
    state: str
    outcome: str | None
    decided_on: date | None
    notified_on: date | None
    closed_on: date | None


class LexSarahPage(BaseModel):
    """A page of lex Sarah cases."""

    items: list[LexSarahRow]
    next: str | None


class ComplaintRow(BaseModel):
    """A complaint or suggestion, without its text. Who sent it is never given."""

    id: int
    number: str
    committee: str
    unit: UnitOut | None
    kind: str
    channel: str
    anonymous: bool
    received_at: datetime
    state: str
    answered_at: datetime | None
    subjects: list[str]


class ComplaintOut(ComplaintRow):
    """A complaint or suggestion with its text and answer."""

    text: str
    answer: str
    action: str


class ComplaintPage(BaseModel):
    """A page of complaints."""

    items: list[ComplaintRow]
    next: str | None


class FigureOut(BaseModel):
    """A figure of the catalogue: its name, its keys and the sentence that defines it."""

    name: str
    label: str
    unit: str
    keys: list[str]
    sentence: str
    source: str


class ValueOut(BaseModel):
    """One number. ``value`` is exact, null when it is missing, never zero instead; ``hidden`` when it is too small."""

    key: dict[str, str]
    label: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    text: str
    hidden: bool


class ComputedOut(BaseModel):
    """A figure computed at an occasion."""

    figure: str
    committee: str
    occasion: str
    cut_off: date
    snapshot: str | None
    rows: list[ValueOut]


class SnapshotOut(BaseModel):
    """What figures were computed from."""

    code: str
    committee: str
    occasion: str
    cut_off: date
    taken_at: datetime
    rows: int
    manifest_sha256: str


class TaskOut(BaseModel):
    """Something for the token's owner to do."""

    id: int
    kind: str
    label: str
    what: str
    committee: str
    unit: UnitOut | None
    due_at: datetime | None
    late: bool
    url: str


class MeasureOut(BaseModel):
    """A key figure."""

    id: int
    committee: str
    code: str
    title: str
    unit: str
    decimals: int
    direction: str
    kolada_id: str


class MeasurePage(BaseModel):
    """The key figures of a committee."""

    items: list[MeasureOut]


class MeasuredOut(BaseModel):
    """An outcome of a key figure; ``value`` is null when it is missing, with the reason."""

    id: int
    measure: str
    committee: str
    unit: UnitOut | None
    period_start: date
    period_end: date
    sex: str
    part: str
    comparison: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    status: str
    reason: str


class MeasuredPage(BaseModel):
    """A page of outcomes."""

    items: list[MeasuredOut]
    next: str | None
