"""Words that several of the economy's pages use."""

from __future__ import annotations

from datetime import date

from roder.core.words import MONTHS
from roder.steering.models import Occasion

SHORT = ["jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"]


def month_of(occasion: Occasion) -> str:
    """The month that an occasion is about, in small letters: ``mars``."""
    return MONTHS[occasion.cut_off.month - 1]


def month_and_year(day: date) -> str:
    """A date as the month it stands for: ``nov 2021``."""
    return f"{SHORT[day.month - 1]} {day.year}"
