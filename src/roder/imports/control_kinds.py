"""The files of risks and of controls that can be read in (5-risk-and-control, Import)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.control.models import Control, ControlPlan, ControlPoint, Risk, RiskAnalysis
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
from roder.imports.quality_cells import FreeText, Reference
from roder.imports.staging import Staging
from roder.organisation.models import Person

MOST_NAMED = 20  # points without a control that are named one by one
HANDLINGS = Choice(
    tuple((one.value, str(one.label)) for one in Handling),
    also={
        "ingen": "none", "inga åtgärder": "none", "kontrollpunkt": "control_point", "intern kontroll": "control_point",
        "internkontrollplan": "control_point", "kvf": "critical_factor", "kritisk faktor": "critical_factor",
        "kritiska verksamhetsfaktorer": "critical_factor", "direkt åtgärd": "immediate_action",
    },
)  # fmt: skip


def _open_analysis(context: Context, by: Person | None) -> None:
    """The year's risk analysis, made by the steering model's scale when there is none."""
    from roder.control.services import analyses, scales  # noqa: PLC0415 - rooms are loaded first

    year = context.year
    if of_year(RiskAnalysis.objects.all(), context) is not None:
        return
    if year is None:
        raise UserFault("ange vilket år risklistan gäller (--year).")
    if by is not None:
        analyses.open_analysis(context.committee, year, by)
        return
    RiskAnalysis.objects.create(
        committee=context.committee,
        year=year,
        title="Riskanalys",
        scale=scales.scale_for(context.committee, year),
    )


def _refuse_decided(staging: Staging, batch: ImportBatch) -> None:
    """A decided analysis is not changed by a file."""
    found = of_year(RiskAnalysis.objects.all(), staging.context)
    if found is not None and found.state == RiskAnalysis.State.DECIDED:
        raise UserFault(
            f"riskanalysen för {found.year} är beslutad {found.decided_on}. Ändra riskerna en och en, "
            "eller läs in filen för ett annat år. Ingenting har lästs in."
        )


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


def _open_plan(context: Context, by: Person | None) -> None:
    """The year's plan with a point for each risk that the analysis sends to it, made when they are not there."""
    from roder.control.rules.plans import next_number  # noqa: PLC0415 - rooms are loaded first
    from roder.control.services import plans  # noqa: PLC0415

    plan = of_year(ControlPlan.objects.all(), context)
    if plan is None:
        analysis = of_year(RiskAnalysis.objects.all(), context)
        if analysis is None:
            raise UserFault("läs in riskerna först (roder import risks): kontrollerna hör till risker.")
        plan = ControlPlan.objects.create(
            committee=context.committee, year=analysis.year, title="Internkontrollplan", analysis=analysis
        )
    if plan.state != ControlPlan.State.DRAFT:
        return
    numbers = list(plan.points.values_list("number", flat=True))
    for risk in plans.wanted_risks(plan):
        numbers.append(next_number(numbers))
        ControlPoint.objects.create(
            committee=context.committee,
            plan=plan,
            number=numbers[-1],
            position=len(numbers),
            **plans.point_of(risk),
        )


def _name_points(staging: Staging, batch: ImportBatch) -> None:
    """What the file calls the points, and their order; and that an adopted plan is not changed by a file."""
    rows = staging.sql.execute(
        "SELECT point_id, max(point_number), row_number() OVER (ORDER BY min(n)) FROM parsed GROUP BY point_id"
    ).fetchall()
    points = ControlPoint.objects.select_related("plan").in_bulk([pk for pk, _, _ in rows])
    adopted = next(
        (point.plan for point in points.values() if point.plan.state != ControlPlan.State.DRAFT), None
    )
    if adopted is not None:
        raise UserFault(
            f"planen för {adopted.year} är antagen {adopted.adopted_on}. Ändra kontrollerna en och en på planens sida, "
            "så att historiken syns. Ingenting har lästs in."
        )
    for pk, number, place in rows:
        point = points[pk]
        wanted = {"number": number or point.number, "position": place}
        if any(getattr(point, name) != value for name, value in wanted.items()):
            point.save_over(point.revision, **wanted)


def _say_bare_points(staging: Staging) -> None:
    """Remark on the points of the plan that have no control, neither in the file nor from before: the plan cannot be
    adopted with them, and a row that was forgotten is seen nowhere else."""
    plan = of_year(ControlPlan.objects.all(), staging.context)
    if plan is None or plan.state != ControlPlan.State.DRAFT:
        return
    given = {point for _, point in staging.values("point_id") if point is not None}
    rows = plan.points.exclude(pk__in=given).exclude(controls__state=Control.State.PLANNED)
    bare = list(rows.select_related("risk").order_by("position", "pk"))
    for point in bare[:MOST_NAMED]:
        risk = f", risk {point.risk.number}" if point.risk is not None and point.risk.number else ""
        staging.warnings.append(
            f"Punkt {point.number} ({point.title}{risk}) har ingen kontroll, varken i filen eller i planen. "
            "Lägg till en: planen kan inte antas utan."
        )
    if len(bare) > MOST_NAMED:
        staging.warnings.append(f"Ytterligare {len(bare) - MOST_NAMED} punkter har ingen kontroll.")


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
    prepare=_open_plan,
    checked=_say_bare_points,
    saved=_name_points,
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
        "control_once": "En kontrollpunkt har redan samma kontroll (kontroll)",
        "control_has_responsible": "En kontroll saknar ansvarig (ansvarig)",
        "control_scope_whole": "En omfattning är inte hel (omfattning)",
    },
)  # fmt: skip
