"""The front of a pack, typeset: it is set until its own length no longer changes where the parts begin."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from roder.meetings.papers.pack_parts import SCHEME
from roder.meetings.papers.pack_plan import Plan, PlanItem
from roder.meetings.rules import pack as rules
from roder.reports.render import layout
from roder.reports.render.pdf import typeset

VERSION = 1
_MOST_ATTEMPTS = 4
TITLE = "Möteshandlingar"


def front_data(plan: Plan) -> dict[str, Any]:
    """Everything the front says but the pages."""
    meeting = plan.meeting
    when = f"{layout.long_date(meeting.date)}, kl.\u00a0{meeting.starts:%H.%M}"
    count = len(plan.papers)
    facts = [("Sammanträde", when), ("Plats", meeting.place or "Meddelas senare"), ("Handlingar", str(count))]
    return {
        "title": TITLE,
        "committee": f"{meeting.body.name} · {meeting.committee.municipality.name}",
        "version": "Offentlig version" if plan.public else "",
        "facts": facts,
        "told": list(plan.told),
        "told-title": "Det här är inte med",
        "colours": {"accent": layout.ACCENT, "ink": layout.INK, "muted": layout.MUTED, "near": layout.TONES["near"]},
        "scheme": SCHEME,
        "items": [_item(one) for one in plan.items],
    }  # fmt: skip


def _item(one: PlanItem) -> dict[str, Any]:
    item = one.item
    parts = []
    if not one.hidden:
        number = item.case.number if item.case else ""
        time = f"kl.\u00a0{item.at:%H.%M}" if item.at else ""
        minutes = f"{item.minutes}\u00a0min" if item.minutes else ""
        who = f"Föredragande: {item.presenter}" if item.presenter else ""
        kind = (
            item.get_kind_display().capitalize()
            if item.kind in ("decision", "information") and not one.sub
            else ""
        )
        parts = [part for part in (number, kind, who, time, minutes) if part]
    papers = [
        {
            "title": paper.title, "key": paper.sha256 if paper.facts else "", "page": 0,
            "fault": paper.fault and "Inte med",
        }
        for paper in one.papers
    ]  # fmt: skip
    first = next((paper["key"] for paper in papers if paper["key"]), "")
    return {
        "number": one.number, "title": one.title, "meta": " · ".join(parts), "sub": one.sub, "hidden": one.hidden,
        "withdrawn": item.withdrawn and not one.hidden, "key": first, "page": 0, "papers": papers,
    }  # fmt: skip


def fingerprint(data: dict[str, Any]) -> str:
    """A hash of everything the front says."""
    text = json.dumps([VERSION, data], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def typeset_front(plan: Plan, data: dict[str, Any]) -> tuple[bytes, int, dict[str, int]]:
    """The front as PDF, how many pages it has, and where each part begins: {sha256: page}.

    The page numbers stand in a column of fixed width, so the second setting is nearly always the last."""
    import pikepdf  # noqa: PLC0415 - large, and rarely used

    length = 1
    for _ in range(_MOST_ATTEMPTS):
        placed = rules.place([rules.Part("", "", paper.sha256, paper.facts.pages if paper.facts else 0)
                              for paper in plan.papers])  # fmt: skip
        starts = {one.part.sha256: one.first + length for one in placed}
        made = typeset(
            _template(), _with_pages(data, starts), plan.meeting.date or date.today(), standards=[]
        )
        with pikepdf.open(io.BytesIO(made)) as front:
            pages = len(front.pages)
        if pages == length:
            break
        length = pages
    return made, length, starts


def _with_pages(data: dict[str, Any], starts: dict[str, int]) -> dict[str, Any]:
    items = []
    for item in data["items"]:
        papers = [{**paper, "page": starts.get(paper["key"], 0)} for paper in item["papers"]]
        items.append({**item, "page": starts.get(item["key"], 0), "papers": papers})
    return {**data, "items": items}


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "assets" / "pack.typ").read_bytes()
