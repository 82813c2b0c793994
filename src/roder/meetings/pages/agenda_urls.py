"""Addresses of meetings, their agendas, summons and packs."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.meetings.pages import agenda, meetings, pack
from roder.web.scope import Entry

navigation = (Entry("Nämnden", "Sammanträden", "meetings:meetings", Resource.MEETINGS, order=20),)

patterns = [
    path("sammantraden/", meetings.year, name="meetings"),
    path("sammantraden/planera/", meetings.plan, name="plan"),
    path("sammantraden/<int:pk>/", agenda.meeting, name="meeting"),
    path("sammantraden/<int:pk>/andra/", meetings.change, name="meeting_change"),
    path("sammantraden/<int:pk>/stall-in/", meetings.cancel, name="meeting_cancel"),
    path("sammantraden/<int:pk>/arendelista/", agenda.write, name="agenda"),
    path("sammantraden/<int:pk>/kallelse/", pack.summons, name="summons"),
    path("sammantraden/<int:pk>/kallelse.pdf", pack.summons_file, name="summons_file"),
    path("sammantraden/<int:pk>/handlingar/", pack.pack, name="pack"),
    path("handlingar/<int:pk>/mote.pdf", pack.pack_file, name="pack_file"),
    path("punkt/<int:pk>/", agenda.item, name="item"),
    path("punkt/<int:pk>/anteckning/", agenda.note, name="note"),
]
