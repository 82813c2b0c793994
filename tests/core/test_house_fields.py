"""Every field for a day is the house's: one bound, in one place."""

from __future__ import annotations

import re
from pathlib import Path

import roder

ROOT = Path(roder.__file__).parent
OWN = ROOT / "core" / "dayfield.py"


def test_no_form_has_a_field_for_a_day_of_its_own() -> None:
    own = [
        str(file.relative_to(ROOT))
        for file in sorted(ROOT.rglob("*.py"))
        if file != OWN
        and re.search(r"forms\.DateField\(|forms\.DateField\)|filters\.DateFilter\(", file.read_text())
    ]
    assert not own, f"use roder.core.dayfield.DayField: {own}"


def test_no_form_has_a_moment_without_the_bound() -> None:
    unbound = []
    for file in sorted(ROOT.rglob("*.py")):
        text = file.read_text()
        for match in re.finditer(
            r"forms\.DateTimeField\(\n(?:.*\n)*?    \)|forms\.DateTimeField\(.*\)", text
        ):
            if "validators=[reckoned]" not in match[0]:
                unbound.append(f"{file.relative_to(ROOT)}: {match[0][:60]}")
    assert not unbound, f"validators=[roder.core.day_checks.reckoned]: {unbound}"


def test_no_page_reads_a_day_of_an_address_by_itself() -> None:
    alone = [
        str(file.relative_to(ROOT))
        for file in sorted(ROOT.rglob("*.py"))
        if ("pages" in file.parts or file.name == "views.py")
        and re.search(r"date\.fromisoformat\(", file.read_text())
        and file.name not in ("volumes.py", "means_forms.py")  # what their own page has made
    ]
    assert alone in ([], ["quality/pages/deviation_forms.py"]), f"use roder.core.days.read_day: {alone}"
