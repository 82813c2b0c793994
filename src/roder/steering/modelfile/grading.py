"""Grading rules: how a status is proposed from a measure's outcome."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from roder.steering.modelfile.codes import Better, Boundary
from roder.steering.modelfile.parts import Code, Number, Part, Sourced, Text, Whole


class Band(Part):
    """A band of values up to ``up_to`` (open when absent) and the status it gives."""

    up_to: Number | None = Field(
        None, title="till och med", description="Bandets övre gräns. Utelämnas i det sista bandet."
    )
    status: Code = Field(title="status", description="Koden för steget på skalan som värden i bandet ger.")


class CostCentre(Part):
    """A cost centre (ansvar) as the municipality codes it."""

    code: Code = Field(title="kod", description="Ansvarets kod i bokföringen.")
    label: Text = Field(title="benämning", description="Vad ansvaret heter.")


class SmallUnit(Part):
    """Stricter bands for units whose ``measured_in`` is under ``below_kr`` kronor."""

    below_kr: Number = Field(
        title="under, kronor", description="Enheter under detta belopp i kronor räknas som små."
    )
    measured_in: Text = Field(title="mäts i", description="Vad beloppet mäter, med era ord.")
    bands: tuple[Band, ...] = Field(title="band", description="Banden för små enheter.", min_length=1)
    cost_centres: tuple[CostCentre, ...] = Field(
        (), title="ansvar", description="Ansvaren som räknas som små, om de är uppräknade."
    )


class _Rule(Sourced):
    """What all grading rules have: the measures they grade, the scale, and the status when a value is
    missing."""

    code: Code = Field(title="kod", description="Regelns kod.")
    label: Text = Field(title="benämning", description="Vad regeln heter.")
    measures: tuple[Code, ...] = Field(
        (), title="nyckeltal", description="Koder för nyckeltalen som regeln gäller."
    )
    scale: Code = Field(title="skala", description="Koden för skalan som bedömningen görs på.")
    missing: Code | None = Field(
        None, title="status när värde saknas", description="Koden för steget som ges när utfall saknas."
    )


class AgainstNationalMean(_Rule):
    """Higher, equal or lower than the national mean. "Equal" at the precision the mean is published with."""

    kind: Literal["against_national_mean"] = Field(
        title="slag", description="Utfallet jämförs med rikets medelvärde."
    )
    published_digits: Whole = Field(
        0,
        title="publicerade decimaler",
        description="Antal decimaler som rikets värde publiceras med; lika betyder lika avrundat så.",
        ge=0,
        le=6,
    )
    higher: Code = Field(
        title="status när högre", description="Koden för steget när utfallet är högre än riket."
    )
    equal: Code = Field(
        title="status när lika", description="Koden för steget när utfallet är lika med riket."
    )
    lower: Code = Field(
        title="status när lägre", description="Koden för steget när utfallet är lägre än riket."
    )


class PercentOfTarget(_Rule):
    """Outcome in per cent of target, in bands from the lowest. A value on a boundary belongs as ``boundary``
    says: with ``lower``, exactly 100 % is in the band up to 100."""

    kind: Literal["percent_of_target"] = Field(
        title="slag", description="Utfallet räknas i procent av målvärdet."
    )
    better: Better = Field(title="bättre när", description="Om ett högre eller ett lägre värde är bättre.")
    boundary: Boundary = Field(
        Boundary.LOWER,
        title="gränsvärdet hör till",
        description="Vilket band ett värde som ligger exakt på gränsen hör till.",
    )
    bands: tuple[Band, ...] = Field(
        title="band", description="Banden i procent av målvärdet, från det lägsta.", min_length=1
    )


class CountBands(_Rule):
    """A count in bands, with other bands for small units."""

    kind: Literal["count_bands"] = Field(title="slag", description="Utfallet är ett antal som läggs i band.")
    bands: tuple[Band, ...] = Field(
        title="band", description="Banden, från det lägsta antalet.", min_length=1
    )
    small_unit: SmallUnit | None = Field(None, title="liten enhet", description="Andra band för små enheter.")


GradingRule = Annotated[AgainstNationalMean | PercentOfTarget | CountBands, Field(discriminator="kind")]
