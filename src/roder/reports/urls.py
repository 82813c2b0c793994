"""Addresses of reports."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.reports import views
from roder.web.scope import Entry

navigation = (Entry("Uppföljning", "Rapporter", "reports:list", Resource.REPORTS, order=20),)

VERSION = "rapporter/<slug:kind>/<slug:code>/v/<int:number>/"

urlpatterns = [
    path("rapporter/", views.reports, name="list"),
    path("rapporter/dokument.css", views.stylesheet, name="stylesheet"),
    path("rapporter/<slug:kind>/<slug:code>/", views.latest, name="report"),
    path("rapporter/<slug:kind>/<slug:code>/oppna/", views.open_report, name="open"),
    path(VERSION, views.version, name="version"),
    path(f"{VERSION}kommentar/", views.comment, name="comment"),
    path(f"{VERSION}diarienummer/", views.registration_number, name="registration_number"),
    path(f"{VERSION}las/", views.lock_report, name="lock"),
    path(f"{VERSION}las-upp/", views.unlock_report, name="unlock"),
    path(f"{VERSION}fil/<slug:form>/", views.file, name="file"),
]
