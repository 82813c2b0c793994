"""The page that sets up a municipality from nothing: its files are carried out as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from roder.economy.models import BudgetLine
from roder.organisation.models import Body, Mandate, Unit
from roder.setup import services, shape
from roder.steering.models import SteeringModelVersion
from tests.docs.reading import HANDBOOK

PAGE = (HANDBOOK / "kom-igang.md").read_text(encoding="utf-8")
_FILE = re.compile(r"^`([\w.-]+)`\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the page."""
    for name, text in _FILE.findall(PAGE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.django_db
def test_the_page_answers_what_the_command_says(folder: Path) -> None:
    lines = list(services.run(folder / "setup.yaml"))
    assert len(lines) == 7
    assert [line for line in lines if f"    {line}\n" not in PAGE] == []
    committee = Body.objects.get(slug="exempelby-sn")
    assert Unit.objects.filter(committee=committee).count() == 4
    assert Mandate.objects.count() == 5
    assert SteeringModelVersion.objects.get(committee=committee).year == 2026
    assert BudgetLine.objects.count() == 6


@pytest.mark.django_db
def test_the_page_may_be_carried_out_again(folder: Path) -> None:
    list(services.run(folder / "setup.yaml"))
    counts = [kind.objects.count() for kind in (Body, Unit, Mandate, SteeringModelVersion, BudgetLine)]
    again = list(services.run(folder / "setup.yaml"))
    assert counts == [
        kind.objects.count() for kind in (Body, Unit, Mandate, SteeringModelVersion, BudgetLine)
    ]
    assert (
        sum("oförändrad sedan den lästes in" in line for line in again) == 4
    )  # every file that is read in as an import


def test_every_key_of_the_setup_file_is_described() -> None:
    for one in vars(shape).values():
        if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == shape.__name__:
            assert [key for key in one.model_fields if not re.search(rf"`{key}[`:]", PAGE)] == [], one
