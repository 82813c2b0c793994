"""Addresses of rounds to do, frames, samples and their items."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.control.pages import sample, sample_item, sample_round
from roder.web.scope import Entry

navigation = (
    Entry("Risk och kontroll", "Kontroller att göra", "control:rounds", Resource.SAMPLES, order=30),
)

patterns = [
    path("kontroller/", sample_round.rounds_page, name="rounds"),
    path("kontroller/<int:pk>/", sample_round.round_page, name="round"),
    path("kontroller/<int:pk>/ram/", sample.frame_new, name="frame_new"),
    path("kontroller/ram/<int:pk>/", sample.frame_page, name="frame"),
    path("kontroller/ram/<int:pk>/ram.txt", sample.frame_file, name="frame_file"),
    path("kontroller/stickprov/<int:pk>/", sample.sample_page, name="sample"),
    path("kontroller/stickprov/<int:pk>/<str:form>/", sample.sample_file, name="sample_file"),
    path("kontroller/post/<int:pk>/", sample_item.item_page, name="item"),
    path("kontroller/post/<int:pk>/oppna/", sample_item.reopen, name="item_reopen"),
]
