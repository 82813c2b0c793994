"""Names: the municipality, its bodies, what units and roles are called, how far plans reach."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from roder.steering.modelfile.codes import BodyKind, Role, UnitKind
from roder.steering.modelfile.parts import Code, Part, Short, Slug, Sourced, Whole, Year

MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


class MunicipalityName(Part):
    """The municipality: its four-digit code, name and address name."""

    code: MunicipalityCode = Field(title="kommunkod")
    name: Short = Field(title="namn")
    slug: Slug = Field(title="adressnamn")


class CommitteeName(Part):
    """The committee whose model this is. ``administration`` is what its own administration is called."""

    code: Code = Field(title="kod")
    name: Short = Field(title="namn")
    slug: Slug = Field(title="adressnamn")
    administration: Short | None = Field(None, title="förvaltning")


class BodyName(Sourced):
    """A body that decides, prepares or receives: AU, KS, KF, the central office, the auditors."""

    code: Code = Field(title="kod")
    name: Short = Field(title="namn")
    kind: BodyKind = Field(title="slag")


class UnitWord(Part):
    """What a level of the organisation is called here."""

    kind: UnitKind = Field(title="slag")
    singular: Short = Field(title="ental")
    plural: Short | None = Field(None, title="flertal")


class RoleWord(Part):
    """What a role is called here."""

    role: Role = Field(title="roll")
    label: Short = Field(title="benämning")


class Words(Part):
    """The municipality's own words for levels and roles."""

    units: tuple[UnitWord, ...] = Field((), title="ord för enheter")
    roles: tuple[RoleWord, ...] = Field((), title="ord för roller")


class Planning(Sourced):
    """How many years a plan reaches: ``budget_years`` from ``first_year``, investments often further."""

    first_year: Year = Field(title="första år")
    budget_years: Whole = Field(title="antal budgetår", ge=1, le=10)
    investment_years: Whole | None = Field(None, title="antal investeringsår", ge=1, le=20)
