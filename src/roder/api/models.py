"""Tokens of the API, how much each is used, and the answers kept so that a post sent twice is done once."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from roder.api.scopes import WORDS, Scope
from roder.core.models import Record, full_history
from roder.core.persons import FREE_TEXT

_SCOPES = [(one.value, WORDS[one]) for one in Scope]


@pghistory.track(*full_history(), exclude=["digest"])
class ApiToken(Record):
    """A key to the API. It acts as its owner, within its scopes, until it expires or is revoked.

    Only a digest of the secret is kept; ``prefix`` is the part of it that is shown, to tell keys apart.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens", verbose_name="gäller som"
    )
    name = models.CharField("namn", max_length=80, validators=FREE_TEXT)
    prefix = models.CharField("början", max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40, choices=_SCOPES), verbose_name="får")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="skapad av"
    )
    expires_at = models.DateTimeField("upphör")
    revoked_at = models.DateTimeField("återkallad", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="återkallad av",
    )

    class Meta:
        verbose_name = "API-nyckel"
        verbose_name_plural = "API-nycklar"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_may_something"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def works(self) -> bool:
        """Whether it can be used now, as far as the key itself is concerned."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def may(self) -> list[str]:
        """What it may be used for, in words."""
        return [WORDS[Scope(one)] for one in self.scopes]


class TokenUse(models.Model):
    """When a token was used last, and how much this minute. Kept apart from the token: it changes with every call."""

    token = models.OneToOneField(ApiToken, models.CASCADE, primary_key=True, related_name="use")
    last_at = models.DateTimeField("senast använd")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "användning"
        verbose_name_plural = "användningar"

    def __str__(self) -> str:
        return f"{self.token_id} {self.last_at}"


class KeptPost(models.Model):
    """A post that was carried out: sent again with the same key it gives the same record, and makes no second."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    made_kind = models.CharField(max_length=60, blank=True)
    made_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = "utförd sändning"
        verbose_name_plural = "utförda sändningar"
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key"], name="post_once")]

    def __str__(self) -> str:
        return f"{self.key}"
