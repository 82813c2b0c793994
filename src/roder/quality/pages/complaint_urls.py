"""Addresses of complaints and suggestions, for those who handle them."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.quality.pages import complaints as views
from roder.quality.pages.complaint_register import complaints
from roder.web.scope import Entry

navigation = (
    Entry("Kvalitet", "Klagomål och synpunkter", "quality:klagomal", Resource.COMPLAINTS, order=30),
)

patterns = [
    path("klagomal/registrera/", views.register, name="complaint_register"),
    path("klagomal/obesvarade/", views.unanswered, name="complaints_unanswered"),
    *complaints.urls("quality"),
    path("klagomal/<int:pk>/", views.case, name="complaint"),
    path("klagomal/<int:pk>/sortera/", views.sort, name="complaint_sort"),
    path("klagomal/<int:pk>/svara/", views.answer, name="complaint_answer"),
]
