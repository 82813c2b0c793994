"""The public notice board: no login, no year."""

from __future__ import annotations

from django.urls import path

from roder.meetings.pages import notices

app_name = "notices"
urlpatterns = [
    path("<slug:committee>/", notices.board, name="board"),
    path("<slug:committee>/<int:pk>.pdf", notices.whole, name="whole"),
    path("<slug:committee>/paragraf-<int:pk>.pdf", notices.single, name="single"),
]
