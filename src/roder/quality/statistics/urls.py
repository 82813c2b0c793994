"""The address of the statistics."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.quality.statistics import views
from roder.web.scope import Entry

navigation = (Entry("Kvalitet", "Statistik", "quality:statistics", Resource.QUALITY, order=60),)

patterns = [path("kvalitet/statistik/", views.statistics, name="statistics")]
