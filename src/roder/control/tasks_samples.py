"""Where rounds, samples and their items are shown, for tasks, actions and files that belong to them."""

from __future__ import annotations

from roder import tasks

tasks.place("control.controlround", lambda one: ("control:round", [one.pk]))
tasks.place("control.sampleitem", lambda one: ("control:item", [one.pk]))
