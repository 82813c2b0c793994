"""The public form's addresses: no login, no year."""

from __future__ import annotations

from django.urls import path

from roder.quality import views_public

urlpatterns = [
    path("<slug:committee>/", views_public.send, name="send"),
    path("<slug:committee>/tack/<str:receipt>/", views_public.thanks, name="thanks"),
]
