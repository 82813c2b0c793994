"""``setup.yaml``: a municipality from nothing, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from roder.core.addresses import SLUG
from roder.core.yamlfile import StrictShape
from roder.imports.kinds import ALIASES, KINDS
from roder.meetings.rules import numbers
from roder.organisation.loading import (
    BodyShape,
    CommitteeShape,
    MunicipalityShape,
    OrganisationShape,
    UnitShape,
)
from roder.steering.starting import sources

Year = Annotated[int, Field(ge=1990, le=2100)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=50)]


def _existing(value: str, info: ValidationInfo) -> str:
    """A file beside setup.yaml. Raises ValueError that says where it was looked for."""
    folder: Path = (info.context or {}).get("folder", Path())
    if not (folder / value).is_file():
        raise ValueError(f"filen {folder / value} finns inte")
    return value


class Municipality(MunicipalityShape, StrictShape):
    """The municipality."""

    code: str
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    slug: Slug

    @field_validator("code")
    @classmethod
    def four_digits(cls, value: str) -> str:
        """Statistics Sweden's code."""
        if not (len(value) == 4 and value.isascii() and value.isdigit()):
            raise ValueError(f"kommunkoden är fyra siffror inom citattecken, inte ”{value}”")
        return value


class StartOfModel(StrictShape):
    """What the steering model begins as, when there is no file of one."""

    source: str = "blank"
    year: Year

    @field_validator("source")
    @classmethod
    def known(cls, value: str) -> str:
        """One of those that ``roder model new`` takes."""
        if value not in sources():
            raise ValueError(f"”{value}” finns inte att utgå från; skriv något av {', '.join(sources())}")
        return value


class Numbers(StrictShape):
    """How the registration numbers of cases are written, and the last one given in another system."""

    pattern: str
    year: Year
    last: int = Field(0, ge=0)

    @field_validator("pattern")
    @classmethod
    def gives_numbers(cls, value: str) -> str:
        """As the meetings' room demands."""
        try:
            numbers.check_pattern(value)
        except numbers.PatternError as fault:
            raise ValueError(str(fault)) from fault
        return value


class ReadIn(StrictShape):
    """A file to read in: its kind, and the mapping of columns where its headings are another system's."""

    kind: str
    file: str
    mapping: str | None = None
    year: Year | None = None

    _files = field_validator("file", "mapping")(_existing)

    @field_validator("kind")
    @classmethod
    def known(cls, value: str) -> str:
        """One of the kinds that can be read in."""
        found = KINDS.get(ALIASES.get(value, value))
        if found is None:
            raise ValueError(f"slaget ”{value}” finns inte; skriv något av {', '.join(KINDS)}")
        return found.kind


class Committee(CommitteeShape, StrictShape):
    """A committee and what belongs to it, in the order it is carried out."""

    slug: Slug
    units: tuple[UnitShape, ...] = ()
    units_file: str | None = None
    people_file: str | None = None
    model_files: tuple[str, ...] = ()
    model_from: StartOfModel | None = None
    registration_numbers: Numbers | None = None
    measures_file: str | None = None
    goals_file: str | None = None
    files: tuple[ReadIn, ...] = ()

    _files = field_validator("units_file", "people_file", "measures_file", "goals_file")(_existing)

    @field_validator("model_files")
    @classmethod
    def existing(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Every file must be there."""
        return tuple(_existing(one, info) for one in value)

    @model_validator(mode="after")
    def one_way(self) -> Committee:
        """Units and the model come in one way each."""
        if self.units and self.units_file:
            raise ValueError("skriv enheterna antingen i units eller i units_file, inte båda")
        if self.model_files and self.model_from:
            raise ValueError("skriv antingen model_files eller model_from, inte båda")
        if (self.goals_file or self.files) and not (self.model_files or self.model_from):
            raise ValueError("mål och filer behöver en styrmodell: skriv model_files eller model_from")
        return self


class SetupShape(StrictShape):
    """The whole file."""

    municipality: Municipality
    bodies: tuple[BodyShape, ...] = ()
    committees: tuple[Committee, ...] = Field(min_length=1)

    def organisation(self) -> OrganisationShape:
        """The part that organisation.yaml has."""
        return OrganisationShape(
            municipality=self.municipality,
            bodies=self.bodies,
            committees=self.committees,
            units=tuple(
                unit.model_copy(update={"committee": one.code})
                for one in self.committees
                for unit in one.units
            ),
        )
