"""What every page's frame needs. Replaced piece by piece as pages come."""

from __future__ import annotations

from django.http import HttpRequest


def layout(request: HttpRequest) -> dict[str, object]:
    """Values for the page frame."""
    return {}
