"""``roder control sample``: the same file and the same seed give the same sample, from any order of the rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roder.control import cli
from roder.control.models import ControlRound, ControlSample, SampleFrame
from roder.control.rules import sampling
from roder.core import cli as core_cli
from roder.core.faults import UserFault
from tests.control.test_samples import REFERENCES, a_round
from tests.control.world import Room

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in the database of the test."""
    monkeypatch.setattr(core_cli, "setup_django", lambda: None)

    def ran(*words: object) -> Result:
        return CliRunner().invoke(cli.control, ["sample", *map(str, words)])

    return ran


@pytest.fixture
def made(room: Room) -> ControlRound:
    """The control of point 2 under way."""
    return a_round(room)


def frame_file(folder: Path, references: list[str], name: str = "beslut.csv") -> Path:
    path = folder / name
    path.write_text("Beslut\n" + "".join(f"{one}\n" for one in references), encoding="utf-8")
    return path


def test_same_seed_same_sample_in_any_order(room: Room, made: ControlRound, tmp_path: Path, run: Run) -> None:
    first = run("IK2.1", "--frame", frame_file(tmp_path, REFERENCES), "--seed", "2022-a")
    assert first.exit_code == 0, first.output
    assert "42 av 429 (10\u00a0%, avrundat nedåt)" in first.stderr
    items = tuple(first.stdout.splitlines())
    assert items == sampling.draw(REFERENCES, "2022-a", 42)
    turned = frame_file(tmp_path, REFERENCES[::-1], "andra.csv")
    again = run(room.controls[1].pk, "--frame", turned, "--seed", "2022-a")
    assert tuple(again.stdout.splitlines()) == items
    assert "Ramen är redan hämtad" in again.stderr
    assert (SampleFrame.objects.count(), ControlSample.objects.count()) == (1, 1)
    other = run("2.1", "--frame", turned, "--seed", "annat", "--year", 2022)
    assert isinstance(other.exception, UserFault)
    assert "redan ett stickprov" in str(other.exception)


def test_a_trial_saves_nothing_and_needs_no_round(room: Room, tmp_path: Path, run: Run) -> None:
    path = frame_file(tmp_path, REFERENCES[:60])
    plain = run("IK2.1", "--frame", path, "--dry-run")
    assert "6 av 60" in plain.stdout
    assert "Ange --seed" in plain.stdout
    seen = run("IK2.1", "--frame", path, "--dry-run", "--seed", "x", "--number", 3)
    assert tuple(seen.stdout.splitlines()) == sampling.draw(REFERENCES[:60], "x", 3)
    assert not SampleFrame.objects.exists()
    refused = run("IK2.1", "--frame", path)
    assert "pågår inte" in str(refused.exception)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("IK9",), "finns inte"), (("99999999",), "finns inte"), (("IK2",), "flera kontroller"),
        (("IK2.1", "--number", "9"), "9 av 3"), (("IK2.1", "--share", "tio"), "är inte ett tal"),
        (("IK2.1", "--column", "Nr"), "Kolumnen ”Nr” finns inte"), (("IK2.1", "--committee", "SN"), "finns inte"),
        (("IK2.1", "--round", "7"), "ingen gång 7"), (("IK2.1", "--no-heading", "--column", "Beslut"), ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    made: ControlRound, tmp_path: Path, run: Run, words: tuple[str, ...], told: str
) -> None:
    answer = run(*words, "--frame", frame_file(tmp_path, ["A1", "A2", "A3"]))
    if not told:
        assert answer.exit_code == 0
        return
    assert isinstance(answer.exception, UserFault), answer.output
    assert told in str(answer.exception)
    assert not SampleFrame.objects.exists()


def test_rows_at_fault_are_told(made: ControlRound, tmp_path: Path, run: Run) -> None:
    answer = run("IK2.1", "--frame", frame_file(tmp_path, ["A1", "A1", "", "A2"]))
    assert "Rad 3: ”A1” står redan på rad 2" in str(answer.exception)
    assert "Rad 4: raden är tom" in str(answer.exception)
