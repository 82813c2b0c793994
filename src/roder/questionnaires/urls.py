"""Addresses of questionnaires. The public's form has no login."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.questionnaires import views
from roder.web.scope import Entry

navigation = (Entry("Kvalitet", "Frågeformulär", "questionnaires:sets", Resource.QUESTIONNAIRES, order=80),)

urlpatterns = [
    path("fragor/", views.sets, name="sets"),
    path("fragor/ny/", views.upload, name="upload"),
    path("fragor/formular/<slug:code>/", views.question_set, name="set"),
    path("fragor/formular/<slug:code>/fil/", views.source, name="source"),
    path("fragor/formular/<slug:code>/svara/", views.begin, name="begin"),
    path("fragor/formular/<slug:code>/sammanstallning/", views.compilation, name="compilation"),
    path("fragor/svar/<int:pk>/", views.answer, name="answer"),
    path("fragor/svar/<int:pk>/oppna/", views.reopen, name="reopen"),
    path("oppet/<slug:code>/", views.public, name="public"),
]
