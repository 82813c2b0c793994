"""Addresses of the annual wheel."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.followup.pages import wheel, wheel_feed
from roder.web.scope import Entry

navigation = (Entry("Uppföljning", "Årshjul", "followup:wheel", Resource.STEERING, order=20),)

patterns = [
    path("arshjul/", wheel.picture, name="wheel"),
    path("arshjul/lista/", wheel.listed, name="wheel_list"),
    path("arshjul/prenumerera/", wheel_feed.subscribe, name="wheel_subscribe"),
    path("arshjul/<str:token>.ics", wheel_feed.feed, name="wheel_ical"),
]
