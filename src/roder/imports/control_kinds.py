"""The files of risks and of controls that can be read in (5-risk-and-control, Import)."""

from __future__ import annotations

from typing import Any

from roder.access.matrix import Action, Resource
from roder.control.models import Control, Risk, RiskAnalysis
from roder.control.models.risks import Handling
from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.imports.cells import Choice, Context, Number, YesNo
from roder.imports.control_cells import (
    AnalysisCell,
    Extent,
    Frequency,
    Method,
    PointCell,
    ReportedAt,
    Responsible,
    ScaleCell,
    Score,
    of_year,
)
from roder.imports.declaration import Column, Import
from roder.imports.plan_points import name_points, open_plan, points_taken_back, say_bare_points
from roder.imports.quality_cells import FreeText, Reference
from roder.imports.refusals import UndoFault, events_of
from roder.imports.staging import Staging
from roder.organisation.models import Person

HANDLINGS = Choice(
    tuple((one.value, str(one.label)) for one in Handling),
    also={
        "ingen": "none", "inga åtgärder": "none", "kontrollpunkt": "control_point", "intern kontroll": "control_point",
        "internkontrollplan": "control_point", "kvf": "critical_factor", "kritisk faktor": "critical_factor",
        "kritiska verksamhetsfaktorer": "critical_factor", "direkt åtgärd": "immediate_action",
    },
)  # fmt: skip


def _open_analysis(context: Context, by: Person | None) -> dict[str, Any]:
    """The year's risk analysis, made by the steering model's scale when there is none. It stays when the risks go."""
    from roder.control.services import analyses, scales  # noqa: PLC0415 - rooms are loaded first

    year = context.year
    if of_year(RiskAnalysis.objects.all(), context) is not None:
        return {}
    if year is None:
        raise UserFault("ange vilket år risklistan gäller (--year).")
    if by is not None:
        analyses.open_analysis(context.committee, year, by)
        return {}
    RiskAnalysis.objects.create(
        committee=context.committee,
        year=year,
        title="Riskanalys",
        scale=scales.scale_for(context.committee, year),
    )
    return {}


def _refuse_decided(staging: Staging, batch: ImportBatch) -> None:
    """A decided analysis is not changed by a file."""
    found = of_year(RiskAnalysis.objects.all(), staging.context)
    if found is not None and found.state == RiskAnalysis.State.DECIDED:
        raise UserFault(
            f"riskanalysen för {found.year} är beslutad {found.decided_on}. Ändra riskerna en och en, "
            "eller läs in filen för ett annat år. Ingenting har lästs in."
        )


def _risks_taken_back(batch: ImportBatch) -> list[str]:
    """A decided analysis is not changed by taking a file back either. Raises UndoFault."""
    told = events_of(Risk)._base_manager.filter(batch_id=batch.pk)
    decided = RiskAnalysis.objects.filter(pk__in=told.values("analysis_id"), state=RiskAnalysis.State.DECIDED)
    if (found := decided.first()) is not None:
        raise UndoFault(
            f"riskanalysen för {found.year} är beslutad {found.decided_on}",
            "Ändra riskerna en och en på deras sidor, så att historiken syns.",
        )
    return []


