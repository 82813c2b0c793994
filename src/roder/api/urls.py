"""Addresses of the API, its description for people, and the page where keys are made."""

from __future__ import annotations

from django.urls import path, re_path

from roder.access.matrix import Resource
from roder.api import problems, views
from roder.api.main import api
from roder.web.scope import Entry

navigation = (Entry("System", "API-nycklar", "api:tokens", Resource.TASKS, order=85, needs_committee=False),)

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^api/v1/(?P<rest>.*)$", problems.unknown, name="unknown"),
    path("api/", views.description, name="description"),
    path("api-nycklar/", views.tokens, name="tokens"),
    path("api-nycklar/ny/", views.new_token, name="token-new"),
    path("api-nycklar/<int:pk>/aterkalla/", views.take_back, name="token-revoke"),
]
