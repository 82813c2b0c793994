"""Comparing two models, JSON that is not a model, and the commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from roder.steering.cli import model as command
from roder.steering.modelfile import (
    ChangeKind,
    SteeringModel,
    check_text,
    diff,
    from_data,
    from_json,
    json_schema,
)
from tests.steering.modelfile_text import SMALL, changed


def small(*changes: tuple[str, str]) -> SteeringModel:
    text = SMALL
    for old, new in changes:
        text = changed(old, new, text)
    checked = check_text(text)
    assert checked.model is not None, checked.lines()
    return checked.model


def test_differences_are_said_in_swedish() -> None:
    new = small(
        ("cut_off: 2022-08-31", "cut_off: 2022-09-30"),
        ("    receives: [KS]\n", "    receives: [KS, KF]\n    note: Ny rutin\n"),
        ("up_to: 110", "up_to: 115"),
        ("      - {code: nara, label: Delvis uppfyllt, order: 2, tone: near}\n",
         "      - {code: nara, label: Delvis uppfyllt, order: 2, tone: near}\n"
         "      - {code: ej_utvarderad, label: Ej utvärderad, order: 4, tone: none}\n"),
        ("lowest: 1, highest: 4", "lowest: 1, highest: 5"),
        ("role: unit_manager, ", "role: unit_manager, parallel: true, "),
    )  # fmt: skip
    changes = diff(small(), new)
    assert [(one.path, one.kind) for one in changes] == [
        ("status_scales[mal].statuses[ej_utvarderad]", ChangeKind.ADDED),
        ("risk_scales[risk].handling[1].highest", ChangeKind.CHANGED),
        ("occasions[2022-04].receives", ChangeKind.CHANGED),
        ("occasions[2022-04].note", ChangeKind.ADDED),
        ("occasions[2022-08].cut_off", ChangeKind.CHANGED),
        ("occasions[2022-08].phases[enheter].parallel", ChangeKind.CHANGED),
        ("grading_rules[franvaro].bands", ChangeKind.CHANGED),
    ]
    said = [str(one) for one in changes]
    assert said[0] == "statusskalor › mal › statusar › Ej utvärderad: tillagt ”Ej utvärderad”"
    assert said[2] == "tillfällen › Fördjupad uppföljning › mottagare: ändrat från ”KS” till ”KS, KF”"
    assert said[4] == "tillfällen › Delårsbokslut › brytdatum: ändrat från ”2022-08-31” till ”2022-09-30”"
    assert said[5].endswith("får pågå samtidigt: ändrat från ”nej” till ”ja”")


def test_a_difference_turned_round_is_its_mirror() -> None:
    old, new = small(), small(("  - {code: KF, name: Kommunfullmäktige, kind: council}\n", ""))
    assert [(one.path, one.kind, one.old, one.new) for one in diff(old, new)] == [
        ("bodies[KF]", ChangeKind.REMOVED, "Kommunfullmäktige", None)
    ]
    assert [(one.kind, one.old, one.new) for one in diff(new, old)] == [
        (ChangeKind.ADDED, None, "Kommunfullmäktige")
    ]


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 1, "year": 2022}', "[" * 100_000, "{"])
def test_json_that_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)


def test_data_from_elsewhere_gets_the_cross_checks_too() -> None:
    data = json.loads(json.dumps(json.loads(small().model_dump_json(exclude_none=True))))
    data["accounts"]["rows"][2]["sum_of"] = ["saknas"]
    with pytest.raises(ValueError, match=r"accounts\.rows\[netto\]\.sum_of\[#1\].*saknas"):
        from_data(data)


def test_the_check_command_says_everything_and_leaves_with_one(tmp_path: Path) -> None:
    good, bad = tmp_path / "bra.yaml", tmp_path / "fel.yaml"
    good.write_text(SMALL, "utf-8")
    bad.write_text(changed("year: 2022\n", "yaer: 2022\n", changed("tone: near", "tone: nära")), "utf-8")
    runner = CliRunner()
    fine = runner.invoke(command, ["check", str(good)])
    assert fine.exit_code == 0 and "inga fel. Socialnämnden, Exempelkommun, 2022." in fine.output
    broken = runner.invoke(command, ["check", str(bad)])
    assert broken.exit_code == 1
    lines = broken.stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{bad}:1:1: year: ") and lines[1].startswith(f"{bad}:2:1: yaer: Okänd nyckel")
    assert lines[2].startswith(f"{bad}:14:62: status_scales[mal].statuses[nara].tone: ")
    assert "3 fel; ingenting har lästs in." in broken.stderr


def test_the_schema_and_diff_commands(tmp_path: Path) -> None:
    runner = CliRunner()
    assert json.loads(runner.invoke(command, ["schema"]).stdout) == json_schema()
    old, new = tmp_path / "2022.yaml", tmp_path / "2023.yaml"
    old.write_text(SMALL, "utf-8")
    new.write_text(changed("print_unit: tkr", "print_unit: mkr"), "utf-8")
    shown = runner.invoke(command, ["diff", str(old), str(new)])
    assert shown.output == "kontorader › enhet i utskrift: ändrat från ”tkr” till ”mkr”\n"
    assert runner.invoke(command, ["diff", str(old), str(old)]).output == "Ingen skillnad.\n"
    assert runner.invoke(command, ["diff", str(old), str(tmp_path / "ingen.yaml")]).exit_code == 1
