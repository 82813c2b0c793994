"""What a paragraph begins with: taken from the case's official letter and from what kind of item it is.

Nothing that somebody has written is written over, and no decision is made up: an item up for decision without one
stays without, and the minutes cannot be checked until it has one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import date_format

from roder.meetings.models import AgendaItem, DecisionPoint, DocumentVersion, MinuteItem, Minutes
from roder.meetings.rules.minutes import point_text

Kind = AgendaItem.Kind


def children_of(items: Iterable[AgendaItem]) -> dict[int, list[AgendaItem]]:
    """key of an item -> the lettered points under it that are not withdrawn, in order."""
    found: dict[int, list[AgendaItem]] = defaultdict(list)
    for one in sorted(items, key=lambda item: (item.position, item.pk)):
        if one.parent_id and not one.withdrawn:
            found[one.parent_id].append(one)
    return found


def fill(
    paragraph: MinuteItem, item: AgendaItem, minutes: Minutes, children: Sequence[AgendaItem]
) -> MinuteItem:
    """Write what a new paragraph can begin with, where nothing stands yet."""
    values: dict[str, Any] = {}
    letter = letter_of(item)
    if letter is not None:
        values.update(_from_letter(letter.letter or {}, letter))
    if children and not paragraph.summary:
        values["summary"] = "\n".join(
            f"{chr(65 + n % 26)}. {_title_under(item, one)}" for n, one in enumerate(children)
        )
    values = {name: value for name, value in values.items() if value and not getattr(paragraph, name)}
    if not paragraph.outcome and item.kind != Kind.DECISION:
        values["outcome"] = MinuteItem.Outcome.NOTED
    points = list(paragraph.points.values_list("text", flat=True))
    if not points and (point := _standing_point(item, minutes)):
        DecisionPoint.objects.create(paragraph=paragraph, position=1, text=point)
        points = [point]
    values["decided"] = point_text(points)
    for name, value in values.items():
        setattr(paragraph, name, value)
    MinuteItem.objects.filter(pk=paragraph.pk).update(**values)
    return paragraph


def _title_under(item: AgendaItem, child: AgendaItem) -> str:
    """What an item's paragraph says of a lettered point: an open paragraph tells nothing of one that is secret."""
    return "Sekretess" if child.under_secrecy and not item.under_secrecy else child.title


def letter_of(item: AgendaItem) -> DocumentVersion | None:
    """The official letter that the item was decided on: the one in its papers, else the case's current one."""
    versions = DocumentVersion.objects.filter(letter__isnull=False).select_related("document")
    found = versions.filter(papers__item=item).order_by("papers__position").first()
    if found is None and item.case_id and item.kind == Kind.DECISION:
        found = (
            versions.filter(document__case=item.case_id, current=True).order_by("-document__number").first()
        )
    return found


def _from_letter(letter: dict[str, Any], version: DocumentVersion) -> dict[str, Any]:
    assessment = str(letter.get("assessment") or "").strip()
    day = date_format(version.dated_on, "j F Y")
    return {
        "summary": str(letter.get("summary") or letter.get("background") or "").strip(),
        "preparation": f"Förvaltningen har i skrivelse den {day} lämnat följande yttrande:\n{assessment}"
        if assessment
        else f"Förvaltningen har lämnat en skrivelse den {day}.",
        "recipients": [
            {"name": str(one.get("name", "")), "purpose": one.get("purpose") or "FK"}
            for one in letter.get("recipients") or []
            if isinstance(one, dict) and one.get("name")
        ],
    }


def _standing_point(item: AgendaItem, minutes: Minutes) -> str:
    """What is said in every meeting at items where nothing is decided in the matter itself."""
    body = minutes.meeting.body.name
    if item.kind == Kind.FORMALITY and "juster" in item.title.casefold():
        names = " och ".join(str(one) for one in minutes.attesters.order_by("order", "pk"))
        when = f" Protokollet justeras {minutes.attest_on.isoformat()}" if minutes.attest_on else ""
        where = f", {minutes.attest_place}" if when and minutes.attest_place else ""
        end = f"{when}{where}." if when else ""
        return f"Att jämte ordföranden justera protokollet väljs {names}.{end}"
    return {
        Kind.INFORMATION: f"{body} noterar informationen till protokollet.",
        Kind.DELEGATED: f"{body} noterar redovisningen av delegationsbeslut till protokollet.",
        Kind.MESSAGES: f"{body} noterar meddelandena till protokollet.",
    }.get(Kind(item.kind), "")
