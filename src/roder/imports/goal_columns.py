"""The columns of the file of goals, what stands to choose from, and what the files of goals and assignments share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from roder.access.matrix import Action, Resource
from roder.imports.cells import Choice, CodeCell, Year
from roder.imports.declaration import Column, Rule
from roder.imports.economy_columns import SOURCE
from roder.imports.goal_cells import MeasuresCell, Offered
from roder.imports.quality_cells import FreeText
from roder.imports.record_deeds import Book, Row, Said
from roder.imports.staging import Staging
from roder.organisation.models import Body
from roder.steering.models import FocusArea, Goal, Vision

RIGHTS = ((Action.IMPORT, Resource.IMPORTS), (Action.EDIT, Resource.GOALS))
LEVELS = Choice(
    tuple((one.value, str(one.label)) for one in Goal.Level),
    also={
        "kommunfullmäktige": "council", "fullmäktige": "council", "kf": "council", "kommunen": "council",
        "nämnden": "committee", "nämnd": "committee", "nämndmål": "committee",
    },
)  # fmt: skip
FOLLOWED = Choice(
    tuple((one.value, str(one.label)) for one in Goal.Followed),
    also={
        "d/b": "interim_annual", "delår och år": "interim_annual", "delår": "interim_annual", "b": "annual",
        "endast år": "annual", "år": "annual", "helår": "annual",
    },
)  # fmt: skip


def goals_of(committee: Body) -> QuerySet[Goal]:
    """The committee's goals and those of the municipality's council."""
    mine = Q(committee=committee) | Q(committee=None, municipality=committee.municipality)
    return Goal.objects.filter(mine)


def goal_codes(committee: Body) -> Iterable[str]:
    """The codes of the goals that a file may be about."""
    return goals_of(committee).values_list("code", flat=True)


def council_codes(committee: Body) -> Iterable[str]:
    """The codes of the council's goals."""
    council = goals_of(committee).filter(level=Goal.Level.COUNCIL)
    return council.order_by("position").values_list("code", flat=True)


def visions(committee: Body) -> Iterable[str]:
    """The municipality's visions, the one that holds first."""
    rows = Vision.objects.filter(municipality=committee.municipality).order_by("-pk")
    return rows.values_list("title", flat=True)


def focus_areas(committee: Body) -> Iterable[str]:
    """The names of the focus areas of the vision that holds."""
    latest = Vision.objects.filter(municipality=committee.municipality).order_by("-pk")[:1]
    return FocusArea.objects.filter(vision__in=list(latest)).values_list("name", flat=True)


FROM_YEAR = Column(
    "fran_ar", Year(), ("from_year",), help="första året; tom: som det står, annars det år filen läses in för"
)
TO_YEAR = Column(
    "till_ar", Year(), ("to_year",), help="sista året; tom: som det står, annars samma år som fran_ar"
)
YEARS = (
    Rule(
        "to_year < from_year",
        "till_ar",
        "sista året är före det första",
        "Rätta åren: fran_ar till och med till_ar.",
    ),
)
TEXT = Column("beskrivning", FreeText(), ("text",), empty=("",), help="mer om vad som menas")
NUMBER = Column("nummer", FreeText(20), ("number",), empty=("",), help="nummer i era handlingar")
GOAL_COLUMNS = (
    Column(
        "kod", CodeCell(goal_codes), ("code",), required=True, filled=True, key=True,
        help="målets kod, till exempel M1; ändras inte",
    ),
    Column("mal", FreeText(200), ("title",), required=True, filled=True, help="målet i en mening"),
    Column(
        "niva", LEVELS, ("level",), key=True, empty=(Goal.Level.COMMITTEE.value,),
        help="vems mål: kommunfullmäktiges eller nämndens (tom)",
    ),
    TEXT,
    FROM_YEAR,
    TO_YEAR,
    Column(
        "bidrar_till", Offered(40, known=council_codes), ("parent_code",), empty=("",),
        help="koden för det av fullmäktiges mål som nämndens mål bidrar till; det får stå i samma fil",
    ),
    Column(
        "nyckeltal", MeasuresCell(), ("measures",), empty=("",),
        help="koder för nyckeltalen som målet mäts med, med | mellan",
    ),
    Column(
        "indikatorer", MeasuresCell(), ("indicators",), empty=("",),
        help="koder för fullmäktiges indikatorer: fullmäktigemålets egna, eller den som nämndens mål ska påverka",
    ),
    Column(
        "fokusomrade", Offered(120, known=focus_areas), ("area",), empty=("",),
        help="fokusområdets namn eller kod; ett nytt läggs upp under visionen",
    ),
    Column(
        "vision", Offered(200, known=visions), ("vision",), empty=("",),
        help="visionens rubrik, när kommunen inte har någon vision eller har en ny",
    ),
    Column(
        "slag", Choice(tuple((one.value, str(one.label)) for one in Goal.Kind)), ("kind",),
        empty=(Goal.Kind.ORDINARY.value,), help="mål (tom) eller arbetsmiljömål",
    ),
    Column("foljs_upp", FOLLOWED, ("followed",), empty=(Goal.Followed.INTERIM_AND_ANNUAL.value,),
           help="vid delår och år (tom), eller endast vid årets slut"),
    NUMBER,
    Column("motiv", FreeText(), ("motive",), empty=("",), help="varför målet finns, eller hur det hänger ihop"),
    Column("ansvarig", FreeText(120), ("responsible",), empty=("",), help="befattning, aldrig namn"),
    Column("avser", FreeText(200), ("population",), empty=("",), help="vilka det gäller, till exempel månadsanställda"),
    Column("agenda_2030", FreeText(60), ("agenda2030",), empty=("",), help="delmål, till exempel 11.3"),
    SOURCE,
)  # fmt: skip


def said_years(book: Book[Any], found: Said, stands: Said | None) -> None:
    """Years that the file leaves empty stay; a new row's are those of the file, and the same year."""
    for name in ("fran_ar", "till_ar"):
        if name in found and found[name] is None:
            del found[name]
    if stands is None:
        found.setdefault("fran_ar", book.context.year)
        found.setdefault("till_ar", found["fran_ar"])


def check_years(staging: Staging, rows: list[Row]) -> None:
    """The years as they would stand are in order; of two that are both written the rule of the row says it."""
    written = {n for n, *years in staging.values("from_year", "to_year") if None not in years}
    for row in rows:
        stand = {**(row.stands or {}), **row.said}
        start, last = stand["fran_ar"], stand["till_ar"]
        if start is None:
            staging.note_cell(row.n, "fran_ar", "året saknas", "Skriv första året.")
        elif last is not None and last < start and row.n not in written:
            what = f"raden skulle gälla från {start} till {last}"
            staging.note_cell(row.n, "till_ar", what, "Skriv både fran_ar och till_ar.")
