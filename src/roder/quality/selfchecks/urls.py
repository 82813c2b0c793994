"""Addresses of self-checks."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.quality.selfchecks import views
from roder.quality.selfchecks.register import rounds
from roder.web.scope import Entry

navigation = (Entry("Kvalitet", "Egenkontroll", "quality:plans", Resource.SELF_CHECKS, order=50),)

patterns = [
    path("egenkontroll/", views.overview, name="plans"),
    path("egenkontroll/plan/<int:pk>/", views.plan, name="plan"),
    path("egenkontroll/risk/<int:pk>/", views.risk_page, name="plan-risk"),
    path("egenkontroll/kontroll/<int:pk>/avsluta/", views.stop, name="check-stop"),
    path("egenkontroll/omgang/<int:pk>/", views.round_page, name="round"),
    path("egenkontroll/omgang/<int:pk>/stryk/", views.skip, name="round-skip"),
    path("egenkontroll/omgang/<int:pk>/<int:number>/", views.item, name="round-item"),
    path("egenkontroll/omgang/<int:pk>/<int:number>/oppna/", views.reopen_item, name="round-item-reopen"),
    *rounds.urls("quality"),
]
