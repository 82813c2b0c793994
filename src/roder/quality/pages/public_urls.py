"""The public form's addresses: no login, no year."""

from __future__ import annotations

from django.urls import path

from roder.quality.pages import public

urlpatterns = [
    path("<slug:committee>/", public.send, name="send"),
    path("<slug:committee>/tack/<str:receipt>/", public.thanks, name="thanks"),
]
