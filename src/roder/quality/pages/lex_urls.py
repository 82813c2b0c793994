"""Addresses of lex Sarah and lex Maria."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Action, Resource
from roder.quality.pages import lex, maria
from roder.quality.pages.lex_register import lex_maria, lex_sarah
from roder.web.scope import Entry

navigation = (
    Entry(
        "Kvalitet",
        "Rapportera enligt lex Sarah",
        "quality:lex_sarah_report",
        Resource.LEX_SARAH,
        Action.REPORT,
        order=3,
    ),
    Entry("Kvalitet", "Lex Sarah", "quality:lex-sarah", Resource.LEX_SARAH, order=20),
    Entry("Kvalitet", "Lex Maria", "quality:lex-maria", Resource.LEX_MARIA, order=21),
)

patterns = [
    path("lex-sarah/rapportera/", lex.report, name="lex_sarah_report"),
    path("lex-sarah/besluta/", lex.decide, name="lex_sarah_decide"),
    path("lex-sarah/beslut/", lex.decisions, name="lex_sarah_decisions"),
    *lex_sarah.urls("quality"),
    path("lex-sarah/<int:pk>/", lex.case, name="lex_sarah"),
    path("lex-sarah/<int:pk>/utredning/", lex.investigate, name="lex_sarah_investigate"),
    *lex_maria.urls("quality"),
    path("lex-maria/<int:pk>/", maria.case, name="lex_maria"),
    path("lex-maria/<int:pk>/handelseanalys/", maria.analyse, name="lex_maria_analyse"),
]
