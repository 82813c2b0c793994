"""The files about means: prepaid income, state grants, unit costs, planned volumes, result funds and people who come
and go (3-steering-and-economy 3.5)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.core.models import ImportBatch
from roder.economy.models import Allocation, FundEntry, PrepaidIncome, StaffMove, UnitCost
from roder.imports.cells import MONEY, Choice, Day, Number, Text, Year, YesNo
from roder.imports.declaration import Column, Import, Rule
from roder.imports.economy_columns import ECONOMY, OCCASION_OR_PLAN, PERIOD, RUN, SOURCE, SUPPORT, UNIT
from roder.imports.means_cells import MOVE, StaffReason, UnitCostCell
from roder.imports.quality_cells import FreeText
from roder.organisation.models import Person
from roder.registers.models import StateGrant
from roder.registers.services import deadlines
from roder.tasks.models import Task

STATE_GRANT_RIGHTS = ((Action.IMPORT, Resource.IMPORTS), (Action.EDIT, Resource.STATE_GRANTS))
YEAR = Column("ar", Year(), ("year",), required=True, filled=True, key=True, help="året, till exempel 2022")

PREPAID = Import(
    kind="forutbetalda",
    title="Förutbetalda intäkter",
    about="Förutbetalda intäkter som periodiseras över sin nyttjandetid, per projekt vid ett tillfälle. Intäkter "
    "skrivs utan minus.",
    example={
        "tillfalle": "2026-08",
        "projekt": "Anslutningsavgifter",
        "exploatering": "nej",
    },
    model=PrepaidIncome,
    rights=ECONOMY,
    columns=(
        OCCASION_OR_PLAN,
        UNIT,
        Column("projekt", FreeText(200), ("project",), required=True, filled=True, key=True, help="projektets namn"),
        Column("exploatering", YesNo(), ("development",), empty=(False,), help="ja om det hör till exploatering"),
        Column("budget", MONEY, ("budget",), required=True, help="kronor"),
        Column("prognos", MONEY, ("forecast",), required=True, help="kronor för helåret"),
        Column("utfall", MONEY, ("outcome",), required=True, help="kronor hittills, eller för året i bokslutet"),
        Column("utfall_foregaende", MONEY, ("outcome_last_year",), help="kronor, samma tid förra året"),
        SOURCE,
    ),
    on_insert={"position": "least(p.n, 32000)"},
    rules=(
        Rule(
            "budget IS NULL AND forecast IS NULL AND outcome IS NULL",
            "budget",
            "inget belopp är ifyllt",
            "Fyll i budget, prognos eller utfall.",
        ),
    ),
)  # fmt: skip


def _keep_days(batch: ImportBatch, by: Person | None) -> list[str]:
    """The days of the grants that came with the file become tasks."""
    rows = list(StateGrant.objects.filter(batch=batch))
    for row in rows:
        deadlines.keep(row, by)
    return []


def _strike_days(batch: ImportBatch) -> list[str]:
    """Tasks about grants that went with the file are struck; those that are as before keep their days."""
    subject = StateGrant._meta.label_lower
    there = set(StateGrant.objects.filter(committee=batch.committee).values_list("pk", flat=True))
    live = Task.objects.filter(subject_kind=subject, committee=batch.committee).exclude(subject_id__in=there)
    live.delete()
    for row in StateGrant.objects.filter(pk__in=there):
        deadlines.keep(row, None)
    return []


def _amount(name: str, into: str, help_text: str, *, required: bool = False) -> Column:
    return Column(name, MONEY, (into,), required=required, help=help_text)


STATE_GRANTS = Import(
    kind="statsbidrag",
    title="Statsbidrag",
    about="Statsbidrag per år: myndighet, villkor, tid, dagar och vad som är sökt, beviljat och använt. Dagarna blir "
    "uppgifter.",
    example={
        "statsbidrag": "Äldreomsorgslyftet",
        "myndighet": "Socialstyrelsen",
    },
    model=StateGrant,
    rights=STATE_GRANT_RIGHTS,
    owned_by_committee=True,
    then=_keep_days,
    undone=_strike_days,
    columns=(
        YEAR,
        Column("statsbidrag", FreeText(200), ("name",), required=True, filled=True, key=True, help="bidragets namn"),
        Column("myndighet", FreeText(120), ("authority",), required=True, filled=True, help="vem som ger bidraget"),
        Column("regler", FreeText(120), ("source",), empty=("",), help="förordning eller föreskrift"),
        Column("villkor", FreeText(4000), ("conditions",), empty=("",), help="vad bidraget får användas till"),
        Column("enhet", UNIT.cell, ("unit_id",), help="enhetens kod eller namn; tom för hela nämnden"),
        Column("fran", Day(), ("starts_on",), help="första dag pengarna får användas"),
        Column("till", Day(), ("ends_on",), help="sista dag pengarna får användas"),
        Column("lage", Choice(tuple((one.value, str(one.label)) for one in StateGrant.State)), ("state",),
               required=True, filled=True, empty=("planned",),
               help="planerad, sökt, beviljat, avslaget eller återrapporterat"),
        Column("sok_senast", Day(), ("apply_by",), help="sista dag att söka"),
        Column("ansokt", Day(), ("applied_on",), help="dagen då ansökan skickades"),
        _amount("sokt", "sought", "sökta kronor", required=True),
        Column("beslutat", Day(), ("decided_on",), help="dagen för myndighetens beslut, eller då ni drog tillbaka"),
        _amount("beviljat", "granted", "beviljade kronor"),
        Column("rekvirera_senast", Day(), ("requisition_by",), help="sista dag att rekvirera"),
        Column("rekvirerat", Day(), ("requisitioned_on",), help="dagen då rekvisitionen skickades"),
        Column("aterrapportera_senast", Day(), ("report_by",), help="sista dag att återrapportera"),
        Column("aterrapporterat", Day(), ("reported_on",), help="dagen då rapporten lämnades"),
        _amount("anvant", "used", "använda kronor hittills"),
        _amount("aterbetalt", "returned", "återbetalda kronor"),
        Column("anteckning", FreeText(4000), ("note",), empty=("",), help="det som är bra att veta"),
        Column("kalla", Text(200), ("document",), empty=("",), help="dokument och avsnitt"),
    ),
    rules=(
        Rule("sought < 0 OR granted < 0 OR used < 0 OR returned < 0", "sokt", "ett belopp är negativt",
             "Skriv bidragets belopp utan minus.", always=True),
        Rule("used > granted", "anvant", "mer är använt än vad som är beviljat",
             "Rätta beloppen, eller skriv det som var över som återbetalt."),
        Rule("returned > granted", "aterbetalt", "mer är återbetalt än vad som är beviljat", "Rätta beloppen."),
        Rule("ends_on < starts_on", "till", "perioden slutar innan den börjar", "Rätta fran eller till."),
        Rule("state IN ('granted', 'reported') AND granted IS NULL", "lage",
             "bidraget är beviljat men beloppet saknas", "Fyll i kolumnen beviljat.", always=True),
    ),
)  # fmt: skip

_RUN = Column(
    "regi", RUN, ("run",), key=True, empty=("ej_uppdelat",), help="egen, extern, annan_namnd eller tom"
)

UNIT_COSTS = Import(
    kind="apriser",
    title="À-priser",
    about="Vad en plats, person eller timme kostar ett år, per insats och regi. Kostnaden skrivs utan minus.",
    example={
        "insats": "gruppbostad",
        "kronor": "1150000",
    },
    model=UnitCost,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(
        YEAR,
        SUPPORT,
        _RUN,
        UNIT,
        Column("kronor", MONEY, ("amount",), required=True, filled=True, help="kronor per år, utan minus"),
        Column("grund", FreeText(300), ("basis",), empty=("",), help="hur priset är räknat"),
        SOURCE,
    ),
    rules=(Rule("amount < 0", "kronor", "à-priset är negativt", "Skriv kostnaden utan minus."),),
)

ALLOCATIONS = Import(
    kind="volymplan",
    title="Resursfördelning",
    about="Hur volymerna väntas ändras ett år, insats för insats. Pengarna räknas med årets à-priser, som läses in "
    "först.",
    example={
        "insats": "gruppbostad",
        "volym": "80",
        "planerad": "86",
    },
    model=Allocation,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(
        YEAR,
        Column("insats", UnitCostCell(), ("cost_id",), required=True, key=True, reads=("ar", "insats", "regi", "enhet"),
               optional=("regi", "enhet"), reads_empty=True, help="insatsens kod; priset tas ur à-priserna",
               helps={"regi": "vem som utför; tom om priset inte är uppdelat", "enhet": "enhetens kod eller namn"}),
        UNIT,
        Column("volym", Number(12, 2), ("volume_before",), required=True, filled=True, help="volymen i dag"),
        Column("planerad", Number(12, 2), ("volume_planned",), required=True, filled=True, help="planerad volym"),
        Column("varfor", FreeText(300), ("reason",), empty=("",), help="varför volymen ändras"),
        Column("beslut", FreeText(200), ("decision",), empty=("",), help="organ, paragraf och dag"),
        SOURCE,
    ),
    rules=(
        Rule("volume_before < 0 OR volume_planned < 0", "planerad", "en volym är negativ", "Skriv 0 eller mer."),
    ),
)  # fmt: skip

FUND = Import(
    kind="resultatfond",
    title="Resultatfond",
    about="Resultatfondens ingående saldo, resultat som förs över och pengar som används, med beslut.",
    example={
        "beslut": "Kommunfullmäktige 2026-03-30 § 41",
    },
    model=FundEntry,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(
        YEAR,
        Column("slag", Choice(tuple((one.value, str(one.label)) for one in FundEntry.Kind),
                              also={"fors_over": "carried", "förs över": "carried", "avskrivet": "written_off"}),
               ("kind",), required=True, filled=True, key=True,
               help="ingående, årets resultat förs över, används eller skrivs av"),
        Column("beslutsdag", Day(), ("decided_on",), required=True, filled=True, key=True, help="dagen för beslutet"),
        Column("belopp", MONEY, ("amount",), required=True, filled=True,
               help="kronor; underskott och det som används med minus"),
        Column("beslut", FreeText(200), ("decision",), required=True, filled=True, key=True,
               help="organ, paragraf och ärende"),
        Column("anteckning", FreeText(4000), ("note",), empty=("",), help="det som är bra att veta"),
        SOURCE,
    ),
    rules=(
        Rule("kind = 'used' AND amount >= 0", "belopp", "det som används står utan minus", "Skriv beloppet med minus."),
    ),
    constraints={"result_carried_once": "Resultatet för ett år är redan fört till fonden (ar, slag)"},
)  # fmt: skip

STAFF_MOVES = Import(
    kind="personalrorelser",
    title="Personalrörelser",
    about="Hur många som har anställts och slutat under en period, efter orsak och yrkesgrupp. Bara antal, inga namn.",
    example={
        "slag": "slutade",
        "orsak": "pension",
        "antal": "4",
    },
    model=StaffMove,
    rights=ECONOMY,
    owned_by_committee=True,
    columns=(
        PERIOD,
        UNIT,
        Column("slag", MOVE, ("kind",), required=True, filled=True, key=True, help="anställda eller slutade"),
        Column("orsak", StaffReason(), ("reason",), required=True, filled=True, key=True, reads=("slag", "orsak"),
               help="orsakens kod i styrmodellen, till exempel pension"),
        Column("yrkesgrupp", FreeText(80), ("profession",), key=True, empty=("",), help="till exempel undersköterska"),
        Column("antal", Number(6, 0), ("count",), required=True, filled=True, help="antal personer"),
        SOURCE,
    ),
    rules=(Rule("count < 0", "antal", "antalet är negativt", "Skriv 0 eller mer."),),
)  # fmt: skip

MEANS = (PREPAID, STATE_GRANTS, UNIT_COSTS, ALLOCATIONS, FUND, STAFF_MOVES)
