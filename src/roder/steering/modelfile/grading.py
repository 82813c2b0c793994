"""Grading rules: how a status is proposed from a measure's outcome."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from roder.steering.modelfile.codes import Better, Boundary
from roder.steering.modelfile.parts import Code, Number, Part, Sourced, Text, Whole


class Band(Part):
    """A band of values up to ``up_to`` (open when absent) and the status it gives."""

    up_to: Number | None = Field(None, title="till och med")
    status: Code = Field(title="status")


class CostCentre(Part):
    """A cost centre (ansvar) as the municipality codes it."""

    code: Code = Field(title="kod")
    label: Text = Field(title="benämning")


class SmallUnit(Part):
    """Stricter bands for units whose ``measured_in`` is under ``below_kr`` kronor."""

    below_kr: Number = Field(title="under, kronor")
    measured_in: Text = Field(title="mäts i")
    bands: tuple[Band, ...] = Field(title="band", min_length=1)
    cost_centres: tuple[CostCentre, ...] = Field((), title="ansvar")


class _Rule(Sourced):
    """What all grading rules have: the measures they grade, the scale, and the status when a value is
    missing."""

    code: Code = Field(title="kod")
    label: Text = Field(title="benämning")
    measures: tuple[Code, ...] = Field((), title="nyckeltal")
    scale: Code = Field(title="skala")
    missing: Code | None = Field(None, title="status när värde saknas")


class AgainstNationalMean(_Rule):
    """Higher, equal or lower than the national mean. "Equal" at the precision the mean is published with."""

    kind: Literal["against_national_mean"] = Field(title="slag")
    published_digits: Whole = Field(0, title="publicerade decimaler", ge=0, le=6)
    higher: Code = Field(title="status när högre")
    equal: Code = Field(title="status när lika")
    lower: Code = Field(title="status när lägre")


class PercentOfTarget(_Rule):
    """Outcome in per cent of target, in bands from the lowest. A value on a boundary belongs as ``boundary``
    says: with ``lower``, exactly 100 % is in the band up to 100."""

    kind: Literal["percent_of_target"] = Field(title="slag")
    better: Better = Field(title="bättre när")
    boundary: Boundary = Field(Boundary.LOWER, title="gränsvärdet hör till")
    bands: tuple[Band, ...] = Field(title="band", min_length=1)


class CountBands(_Rule):
    """A count in bands, with other bands for small units."""

    kind: Literal["count_bands"] = Field(title="slag")
    bands: tuple[Band, ...] = Field(title="band", min_length=1)
    small_unit: SmallUnit | None = Field(None, title="liten enhet")


GradingRule = Annotated[AgainstNationalMean | PercentOfTarget | CountBands, Field(discriminator="kind")]
