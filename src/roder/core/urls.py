"""All addresses: login, and the web room with every room's pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("konto/", include("allauth.urls")),
    path("", include("roder.web.urls")),
]

handler403 = "roder.web.errors.forbidden"
handler404 = "roder.web.errors.not_found"
handler500 = "roder.web.errors.broken"
