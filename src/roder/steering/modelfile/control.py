"""Risk scales with their handling rules, and how samples are counted."""

from __future__ import annotations

from pydantic import Field

from roder.steering.modelfile.codes import Handling, RiskUse, Rounding, Tone
from roder.steering.modelfile.parts import Code, Label, Long, Part, Sourced, Term, Text, Whole, YesNo


class RiskStep(Part):
    """One step of likelihood or impact. The label is absent where the municipality prints only the number."""

    value: Whole = Field(
        title="värde", description="Stegets tal. Stegen följer på varandra utan hopp.", ge=0, le=100
    )
    label: Text | None = Field(
        None, title="benämning", description="Stegets ord. Utelämnas där ni bara har siffran."
    )
    meaning: Long | None = Field(
        None, title="betydelse", description="Vad steget innebär, som stöd för den som bedömer."
    )


class RiskAxis(Part):
    """Likelihood or impact: what it is called here and its steps."""

    label: Text = Field(title="benämning", description="Vad axeln heter, till exempel Sannolikhet.")
    steps: tuple[RiskStep, ...] = Field(title="steg", description="Stegen, från det lägsta.", min_length=2)


class RiskLevel(Term):
    """A named level such as Kritisk or Låg, used in the matrix."""

    tone: Tone = Field(title="ton", description="Hur nivån visas: symbol och färg.")


class MatrixRow(Part):
    """The levels of one likelihood, one per step of impact from the lowest."""

    likelihood: Whole = Field(
        title="sannolikhet", description="Steget på sannolikhetens axel som raden gäller."
    )
    levels: tuple[Code, ...] = Field(
        title="nivåer",
        description="Nivåernas koder, en för varje steg av konsekvens, från det lägsta.",
        min_length=1,
    )


class Proposal(Part):
    """A handling the rule proposes, some only when the likelihood is low enough."""

    handling: Handling = Field(title="hantering", description="Vad regeln föreslår att risken leder till.")
    likelihood_at_most: Whole | None = Field(
        None, title="högsta sannolikhet", description="Föreslås bara när sannolikheten är högst detta steg."
    )
    meaning: Long | None = Field(
        None, title="betydelse", description="När förslaget är tänkt att användas, med era ord."
    )


class HandlingBand(Part):
    """What is proposed for risk values from ``lowest`` to ``highest``, both included."""

    lowest: Whole = Field(title="lägsta riskvärde", description="Det lägsta riskvärdet som regeln gäller.")
    highest: Whole = Field(
        title="högsta riskvärde",
        description="Det högsta riskvärdet som regeln gäller. Varje riskvärde som kan förekomma ska ha exakt en regel.",
    )
    proposals: tuple[Proposal, ...] = Field(
        title="förslag",
        description="Vad som föreslås. Människor väljer; den som väljer något annat skriver varför.",
        min_length=1,
    )
    meaning: Long | None = Field(
        None, title="betydelse", description="Vad riskvärden här innebär, med era ord."
    )


class RiskScale(Sourced):
    """A risk scale: risk value = likelihood × impact. The handling rule proposes, people decide.

    ``retired_value`` is what a risk taken out of the register is printed with (0 in Kungsör)."""

    code: Code = Field(title="kod", description="Skalans kod.")
    label: Label = Field(title="benämning", description="Vad skalan heter.")
    used_for: tuple[RiskUse, ...] = Field(
        title="används för",
        description="Vad skalan används till. En kommun kan ha flera skalor.",
        min_length=1,
    )
    likelihood: RiskAxis = Field(title="sannolikhet", description="Sannolikhetens axel.")
    impact: RiskAxis = Field(
        title="konsekvens", description="Konsekvensens axel. Riskvärdet är sannolikhet gånger konsekvens."
    )
    levels: tuple[RiskLevel, ...] = Field(
        (), title="nivåer", description="Namngivna nivåer, till exempel Kritisk och Låg."
    )
    matrix: tuple[MatrixRow, ...] = Field(
        (), title="matris", description="Vilken nivå varje ruta har: en rad för varje steg av sannolikhet."
    )
    handling: tuple[HandlingBand, ...] = Field(
        (), title="hanteringsregel", description="Regeln som ur riskvärdet föreslår vad risken leder till."
    )
    obligatory_points: YesNo | None = Field(
        None,
        title="obligatoriska punkter finns",
        description="Om det finns risker som ska med i planen vad värdet än är.",
    )
    retired_value: Whole | None = Field(
        None, title="värde för utgången risk", description="Talet som en risk som har utgått trycks med."
    )


class Control(Sourced):
    """Internal control: how a share of a sampling frame is rounded to a number of items."""

    sample_rounding: Rounding | None = Field(
        None,
        title="avrundning av stickprov",
        description="Hur en andel av ramen blir ett helt antal poster i ett stickprov.",
    )
