"""The risk workshop: everybody suggests risks, each scores by themselves, the spread is shown, the group decides (5.1).

workshop = start(analysis, by, "Riskworkshop", day)
risk = suggest(workshop, participant, "Medarbetare slutar")
step(workshop, by, "scoring"); my_score(workshop, risk, participant, 3, 4)
step(workshop, by, "deciding"); spreads(workshop)[risk.pk].proposed; settle(workshop, risk, by, 3, 4)
close(workshop, by)

Those who may edit the committee's risks lead it; those who may comment on them take part. Nobody sees what another has
scored before the group decides, and then without names unless the workshop shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.control.models import Risk, RiskAnalysis, Workshop, WorkshopDecision, WorkshopScore
from roder.control.rules import scales as rules
from roder.control.rules.spread import Spread, may_turn, spread_of, words_of
from roder.control.services import risks
from roder.control.services.scales import scale_of
from roder.core.faults import UserFault, constraint_of
from roder.organisation.models import Person

_State = Workshop.State


class WorkshopFault(UserFault):
    """What cannot be done in a workshop. ``field`` is the field of a form that it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooLateFault(WorkshopFault):
    """Something that came when the workshop had gone on to another step."""


class SameWordsFault(WorkshopFault):
    """A suggestion that is there already. ``risk`` is the one that is."""

    def __init__(self, risk: Risk) -> None:
        said = (
            "Risken finns redan" if risk.state == Risk.State.ACTIVE else "Någon har redan föreslagit risken"
        )
        super().__init__(
            f"{said}: ”{risk.text}”. Skriv vad som skiljer din från den, eller föreslå en annan.", "text"
        )
        self.risk = risk


#: What the database says no to, by the name of its rule.
_REFUSALS = {
    "workshop_takes_scores": "Workshopen tar inte emot bedömningar just nu. Din bedömning är inte sparad.",
    "risk_score_within_scale": "Värdet finns inte i skalan. Välj bland stegen.",
}


@contextmanager
def _told() -> Iterator[None]:
    """What the database refuses, when somebody else was there between, said in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = constraint_of(error)
        if name not in _REFUSALS:
            raise
        raise TooLateFault(_REFUSALS[name]) from error


def leads(by: Person, workshop: Workshop) -> bool:
    """Whether somebody may lead the workshop."""
    return access.may(by, Action.EDIT, Resource.RISKS, workshop.committee_id)


def takes_part(by: Person, workshop: Workshop) -> bool:
    """Whether somebody may suggest and score: every post with a say about the committee's risks, members too."""
    return access.may(by, Action.COMMENT, Resource.RISKS, workshop.committee_id)


def _hold(workshop: Workshop, by: Person, action: Action = Action.EDIT) -> Workshop:
    """The workshop as it stands, locked to the end of the transaction, where the person may."""
    access.require(by, action, Resource.RISKS, workshop.committee_id)
    return (
        Workshop.objects.select_for_update(of=("self",))
        .select_related("analysis", "committee")
        .get(pk=workshop.pk)
    )


def _open(analysis: RiskAnalysis) -> None:
    if analysis.state != RiskAnalysis.State.OPEN:
        raise WorkshopFault("Riskanalysen är beslutad. Öppna nästa års analys för att arbeta med riskerna.")


@transaction.atomic
def start(
    analysis: RiskAnalysis, by: Person, title: str, held_on: date, *, names_shown: bool = False
) -> Workshop:
    """Begin a workshop about a year's risks. Raises WorkshopFault when the analysis is decided; ValidationError for
    what the texts may not hold."""
    access.require(by, Action.EDIT, Resource.RISKS, analysis.committee_id)
    _open(RiskAnalysis.objects.select_for_update().get(pk=analysis.pk))
    made = Workshop(
        committee_id=analysis.committee_id, analysis=analysis, title=title.strip(), held_on=held_on,
        names_shown=names_shown, led_by=by,
    )  # fmt: skip
    made.full_clean()
    made.save()
    access.record(by, "workshop.started", made)
    return made


