"""Addresses of goals, assignments, the steering model and the year's occasions."""

from __future__ import annotations

from django.urls import path, re_path

from roder.access.matrix import Resource
from roder.steering import assess_views, model_views, views
from roder.steering.pages import edit, parts, parts_deeds
from roder.web.scope import Entry

navigation = (
    Entry("Mål och resultat", "Målkedjan", "steering:chain", Resource.GOALS, order=10),
    Entry("Mål och resultat", "Uppdrag", "steering:assignments", Resource.GOALS, order=20),
    Entry("Uppföljning", "Årets tillfällen", "steering:occasions", Resource.STEERING, order=10),
    Entry("Register", "Styrmodell", "steering:model", Resource.STEERING, order=80),
)

#: a place in the steering model: ``occasions/3/phases``
WHERE = r"(?P<where>[a-z0-9_]+(?:/(?:[a-z_][a-z0-9_]+|[0-9]{1,4}))*?)"

urlpatterns = [
    path("mal/", views.chain, name="chain"),
    path("mal/<int:pk>/", views.goal, name="goal"),
    path("uppdrag/", views.assignments, name="assignments"),
    path("uppdrag/<int:pk>/", views.assignment, name="assignment"),
    re_path(
        r"^bedomning/(?P<kind>mal|uppdrag|nyckeltal)/(?P<pk>\d+)/(?P<code>[\w-]+)/$",
        assess_views.assess,
        name="assess",
    ),
    path("tillfallen/", model_views.occasions, name="occasions"),
    path("styrmodell/", model_views.model, name="model"),
    path("styrmodell/redigera/", edit.edit, name="edit"),
    path("styrmodell/delar/", parts.overview, name="parts"),
    re_path(rf"^styrmodell/delar/{WHERE}/ny/$", parts.new, name="part-new"),
    re_path(rf"^styrmodell/delar/{WHERE}/flytta/$", parts_deeds.move, name="part-move"),
    re_path(rf"^styrmodell/delar/{WHERE}/ta-bort/$", parts_deeds.remove, name="part-remove"),
    re_path(rf"^styrmodell/delar/{WHERE}/$", parts.part, name="part"),
    path("styrmodell/jamfor/", model_views.compare, name="compare"),
]
