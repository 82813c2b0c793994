"""Steps of an occasion that people hold: dialogues and union consultation, with the day and a note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.faults import constraint_of
from roder.followup.models import Step
from roder.organisation.models import Person
from roder.steering.modelfile.codes import PhaseStep
from roder.steering.modelfile.followup import Phase
from roder.steering.models import Occasion
from roder.steering.phases import phases_of

#: Phases that are held and noted, not done in the program.
HELD = {PhaseStep.DIALOGUE, PhaseStep.UNION_CONSULTATION}


@dataclass(frozen=True)
class Held:
    """A phase that is held, and what has been noted of it."""

    phase: Phase
    step: Step | None

    @property
    def late(self) -> bool:
        """Whether its last day has passed without a note."""
        return self.step is None and self.phase.end < timezone.localdate()


def held(occasion: Occasion) -> list[Held]:
    """The occasion's dialogues and consultations in the order of the steering model, each with its note."""
    noted = {one.phase: one for one in Step.objects.filter(occasion=occasion).select_related("written_by")}
    return [Held(phase, noted.get(phase.code)) for phase in phases(occasion)]


def phases(occasion: Occasion) -> list[Phase]:
    """The phases of the occasion that are held."""
    return [one for one in phases_of(occasion) if one.step in HELD]


def note_step(
    occasion: Occasion,
    phase: str,
    by: Person,
    *,
    held_on: date,
    note: str = "",
    expected_revision: int | None = None,
) -> Step:
    """Note that a dialogue or consultation was held, or change what was noted (``expected_revision`` of what was read).

    Raises NotAllowedError; ValidationError at ``held_on`` or ``note``; StaleRecordError when somebody was first.
    """
    access.require(by, Action.EDIT, Resource.FOLLOW_UP, occasion.committee)
    if phase not in {one.code for one in phases(occasion)}:
        raise ValidationError(f"Styrmodellen har ingen dialog eller samverkan som heter {phase}.")
    if held_on > timezone.localdate():
        raise ValidationError({"held_on": "Dagen har inte varit än. Anteckna steget när det är hållet."})
    with transaction.atomic():
        now = Step.objects.filter(occasion=occasion, phase=phase).first()
        if now is not None:
            now.save_over(expected_revision or 0, held_on=held_on, note=note.strip(), written_by=by)
            access.record(by, "step.changed", now, phase=phase, held_on=held_on.isoformat())
            return now
        step = Step(occasion=occasion, phase=phase, held_on=held_on, note=note.strip(), written_by=by)
        step.clean_fields()
        try:
            with transaction.atomic():
                step.save(force_insert=True)
        except IntegrityError as error:
            if constraint_of(error) != "step_held_once":
                raise
            raise ValidationError(
                "Någon annan antecknade steget nyss. Läs om sidan och ändra i det."
            ) from None
        access.record(by, "step.noted", step, phase=phase, held_on=held_on.isoformat())
        return step


def remove_step(step: Step, by: Person) -> None:
    """Take a note away: the step was not held. Raises NotAllowedError."""
    access.require(by, Action.EDIT, Resource.FOLLOW_UP, step.occasion.committee)
    with transaction.atomic():
        access.record(by, "step.removed", step, phase=step.phase, held_on=step.held_on.isoformat())
        step.delete()