def risks_of(workshop: Workshop) -> QuerySet[Risk]:
    """The risks that the workshop is about: every risk and suggestion of the analysis that has not been retired."""
    rows = Risk.objects.filter(analysis_id=workshop.analysis_id).exclude(state=Risk.State.RETIRED)
    return rows.order_by("position", "id")


@transaction.atomic
def suggest(workshop: Workshop, by: Person, text: str, **more: Any) -> Risk:
    """Suggest a risk; ``more`` may hold cause, consequence, category and process.

    Raises TooLateFault when the workshop no longer collects, SameWordsFault when the same words are there already,
    ValidationError for what the texts may not hold.
    """
    found = _hold(workshop, by, Action.COMMENT)
    if found.state != _State.COLLECTING:
        raise TooLateFault(
            "Workshopen samlar inte förslag just nu. Förslaget är inte sparat: visa det för den som leder.",
            "text",
        )
    _open(found.analysis)
    words = words_of(text)
    if not words:
        raise WorkshopFault("Skriv vad som kan hända.", "text")
    for one in risks_of(found):
        if words_of(one.text) == words:
            raise SameWordsFault(one)
    made = risks.new_risk(
        found.analysis, by, text=text.strip(), state=Risk.State.SUGGESTED, origin=Risk.Origin.WORKSHOP,
        origin_note=found.title, suggested_by=by, **more,
    )  # fmt: skip
    access.record(by, "workshop.risk_suggested", found, risk=made.code)
    return made


def _suggestion(workshop: Workshop, risk: Risk) -> Risk:
    found = risks_of(workshop).select_for_update(of=("self",)).filter(pk=risk.pk).first()
    if found is None:
        raise WorkshopFault("Förslaget finns inte längre. Någon annan har strukit det eller fört ihop det.")
    if found.state != Risk.State.SUGGESTED:
        raise WorkshopFault("Risken är inte ett förslag. Låt den utgå i riskregistret i stället.")
    return found


def _going_on(workshop: Workshop) -> None:
    if workshop.state == _State.CLOSED:
        raise WorkshopFault("Workshopen är avslutad. Öppna den igen för att ändra.")


@transaction.atomic
def strike(workshop: Workshop, suggestion: Risk, by: Person) -> None:
    """Take away a suggestion, with what has been scored of it. What it said is kept in the history."""
    found = _hold(workshop, by)
    _going_on(found)
    gone = _suggestion(found, suggestion)
    access.record(by, "workshop.suggestion_struck", found, risk=gone.code)
    gone.delete()


@transaction.atomic
def merge(workshop: Workshop, suggestion: Risk, into: Risk, by: Person, *, text: str = "") -> Risk:
    """Let a suggestion be part of another risk of the workshop, which may get a text that says both.

    Scores of the suggestion are given up: those who scored it score the whole. Raises WorkshopFault.
    """
    found = _hold(workshop, by)
    _going_on(found)
    gone = _suggestion(found, suggestion)
    kept = risks_of(found).select_for_update(of=("self",)).filter(pk=into.pk).exclude(pk=gone.pk).first()
    if kept is None:
        raise WorkshopFault("Välj en annan risk i workshopen att föra ihop med.", "into")
    access.record(by, "workshop.suggestions_merged", found, risk=gone.code, into=kept.code)
    gone.delete()
    if text.strip() and text.strip() != kept.text:
        kept.save_over(kept.revision, text=text.strip())
    return kept


