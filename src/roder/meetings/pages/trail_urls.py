"""Addresses of the decisions and of what became of them."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.meetings.pages import trail
from roder.meetings.pages.decision_register import decisions
from roder.web.scope import Entry

navigation = (Entry("Nämnden", "Beslut", "meetings:beslut", Resource.MEETINGS, order=30),)

patterns = [
    *decisions.urls("meetings"),
    path("beslut/<int:pk>/folj/", trail.paragraph_trail, name="trail"),
    path("arenden/<int:pk>/folj/", trail.case_trail, name="trail_case"),
    path("balanslista/<int:pk>/folj/", trail.watch_trail, name="trail_watch"),
]
