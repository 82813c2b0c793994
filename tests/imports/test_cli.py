"""``roder import`` and ``roder setup`` from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roder.core.cli import roder
from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.economy.models import ForecastLine
from roder.organisation.models import Person, Role
from tests.imports.conftest import World

HEAD = "tillfalle;enhet;kontogrupp;belopp;orsak\n"
COMMITTEE = ("--committee", "provby-on")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(roder, [str(argument) for argument in arguments])


def test_check_then_read_in_then_undo(world: World) -> None:
    path = world.file(HEAD + "2022-05;;personal;-10;\n2022-05;;ovriga;-20;\n")
    told = run("import", "prognos", path, *COMMITTEE, "--check")
    assert (told.exit_code, told.output) == (
        0,
        "CSV, UTF-8, semikolon. 2 rader: 2 nya, 0 ändrade, 0 oförändrade.\n",
    )
    assert not ForecastLine.objects.exists()
    told = run("import", "prognos", path, *COMMITTEE)
    batch = ImportBatch.objects.get()
    assert told.output == f"2 rader: 2 nya, 0 ändrade, 0 oförändrade (inläsning {batch.pk}).\n"
    assert f"{batch.pk}\t" in run("import", "list", *COMMITTEE).output
    told = run("import", "undo", str(batch.pk))
    assert told.output.splitlines()[-1] == f"Inläsning {batch.pk} är ångrad: 2 rader."
    assert "  prognosrader: 2 rader tas bort" in told.output
    assert not ForecastLine.objects.exists()


def test_faults_are_lines_with_file_row_and_column(world: World) -> None:
    path = world.file(HEAD + "2022-05;;personal;tolv;\n2022-06;;ovriga;-20;\n")
    report = world.folder / "fel.csv"
    told = run("import", "prognos", path, *COMMITTEE, "--report", report)
    assert told.exit_code == 1
    first, second = told.output.splitlines()[:2]
    assert first.startswith(f"{path}:2:belopp: ”tolv” är inte ett tal. Skriv")
    assert second.startswith(f"{path}:3:tillfalle: tillfället ”2022-06” finns inte.")
    assert isinstance(told.exception, UserFault)
    assert str(told.exception) == "2 fel; ingenting har lästs in."
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert len([line for line in lines if line.startswith("fel;")]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "prognoser"), "slaget ”prognoser” finns inte"),
        (("import", "prognos", "--as", "ingen@provby.example"), "ingen aktiv person"),
    ],
)
def test_what_is_not_there_is_said(world: World, arguments: tuple[str, ...], said: str) -> None:
    path = world.file(HEAD + "2022-05;;personal;-10;\n")
    command, kind, *more = arguments
    told = run(command, kind, path, *COMMITTEE, *more)
    assert isinstance(told.exception, UserFault)
    assert said in str(told.exception)


def test_an_unknown_committee_is_answered_with_those_there_are(world: World) -> None:
    told = run("import", "prognos", world.file(HEAD), "--committee", "fel-on")
    assert "Här finns provby-on" in str(told.exception)


def test_as_somebody_without_the_right(world: World, person: Callable[[Role], Person]) -> None:
    member = person(Role.MEMBER)
    told = run(
        "import", "prognos", world.file(HEAD + "2022-05;;personal;-10;\n"), *COMMITTEE, "--as", member.email
    )
    assert isinstance(told.exception, UserFault)
    assert "mandat" in str(told.exception)
    assert not ForecastLine.objects.exists()


def test_the_kinds_and_their_columns_are_listed(world: World) -> None:
    assert "tillfalle;enhet;verksamhet;kontogrupp;belopp;orsak;kalla" in run("import", "kinds").output