@transaction.atomic
def step(workshop: Workshop, by: Person, state: str, *, expected_revision: int | None = None) -> Workshop:
    """Go to a step, forwards or back. Scores that are given stay. Raises WorkshopFault for a step that is not next;
    StaleRecordError when somebody else has led it on since ``expected_revision``."""
    found = _hold(workshop, by)
    if not may_turn(found.state, state):
        wanted = dict(_State.choices).get(state, state)
        raise WorkshopFault(f"Workshopen kan inte gå från ”{found.get_state_display()}” till ”{wanted}”.")
    _open(found.analysis)
    if state == _State.SCORING and not risks_of(found).exists():
        raise WorkshopFault("Det finns ingen risk att bedöma. Föreslå minst en först.")
    if state == _State.DECIDING and not WorkshopScore.objects.filter(workshop=found).exists():
        raise WorkshopFault("Ingen har bedömt någon risk än. Vänta på den första bedömningen.")
    closed = timezone.now() if state == _State.CLOSED else None
    revision = found.revision if expected_revision is None else expected_revision
    found.save_over(revision, state=state, closed_at=closed, current=None)
    access.record(by, "workshop.stepped", found, state=state)
    return found


def close(workshop: Workshop, by: Person, *, expected_revision: int | None = None) -> Workshop:
    """End the workshop. Suggestions without a decision stay suggestions in the register of risks."""
    return step(workshop, by, _State.CLOSED, expected_revision=expected_revision)


@transaction.atomic
def talk_about(workshop: Workshop, by: Person, risk: Risk | None) -> Workshop:
    """Show a risk to everybody (None: the list again), while the group decides."""
    found = _hold(workshop, by)
    if found.state != _State.DECIDING:
        raise WorkshopFault("Spridningen visas när gruppen beslutar. Gå till det steget först.")
    if risk is not None and not risks_of(found).filter(pk=risk.pk).exists():
        raise WorkshopFault("Risken är inte med i workshopen.")
    found.save_over(found.revision, current=risk)
    return found


@transaction.atomic
def show_names(workshop: Workshop, by: Person, shown: bool) -> Workshop:
    """Show or hide who has scored what. Raises WorkshopFault to show it once people score, not knowing of it."""
    found = _hold(workshop, by)
    if shown and (found.state != _State.COLLECTING or WorkshopScore.objects.filter(workshop=found).exists()):
        raise WorkshopFault(
            "Deltagarna bedömer utan namn. Namnen kan inte visas i efterhand; bestäm det före nästa workshop."
        )
    found.save_over(found.revision, names_shown=shown)
    access.record(by, "workshop.names_shown" if shown else "workshop.names_hidden", found)
    return found


@transaction.atomic
def my_score(
    workshop: Workshop, risk: Risk, by: Person, likelihood: int | None, impact: int | None, note: str = ""
) -> WorkshopScore:
    """Score a risk, or change one's score, while everybody scores. The database takes scores in that step only.

    Raises TooLateFault when the step has passed; WorkshopFault outside the scale; ValidationError for the note.
    """
    access.require(by, Action.COMMENT, Resource.RISKS, workshop.committee_id)
    state = Workshop.objects.values_list("state", flat=True).get(pk=workshop.pk)
    if state == _State.COLLECTING:
        raise TooLateFault("Bedömningen har inte börjat än. Din bedömning är inte sparad.")
    if state != _State.SCORING:
        raise TooLateFault(_REFUSALS["workshop_takes_scores"])
    found = risks_of(workshop).filter(pk=risk.pk).first()
    if found is None:
        raise TooLateFault(
            "Risken är inte längre med i workshopen. Den är struken eller hopförd med en annan."
        )
    _within(workshop, likelihood, impact)
    values = {"likelihood": likelihood, "impact": impact, "note": note.strip(), "scored_at": timezone.now()}
    made = WorkshopScore(workshop=workshop, risk=found, person=by, **values)
    made.clean_fields(exclude=["workshop", "risk", "person"])
    with _told():
        WorkshopScore.objects.bulk_create(
            [made],
            update_conflicts=True,
            unique_fields=["workshop", "risk", "person"],
            update_fields=list(values),
        )
    return made


def scale_in(workshop: Workshop) -> rules.Scale:
    """The scale that the workshop scores by: its analysis's, also for a risk that was scored by an older one."""
    return scale_of(workshop.analysis.scale_id)


