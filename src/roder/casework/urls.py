"""Addresses of casework."""

from __future__ import annotations

from roder.access.matrix import Resource
from roder.casework.register import events
from roder.web.scope import Entry

navigation = (Entry("Register", "Handläggning", "casework:handlaggning", Resource.CASEWORK, order=60),)

urlpatterns = [*events.urls("casework")]
