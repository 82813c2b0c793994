"""The task of a self-check's round, and where its page is."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks

tasks.kind("quality.self_check", label="Gör egenkontrollen", remind=(timedelta(days=7), timedelta(days=1)))
tasks.place("quality.selfcheckround", lambda one: ("quality:round", [one.pk]))
