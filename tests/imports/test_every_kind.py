"""What holds for files of every kind: the blank file's example can be read in, taken back without a trace in the data,
and read in again."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from roder.core.models import ImportBatch
from roder.economy.models import BudgetVersion, UnitCost, VolumeLine
from roder.imports.blank import Asked, asked
from roder.imports.cells import Context, Number, Text
from roder.imports.declaration import Import
from roder.imports.kinds import ALIASES, KINDS, kind_of
from roder.imports.quality_cells import FreeText, Reference
from roder.imports.services import commit, preview, undo, undo_plan
from roder.measures.models import Measure
from roder.steering.models import Goal, Support
from tests.economy.real import Town

pytestmark = pytest.mark.django_db

#: Kinds that are tables; the other is a program's own format and is tried in tests/economy/sie.
TABLES = [kind for kind, what in KINDS.items() if what.opens is None]
#: Cells where a word more is still right.
PLAIN = (Text, FreeText, Reference)
#: What changes by itself, or tells what has been done: not what a file is about.
NOT_DATA = ("access_auditrecord", "core_importbatch", "django_", "procrastinate_", "pghistory_", "web_search")


@pytest.fixture
def town() -> Town:
    """A committee that has everything files point at."""
    town = Town("alingsas")
    Measure.objects.create(committee=town.committee, code="sjukfranvaro", title="Sjukfrånvaro", unit="%")
    Goal.objects.create(
        municipality=town.municipality, committee=town.committee, level="committee", code="N1", title="Svar direkt",
        from_year=2022, to_year=2022,
    )  # fmt: skip
    BudgetVersion.objects.create(
        committee=town.committee, year=2022, code="beslutad", name="Budget", applies_from="2022-01-01"
    )
    return town


def a_price(town: Town, example: list[Asked]) -> None:
    """The unit cost that the example's row takes."""
    row = {one.name: one.example for one in example}
    support = next(one for one in Support.objects.all() if row["insats"] in (one.code, one.label))
    run = next((run for run in VolumeLine.Run if row["regi"] in (run.value, str(run.label))), None)
    values = {"run": run} if run else {}
    UnitCost.objects.create(committee=town.committee, year=2022, amount=100, support=support, **values)


#: What an example must be given to be about this committee.
OWN = {
    "enheter": {"namn": "En ny enhet", "hor_till": "u1"},
    "personer": {"namn": "Anna Annorlunda", "organ_eller_enhet": "u1"},
}


#: What the example is given so that something follows from its row.
FOLLOWED = {
    "handlaggning": {"handelse": "inkommen", "tidpunkt": "2022-02-10 09:30", "enhet": "u1"},
    "kvalitetsregister": {"malvarde": "90"},
    "arenden": {"svar_senast": "2099-01-31"},
    "statsbidrag": {"aterrapportera_senast": "2099-01-31"},
    "kontroller": {"punkt": "IK1"},
}
#: What follows from the rows of a file, beside them: undoing must take this back too.
MADE = {
    "handlaggning": {"quality_deviation", "quality_step", "tasks_task"},
    "kontroller": {"control_controlpoint"},
    "kvalitetsregister": {"measures_target"},
    "arenden": {"tasks_task"},
    "statsbidrag": {"tasks_task"},
}
#: What is left when a file has been taken back: the year's list, empty, with its scale; that a number has been given;
#: that somebody had a task, which is struck.
STAYS = {
    "risker": {"control_riskanalysis", "control_scaleversion"},
    "kontroller": {"control_controlplan"},
    "handlaggning": {"quality_numberseries"},
    "arenden": {"tasks_task", "tasks_notice"},
}


