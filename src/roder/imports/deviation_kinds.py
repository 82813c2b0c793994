"""The file of deviations that can be read in (4-quality 4.1)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.imports.case_cells import Notified
from roder.imports.cells import Choice
from roder.imports.declaration import Below, Column, Derived, Import, Rule
from roder.imports.lookups import UnitCell
from roder.imports.open_cases import after_import, after_undo
from roder.imports.quality_cells import (
    FreeText,
    Matters,
    Moment,
    Reference,
    Severity,
)
from roder.imports.quality_columns import AREA, LAW, NOW, RIGHT
from roder.quality.models import (
    Deviation,
    DeviationMatter,
    Step,
)
from roder.quality.models.deviations import Direction
from roder.quality.models.deviations import State as DeviationState

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
    example={
        "nummer": "2026-0001",
        "handelsetid": "2026-03-31 21:40",
        "rapporterad": "2026-03-31 21:55",
        "enhet": "81112",
        "typer": "fall",
        "orsaker": "",
        "status": "rapporterad",
        "beskrivning": "Föll vid sängen",
        "plats": "Lägenheten",
    },
    model=Deviation,
    then=after_import,
    undone=after_undo,
    rights=(RIGHT, (Action.IMPORT, Resource.DEVIATIONS)),
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
            help="typernas koder ur styrmodellen, flera skilda åt med |",
            helps={"orsaker": "orsakernas koder ur styrmodellen, flera skilda åt med |"},
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
            "CASE WHEN p.rated_at IS NOT NULL THEN p.rated_at WHEN p.severity IS NOT NULL "
            f"OR p.status IN {_CLASSIFIED} THEN coalesce(p.closed_at, p.reported_at) END",
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
            standing="(SELECT s.detail->>'ivo' FROM quality_step s "
            "WHERE s.deviation_id = t.id AND s.code = 'decision')",
            mine="c.code = 'decision' AND c.detail ? 'ivo'",
        ),
    ),
    rules=(
        Rule(
            f"occurred_at > {NOW}",
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
