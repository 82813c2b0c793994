"""The kinds of files that can be read in (3-steering-and-economy 3.3 and 3.5, Imports)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.core.faults import UserFault
from roder.economy.models import (
    BudgetLine,
    BudgetVersion,
    ForecastLine,
    InvestmentLine,
    OutcomeLine,
    StaffValue,
    VolumeLine,
)
from roder.imports.casework_kinds import CASEWORK
from roder.imports.cells import MEASURED, MONEY, YES_OR_MEASURED, Choice, Day, Number, Term, Text, Year, YesNo
from roder.imports.control_kinds import CONTROLS, RISKS
from roder.imports.declaration import Column, Import, Rule
from roder.imports.economy_columns import (
    AMOUNT,
    DENOMINATOR,
    ECONOMY,
    GROUP,
    NOT_ZERO,
    NUMERATOR,
    OCCASION_OR_PLAN,
    PERIOD,
    RUN,
    SERVICE,
    SEX,
    SOURCE,
    SUPPORT,
    UNIT,
)
from roder.imports.lookups import BudgetVersionCell, OccasionCell
from roder.imports.means_kinds import MEANS
from roder.imports.meeting_kinds import CASES
from roder.imports.organisation_kinds import ORGANISATION
from roder.imports.quality_kinds import COMPLAINTS, DEVIATIONS, LEX_SARAH, QUALITY_REGISTERS
from roder.imports.shares import shares_of_measures, shares_of_staff
from roder.imports.sie_kind import declare as sie_kind
from roder.imports.steering_kinds import STEERING
from roder.measures.models import Measure, MeasureValue
from roder.steering.models import InvestmentCategory

MEASURES = ((Action.IMPORT, Resource.IMPORTS), (Action.EDIT, Resource.MEASURES))

BUDGET_VERSIONS = Import(
    kind="budgetversioner",
    title="Budgetversioner",
    about="Beslutade budgetar, planer och omfördelningar, med beslut och från när de gäller.",
    example={
        "version": "ursprunglig",
        "namn": "Nämndens budget",
        "galler_fran": "2026-01-01",
        "antagen": "2025-12-15",
        "beslut": "Nämnden 2025-12-15 § 84",
        "plan": "nej",
    },
    model=BudgetVersion,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(
        Column("ar", Year(), ("year",), required=True, filled=True, key=True, help="året budgeten gäller"),
        Column("version", Text(40), ("code",), required=True, filled=True, key=True, help="versionens kod"),
        Column("namn", Text(120), ("name",), required=True, filled=True, help="namnet i tabeller"),
        Column("galler_fran", Day(), ("applies_from",), required=True, filled=True, help="från vilken dag"),
        Column("antagen", Day(), ("decided_on",), help="beslutsdag"),
        Column("beslut", Text(200), ("decision",), empty=("",), help="organ, paragraf och ärende"),
        Column("plan", YesNo(), ("is_plan",), empty=(False,), help="ja för plan för senare år"),
        SOURCE,
    ),
    for_readers=("ordning",),
    constraints={"one_budget_at_a_time": "Två versioner för samma år gäller från samma dag (galler_fran)."},
)

BUDGET = Import(
    kind="budget",
    title="Budget",
    about="Budget per kontogrupp, och per enhet och verksamhet där de används.",
    example={
        "kontogrupp": "personal",
        "belopp": "-1250000",
    },
    model=BudgetLine,
    rights=ECONOMY,
    columns=(
        Column(
            "version",
            BudgetVersionCell(),
            ("version_id",),
            required=True,
            key=True,
            reads=("ar", "version"),
            reads_empty=True,
            help="budgetversionens kod",
            helps={"ar": "budgetversionens år"},
        ),
        UNIT,
        SERVICE,
        GROUP,
        AMOUNT,
        SOURCE,
    ),
)

FORECAST = Import(
    kind="prognos",
    title="Prognos",
    about="Helårsprognos vid ett uppföljningstillfälle, med orsak.",
    example={
        "tillfalle": "2026-03",
        "kontogrupp": "personal",
        "belopp": "-1275000",
        "orsak": "Fler vikarier under våren",
    },
    model=ForecastLine,
    rights=ECONOMY,
    columns=(
        Column(
            "tillfalle",
            OccasionCell(),
            ("occasion_id",),
            required=True,
            filled=True,
            key=True,
            help="uppföljningstillfällets kod, till exempel 2022-05",
        ),
        UNIT,
        SERVICE,
        GROUP,
        AMOUNT,
        Column("orsak", Text(4000), ("cause",), empty=("",), help="varför prognosen avviker"),
        SOURCE,
    ),
)

OUTCOME = Import(
    kind="utfall",
    title="Utfall",
    about="Bokfört utfall för en period.",
    example={
        "kontogrupp": "personal",
        "belopp": "-104000",
    },
    model=OutcomeLine,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(PERIOD, UNIT, SERVICE, GROUP, AMOUNT, SOURCE),
)

INVESTMENTS = Import(
    kind="investeringar",
    title="Investeringar",
    about="Budget, prognos och utfall per kategori och projekt. Utgifter skrivs utan minus.",
    example={
        "tillfalle": "2026-08",
        "kategori": "reinvestering",
        "projekt": "Inventarier",
        "budget": "420000",
        "prognos": "400000",
        "utfall": "117000",
    },
    model=InvestmentLine,
    rights=ECONOMY,
    columns=(
        Column(
            "ar", Year(), ("year",), required=True, filled=True, key=True, help="året investeringen avser"
        ),
        OCCASION_OR_PLAN,
        UNIT,
        Column(
            "kategori",
            Term(InvestmentCategory, "investeringskategorin"),
            ("category_id",),
            required=True,
            filled=True,
            key=True,
            help="kategorins kod",
        ),
        Column(
            "projekt", Text(200), ("project",), required=True, filled=True, key=True, help="projektets namn"
        ),
        Column("budget", MONEY, ("budget",), required=True, help="kronor"),
        Column("prognos", MONEY, ("forecast",), required=True, help="kronor"),
        Column("utfall", MONEY, ("outcome",), required=True, help="kronor"),
        Column("utfall_foregaende", MONEY, ("outcome_last_year",), help="kronor, samma tid förra året"),
        SOURCE,
    ),
    on_insert={"position": "least(p.n, 32000)"},
)

VOLUMES = Import(
    kind="volymer",
    title="Volymer",
    about="Antal och timmar per insats och regi vid ett mätdatum, uppmätt eller prognos.",
    example={
        "insats": "hemtjanst",
        "regi": "egen regi",
        "antal": "612",
        "timmar": "17850,5",
        "prognos": "nej",
    },
    model=VolumeLine,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(
        Column("matdatum", Day(), ("measured_on",), required=True, filled=True, key=True, help="2022-03-31"),
        UNIT,
        SUPPORT,
        Column(
            "regi",
            RUN,
            ("run",),
            required=True,
            filled=True,
            key=True,
            help="egen, extern, annan_namnd eller ej_uppdelat",
        ),
        Column("antal", Number(12, 2), ("count",), required=True, help="personer eller platser"),
        Column("timmar", Number(12, 2), ("hours",), required=True, help="timmar i månaden"),
        Column("prognos", YesNo(), ("is_forecast",), key=True, empty=(False,), help="ja eller nej (tom)"),
        SOURCE,
    ),
    rules=(
        Rule(
            "count IS NULL AND hours IS NULL",
            "antal",
            "varken antal eller timmar är ifyllt",
            "Fyll i minst ett.",
        ),
    ),
)

STAFF = Import(
    kind="personal",
    title="Personal",
    about="Personalmått, till exempel sjukfrånvaro efter kön, ålder och sjukdagar.",
    example={
        "matt": "sjukfranvaro",
        "varde": "9,5",
    },
    model=StaffValue,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(
        PERIOD,
        UNIT,
        Column(
            "matt",
            Text(60),
            ("measure",),
            required=True,
            filled=True,
            key=True,
            help="måttets kod, till exempel sjukfranvaro",
        ),
        SEX,
        Column(
            "alder", Text(20), ("age",), key=True, empty=("alla",), help="-29, 30-49, 50- eller alla (tom)"
        ),
        Column(
            "dagar", Text(20), ("days",), key=True, empty=("alla",), help="1-14, 15-59, 60- eller alla (tom)"
        ),
        Column(
            "anstallningsform",
            Text(20),
            ("employment",),
            key=True,
            empty=("alla",),
            help="till exempel tillsvidare_manad",
        ),
        Column("varde", MEASURED, ("value",), required=True, help="värdet; en andel i procent"),
        NUMERATOR,
        DENOMINATOR,
        SOURCE,
    ),
    checked=shares_of_staff,
    rules=(NOT_ZERO,),
)

MEASURE_VALUES = Import(
    kind="mattvarden",
    title="Nyckeltalens värden",
    about="Utfall per nyckeltal, period, enhet och kön. Ett värde som saknas skrivs ut som saknat, med orsak.",
    example={
        "matt": "sjukfranvaro",
        "varde": "9,5",
        "taljare": "",
        "namnare": "",
    },
    model=MeasureValue,
    rights=MEASURES,
    columns=(
        Column(
            "matt",
            Term(Measure, "nyckeltalet", "Lägg upp nyckeltalet först.", name="title"),
            ("measure_id",),
            required=True,
            filled=True,
            key=True,
            help="nyckeltalets kod",
        ),
        PERIOD,
        UNIT,
        SEX,
        Column("delvarde", Text(40), ("part",), key=True, empty=("",), help="delvärdets kod, till exempel a"),
        Column(
            "jamforelse",
            Choice(tuple((one.value, str(one.label)) for one in MeasureValue.Comparison)),
            ("comparison",),
            key=True,
            empty=(MeasureValue.Comparison.OWN.value,),
            help="kommun (tom), liknande eller riket",
        ),
        Column("varde", YES_OR_MEASURED, ("value",), required=True, help="värdet; en andel i procent"),
        NUMERATOR,
        DENOMINATOR,
        Column(
            "status",
            Choice(
                tuple((one.value, str(one.label)) for one in MeasureValue.Status), also={"slutlig": "final"}
            ),
            ("status",),
            empty=(MeasureValue.Status.FINAL.value,),
            always=True,
            help="final (tom), preliminary eller missing",
        ),
        Column("orsak", Text(200), ("reason",), empty=("",), always=True, help="varför värdet saknas"),
        SOURCE,
    ),
    rules=(
        NOT_ZERO,
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
    checked=shares_of_measures,
)

LEDGER = sie_kind(OUTCOME.columns, ECONOMY)

KINDS: dict[str, Import] = {
    kind.kind: kind
    for kind in (
        *ORGANISATION,
        *STEERING,
        BUDGET_VERSIONS,
        BUDGET,
        FORECAST,
        OUTCOME,
        LEDGER,
        INVESTMENTS,
        VOLUMES,
        STAFF,
        *MEANS,
        MEASURE_VALUES,
        QUALITY_REGISTERS,
        DEVIATIONS,
        LEX_SARAH,
        COMPLAINTS,
        CASEWORK,
        CASES,
        RISKS,
        CONTROLS,
    )
}

#: English and older names that are accepted too.
ALIASES = {
    "units": "enheter",
    "people": "personer",
    "key-figures": "nyckeltal",
    "goals": "mal",
    "assignments": "uppdrag",
    "activities": "aktiviteter",
    "action-plans": "handlingsplaner",
    "budget-versioner": "budgetversioner",
    "forecast": "prognos",
    "outcome": "utfall",
    "investments": "investeringar",
    "volumes": "volymer",
    "staff": "personal",
    "prepaid-income": "forutbetalda",
    "state-grants": "statsbidrag",
    "unit-costs": "apriser",
    "allocations": "volymplan",
    "staff-moves": "personalrorelser",
    "result-fund": "resultatfond",
    "measures": "mattvarden",
    "measure-values": "mattvarden",
    "quality-registers": "kvalitetsregister",
    "deviations": "avvikelser",
    "lex-sarah": "lexsarah",
    "complaints": "klagomal",
    "casework": "handlaggning",
    "cases": "arenden",
    "risks": "risker",
    "controls": "kontroller",
}


def kind_of(name: str) -> Import:
    """The import with that name. Raises UserFault that lists the names."""
    found = KINDS.get(ALIASES.get(name, name))
    if found is None:
        raise UserFault(f"slaget ”{name}” finns inte. Välj något av {', '.join(KINDS)}.")
    return found
