"""The command line and the night: what is opened, how it is told, and what is wrong said in Swedish."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result

from roder.core import faults
from roder.followup import jobs
from roder.followup.cli import follow_up
from roder.followup.models import Round
from roder.followup.services import rounds, sheets, telling
from roder.organisation.models import Body
from roder.steering.models import Occasion
from tests.followup.test_sheets import fill
from tests.followup.world import Town


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roder.core.cli.setup_django", lambda **_: None)


def roder(*arguments: str) -> Result:
    return CliRunner().invoke(follow_up, arguments, catch_exceptions=False)


def test_opened_and_shown_as_a_table(town: Town) -> None:
    said = roder("open", "2022-08", "--committee", "von").output
    assert said.splitlines()[1] == "6 nya blad med 18 rader, 6 nya uppgifter, 6 personer har fått veta."
    assert roder("open", "2022-08").output.splitlines()[1].startswith("0 nya blad")
    sheets.mark_ready(fill(town, "111", "u111"), town.by("u111"))
    lines = roder("status", "2022-08").output.splitlines()
    assert lines[1].split() == ["Mål", "Sist"]
    row = {line.split("  ")[0] or line.strip().split("  ")[0]: line for line in lines}
    assert "Klarmarkerad" in row["Björken"] and row["Björken"].endswith("2022-08-23")
    assert "Inte påbörjad (sen)" in row["Linden"] and row["Äldreboende"].endswith("2022-08-30")
    assert "Direkt under förvaltningen" in row
    assert (
        lines[-1]
        == "6 uppgifter: 5 inte påbörjade, 1 klarmarkerad. 5 enheter och avdelningar är sena med något."
    )
    assert "Björken" not in roder("status", "2022-08", "--late").output


def test_what_is_wrong_is_said(town: Town) -> None:
    with pytest.raises(faults.UserFault, match="Tillfället 2031-08 finns inte"):
        roder("open", "2031-08")
    with pytest.raises(faults.UserFault, match="roder follow-up open 2022-08"):
        roder("status", "2022-08")
    other = Body.objects.create(
        municipality=town.committee.municipality,
        kind="committee",
        name="Annan",
        short_name="AN",
        slug="annan",
    )
    Occasion.objects.create(
        committee=other,
        model=town.model,
        year=2022,
        code="2022-08",
        kind="interim",
        name="x",
        cut_off="2022-08-31",
    )
    with pytest.raises(faults.UserFault, match="Välj en med --committee: annan, prov-von"):
        roder("open", "2022-08")


def test_the_night_and_the_morning(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(rounds, "open_due", lambda: asked.append("open"))
    monkeypatch.setattr(telling, "remind", lambda: asked.append("remind"))
    jobs.open_rounds()
    jobs.remind_of_rounds()
    assert asked == ["open", "remind"] and not Round.objects.exists()
