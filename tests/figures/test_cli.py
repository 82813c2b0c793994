"""``roder figure`` and ``roder snapshot``."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner, Result

from roder.core.faults import UserFault
from roder.figures import catalogue, take_snapshot
from roder.figures.cli import figure, snapshot
from roder.figures.manifest import folder_of
from tests.figures.world import World


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database is ready as it is."""
    monkeypatch.setattr("roder.core.cli.setup_django", lambda **options: None)


def run(command: object, *arguments: str) -> Result:
    """Run a command as it stands; a fault that a person can mend is raised."""
    result = CliRunner().invoke(command, arguments)  # type: ignore[arg-type]
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_list_shows_name_unit_and_sentence() -> None:
    lines = run(figure, "--list").output.splitlines()
    assert len(lines) == len(catalogue()) + 2
    line = next(line for line in lines if line.startswith("ekonomi.drift.prognosavvikelse[rad]"))
    assert "  tkr  " in line
    assert line.endswith("plus är bättre än budget.")


def test_a_figure_of_a_snapshot_as_table_csv_and_json(alingsas: World) -> None:
    taken = take_snapshot(alingsas.occasions["2022-05"])
    arguments = ("ekonomi.drift.prognosavvikelse", "--snapshot", taken.code)
    table = run(figure, *arguments).output
    assert "−10\u00a0802  tkr" in table
    rows = list(csv.DictReader(run(figure, *arguments, "--format", "csv").output.splitlines(), delimiter=";"))
    assert {row["rad"]: row["varde"] for row in rows}["ovriga"] == "-10802000.00"
    whole = json.loads(run(figure, *arguments, "--format", "json").output)
    assert whole["uttag"] == taken.code
    assert whole["brytdatum"] == "2022-05-31"
    assert "SELECT" in run(figure, *arguments, "--sql").output


def test_a_figure_of_the_live_database_has_missing_values_empty(alingsas: World) -> None:
    arguments = ("ekonomi.drift.prognos", "--live", "--committee", "alingsas-von", "--occasion", "2022-04")
    assert "iu." in run(figure, *arguments).output
    rows = list(csv.DictReader(run(figure, *arguments, "--format", "csv").output.splitlines(), delimiter=";"))
    assert {row["varde"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ekonomi.drift.prognosavikelse", "--live"), "Menade du ekonomi.drift.prognosavvikelse"),
        (("prognosavvikelse", "--live"), "Menade du ekonomi.drift.prognosavvikelse"),
        (("ekonomi.drift.budget",), "antingen --snapshot"),
        (
            ("ekonomi.drift.budget", "--snapshot", "alingsas-von-2022-05-00000"),
            "Menade du alingsas-von-2022-05-",
        ),
        (("ekonomi.drift.budget", "--live", "--committee", "alingsas"), "både --committee och --occasion"),
        (
            ("ekonomi.drift.budget", "--live", "--committee", "alingsas-vn", "--occasion", "2022-05"),
            "Menade du alingsas-von",
        ),
        (
            ("ekonomi.drift.budget", "--live", "--committee", "alingsas-von", "--occasion", "2022-5"),
            "Menade du 2022-05",
        ),
        ((), "--list"),
    ],
)
def test_wrong_names_get_suggestions(alingsas: World, arguments: tuple[str, ...], message: str) -> None:
    take_snapshot(alingsas.occasions["2022-05"])
    with pytest.raises(UserFault, match=message):
        run(figure, *arguments)


def test_snapshots_are_taken_listed_and_verified(alingsas: World) -> None:
    assert run(snapshot, "list").output == "Inga uttag.\n"
    code = run(snapshot, "take", "alingsas-von", "2022-03").output.split(":")[0]
    assert code in run(snapshot, "list").output
    assert run(snapshot, "verify").exit_code == 0
    assert "oförändrat" in run(snapshot, "verify", code).output
    alingsas.occasions["2022-03"].forecast_lines.filter(group__code="personal").update(amount=-1)
    later = run(snapshot, "take", "alingsas-von", "2022-05").output
    assert "Sent registrerat" in later
    assert "ändrad" in later


def test_verify_fails_when_a_byte_is_wrong(alingsas: World) -> None:
    taken = take_snapshot(alingsas.occasions["2022-05"])
    path = folder_of(taken) / "goals.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    result = run(snapshot, "verify")
    assert result.exit_code == 1
    assert "goals.parquet är ändrad" in result.output
