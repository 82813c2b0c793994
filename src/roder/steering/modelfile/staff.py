"""Staff: the measures that the committee follows, and the reasons why people are hired and leave."""

from __future__ import annotations

from pydantic import Field

from roder.core.numbers import Unit
from roder.steering.modelfile.parts import Sourced, Term, Whole

#: How a measure's code ends when it is one form of employment's (``arsarbetare_visstid_tim``).
EMPLOYMENT_ENDINGS = ("_tillsvidare_manad", "_visstid_manad", "_visstid_tim")


class StaffMeasure(Term):
    """A measure of the staff, as the files name it, and how it is counted and printed (without ``digits``: as many
    decimals as the value has)."""

    unit: Unit = Field(title="enhet", description="Vad måttet räknas i.")
    digits: Whole | None = Field(
        None,
        title="decimaler",
        description="Antal decimaler. Utelämnas det visas så många som värdet har.",
        ge=0,
        le=3,
    )


class Staff(Sourced):
    """Staff figures: measures in print order, and reason codes for hires and departures."""

    measures: tuple[StaffMeasure, ...] = Field((), title="mått", description="Måtten i den ordning de visas.")
    hire_reasons: tuple[Term, ...] = Field(
        (),
        title="orsaker till anställning",
        description="Koder för varför någon anställs. Filen med personalrörelser får bara använda dem.",
    )
    departure_reasons: tuple[Term, ...] = Field(
        (),
        title="orsaker till avgång",
        description="Koder för varför någon slutar. Filen med personalrörelser får bara använda dem.",
    )
