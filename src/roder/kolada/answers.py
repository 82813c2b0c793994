"""What Kolada's API v3 answers with, checked as it comes: a field that is gone or of another kind is a fault.

Fields that are new do no harm. Source: https://api.kolada.se/v3/docs (fields as answered in 2025).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

Item = TypeVar("Item", bound=BaseModel)


def _text(value: object) -> object:
    return "" if value is None else str(value) if isinstance(value, int) else value


Words = Annotated[str, BeforeValidator(_text)]  # a text, or null, or a year written as a number


class Kpi(BaseModel):
    """A key figure with its description and when it is published."""

    id: str
    title: str
    description: Words = ""
    operating_area: Words = ""
    is_divided_by_gender: bool = False
    has_ou_data: bool = False
    prel_publication_date: date | None = None
    publication_date: date | None = None
    publ_period: Words = ""


class Municipality(BaseModel):
    """A municipality (K), a region (L), or the country (code 0000)."""

    id: str
    title: str
    type: Words = ""


class Member(BaseModel):
    """A municipality in a group. Version 2 wrote ``id``, version 3 writes ``member_id``."""

    code: str = Field(validation_alias=AliasChoices("member_id", "id"))


class MunicipalityGroup(BaseModel):
    """Municipalities held together for comparison."""

    id: str
    title: str
    members: list[Member]


class OrganisationalUnit(BaseModel):
    """A unit of operations, such as a school or a home for elderly people."""

    id: str
    title: str
    municipality: str


class OneValue(BaseModel):
    """The value for everybody (T), women (K) or men (M); null when there is none, with the reason in ``status``."""

    gender: Literal["T", "K", "M"]
    value: Decimal | None
    count: int | None = None
    status: Words = ""
    isdeleted: bool = False


class Datum(BaseModel):
    """The values of a key figure for a municipality (or group) or a unit, and a year."""

    kpi: str
    place: str = Field(validation_alias=AliasChoices("municipality", "ou"))
    period: int
    values: list[OneValue]


class Page(BaseModel, Generic[Item]):
    """A page of an answer."""

    values: list[Item]
    count: int | None = None
    next_url: str | None = None
