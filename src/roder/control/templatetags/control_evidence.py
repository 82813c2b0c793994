"""``{% load control_evidence %}{% proves row %}``: what a record proves in audits, on the record's own page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from roder.control.pages.evidence_kinds import KINDS
from roder.control.services import evidence
from roder.web.addresses import address

register = template.Library()


@register.inclusion_tag("control/audit/_proves.html", takes_context=True)
def proves(context: RequestContext, record: Any) -> dict[str, Any]:
    """The audits that the record is evidence in, as far as the reader may see them: one query, and none for kinds that
    are no evidence."""
    request, scope = context["request"], context.get("scope")
    label = getattr(getattr(record, "_meta", None), "label_lower", "")
    if scope is None or label not in KINDS:
        return {"lines": []}
    found = evidence.proves(record, request.user)
    return {
        "lines": [
            (one.title, address(one.page[0], scope.committee.slug, one.year or scope.year, *one.page[1]))
            for one in found
        ]
    }
