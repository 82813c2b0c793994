"""Addresses of the risk workshop and of the yearly self-assessment."""

from __future__ import annotations

from django.urls import path

from roder.control.pages import workshop, workshop_score, workshop_screen
from roder.web.scope import Entry

navigation: tuple[Entry, ...] = ()

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
]
