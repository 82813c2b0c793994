"""The files about quality that can be read in: deviations, lex Sarah, complaints, quality registers (4-quality)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.imports.cells import VALUE, Choice, Day, Term, Text, YesNo
from roder.imports.declaration import Above, Below, Column, Derived, Import, Rule
from roder.imports.lookups import UnitCell
from roder.imports.quality_cells import (
    AreaOfUnit,
    Complainant,
    DecisionAndDay,
    FreeText,
    HalfYearOrYear,
    Matters,
    Moment,
    Notified,
    NotifiedOn,
    Reference,
    Severity,
    Subjects,
)
from roder.imports.register_targets import forget_targets, set_targets
from roder.measures.models import Measure, MeasureValue
from roder.quality.models import (
    Complaint,
    ComplaintMatter,
    Deviation,
    DeviationMatter,
    LexSarahCase,
    LexSarahDecision,
    Step,
)
from roder.quality.models.deviations import Direction, Law
from roder.quality.models.deviations import State as DeviationState
from roder.steering.models import DeviationType

_NOW = "now()"
_RIGHT = (Action.IMPORT, Resource.IMPORTS)

LAW = Choice(tuple((one.value, str(one.label)) for one in Law), also={"socialtjänstlagen": "sol"})
AREA = Column(
    "verksamhet",
    AreaOfUnit(),
    ("service_area_id",),
    reads=("verksamhet", "enhet"),
    optional=("verksamhet", "enhet"),
    reads_empty=True,
    help="verksamhetsområdets kod eller namn; tom: det som enheten hör till",
)
_STATUSES = Choice(
    (
        (DeviationState.REPORTED.value, "rapporterad"),
        (DeviationState.CLASSIFIED.value, "klassificerad"),
        (DeviationState.INVESTIGATED.value, "utredd"),
        (DeviationState.DECIDED.value, "beslutad"),
        (DeviationState.FOLLOWED_UP.value, "uppföljd"),
        (DeviationState.CLOSED.value, "avslutad"),
    ),
    also={
        "uppfoljd": DeviationState.FOLLOWED_UP.value,
        "öppen": DeviationState.REPORTED.value,
        "pågående": DeviationState.REPORTED.value,
        "stängd": DeviationState.CLOSED.value,
    },
)
_CLASSIFIED = "('classified', 'investigated', 'decided', 'followed_up')"

DEVIATIONS = Import(
    kind="avvikelser",
    title="Avvikelser",
    about="Avvikelser ur ett annat system. En avvikelse kan ha flera typer med orsaker, skilda åt med |.",
    model=Deviation,
    rights=(_RIGHT, (Action.IMPORT, Resource.DEVIATIONS)),
    owned_by_committee=True,
    owned_by_municipality=True,
    columns=(
        Column(
            "nummer",
            Reference(20),
            ("number",),
            required=True,
            filled=True,
            key=True,
            help="avvikelsens nummer",
        ),
        Column(
            "handelsetid",
            Moment(),
            ("occurred_at",),
            required=True,
            filled=True,
            help="när det hände, 2022-03-31 21:40",
        ),
        Column(
            "rapporterad",
            Moment(end_of_day=True),
            ("reported_at",),
            required=True,
            filled=True,
            help="när det rapporterades",
        ),
        Column(
            "enhet",
            UnitCell(whole=False),
            ("unit_id",),
            required=True,
            filled=True,
            help="enhetens kod eller namn",
        ),
        AREA,
        Column("lagrum", LAW, ("law",), required=True, filled=True, help="sol, lss eller hsl"),
        Column(
            "riktning",
            Choice(
                tuple((one.value, str(one.label)) for one in Direction),
                also={
                    "till region": "till_region",
                    "från region": "fran_region",
                    "extern": "extern_utforare",
                },
            ),
            ("direction",),
            empty=(Direction.INTERNAL.value,),
            help="intern (tom), till_region, fran_region eller extern_utforare",
        ),
        Column(
            "typer",
            Matters(),
            ("matters",),
            required=True,
            reads=("typer", "orsaker"),
            optional=("orsaker",),
            reads_empty=True,
            held=True,
            help="typernas koder ur styrmodellen, flera skilda åt med |; orsaker likaså",
        ),
        Column(
            "allvarlighet",
            Severity(),
            ("severity", "serious"),
            empty=(None, False),
            help="allvarlighetsgrad ur styrmodellen; tom om den inte är klassificerad",
        ),
        Column(
            "status",
            _STATUSES,
            ("status",),
            held=True,
            help="rapporterad (tom), klassificerad, … eller avslutad",
        ),
        Column("avslutad", Moment(end_of_day=True), ("closed_at",), help="när den avslutades"),
        Column(
            "ivo",
            Notified(),
            ("notified",),
            held=True,
            help="nej (tom), ja, lex maria, lex sarah eller datum",
        ),
        Column("upptackt", Moment(), ("found_at",), held=True, help="när det upptäcktes, om det var senare"),
        Column(
            "klassificerad", Moment(end_of_day=True), ("rated_at",), held=True, help="när den klassificerades"
        ),
        Column(
            "motpart",
            Choice((("primary", "primärvård"), ("hospital", "sjukhus")), also={"primarvard": "primary"}),
            ("counterpart",),
            empty=("",),
            help="primärvård eller sjukhus, om den gäller regionen",
        ),
        Column(
            "rapportor",
            Choice(
                (("staff", "egen personal"), ("provider", "extern utförare"), ("other", "annan vårdgivare"))
            ),
            ("reporter_kind",),
            empty=("staff",),
            help="egen personal (tom), extern utförare eller annan vårdgivare",
        ),
        Column("referens", Reference(40), ("reference",), empty=("",), help="verksamhetssystemets referens"),
        Column("plats", FreeText(200), ("place",), empty=("",), help="var det hände"),
        Column("beskrivning", FreeText(), ("what",), empty=("",), help="vad som hände"),
        Column("atgard", FreeText(), ("immediate_action",), empty=("",), help="vad som gjordes direkt"),
        Column("konsekvens", FreeText(), ("consequence",), empty=("",), help="vad det ledde till"),
    ),
    derived=(
        Derived(
            "discovered_at",
            "TIMESTAMPTZ",
            "greatest(p.occurred_at, coalesce(p.found_at, p.occurred_at))",
            ("handelsetid", "upptackt"),
        ),
        Derived(
            "state",
            "VARCHAR",
            "CASE WHEN p.closed_at IS NOT NULL THEN 'closed' WHEN p.status IS NOT NULL THEN p.status "
            "WHEN p.severity IS NOT NULL THEN 'classified' ELSE 'reported' END",
            ("status", "avslutad", "allvarlighet"),
        ),
        Derived(
            "classified_at",
            "TIMESTAMPTZ",
            f"CASE WHEN p.rated_at IS NOT NULL THEN p.rated_at WHEN p.severity IS NOT NULL OR p.status IN {_CLASSIFIED} "
            "THEN coalesce(p.closed_at, p.reported_at) END",
            ("status", "avslutad", "allvarlighet", "klassificerad"),
        ),
    ),
    below=(
        Below(
            held="matters",
            model=DeviationMatter,
            parent="deviation_id",
            columns={
                "type_id": "split_part(item, ':', 1)",
                "cause_id": "nullif(split_part(item, ':', 2), '')",
            },
            standing="(SELECT string_agg(m.type_id || ':' || coalesce(m.cause_id::text, ''), '|' "
            "ORDER BY m.type_id, coalesce(m.cause_id, 0)) FROM quality_deviationmatter m WHERE m.deviation_id = t.id)",
        ),
        Below(
            held="notified",
            model=Step,
            parent="deviation_id",
            columns={
                "code": "'decision'",
                "done_at": "coalesce(p.closed_at, p.reported_at)",
                "note": "''",
                "detail": "'{\"ivo\": \"' || item || '\"}'",
            },
            standing="(SELECT s.detail->>'ivo' FROM quality_step s WHERE s.deviation_id = t.id AND s.code = 'decision')",
            mine="c.code = 'decision' AND c.detail ? 'ivo'",
        ),
    ),
    rules=(
        Rule(
            f"occurred_at > {_NOW}",
            "handelsetid",
            "händelsen ligger i framtiden",
            "Rätta datumet eller klockslaget.",
        ),
        Rule(
            "reported_at < occurred_at",
            "rapporterad",
            "den är rapporterad innan den hände",
            "Rätta tiden för händelsen eller rapporten.",
        ),
        Rule(
            "found_at IS NOT NULL AND (found_at < occurred_at OR found_at > reported_at)",
            "upptackt",
            "den upptäcktes inte mellan händelsen och rapporten",
            "Rätta tiden.",
        ),
        Rule(
            "rated_at < reported_at",
            "klassificerad",
            "den är klassificerad innan den rapporterades",
            "Rätta tiden.",
        ),
        Rule(
            "closed_at < reported_at", "avslutad", "den är avslutad innan den rapporterades", "Rätta datumet."
        ),
        Rule(
            "status = 'closed' AND closed_at IS NULL",
            "status",
            "status är avslutad men kolumnen avslutad är tom",
            "Skriv när den avslutades.",
        ),
        Rule(
            "closed_at IS NOT NULL AND status IS NOT NULL AND status <> 'closed'",
            "status",
            "kolumnen avslutad är ifylld men status säger något annat",
            "Skriv avslutad, eller ta bort datumet.",
        ),
    ),
    constraints={
        "deviation_number_once": "Ett av numren finns redan i en annan nämnd i kommunen (nummer)",
        "deviation_step_once": "En av avvikelserna har redan ett beslut i Roder, som filen inte får ersätta (ivo)",
    },
)

_OUTCOMES = Choice(
    tuple((one.value, str(one.label)) for one in LexSarahDecision.Outcome),
    also={
        "inte missförhållande": "not_misconduct",
        "ej_missforhallande": "not_misconduct",
        "missförhållande": "misconduct",
        "missforhallande": "misconduct",
        "allvarligt missförhållande": "serious",
        "allvarligt": "serious",
        "utreds inte": "not_own",
        "ej_egen": "not_own",
        "lex maria": "lex_maria",
        "arbetsmiljo": "work_environment",
    },
)

LEX_SARAH = Import(
    kind="lexsarah",
    title="Lex Sarah",
    about="Lex Sarah-rapporter med beslut. Namn och personnummer ska inte finnas i filen.",
    model=LexSarahCase,
    rights=(_RIGHT, (Action.IMPORT, Resource.LEX_SARAH)),
    owned_by_committee=True,
    owned_by_municipality=True,
    columns=(
        Column(
            "nummer", Reference(20), ("number",), required=True, filled=True, key=True, help="ärendets nummer"
        ),
        Column(
            "rapporterad",
            Moment(),
            ("reported_at",),
            required=True,
            filled=True,
            help="när den rapporterades",
        ),
        Column("enhet", UnitCell(), ("unit_id",), help="enhetens kod eller namn"),
        AREA,
        Column("lagrum", LAW, ("law",), empty=("sol",), help="sol (tom) eller lss"),
        Column("typ", Term(DeviationType, "typen"), ("type_id",), help="avvikelsetypens kod ur styrmodellen"),
        Column("brist", YesNo(), ("shortcoming",), help="brist i verksamheten: ja eller nej"),
        Column("konsekvens", YesNo(), ("consequence",), help="konsekvens eller påtaglig risk: ja eller nej"),
        Column(
            "beslut",
            DecisionAndDay(_OUTCOMES),
            ("decision",),
            required=True,
            reads=("beslut", "beslutsdatum"),
            reads_empty=True,
            held=True,
            help="inte missförhållande, missförhållande, allvarligt, utreds inte, lex maria eller arbetsmiljö; "
            "tom om det inte är beslutat",
        ),
        Column(
            "ivo",
            NotifiedOn(),
            ("notified_on",),
            reads=("ivo", "beslutsdatum"),
            optional=("ivo", "beslutsdatum"),
            reads_empty=True,
            help="nej (tom), ja (samma dag som beslutet) eller dagen för anmälan",
        ),
        Column("ivo_svar", Day(), ("ivo_answered_on",), help="dagen IVO svarade"),
        Column("avslutad", Day(), ("closed_on",), help="dagen ärendet avslutades"),
        Column(
            "extern", YesNo(), ("external",), empty=(False,), help="ja om det hände hos en extern utförare"
        ),
        Column("beskrivning", FreeText(), ("what",), empty=("",), help="vad som hände, utan namn"),
        Column("rad", FreeText(200), ("line",), held=True, help="en rad till nämnden om beslutet"),
    ),
    derived=(
        Derived(
            "state",
            "VARCHAR",
            "CASE WHEN p.closed_on IS NOT NULL THEN 'closed' WHEN p.notified_on IS NOT NULL THEN 'notified' "
            "WHEN p.decision IS NOT NULL THEN 'decided' ELSE 'reported' END",
            ("beslut", "ivo", "avslutad"),
        ),
        Derived(
            "investigated_at",
            "TIMESTAMPTZ",
            "CASE WHEN p.decision IS NOT NULL THEN "
            "greatest(p.reported_at, timezone('UTC', CAST(split_part(p.decision, '@', 2) AS TIMESTAMP))) END",
            ("beslut",),
        ),
    ),
    above=(
        Above(
            held="decision",
            model=LexSarahDecision,
            pointer="decision_id",
            columns={
                "outcome": "split_part(item, '@', 1)",
                "decided_on": "split_part(item, '@', 2)",
                "motive": "''",
                "line": "coalesce(p.line, '')",
            },
            standing="(SELECT d.outcome || '@' || d.decided_on FROM quality_lexsarahdecision d WHERE d.id = t.decision_id)",
        ),
    ),
    rules=(
        Rule(f"reported_at > {_NOW}", "rapporterad", "rapporten ligger i framtiden", "Rätta datumet."),
        Rule(
            "CAST(split_part(decision, '@', 2) AS DATE) < CAST(reported_at AS DATE)",
            "beslutsdatum",
            "beslutet är före rapporten",
            "Rätta datumet.",
        ),
        Rule(
            "decision IS NULL AND (closed_on IS NOT NULL OR notified_on IS NOT NULL)",
            "beslut",
            "ärendet är anmält eller avslutat utan beslut",
            "Skriv beslutet och dess datum.",
        ),
        Rule(
            "ivo_answered_on IS NOT NULL AND notified_on IS NULL",
            "ivo_svar",
            "IVO har svarat men ärendet är inte anmält",
            "Skriv dagen för anmälan i kolumnen ivo.",
        ),
    ),
    constraints={"lex_sarah_number_once": "Ett av numren finns redan i en annan nämnd i kommunen (nummer)"},
)

COMPLAINTS = Import(
    kind="klagomal",
    title="Klagomål och synpunkter",
    about="Klagomål och synpunkter ur diariet. Namn på den som klagar läses inte in.",
    model=Complaint,
    rights=(_RIGHT, (Action.IMPORT, Resource.COMPLAINTS)),
    owned_by_committee=True,
    owned_by_municipality=True,
    columns=(
        Column("dnr", Reference(40), ("number",), required=True, filled=True, key=True, help="diarienumret"),
        Column("inkommen", Moment(), ("received_at",), required=True, filled=True, help="när det kom in"),
        Column(
            "slag",
            Choice(tuple((one.value, str(one.label)) for one in Complaint.Kind)),
            ("kind",),
            required=True,
            filled=True,
            help="klagomal, synpunkt, berom, forslag, felanmalan eller fraga",
        ),
        Column(
            "typ",
            Subjects(),
            ("matters",),
            held=True,
            empty=(None,),
            help="vad det gäller, flera skilda åt med |",
        ),
        Column("enhet", UnitCell(), ("unit_id",), help="enhetens kod eller namn; tom för hela nämnden"),
        AREA,
        Column(
            "lamnad_av",
            Complainant(),
            ("complainant", "anonymous"),
            empty=("", False),
            help="vem det kom från (kod ur styrmodellen) eller anonym",
        ),
        Column(
            "kanal",
            Choice(
                tuple((one.value, str(one.label)) for one in Complaint.Channel),
                also={"webb": "formular", "brev": "post", "mejl": "epost", "besök": "personal"},
            ),
            ("channel",),
            required=True,
            filled=True,
            help="formular, post, epost, telefon, personal eller ivo",
        ),
        Column(
            "bekraftad", Moment(end_of_day=True), ("acknowledged_at",), help="när mottagandet bekräftades"
        ),
        Column("besvarad", Moment(end_of_day=True), ("answered_at",), help="när det besvarades"),
        Column("avslutad", Moment(end_of_day=True), ("closed_at",), help="när det avslutades"),
        Column(
            "servicedeklaration",
            YesNo(),
            ("concerns_declaration",),
            empty=(False,),
            help="ja eller nej (tom)",
        ),
        Column("text", FreeText(), ("text",), empty=("",), help="vad det gäller, utan namn"),
        Column("atgard", FreeText(), ("action",), empty=("",), help="vad som gjordes"),
    ),
    derived=(
        Derived(
            "state",
            "VARCHAR",
            "CASE WHEN p.closed_at IS NOT NULL THEN 'closed' WHEN p.answered_at IS NOT NULL THEN 'answered' "
            "WHEN p.acknowledged_at IS NOT NULL THEN 'acknowledged' ELSE 'received' END",
            ("bekraftad", "besvarad", "avslutad"),
        ),
    ),
    below=(
        Below(
            held="matters",
            model=ComplaintMatter,
            parent="complaint_id",
            columns={"subject_id": "item"},
            standing="(SELECT string_agg(m.subject_id::text, '|' ORDER BY m.subject_id) "
            "FROM quality_complaintmatter m WHERE m.complaint_id = t.id)",
        ),
    ),
    rules=(
        Rule(f"received_at > {_NOW}", "inkommen", "det kom in i framtiden", "Rätta datumet."),
        Rule("answered_at < received_at", "besvarad", "det är besvarat innan det kom in", "Rätta datumet."),
        Rule(
            "acknowledged_at < received_at",
            "bekraftad",
            "det är bekräftat innan det kom in",
            "Rätta datumet.",
        ),
        Rule("closed_at < received_at", "avslutad", "det är avslutat innan det kom in", "Rätta datumet."),
        Rule(
            "anonymous AND answered_at IS NOT NULL",
            "besvarad",
            "ett anonymt ärende kan inte vara besvarat",
            "Ta bort datumet, eller skriv vem det kom från.",
        ),
    ),
    constraints={"complaint_number_once": "Ett av numren finns redan i en annan nämnd i kommunen (dnr)"},
)

QUALITY_REGISTERS = Import(
    kind="kvalitetsregister",
    title="Kvalitetsregister",
    about="Värden ur kvalitetsregister och punktmätningar per år eller halvår och vårdform. Jämförelsen riket är en egen rad.",
    model=MeasureValue,
    rights=(_RIGHT, (Action.EDIT, Resource.MEASURES)),
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
        Column(
            "enhet", UnitCell(), ("unit_id",), key=True, help="enhetens kod eller namn; tom för hela nämnden"
        ),
        Column(
            "kon",
            Choice(
                (("alla", "alla"), ("kvinnor", "kvinnor"), ("man", "män")),
                also={"kvinna": "kvinnor", "totalt": "alla"},
            ),
            ("sex",),
            key=True,
            empty=("alla",),
            help="kvinnor, man eller alla (tom)",
        ),
        Column(
            "jamforelse",
            Choice(tuple((one.value, str(one.label)) for one in MeasureValue.Comparison)),
            ("comparison",),
            key=True,
            empty=(MeasureValue.Comparison.OWN.value,),
            help="kommun (tom), liknande eller riket",
        ),
        Column("varde", VALUE, ("value",), required=True, help="värdet; en andel i procent"),
        Column("taljare", VALUE, ("numerator",), help="täljaren, om värdet är en andel"),
        Column("namnare", VALUE, ("denominator",), help="nämnaren, om värdet är en andel"),
        Column("malvarde", VALUE, ("target",), held=True, help="årets målvärde; läggs upp om det saknas"),
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
    saved=set_targets,
    undone=forget_targets,
)
