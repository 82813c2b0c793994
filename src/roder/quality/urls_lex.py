"""Addresses of lex Sarah and lex Maria."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.quality import views_lex, views_maria
from roder.quality.register_lex import lex_maria, lex_sarah
from roder.web.scope import Entry

navigation = (
    Entry("Kvalitet", "Lex Sarah", "quality:lex-sarah", Resource.LEX_SARAH, order=20),
    Entry("Kvalitet", "Lex Maria", "quality:lex-maria", Resource.LEX_MARIA, order=21),
)

urlpatterns = [
    path("lex-sarah/rapportera/", views_lex.report, name="lex_sarah_report"),
    path("lex-sarah/besluta/", views_lex.decide, name="lex_sarah_decide"),
    path("lex-sarah/beslut/", views_lex.decisions, name="lex_sarah_decisions"),
    *lex_sarah.urls("quality"),
    path("lex-sarah/<int:pk>/", views_lex.case, name="lex_sarah"),
    path("lex-sarah/<int:pk>/utredning/", views_lex.investigate, name="lex_sarah_investigate"),
    *lex_maria.urls("quality"),
    path("lex-maria/<int:pk>/", views_maria.case, name="lex_maria"),
    path("lex-maria/<int:pk>/handelseanalys/", views_maria.analyse, name="lex_maria_analyse"),
]
