"""The command ``roder``: what it lists, what it refuses, and how it says what went wrong."""

from __future__ import annotations

import sys

import click
import pytest
from click.testing import CliRunner

from roder import __version__
from roder.core import cli
from roder.core.faults import UserFault


def test_help_lists_every_command_in_order_with_a_word_about_it() -> None:
    shown = CliRunner().invoke(cli.roder, ["--help"], terminal_width=200)
    assert shown.exit_code == 0, shown.output
    lines = [
        line.split(maxsplit=1) for line in shown.output.split("Commands:")[1].splitlines() if line.strip()
    ]
    assert [line[0] for line in lines] == list(cli.COMMANDS)
    assert [line[0] for line in lines if len(line) < 2] == []


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_a_home_and_helps(name: str) -> None:
    shown = CliRunner().invoke(cli.roder, [name, "--help"])
    if name == "manage":  # Django's own, given on as it is
        assert isinstance(cli.roder.get_command(click.Context(cli.roder), name), click.Command)
    else:
        assert shown.exit_code == 0, shown.output


def test_an_unknown_command_is_refused() -> None:
    shown = CliRunner().invoke(cli.roder, ["finns-inte"])
    assert shown.exit_code == 2
    assert "finns-inte" in shown.output


def test_the_version_is_said() -> None:
    assert __version__ in CliRunner().invoke(cli.roder, ["--version"]).output


def test_what_a_person_can_mend_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def broken() -> None:
        raise UserFault("filen finns inte: ange en annan.")

    monkeypatch.setattr(cli, "roder", broken)
    monkeypatch.setattr(sys, "argv", ["roder"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert capsys.readouterr().err == "Fel: filen finns inte: ange en annan.\n"
