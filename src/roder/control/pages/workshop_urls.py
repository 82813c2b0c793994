"""Addresses of the risk workshop and of the yearly self-assessment."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.control.pages import self_assessment, workshop, workshop_score, workshop_screen
from roder.web.scope import Entry

navigation = (
    Entry("Risk och kontroll", "Självskattning", "control:self_assessment", Resource.CONTROLS, order=40),
)

patterns = [
    path("riskworkshop/", workshop.listed, name="workshops"),
    path("riskworkshop/<int:pk>/", workshop.workshop, name="workshop"),
    path("riskworkshop/<int:pk>/foresla/", workshop.suggest, name="workshop_suggest"),
    path("riskworkshop/<int:pk>/steg/", workshop.turn, name="workshop_step"),
    path("riskworkshop/<int:pk>/namn/", workshop.names, name="workshop_names"),
    path("riskworkshop/<int:pk>/forslag/<int:risk>/", workshop.suggestion, name="workshop_suggestion"),
    path("riskworkshop/<int:pk>/bedom/<int:risk>/", workshop_score.score, name="workshop_score"),
    path("riskworkshop/<int:pk>/besluta/<int:risk>/", workshop_score.decide, name="workshop_decide"),
    path("riskworkshop/<int:pk>/visa/<int:risk>/", workshop_score.talk, name="workshop_talk"),
    path("riskworkshop/<int:pk>/skarm/", workshop_screen.screen, name="workshop_screen"),
    path("riskworkshop/<int:pk>/skarm/nu/", workshop_screen.live, name="workshop_live"),
    path("riskworkshop/<int:pk>/nu/", workshop_screen.now, name="workshop_now"),
    path("sjalvskattning/", self_assessment.page, name="self_assessment"),
    path("sjalvskattning/<slug:code>/", self_assessment.page, name="self_assessment_form"),
    path("sjalvskattning/<slug:code>/starta/", self_assessment.start, name="self_assessment_start"),
    path("sjalvskattning/<slug:code>/paminn/", self_assessment.remind, name="self_assessment_remind"),
]
