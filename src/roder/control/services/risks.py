"""What people do with the risks of an analysis: add, score, handle, retire, and say what came of them (5.1).

Raised by all of them: NotAllowedError without the right; RiskFault at the field, in Swedish; StaleRecordError when
somebody else has saved since ``expected_revision``, with what they wrote.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from roder import access, tasks
from roder.access import Action, Resource
from roder.control.models import Risk, RiskAnalysis, ScaleVersion
from roder.control.rules import risks as rules
from roder.control.rules import scales
from roder.control.rules.scales import Movement
from roder.control.services.keeping import Refusal, saved
from roder.control.services.scales import scale_of
from roder.core.models import Link, Record
from roder.core.put import created
from roder.organisation.models import Person
from roder.tasks.owners import Owner

#: The kinds of record that may come of a risk.
CAME_OF = (
    "steering.goal", "steering.assignment", "control.controlpoint", "control.criticalfactor", "tasks.action",
)  # fmt: skip


class RiskFault(Refusal):
    """What cannot be done with a risk or an analysis."""


def refuse(faults: dict[str, str]) -> None:
    """Raise RiskFault with what a rule found, each at its field. Nothing when it found nothing."""
    if faults:
        raise RiskFault(faults)


def require_open(analysis: RiskAnalysis) -> None:
    """Raise RiskFault when the analysis is decided."""
    if analysis.state == RiskAnalysis.State.DECIDED:
        raise RiskFault(
            f"Riskanalysen är beslutad {analysis.decided_on} och ändras inte. Öppna den igen för att ändra."
        )


# --- the register ----------------------------------------------------------------------------------------------------


def new_risk(analysis: RiskAnalysis, by: Person | None, *, text: str, **values: Any) -> Risk:
    """A new row last in the analysis, with the committee's next code. Asks for no right: the deed that calls does."""
    last = analysis.risks.aggregate(last=Max("position"))["last"] or 0
    risk = Risk(
        committee_id=analysis.committee_id,
        analysis=analysis,
        scale_id=analysis.scale_id,
        text=" ".join(text.split()),
        **{"position": last + 1, **values},
    )
    created(risk).refresh_from_db()  # the database gives the code and the risk value
    return risk


@transaction.atomic
def add_risk(
    analysis: RiskAnalysis,
    by: Person,
    *,
    text: str,
    number: str = "",
    likelihood: int | None = None,
    impact: int | None = None,
    **values: Any,
) -> Risk:
    """Add a risk to an open analysis; its code (R-0001) is the same through the years, its number the next if none is
    given. ``values`` are the model's fields."""
    access.require(by, Action.EDIT, Resource.RISKS, analysis.committee_id)
    held = locked(analysis)
    require_open(held)
    refuse(scales.outside(scale_of(held.scale_id), likelihood, impact))
    number = number.strip() or rules.next_number(held.risks.values_list("number", flat=True))
    risk = new_risk(held, by, text=text, number=number, likelihood=likelihood, impact=impact, **values)
    access.record(by, "risk.added", risk, code=risk.code)
    return risk


@transaction.atomic
def score(
    risk: Risk,
    by: Person,
    likelihood: int | None,
    impact: int | None,
    *,
    expected_revision: int | None = None,
) -> Risk:
    """Score a risk by the analysis's scale (both None: take the score away). A risk scored by an older scale gets the
    analysis's with it.

    Raises RiskFault at ``likelihood`` or ``impact`` outside the scale, and for a retired risk.
    """
    held = _held(risk, by)
    if held.state == Risk.State.RETIRED:
        raise RiskFault("En utgången risk har ingen bedömning. Ta upp risken igen för att bedöma den.")
    refuse(scales.outside(scale_of(held.analysis.scale_id), likelihood, impact))
    saved(held, expected_revision, scale=held.analysis.scale, likelihood=likelihood, impact=impact)
    held.refresh_from_db(fields=["value"])
    access.record(by, "risk.scored", held, likelihood=likelihood, impact=impact, scale=held.analysis.scale_id)
    return held


