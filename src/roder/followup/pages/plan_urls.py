"""Addresses of action plans."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.followup.pages import plan_activity, plans
from roder.followup.pages.plan_register import activities
from roder.web.scope import Entry

navigation = (Entry("Uppföljning", "Handlingsplaner", "followup:plans", Resource.ACTION_PLANS, order=30),)

patterns = [
    path("handlingsplaner/", plans.compiled, name="plans"),
    path("handlingsplaner/be-om/", plans.ask, name="plans_ask"),
    path("handlingsplaner/aktivitet/<int:pk>/", plan_activity.activity, name="activity"),
    path("handlingsplaner/aktivitet/<int:pk>/klar/", plan_activity.done, name="activity_done"),
    path("handlingsplaner/aktivitet/<int:pk>/ta-bort/", plan_activity.remove, name="activity_remove"),
    path("handlingsplaner/enhet/<str:code>/", plans.plan, name="plan"),
    *activities.urls("followup"),
]
