"""The files with a committee's units, and with its people and their mandates."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.imports.cells import Choice, CodeCell, Day, Text, YesNo
from roder.imports.declaration import Column, Import, Rule
from roder.imports.organisation_cells import COMMITTEE, Email, PersonName, PlaceCell, unit_codes
from roder.imports.people_deeds import PeopleDeeds
from roder.imports.unit_deeds import UnitDeeds
from roder.organisation.models import Mandate, Role, Unit

READS = (Action.IMPORT, Resource.IMPORTS)
UNIT_CODE = CodeCell(unit_codes)
DATES = (
    Rule(
        "till < fran", "till", "sista dagen är före den första",
        "Rätta datumen. Lämna till tom för tills vidare.",
    ),
    Rule(
        "fran IS NULL AND till IS NOT NULL", "till", "första dagen saknas",
        "Skriv första dagen i kolumnen fran när det finns en sista.",
    ),
)  # fmt: skip

UNITS = Import(
    kind="enheter",
    title="Enheter",
    about="Förvaltning, avdelningar och enheter, och vad de hör till. Raderna får stå i vilken ordning som helst.",
    example={
        "kod": "hemtjanst-norr",
        "namn": "Hemtjänst norr",
        "slag": "enhet",
        "hor_till": "aldreomsorg",
        "extern": "nej",
        "fran": "2026-01-01",
        "till": "",
    },
    model=Unit,
    rights=(READS, (Action.EDIT, Resource.ORGANISATION)),
    columns=(
        Column(
            "kod", UNIT_CODE, ("kod",), required=True, filled=True, key=True,
            help="enhetens kod, som filer med siffror sedan använder; ändras inte",
        ),
        Column("namn", Text(120), ("namn",), required=True, filled=True, help="vad enheten heter"),
        Column(
            "slag", Choice(tuple((one.value, str(one.label)) for one in Unit.Kind)), ("slag",), required=True,
            filled=True, help="förvaltning, avdelning eller enhet",
        ),
        Column(
            "hor_till", UNIT_CODE, ("hor_till",), required=True, empty=("",),
            help="koden för den enhet som den står under; tom för den som står överst",
        ),
        Column("extern", YesNo(), ("extern",), empty=(False,), help="ja om en extern utförare driver enheten"),
        Column("fran", Day(), ("fran",), help="första dagen den står där; tom: som den står, annars i dag"),
        Column("till", Day(), ("till",), help="sista dagen; tom för tills vidare"),
    ),
    rules=DATES,
    deeds=UnitDeeds(),
)  # fmt: skip

PEOPLE = Import(
    kind="personer",
    title="Personer och mandat",
    about="Vem som har vilken roll, var och när: en rad för varje mandat. Inga lösenord och inga personnummer. "
    "Den som saknas i filen ändras inte.",
    example={
        "epost": "anna.exempel@kommun.se",
        "namn": "Anna Exempel",
        "roll": "enhetschef",
        "organ_eller_enhet": "hemtjanst-norr",
        "fran": "2026-01-01",
        "till": "",
    },
    model=Mandate,
    rights=(READS, (Action.ADMINISTER, Resource.ORGANISATION)),
    columns=(
        Column("epost", Email(), ("epost",), required=True, filled=True, key=True, help="adressen man loggar in med"),
        Column("namn", PersonName(), ("namn",), required=True, help="personens namn; behövs för den som är ny"),
        Column(
            "roll", Choice(tuple((one.value, str(one.label)) for one in Role)), ("roll",), required=True, filled=True,
            key=True, help="rollens namn, till exempel enhetschef eller nämndsekreterare",
        ),
        Column(
            "organ_eller_enhet", PlaceCell(), ("plats",), required=True, key=True, empty=(COMMITTEE,),
            help="kod eller namn på nämnden, ett utskott eller en enhet (med allt under den); tom för hela nämnden",
        ),
        Column("fran", Day(), ("fran",), key=True, help="första dagen; tom: som mandatet står, annars i dag"),
        Column("till", Day(), ("till",), help="sista dagen; tom för tills vidare"),
    ),
    rules=DATES,
    deeds=PeopleDeeds(),
)  # fmt: skip

ORGANISATION = (UNITS, PEOPLE)
