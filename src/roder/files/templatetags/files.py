"""``{% load files %}{% files_of subject as attached %}``: a record's files, for any room's page."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.db import models
from django.template.context import RequestContext

from roder.files import services
from roder.files.kinds import ACCEPT, ALLOWED
from roder.files.models import StoredFile

register = template.Library()


@register.simple_tag(takes_context=True)
def files_of(context: RequestContext, subject: models.Model) -> dict[str, Any]:
    """The files of a record that the reader has in front of them, and whether they may attach more."""
    user = context["request"].user
    return {
        "files": services.of(subject),
        "may_add": services.may_add(user, subject),
        "kind": subject._meta.label_lower,
        "accept": ACCEPT,
        "allowed": ALLOWED,
        "most": services.limit_words(settings.FILE_MAX_BYTES),
    }


@register.filter
def has_thumbnail(file: StoredFile) -> bool:
    """Whether there is a small picture of the file."""
    return bool(file.current and file.current.blob and file.current.blob.thumbnail)