@transaction.atomic
def handle(
    risk: Risk,
    by: Person,
    handling: str,
    *,
    reason: str = "",
    in_plan: bool | None = None,
    plan_reason: str = "",
    expected_revision: int | None = None,
) -> Risk:
    """Choose what a risk leads to. The rule proposes; another choice is allowed when its reason is given.

    ``in_plan`` None: as follows from the handling. Raises RiskFault at ``handling_reason`` for a departure without a
    reason, at ``plan_reason`` for a choice about the plan that does not follow from the handling.
    """
    held = _held(risk, by)
    chosen = rules.in_plan_by(handling, obligatory=held.obligatory) if in_plan is None else in_plan
    scale = scale_of(held.scale_id)
    refuse(
        rules.handling_faults(
            scale, held.likelihood, held.impact, handling, reason, obligatory=held.obligatory
        )
        | rules.plan_faults(handling, chosen, plan_reason, obligatory=held.obligatory)
    )
    saved(
        held, expected_revision, handling=handling, handling_reason=reason.strip(), in_plan=chosen,
        plan_reason=plan_reason.strip(),
    )  # fmt: skip
    access.record(by, "risk.handled", held, handling=handling, in_plan=chosen)
    return held


@transaction.atomic
def retire(risk: Risk, by: Person, reason: str, *, expected_revision: int | None = None) -> Risk:
    """Let a risk go out: the row stays, without scores. What it was scored is in its history."""
    held = _held(risk, by)
    if held.state == Risk.State.RETIRED:
        raise RiskFault("Risken har redan utgått. Ladda om sidan.")
    if not reason.strip():
        raise RiskFault({"retired_reason": "Skriv varför risken utgår."})
    saved(
        held, expected_revision, state=Risk.State.RETIRED, likelihood=None, impact=None,
        retired_reason=" ".join(reason.split()),
    )  # fmt: skip
    held.refresh_from_db(fields=["value"])
    access.record(by, "risk.retired", held)
    return held


@transaction.atomic
def revive(risk: Risk, by: Person, *, expected_revision: int | None = None) -> Risk:
    """Take up a retired risk, or a suggestion, as one of the analysis. It is scored anew."""
    held = _held(risk, by)
    if held.state == Risk.State.ACTIVE:
        raise RiskFault("Risken är redan aktuell. Ladda om sidan.")
    saved(held, expected_revision, state=Risk.State.ACTIVE, retired_reason="")
    access.record(by, "risk.revived", held)
    return held


@transaction.atomic
def remove_risk(risk: Risk, by: Person) -> None:
    """Take a risk away that was added by mistake. One that something came of stays: let it be retired instead."""
    held = _held(risk, by)
    if kept := why_kept(held):
        raise RiskFault(f"Risken går inte att ta bort: {kept}. Låt den utgå i stället.")
    access.record(by, "risk.removed", f"control.risk:{held.pk}", code=held.code)
    held.delete()


def why_kept(risk: Risk) -> str:
    """What hangs on a risk so that it cannot be taken away, in Swedish; '' when nothing does."""
    found = [f"den har kontrollpunkt {one.number} i {one.plan}" for one in risk.points.select_related("plan")]
    found += [f"den har den kritiska faktorn ”{one.title}”" for one in risk.factors.all()]
    found += [f"den är överförd till {one.analysis}" for one in risk.carried.select_related("analysis")]
    if not found and came_of_links(risk).exists():
        found = ["något har kommit ur den"]
    return ", ".join(found)


def _held(risk: Risk, by: Person) -> Risk:
    """The risk as it stands, locked, in an open analysis, where the person may edit."""
    access.require(by, Action.EDIT, risk)
    rows = Risk.objects.select_for_update(of=("self",)).select_related("analysis__scale", "committee")
    held = rows.filter(pk=risk.pk).first()
    if held is None:
        raise RiskFault("Risken är borttagen av någon annan. Ladda om sidan.")
    require_open(held.analysis)
    return held


def locked(analysis: RiskAnalysis) -> RiskAnalysis:
    """The analysis as it stands, held until the transaction is over."""
    rows = RiskAnalysis.objects.select_for_update(of=("self",)).select_related("committee", "scale")
    return rows.get(pk=analysis.pk)


# --- what came of a risk ---------------------------------------------------------------------------------------------


def came_of_links(risk: Risk) -> QuerySet[Link]:
    """The links from a risk to what it led to."""
    return Link.objects.filter(source_kind="control.risk", source_id=risk.pk, kind=Link.Kind.LED_TO)


