"""The reports. Each module here declares one; adding a report is adding a module."""

from __future__ import annotations

import inspect
import pkgutil
from functools import cache
from importlib import import_module

from roder.core.faults import UserFault
from roder.reports.base import Report


class UnknownReportError(UserFault):
    """No report has this name."""


@cache
def all_reports() -> dict[str, type[Report]]:
    """Every kind of report by its slug."""
    found: dict[str, type[Report]] = {}
    for module in pkgutil.iter_modules(__path__):
        for _, one in inspect.getmembers(import_module(f"{__name__}.{module.name}"), inspect.isclass):
            if (
                issubclass(one, Report)
                and one is not Report
                and one.__module__ == f"{__name__}.{module.name}"
            ):
                found[one.slug] = one
    return found


def report_class(slug: str) -> type[Report]:
    """The report with this slug (underscores may stand for hyphens). Raises UnknownReportError."""
    known = all_reports()
    try:
        return known[slug.replace("_", "-")]
    except KeyError:
        raise UnknownReportError(
            f"Rapporten {slug} finns inte. Det här finns: {', '.join(sorted(known))}."
        ) from None


def reports_for(kind: str) -> list[type[Report]]:
    """The reports that are made at a kind of occasion, the main one first."""
    found = (one for one in all_reports().values() if kind in one.kinds)
    return sorted(found, key=lambda one: one.place)
