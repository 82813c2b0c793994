"""Addresses of the session, the votes and the register of members."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.meetings.pages import members, session, session_deeds, voting
from roder.web.scope import Entry

navigation = (Entry("Nämnden", "Ledamöter", "meetings:ledamoter", Resource.MEETINGS, order=60),)

patterns = [
    path("ledamoter/ny/", members.member_new, name="member_new"),
    path("ledamoter/<int:pk>/andra/", members.member_edit, name="member_edit"),
    *members.members.urls("meetings"),
    path("sammantraden/<int:pk>/session/", session.session_page, name="session"),
    path("sammantraden/<int:pk>/session/nu/", session.live, name="session_live"),
    path("sammantraden/<int:pk>/session/oppna/", session.open_page, name="session_open"),
    path("sammantraden/<int:pk>/session/avsluta/", session.end_page, name="session_end"),
    path("session/punkt/<int:pk>/", session.item_page, name="session_item"),
    path("session/punkt/<int:pk>/<slug:slug>/", session_deeds.deed_page, name="session_deed"),
    path(
        "session/punkt/<int:pk>/<slug:slug>/<int:row>/ta-bort/", session_deeds.undo_page, name="session_undo"
    ),
    path("session/votering/<int:pk>/", voting.vote_page, name="vote"),
]
