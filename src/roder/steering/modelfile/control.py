"""Risk scales with their handling rules, and how samples are counted."""

from __future__ import annotations

from pydantic import Field

from roder.steering.modelfile.codes import Handling, RiskUse, Rounding, Tone
from roder.steering.modelfile.parts import Code, Long, Part, Sourced, Term, Text, Whole, YesNo


class RiskStep(Part):
    """One step of likelihood or impact. The label is absent where the municipality prints only the number."""

    value: Whole = Field(title="värde", ge=0, le=100)
    label: Text | None = Field(None, title="benämning")
    meaning: Long | None = Field(None, title="betydelse")


class RiskAxis(Part):
    """Likelihood or impact: what it is called here and its steps."""

    label: Text = Field(title="benämning")
    steps: tuple[RiskStep, ...] = Field(title="steg", min_length=2)


class RiskLevel(Term):
    """A named level such as Kritisk or Låg, used in the matrix."""

    tone: Tone = Field(title="ton")


class MatrixRow(Part):
    """The levels of one likelihood, one per step of impact from the lowest."""

    likelihood: Whole = Field(title="sannolikhet")
    levels: tuple[Code, ...] = Field(title="nivåer", min_length=1)


class Proposal(Part):
    """A handling the rule proposes, some only when the likelihood is low enough."""

    handling: Handling = Field(title="hantering")
    likelihood_at_most: Whole | None = Field(None, title="högsta sannolikhet")
    meaning: Long | None = Field(None, title="betydelse")


class HandlingBand(Part):
    """What is proposed for risk values from ``lowest`` to ``highest``, both included."""

    lowest: Whole = Field(title="lägsta riskvärde")
    highest: Whole = Field(title="högsta riskvärde")
    proposals: tuple[Proposal, ...] = Field(title="förslag", min_length=1)
    meaning: Long | None = Field(None, title="betydelse")


class RiskScale(Sourced):
    """A risk scale: risk value = likelihood × impact. The handling rule proposes, people decide.

    ``retired_value`` is what a risk taken out of the register is printed with (0 in Kungsör)."""

    code: Code = Field(title="kod")
    label: Text = Field(title="benämning")
    used_for: tuple[RiskUse, ...] = Field(title="används för", min_length=1)
    likelihood: RiskAxis = Field(title="sannolikhet")
    impact: RiskAxis = Field(title="konsekvens")
    levels: tuple[RiskLevel, ...] = Field((), title="nivåer")
    matrix: tuple[MatrixRow, ...] = Field((), title="matris")
    handling: tuple[HandlingBand, ...] = Field((), title="hanteringsregel")
    obligatory_points: YesNo | None = Field(None, title="obligatoriska punkter finns")
    retired_value: Whole | None = Field(None, title="värde för utgången risk")


class Control(Sourced):
    """Internal control: how a share of a sampling frame is rounded to a number of items."""

    sample_rounding: Rounding | None = Field(None, title="avrundning av stickprov")