def _within(workshop: Workshop, likelihood: int | None, impact: int | None) -> None:
    scale = scale_in(workshop)
    wrong = rules.outside(scale, likelihood, impact)
    if likelihood is None and impact is None:
        wrong = {
            name: f"{axis.label} saknas. Välj ett steg."
            for name, axis in (("likelihood", scale.likelihood), ("impact", scale.impact))
        }
    if wrong:
        raise ValidationError(wrong)


def spreads(workshop: Workshop) -> dict[int, Spread]:
    """The spread of every risk that somebody has scored, by the risk's key. One query."""
    scored: dict[int, dict[int, tuple[int, int]]] = {}
    rows = WorkshopScore.objects.filter(workshop=workshop).order_by("id")
    for risk, person, likelihood, impact in rows.values_list("risk_id", "person_id", "likelihood", "impact"):
        scored.setdefault(risk, {})[person] = (likelihood, impact)
    return {risk: spread_of(scores) for risk, scores in scored.items()}


def spread(workshop: Workshop, risk: Risk) -> Spread:
    """The spread of one risk."""
    rows = WorkshopScore.objects.filter(workshop=workshop, risk=risk).order_by("id")
    return spread_of({one.person_id: (one.likelihood, one.impact) for one in rows})


@transaction.atomic
def settle(
    workshop: Workshop,
    risk: Risk,
    by: Person,
    likelihood: int | None,
    impact: int | None,
    reason: str = "",
    *,
    expected_revision: int | None = None,
) -> Risk:
    """The group's decision: the risk gets its score, a suggestion becomes a risk, and the decision is kept.

    Raises TooLateFault in another step; ValidationError outside the scale; StaleRecordError when somebody else has
    changed the risk since ``expected_revision``.
    """
    found = _hold(workshop, by)
    if found.state != _State.DECIDING:
        raise TooLateFault("Gruppen beslutar inte just nu. Gå till steget ”gruppen beslutar” först.")
    one = risks_of(found).filter(pk=risk.pk).first()
    if one is None:
        raise WorkshopFault("Risken är inte med i workshopen.")
    _within(found, likelihood, impact)
    scored = risks.score(one, by, likelihood, impact, expected_revision=expected_revision)
    if scored.state == Risk.State.SUGGESTED:
        scored.save_over(scored.revision, state=Risk.State.ACTIVE)
    values = {"likelihood": likelihood, "impact": impact, "reason": reason.strip(), "decided_by": by}
    decision = WorkshopDecision.objects.filter(workshop=found, risk=scored).first() or WorkshopDecision(
        workshop=found, risk=scored
    )
    for name, value in values.items():
        setattr(decision, name, value)
    decision.full_clean()
    decision.save()
    access.record(by, "workshop.risk_settled", found, risk=scored.code, likelihood=likelihood, impact=impact)
    return scored


_REVISION = """
    SELECT w.revision, w.state,
           (SELECT count(*) || '.' || coalesce(sum(extract(epoch FROM s.scored_at)), 0)
              FROM control_workshopscore s WHERE s.workshop_id = w.id),
           (SELECT count(*) || '.' || coalesce(sum(r.id), 0) || '.' || coalesce(sum(r.revision), 0)
              FROM control_risk r WHERE r.analysis_id = w.analysis_id AND r.state <> 'retired'),
           (SELECT count(*) || '.' || coalesce(sum(extract(epoch FROM d.decided_at)), 0)
              FROM control_workshopdecision d WHERE d.workshop_id = w.id)
    FROM control_workshop w WHERE w.id = %s
"""


def revision_of(workshop: Workshop) -> str:
    """A short text that changes whenever anything changes that the screen shows. One query; sums, so that an older
    change that is committed later is seen too."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISION, [workshop.pk])
        return "-".join(str(part) for part in cursor.fetchone() or ())
