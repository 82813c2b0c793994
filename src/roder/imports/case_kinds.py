"""The files of lex Sarah cases and of complaints that can be read in (4-quality 4.2 and 4.4)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.imports.case_cells import Complainant, DecisionAndDay, NotifiedOn, Subjects
from roder.imports.cells import Choice, Day, Term, YesNo
from roder.imports.declaration import Above, Below, Column, Derived, Import, Rule
from roder.imports.lex_lines import give_back_lines, keep_lines
from roder.imports.lookups import UnitCell
from roder.imports.quality_cells import (
    FreeText,
    Moment,
    Reference,
)
from roder.imports.quality_columns import AREA, LAW, NOW, RIGHT
from roder.quality.models import (
    Complaint,
    ComplaintMatter,
    LexSarahCase,
    LexSarahDecision,
)
from roder.steering.models import DeviationType

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
    example={
        "nummer": "2026-1",
        "rapporterad": "2026-03-31",
        "beskrivning": "Insats uteblev en kväll",
    },
    model=LexSarahCase,
    rights=(RIGHT, (Action.IMPORT, Resource.LEX_SARAH)),
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
            helps={"beslutsdatum": "dagen för beslutet; tom om det inte är beslutat"},
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
        Column(
            "rad",
            FreeText(200),
            ("line",),
            held=True,
            empty=("",),
            standing="(SELECT d.line FROM quality_lexsarahdecision d WHERE d.id = t.decision_id)",
            says="p.decision IS NOT NULL",
            help="en rad till nämnden om beslutet",
        ),
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
            standing="(SELECT d.outcome || '@' || d.decided_on FROM quality_lexsarahdecision d "
            "WHERE d.id = t.decision_id)",
        ),
    ),
    rules=(
        Rule(f"reported_at > {NOW}", "rapporterad", "rapporten ligger i framtiden", "Rätta datumet."),
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
    saved=keep_lines,
    undone=give_back_lines,
    constraints={"lex_sarah_number_once": "Ett av numren finns redan i en annan nämnd i kommunen (nummer)"},
)

COMPLAINTS = Import(
    kind="klagomal",
    title="Klagomål och synpunkter",
    about="Klagomål och synpunkter ur diariet. Namn på den som klagar läses inte in.",
    example={
        "dnr": "2026-0042",
        "inkommen": "2026-03-31",
        "text": "Maten var kall",
    },
    model=Complaint,
    rights=(RIGHT, (Action.IMPORT, Resource.COMPLAINTS)),
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
        Rule(f"received_at > {NOW}", "inkommen", "det kom in i framtiden", "Rätta datumet."),
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