def changed_tables(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The tables whose rows are not the same."""
    return {table for table in before if before[table] != after[table]}


def filled(what: Import, context: Context) -> dict[str, str]:
    """The blank file's example row with its first amount, else its first free text, changed a little."""
    row = {one.name: one.example for one in asked(what, context)} | FOLLOWED.get(what.kind, {})
    if what.kind in OWN:
        return {**row, **OWN[what.kind]}
    single = {
        column.sources[0]: column for column in what.columns if len(column.sources) == 1 and not column.key
    }
    for name, column in single.items():
        text = row[name]
        if isinstance(column.cell, Number) and text and text not in ("ja", "nej"):
            row[name] = f"{text.split(',')[0]}1"
            return row
    for name, column in single.items():
        if row[name] and isinstance(column.cell, PLAIN):
            row[name] += " två"
            return row
    key = next(column for column in what.columns if column.key and isinstance(column.cell, PLAIN))
    row[key.sources[0]] += "9"
    return row


def written(row: dict[str, str], path: Path) -> Path:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerows([row.keys(), row.values()])
    path.write_text(target.getvalue(), encoding="utf-8", newline="")
    return path


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but history and what is noted of deeds."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if hasattr(model, "pgh_obj") or table.startswith(NOT_DATA) or not model._meta.managed:
                continue
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize("kind", TABLES)
def test_the_example_is_read_in_taken_back_and_read_in_again(kind: str, town: Town, tmp_path: Path) -> None:
    what, context = KINDS[kind], Context(town.committee, 2022)
    if kind == "kontroller":
        risks = KINDS["risker"]
        risk = {**filled(risks, context), "nr": what.example["risknr"], "hantering": "internkontrollpunkt"}
        commit(risks, context, written(risk, tmp_path / "risker.csv"), "risker.csv")
    if kind == "volymplan":
        a_price(town, asked(what, context))
    path = written(filled(what, context), tmp_path / "fil.csv")
    seen = preview(what, context, path)
    assert seen.faults == [], [(fault.column, fault.message) for fault in seen.faults]
    assert (seen.rows, seen.counts.new) == (1, 1), seen.warnings

    before = everything()
    first = commit(what, context, path, "fil.csv").batch
    assert first is not None
    assert MADE.get(kind, set()) <= changed_tables(before, everything()), (
        "also what follows from the rows is tried"
    )
    there = everything()
    plan = undo_plan(what, first)
    assert any(effect.removed for effect in plan.effects) and plan.left == [], "what would go is told"
    assert everything() == there, "looking changes nothing"
    assert undo(what, first).rows >= 1
    assert changed_tables(before, everything()) == STAYS.get(kind, set())

    again = commit(what, context, path, "fil.csv")
    assert again.batch is not None and again.counts == seen.counts
    assert ImportBatch.objects.filter(kind=kind, undone_at=None).count() == 1
    assert preview(what, context, path).counts.unchanged == 1


def test_a_constant_or_a_mapping_is_possible_for_every_kind(town: Town, tmp_path: Path) -> None:
    """Every column of every kind may have another heading, and every required one may be the same on every row."""
    for kind in TABLES:
        if KINDS[kind].prepare is not None or kind == "volymplan":
            continue  # asks for another file first, and is tried above
        what, context = KINDS[kind], Context(town.committee, 2022)
        row = filled(what, context)
        mapping = {name: f"Rubrik {number}" for number, name in enumerate(row)}
        path = written({mapping[name]: text for name, text in row.items()}, tmp_path / f"{kind}.csv")
        seen = preview(what, replace(context, mapping=mapping), path)
        assert seen.faults == [] and seen.counts.new == 1, (kind, seen.faults)
        example = {one.name: one.example for one in asked(what, context)}
        first = next(name for name in what.required_columns if row[name] == example[name])
        path = written({name: text for name, text in row.items() if name != first}, tmp_path / f"{kind}.csv")
        seen = preview(what, replace(context, constants={first: row[first]}), path)
        assert seen.faults == [] and seen.counts.new == 1, (kind, seen.faults)


def test_every_kind_has_an_english_name() -> None:
    assert set(ALIASES.values()) >= set(KINDS) - {"budget", "sie"}
    for english, kind in ALIASES.items():
        assert kind_of(english) is KINDS[kind]
