"""The kinds of task that are of the tasks room itself: doing an action, and stating its effect."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from roder import tasks

tasks.kind("tasks.action", label="Genomför åtgärd", remind=(timedelta(days=3),))
tasks.kind("tasks.effect", label="Bedöm åtgärdens effekt", remind=(timedelta(days=3),))
tasks.place("tasks.action", lambda action: reverse("tasks:action", args=[action.pk]))