RISKS = Import(
    kind="risker",
    title="Risker",
    about="En risklista för ett år: områden, risker, bedömning på nämndens egen skala och hantering.",
    example={
        "ar": "2026",
        "nr": "1",
        "risk": "Att beslut inte följs upp i tid",
        "sannolikhet": "3",
        "konsekvens": "3",
        "hantering": "Internkontrollpunkt",
    },
    model=Risk,
    rights=((Action.IMPORT, Resource.IMPORTS), (Action.EDIT, Resource.RISKS)),
    owned_by_committee=True,
    prepare=_open_analysis,
    saved=_refuse_decided,
    undone=_risks_taken_back,
    columns=(
        Column(
            "ar", AnalysisCell(), ("analysis_id",), key=True, reads=("ar",), optional=("ar",), reads_empty=True,
            help="året, om det står i filen",
        ),
        Column("nr", Reference(20), ("number",), required=True, filled=True, key=True, help="riskens nummer"),
        Column("kategori", FreeText(120), ("category",), empty=("",), help="området"),
        Column("process", FreeText(160), ("process",), empty=("",), help="processen"),
        Column("aktivitet", FreeText(160), ("activity",), empty=("",), help="aktiviteten"),
        Column("risk", FreeText(400), ("text",), required=True, filled=True, help="vad som kan hända"),
        Column(
            "skala", ScaleCell(), ("scale_id",), reads=("ar",), optional=("ar",), reads_empty=True, always=True,
        ),
        Column(
            "sannolikhet",
            Score(),
            ("likelihood", "impact", "state", "retired_reason"),
            required=True,
            reads=("sannolikhet", "konsekvens", "utgar", "skal"),
            optional=("utgar", "skal"),
            reads_empty=True,
            empty=(None, None, "active", ""),
            help="steg på skalan; båda tomma om risken inte är bedömd",
            helps={"utgar": "ja om risken utgår ur analysen", "skal": "varför risken utgår"},
        ),
        Column("hantering", HANDLINGS, ("handling",), empty=("",), help="vad risken leder till"),
        Column("gemensam", YesNo(), ("common",), empty=(False,), help="ja om den är gemensam för kommunen"),
        Column("ansvarig", FreeText(120), ("responsible",), empty=("",), help="befattning, aldrig namn"),
        Column("orsak", FreeText(), ("cause",), empty=("",), help="varför det kan hända"),
        Column("foljd", FreeText(), ("consequence",), empty=("",), help="vad det leder till"),
        Column("gors_redan", FreeText(), ("existing_controls",), empty=("",), help="vad som redan görs"),
        Column("forra_vardet", Number(whole=5, digits=0), ("previous_value",), help="förra årets riskvärde"),
        Column("obligatorisk", YesNo(), ("obligatory",), empty=(False,), help="ja om den ska med i planen"),
        Column("i_planen", YesNo(), ("in_plan",), help="ja eller nej; tom om det inte är bestämt"),
        Column("plan_skal", FreeText(), ("plan_reason",), empty=("",), help="varför med i planen eller inte"),
        Column(
            "avsteg_skal", FreeText(), ("handling_reason",), empty=("",), help="varför hanteringen avviker från regeln"
        ),
    ),
    for_readers=("kalla",),
    on_insert={"code": "''", "position": "p.n"},
    constraints={
        "risk_score_within_scale": "En bedömning ligger utanför skalan (sannolikhet, konsekvens)",
        "risk_number_once": "Ett nummer står på två risker (nr)",
    },
)  # fmt: skip


CONTROLS = Import(
    kind="kontroller",
    title="Kontrollmoment",
    about="Kontroller till årets internkontrollplan: vad, hur, hur mycket, hur ofta, av vem och när det redovisas. "
    "Riskerna läses in först.",
    example={
        "risknr": "1",
        "kontroll": "Uppföljning av beslut",
        "metod": "Stickprov",
        "omfattning": "10 %",
        "frekvens": "En gång per år",
        "ansvarig": "Avdelningschef",
        "tillfalle": "delår",
    },
    model=Control,
    rights=((Action.IMPORT, Resource.IMPORTS), (Action.EDIT, Resource.CONTROLS)),
    owned_by_committee=True,
    prepare=open_plan,
    checked=say_bare_points,
    saved=name_points,
    undone=points_taken_back,
    columns=(
        Column(
            "risknr", PointCell(), ("point_id",), required=True, filled=True, key=True,
            help="numret på risken i årets riskanalys",
        ),
        Column("punkt", Reference(20), ("point_number",), held=True, empty=("",),
               standing="(SELECT c.number FROM control_controlpoint c WHERE c.id = t.point_id)",
               says="p.point_number <> ''", help="vad punkten heter i planen"),
        Column("kontroll", FreeText(500), ("what",), required=True, filled=True, key=True, help="vad som kontrolleras"),
        Column("metod", Method(), ("method", "method_text"), required=True, filled=True, empty=("sample", ""),
               help="stickprov, totalundersökning, intervju, enkät, granskning av dokument eller analys"),
        Column("omfattning", Extent(), ("scope", "scope_number", "scope_share", "scope_text"), required=True,
               empty=("all", None, None, ""), help="5 st, 10 % eller samtliga"),
        Column("frekvens", Frequency(), ("frequency", "times_a_year"), required=True, empty=("", 1),
               help="2 ggr/år, varje månad"),
        Column("ansvarig", Responsible(), ("responsible", "owner_role"), required=True, filled=True, empty=("", ""),
               help="vem som ansvarar för kontrollen: roll eller befattning"),
        Column("tillfalle", ReportedAt(), ("occasions", "months", "reported_text"), required=True, filled=True,
               empty=("{}", "{}", ""), help="delår, årsbokslut eller månader"),
        Column("ram", FreeText(300), ("frame_text",), empty=("",), help="vad stickprovet dras ur"),
    ),
    for_readers=("kalla",),
    on_insert={"number": "0"},
    constraints={
        "control_point_number_once": "En annan punkt i planen har redan numret (punkt)",
        "control_once": "En kontrollpunkt har redan samma kontroll (kontroll)",
        "control_has_responsible": "En kontroll saknar ansvarig (ansvarig)",
        "control_scope_whole": "En omfattning är inte hel (omfattning)",
    },
)  # fmt: skip
