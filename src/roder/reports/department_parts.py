"""What the departments tell upward when a round of follow-up is held: how many have reported, and their summaries."""

from __future__ import annotations

from dataclasses import dataclass

from roder.core.words import capital_first
from roder.reports.base import Page
from roder.reports.document import Heading, Paragraph, Strong


def has_departments(page: Page) -> bool:
    """Whether any department has told anything at the occasion."""
    return bool(page.facts.departments)


@dataclass(frozen=True)
class Departments:
    """The departments' summaries, a heading for each department and a paragraph for each part."""

    def write(self, page: Page) -> None:
        """Write them, and first who has not reported."""
        missing = page.facts.not_reported
        if missing:
            page.add(Paragraph((Strong("Har inte lämnat sin uppföljning: "), f"{', '.join(missing)}.")))
        for department in page.facts.departments:
            page.add(Heading(2, department.name))
            for part, text in department.told:
                lines = [line.strip() for line in text.split("\n") if line.strip()]
                for place, line in enumerate(lines):
                    label = f"{capital_first(part)}: "
                    page.add(Paragraph((Strong(label), line) if place == 0 else (line,)))
