"""The file of quality registers and point measurements that can be read in (4-quality 4.6)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.imports.cells import MEASURED, VALUE, Choice, Term, Text
from roder.imports.declaration import Column, Import, Rule
from roder.imports.economy_columns import SEX, UNIT
from roder.imports.quality_cells import (
    HalfYearOrYear,
)
from roder.imports.quality_columns import RIGHT
from roder.imports.register_targets import STANDING, forget_targets, refuse_other_targets, set_targets
from roder.imports.shares import shares_of_measures
from roder.imports.staging import Staging
from roder.measures.models import Measure, MeasureValue


def _checked(staging: Staging) -> None:
    shares_of_measures(staging)
    refuse_other_targets(staging)


QUALITY_REGISTERS = Import(
    kind="kvalitetsregister",
    title="Kvalitetsregister",
    about="Värden ur kvalitetsregister och punktmätningar per år eller halvår och vårdform. "
    "Rikets värde är en egen rad.",
    example={
        "matt": "senior_alert",
        "period": "2026-h1",
        "varde": "89,5",
    },
    model=MeasureValue,
    rights=(RIGHT, (Action.EDIT, Resource.MEASURES)),
    columns=(
        Column(
            "matt",
            Term(Measure, "nyckeltalet", "Lägg upp nyckeltalet först.", name="title"),
            ("measure_id",),
            required=True,
            filled=True,
            key=True,
            help="nyckeltalets kod, till exempel smartskattning",
        ),
        Column(
            "period",
            HalfYearOrYear(),
            ("period_start", "period_end"),
            required=True,
            filled=True,
            key=True,
            empty=(None, None),
            help="2022, 2022-h1 eller 2022-01..2022-06",
        ),
        Column(
            "vardform",
            Text(40),
            ("part",),
            key=True,
            empty=("",),
            help="vårdformens kod, till exempel sabo_korttid",
        ),
        UNIT,
        SEX,
        Column(
            "jamforelse",
            Choice(tuple((one.value, str(one.label)) for one in MeasureValue.Comparison)),
            ("comparison",),
            key=True,
            empty=(MeasureValue.Comparison.OWN.value,),
            help="kommun (tom), liknande eller riket",
        ),
        Column("varde", MEASURED, ("value",), required=True, help="värdet; en andel i procent"),
        Column("taljare", VALUE, ("numerator",), help="täljaren, om värdet är en andel"),
        Column("namnare", VALUE, ("denominator",), help="nämnaren, om värdet är en andel"),
        Column(
            "malvarde",
            MEASURED,
            ("target",),
            held=True,
            standing=STANDING,
            says="p.target IS NOT NULL",
            help="årets målvärde; läggs upp om det saknas",
        ),
        Column(
            "status",
            Choice(tuple((one.value, str(one.label)) for one in MeasureValue.Status)),
            ("status",),
            empty=(MeasureValue.Status.FINAL.value,),
            always=True,
            help="final (tom), preliminary eller missing",
        ),
        Column("orsak", Text(200), ("reason",), empty=("",), always=True, help="varför värdet saknas"),
        Column("kalla", Text(200), ("source",), empty=("",), help="registret och uttagets dag"),
    ),
    rules=(
        Rule("denominator = 0", "namnare", "nämnaren är 0", "Lämna cellen tom om nämnaren inte är känd."),
        Rule("numerator > denominator", "taljare", "täljaren är större än nämnaren", "Rätta talen."),
        Rule(
            "value IS NULL AND status <> 'missing'",
            "varde",
            "värdet saknas",
            "Fyll i värdet, eller skriv missing i kolumnen status och varför i kolumnen orsak.",
        ),
        Rule(
            "value IS NOT NULL AND status = 'missing'",
            "status",
            "värdet är ifyllt men status säger att det saknas",
            "Ta bort värdet eller ändra status.",
        ),
        Rule("status = 'missing' AND reason = ''", "orsak", "orsaken saknas", "Skriv varför värdet saknas."),
    ),
    checked=_checked,
    saved=set_targets,
    undone=forget_targets,
)
