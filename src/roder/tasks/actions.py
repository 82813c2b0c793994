"""Actions (åtgärder): what a finding leads to. Somebody does it, then somebody says what effect it had."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access
from roder.core.models import Record
from roder.organisation.models import Person
from roder.tasks import services
from roder.tasks.models import Action
from roder.tasks.owners import Owner
from roder.tasks.rules import day_of

DO, EFFECT = "tasks.action", "tasks.effect"
#: Days after an action was done until its effect should be stated, unless somebody says otherwise.
EFFECT_DAYS = 30


def add_action(
    subject: Record,
    by: Person | None,
    *,
    finding: str,
    what: str,
    owner: Owner,
    due: date | None,
    expected_effect: str = "",
    group: str = "",
    kind: str = "",
    follows: Action | None = None,
    at: datetime | None = None,
) -> Action:
    """Add an action to a record's findings; its owner gets a task. ``what`` is shown in lists and letters, and must not
    tell anything about a person. ``kind``: what kind of action it is, in the words of the steering model. ``follows``:
    the action without effect that this one replaces.

    Raises ValidationError at the field for what is missing or must not be written.
    """
    action = Action(
        finding=finding.strip(),
        what=" ".join(what.split()),
        group=group,
        kind=kind,
        due_on=due,
        expected_effect=expected_effect.strip(),
        added_by=by,
        follows=follows,
        **owner.columns(subject),
    )
    action.subject = subject
    action.clean_fields(exclude=["subject_kind", "subject_id"])
    with transaction.atomic():
        action.save(force_insert=True)
        access.record(by, "action.added", action, about=action.subject_gid)
        services.open_task(
            DO, action, owner=owner, due=due, what=_short(f"Genomför: {action.what}"), by=by, at=at
        )
    return action


def action_done(
    action: Action,
    by: Person | None,
    note: str = "",
    *,
    at: datetime | None = None,
    effect_due: date | None = None,
) -> Action:
    """Write down that an action is done. Its owner is then asked for the effect, by ``effect_due`` (30 days later).

    Done twice is no fault: the first is kept. Raises ValidationError for an action that was dropped or whose effect is
    stated as not done.
    """
    with transaction.atomic():
        row = _locked(action)
        if row.done_at is not None:
            return _same(action, row)
        if row.finished:
            raise ValidationError("Åtgärden är redan avslutad. Lägg till en ny i stället.")
        row.done_at, row.done_by, row.done_note = at or timezone.now(), by, note.strip()
        _keep(row, "done_at", "done_by", "done_note")
        access.record(by, "action.done", row, about=row.subject_gid)
        services.complete(DO, row, by, at=row.done_at)
        services.open_task(
            EFFECT,
            row,
            owner=owner_of(row),
            due=effect_due or day_of(row.done_at) + timedelta(days=EFFECT_DAYS),
            what=_short(f"Bedöm effekten av: {row.what}"),
            by=by,
        )
    return _same(action, row)


def state_effect(
    action: Action,
    by: Person | None,
    effect: Action.Effect | str,
    text: str,
    *,
    at: datetime | None = None,
) -> Action:
    """State what effect an action had, or that it was not done. It may be stated anew: history keeps both.

    Raises ValidationError without a text, for an effect of an action that is not done, and for ``not_done`` of one that
    is.
    """
    wanted = Action.Effect(effect)
    if not text.strip():
        raise ValidationError(
            {"effect_text": "Skriv vilken effekt åtgärden fick, eller varför den inte genomfördes."}
        )
    with transaction.atomic():
        row = _locked(action)
        if row.dropped_at is not None:
            raise ValidationError("Åtgärden är struken.")
        if (row.done_at is None) != (wanted is Action.Effect.NOT_DONE):
            missing = "Åtgärden är inte markerad som genomförd. Gör det först."
            done = "Åtgärden är markerad som genomförd. Välj vilken effekt den fick."
            raise ValidationError({"effect": missing if row.done_at is None else done})
        row.effect, row.effect_text = wanted.value, text.strip()
        row.effect_at, row.effect_by = at or timezone.now(), by
        _keep(row, "effect", "effect_text", "effect_at", "effect_by")
        access.record(by, "action.effect_stated", row, about=row.subject_gid, effect=wanted.value)
        services.complete(EFFECT, row, by, at=row.effect_at)
        if wanted is Action.Effect.NOT_DONE:
            services.cancel(DO, row, "Åtgärden genomfördes inte.", by=by)
    return _same(action, row)


def drop_action(action: Action, by: Person | None, reason: str) -> Action:
    """Strike an action that should not be done after all, with the reason. One whose effect is stated stays.

    Raises ValidationError."""
    if not reason.strip():
        raise ValidationError({"dropped_reason": "Skriv varför åtgärden stryks."})
    with transaction.atomic():
        row = _locked(action)
        if row.effect:
            raise ValidationError("Åtgärdens effekt är redan bedömd. Den kan inte strykas.")
        if row.dropped_at is None:
            row.dropped_at, row.dropped_reason = timezone.now(), reason.strip()
            _keep(row, "dropped_at", "dropped_reason")
            access.record(by, "action.dropped", row, about=row.subject_gid)
            services.cancel_all(row, reason, by=by)
    return _same(action, row)


def actions_of(subject: Record) -> QuerySet[Action]:
    """The actions that the record's findings led to, in the order they were added. The caller has asked for the right
    to see the record."""
    rows = Action.objects.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk)
    return rows.select_related("unit", "committee", "person", "done_by", "effect_by").order_by("pk")


def owner_of(action: Action) -> Owner:
    """The action's owner."""
    return Owner(action.role, unit=action.unit, committee=action.committee, person=action.person)


def _locked(action: Action) -> Action:
    rows = Action.objects.select_for_update(of=("self",)).select_related("unit", "committee", "person")
    return rows.get(pk=action.pk)


def _keep(row: Action, *fields: str) -> None:
    row.clean_fields(exclude=[one.name for one in Action._meta.fields if one.name not in fields])
    row.revision += 1
    row.save(update_fields=[*fields, "revision", "changed_at"])


def _same(action: Action, row: Action) -> Action:
    """The caller's object with what now stands in the database."""
    for field in Action._meta.concrete_fields:
        setattr(action, field.attname, getattr(row, field.attname))
    return action


def _short(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:299]}…"
