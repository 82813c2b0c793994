"""Addresses of minutes, paragraphs, notices and what is sent."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Action, Resource
from roder.meetings.pages import dispatching, minutes, paragraphs
from roder.web.scope import Entry

navigation = (Entry("Nämnden", "Att expediera", "meetings:to_send", Resource.MINUTES, Action.EDIT, order=70),)

patterns = [
    path("sammantraden/<int:pk>/protokoll/", minutes.record, name="minutes"),
    path("sammantraden/<int:pk>/protokoll/oppna/", minutes.open_record, name="minutes_open"),
    path("sammantraden/<int:pk>/protokoll/justering/", minutes.arrange, name="minutes_arrange"),
    path("sammantraden/<int:pk>/protokoll/gor/<slug:slug>/", minutes.deed, name="minutes_deed"),
    path("sammantraden/<int:pk>/protokoll/fil.<slug:format>", minutes.file, name="minutes_file"),
    path("sammantraden/<int:pk>/anslag.pdf", minutes.notice_file, name="notice_file"),
    path("paragraf/<int:pk>/", paragraphs.paragraph, name="paragraph"),
    path("paragraf/<int:pk>/skriv/", paragraphs.write, name="paragraph_write"),
    path("paragraf/<int:pk>/justera/", paragraphs.attest_at_once, name="paragraph_attest"),
    path("paragraf/<int:pk>/utdrag.pdf", paragraphs.extract_file, name="extract"),
    path("paragraf/<int:pk>/mottagare/", dispatching.add, name="dispatch_add"),
    path("expediera/", dispatching.to_send, name="to_send"),
    path("sammantraden/<int:pk>/expediera/", dispatching.dispatches, name="dispatches"),
    path("expediera/<int:pk>/<slug:slug>/", dispatching.deed, name="dispatch_deed"),
]
