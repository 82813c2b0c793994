"""Names: the municipality, its bodies, what units and roles are called, how far plans reach."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from roder.steering.modelfile.codes import BodyKind, Role, UnitKind
from roder.steering.modelfile.parts import Code, Part, Short, Slug, Sourced, Whole, Year

MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


class MunicipalityName(Part):
    """The municipality: its four-digit code, name and address name."""

    code: MunicipalityCode = Field(
        title="kommunkod",
        description="Kommunkoden med fyra siffror, inom citattecken så att nollan först inte försvinner.",
    )
    name: Short = Field(title="namn", description="Kommunens namn som det trycks.")
    slug: Slug = Field(
        title="adressnamn",
        description="Kommunens namn i adresser: små bokstäver a–z, siffror och bindestreck.",
    )


class CommitteeName(Part):
    """The committee whose model this is. ``administration`` is what its own administration is called."""

    code: Code = Field(title="kod", description="Nämndens kod, samma som i organisation.yaml.")
    name: Short = Field(title="namn", description="Nämndens namn som det trycks.")
    slug: Slug = Field(
        title="adressnamn", description="Nämndens namn i adresser, samma som i organisation.yaml."
    )
    administration: Short | None = Field(
        None, title="förvaltning", description="Vad nämndens egen förvaltning heter."
    )


class BodyName(Sourced):
    """A body that decides, prepares or receives: AU, KS, KF, the central office, the auditors."""

    code: Code = Field(title="kod", description="Organets kod. Den används i decided_by, receives och body.")
    name: Short = Field(title="namn", description="Organets namn som det trycks.")
    kind: BodyKind = Field(title="slag", description="Vad för slags organ det är.")


class UnitWord(Part):
    """What a level of the organisation is called here."""

    kind: UnitKind = Field(title="slag", description="Nivån som ordet gäller.")
    singular: Short = Field(title="ental", description="Ordet i ental, till exempel avdelning.")
    plural: Short | None = Field(
        None, title="flertal", description="Ordet i flertal, till exempel avdelningar."
    )


class RoleWord(Part):
    """What a role is called here."""

    role: Role = Field(title="roll", description="Rollen som ordet gäller.")
    label: Short = Field(title="benämning", description="Vad rollen kallas hos er.")


class Words(Part):
    """The municipality's own words for levels and roles."""

    units: tuple[UnitWord, ...] = Field(
        (), title="ord för enheter", description="Vad nivåerna under nämnden kallas."
    )
    roles: tuple[RoleWord, ...] = Field((), title="ord för roller", description="Vad rollerna kallas.")


class Planning(Sourced):
    """How many years a plan reaches: ``budget_years`` from ``first_year``, investments often further."""

    first_year: Year = Field(title="första år", description="Det första året i planen.")
    budget_years: Whole = Field(
        title="antal budgetår", description="Hur många år budgeten visas för, från det första.", ge=1, le=10
    )
    investment_years: Whole | None = Field(
        None,
        title="antal investeringsår",
        description="Hur många år investeringsplanen visas för, om det är fler än budgetens.",
        ge=1,
        le=20,
    )
