"""The task of answering a self-assessment: done when the answer is handed in, wherever that is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from roder import tasks
from roder.questionnaires.models import AnswerEdition

_DAY = timedelta(days=1)

tasks.kind(
    "control.self_assessment",
    label="Svara på självskattningen",
    url=lambda task: ("questionnaires:answer", [task.subject_id]),
    remind=(7 * _DAY, _DAY),
)
tasks.place("control.workshop", lambda one: ("control:workshop", [one.pk]))


@receiver(post_save, sender=AnswerEdition, dispatch_uid="self_assessment_answered")
def _answered(instance: AnswerEdition, created: bool, **_: Any) -> None:
    """An answer was handed in: its task, where it has one, is done in the same transaction."""
    if created and not instance.answer.subject_kind and not instance.answer.public:
        tasks.complete("control.self_assessment", instance.answer, instance.by)
