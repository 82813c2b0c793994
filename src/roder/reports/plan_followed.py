"""Whether the year's plan of internal control was followed, as the year's end tells it."""

from __future__ import annotations

from dataclasses import dataclass

from roder.reports.base import Page
from roder.reports.control_parts import plan
from roder.reports.document import Bullets, Paragraph, Strong
from roder.reports.facts_control import PointFact


@dataclass(frozen=True)
class PlanFollowed:
    """Whether the year's plan was followed: which points are followed up, which are not, and which were moved."""

    def write(self, page: Page) -> None:
        """Write it."""
        points = plan(page).points
        if not points:
            return
        left = [point for point in points if point.assessment is None]
        if not left:
            page.add(
                Paragraph((Strong("Planen är följd: "), "alla kontrollpunkter är uppföljda under året."))
            )
            return
        page.add(
            Paragraph((Strong("Planen är inte följd fullt ut. "), "De här punkterna är inte uppföljda:"))
        )
        page.add(Bullets(tuple((_why_left(point),) for point in left)))


def _why_left(point: PointFact) -> str:
    moved = " ".join(dict.fromkeys(one.moved for one in point.controls if one.moved))
    return f"{point.name}: {moved or 'inget skäl är angivet'}".rstrip(".") + "."