@transaction.atomic
def created_from(risk: Risk, target: Record, by: Person) -> Link:
    """Keep that a goal, control point, critical factor, assignment or action came of a risk. The same twice is one.

    Also after the analysis is decided: what it leads to is made then.
    """
    access.require(by, Action.EDIT, risk)
    access.require(by, Action.VIEW, target)
    kind = target.record_kind()
    if kind not in CAME_OF:
        raise RiskFault(f"En risk leder inte till {target._meta.verbose_name}. Välj något annat.")
    link, new = Link.objects.get_or_create(
        source_kind="control.risk",
        source_id=risk.pk,
        kind=Link.Kind.LED_TO,
        target_kind=kind,
        target_id=target.pk,
    )
    if new:
        access.record(by, "risk.led_to", risk, target=target.gid)
    return link


@transaction.atomic
def act_at_once(
    risk: Risk, by: Person, *, what: str, owner: Owner, due: date | None, expected_effect: str = ""
) -> tasks.Action:
    """Add an action that is done at once, with the risk as what was found. Its owner gets a task; then its effect is
    asked for. Raises ValidationError at the field."""
    access.require(by, Action.EDIT, risk)
    if due is None:
        raise RiskFault({"due": "Ange när åtgärden senast ska vara gjord."})
    action = tasks.add_action(
        risk, by, finding=risk.text, what=what, owner=owner, due=due, expected_effect=expected_effect
    )
    created_from(risk, action, by)
    return action


@transaction.atomic
def unlink(risk: Risk, by: Person, link: int) -> None:
    """Take away that something came of the risk; the record itself stays."""
    access.require(by, Action.EDIT, risk)
    row = came_of_links(risk).filter(pk=link).first()
    if row is None:
        raise RiskFault("Kopplingen är redan borttagen. Ladda om sidan.")
    access.record(by, "risk.unlinked", risk, target=f"{row.target_kind}:{row.target_id}")
    row.delete()


# --- read ------------------------------------------------------------------------------------------------------------


def rows_of(analysis: RiskAnalysis) -> QuerySet[Risk]:
    """The risks of an analysis in order, with last year's and its scale. One query, and no scale's content."""
    return analysis.risks.select_related("previous").order_by("position", "id")


def departs(risk: Risk) -> str | None:
    """Why a risk's handling departs from the rule of the scale it was scored by; None when it does not."""
    return scales.departure(
        scale_of(risk.scale_id), risk.likelihood, risk.impact, risk.handling, obligatory=risk.obligatory
    )


def departures(analysis: RiskAnalysis) -> list[tuple[Risk, str]]:
    """The risks whose handling departs from the rule, in order, each with why. Its reason is ``handling_reason``."""
    return [(risk, why) for risk in rows_of(analysis) if (why := departs(risk)) is not None]


def movement_of(risk: Risk) -> Movement:
    """How a risk's value has moved since last year's analysis, or since the value that a source printed for last year.

    What last year's scale prints for a retired risk is no value. Read the risk with ``previous``.
    """
    now, before = risk.value, risk.previous_value
    scale = scale_of(risk.scale_id)
    comparable = True
    if risk.previous is not None:
        before = risk.previous.value
        comparable = scale_of(risk.previous.scale_id).size == scale.size
    elif before == scale.retired_value and before not in scale.values:
        before = None
    return scales.movement(now, before, same_scale=comparable)


def movements(analysis: RiskAnalysis) -> list[tuple[Risk, Movement]]:
    """Every risk in order with how it has moved since last year."""
    return [(risk, movement_of(risk)) for risk in rows_of(analysis)]


def printed_score(risk: Risk, scale: ScaleVersion | int | None = None) -> tuple[str, str, str]:
    """Likelihood, impact and value as they are printed: a retired risk as the scale says (0 0 0 in Kungsör), one that
    is not scored as dashes."""
    if risk.likelihood is not None and risk.impact is not None:
        return str(risk.likelihood), str(risk.impact), str(scales.value(risk.likelihood, risk.impact))
    retired = scale_of(scale or risk.scale_id).retired_value if risk.state == Risk.State.RETIRED else None
    word = "–" if retired is None else str(retired)
    return word, word, word
