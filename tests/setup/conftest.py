"""A folder with a small setup file, and a committee that is only begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from roder.organisation.models import Body, Person
from roder.setup.first import First, begin

SETUP = """\
municipality: {code: "9900", name: Exempelby kommun, slug: exempelby}
bodies:
  - {code: KF, name: Kommunfullmäktige, kind: council}
committees:
  - code: SN
    name: Socialnämnden
    slug: sn
    units_file: enheter.csv
    people_file: personer.csv
    model_from: {source: blank, year: 2026}
    registration_numbers: {pattern: "SN {year}/{number}", year: 2026, last: 4}
"""
UNITS = "kod;namn;slag;hor_till\nnorr;Norr;enhet;sof\nsof;Förvaltningen;förvaltning;\n"
PEOPLE = "epost;namn;roll;organ_eller_enhet;fran\nanna@x.example;Anna Lind;systemförvaltare;;2026-01-01\n"


@pytest.fixture
def setup_file(tmp_path: Path) -> Path:
    """``setup.yaml`` with its files beside it."""
    for name, text in (("setup.yaml", SETUP), ("enheter.csv", UNITS), ("personer.csv", PEOPLE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "setup.yaml"


@pytest.fixture
def begun(db: None) -> tuple[Person, Body]:
    """The first administrator, and a committee with nothing in it."""
    said = First(
        "9900", "Exempelby", "exempelby", "Socialnämnden", "SN", "Anna", "anna@x.example", "skogen-vilar-42"
    )
    return begin(said)
