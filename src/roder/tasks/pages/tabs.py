"""What the tabs of the pages of tasks say."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from roder import access
from roder.access.matrix import Action, Resource
from roder.tasks.models import Notice


def tabs(request: HttpRequest) -> dict[str, Any]:
    """Whether the person leads others' work, and how many notices they have not read."""
    user: Any = request.user
    return {
        "leads": access.may(user, Action.EDIT, Resource.TASKS),
        "unread": Notice.objects.filter(recipient=user.pk, read_at=None).count(),
    }
