"""All addresses: login, and the web room with every room's pages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from roder.core.health import health


def _closed(request: HttpRequest, **_: str) -> HttpResponse:
    """An address of the login library that Roder does not use: people and their addresses are the administrator's."""
    raise Http404


urlpatterns = [
    path("konto/email/", _closed),
    path("konto/confirm-email/", _closed),
    path("konto/confirm-email/<path:key>/", _closed),
    path("konto/login/code/confirm/", _closed),
    path("konto/3rdparty/", _closed),
    path("konto/3rdparty/signup/", _closed),
    path("konto/social/<path:key>", _closed),
    path("konto/", include("allauth.urls")),
    path("halsa/", health, name="health"),
    path("", include("roder.web.urls")),
]

handler403 = "roder.web.errors.forbidden"
handler404 = "roder.web.errors.not_found"
handler500 = "roder.web.errors.broken"
