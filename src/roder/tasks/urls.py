"""The addresses of the tasks room. They stand outside the committees: what somebody has to do is one list."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.tasks import views
from roder.tasks.pages import deputies as deputy_pages
from roder.web.scope import Entry

navigation = (Entry("", "Att göra", "tasks:mine", Resource.TASKS, order=10, needs_committee=False),)

urlpatterns = [
    path("uppgifter/", views.mine, name="mine"),
    path("uppgifter/sena/", views.late, name="late"),
    path("uppgifter/<int:pk>/", views.task, name="task"),
    path("uppgifter/<int:pk>/klar/", views.ready, name="ready"),
    path("uppgifter/<int:pk>/godkann/", views.approve, name="approve"),
    path("uppgifter/<int:pk>/aterlamna/", views.give_back, name="give-back"),
    path("uppgifter/<int:pk>/bekrafta/", views.confirm, name="confirm"),
    path("atgarder/<int:pk>/", views.action, name="action"),
    path("atgarder/<int:pk>/klar/", views.action_done, name="action-done"),
    path("atgarder/<int:pk>/effekt/", views.action_effect, name="action-effect"),
    path("atgarder/<int:pk>/stryk/", views.action_drop, name="action-drop"),
    path("aviseringar/", views.notice_list, name="notices"),
    path("aviseringar/<int:pk>/", views.notice, name="notice"),
    path("ersattare/", deputy_pages.deputy_list, name="deputies"),
    path("ersattare/<int:pk>/avsluta/", deputy_pages.deputy_end, name="deputy-end"),
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/<str:token>.ics", views.calendar_feed, name="feed"),
]
