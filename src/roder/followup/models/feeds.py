"""A person's secret address for the calendar of a committee's annual wheel."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from roder.access.matrix import Resource
from roder.organisation.models import Body


class WheelFeed(models.Model):
    """Only the address's hash is kept, so a copy of the database opens none."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    committee = models.ForeignKey(Body, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "årshjulets adress"
        verbose_name_plural = "årshjulets adresser"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "committee"], name="wheel_feed_once")
        ]

    class Access:
        resource = Resource.TASKS
        own = "person"

    def __str__(self) -> str:
        return f"Årshjulet för {self.person}"
