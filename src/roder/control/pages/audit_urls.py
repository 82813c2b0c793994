"""Addresses of audits, recommendations, evidence, inspections and incidents."""

from __future__ import annotations

from django.urls import URLPattern, path

from roder.access.matrix import Resource
from roder.control.pages import audit_deeds, evidence
from roder.control.pages.audit_registers import (
    audits,
    incident_register,
    inspection_register,
    recommendations,
)
from roder.web.scope import Entry

_BLOCK = "Risk och kontroll"
navigation: tuple[Entry, ...] = (
    Entry(_BLOCK, "Granskningar", "control:audits", Resource.AUDITS, order=60),
    Entry(_BLOCK, "Tillsyn av oss", "control:inspections", Resource.AUDITS, order=70),
    Entry(_BLOCK, "Incidenter", "control:incidents", Resource.INCIDENTS, order=80),
)

patterns: list[URLPattern] = [
    path("granskningar/<int:pk>/formular/", evidence.form, name="audit_form"),
    path("granskningar/<int:pk>/formular/borja/", evidence.begin, name="audit_begin"),
    path("granskningar/<int:pk>/bilagor/", evidence.renumber, name="evidence_renumber"),
    path("bevis/<slug:kind>/<int:pk>/", evidence.pick, name="evidence_pick"),
    path("bevis/<int:pk>/ta-bort/", evidence.remove, name="evidence_remove"),
    path("incidenter/rapportera/", audit_deeds.incident_new, name="incident_new"),
    path("granskning/<slug:kind>/<int:pk>/<slug:code>/", audit_deeds.deed, name="audit_deed"),
    *(
        pattern
        for register in (audits, recommendations, inspection_register, incident_register)
        for pattern in register.urls("control")
    ),
]
