"""Free text that is kept never holds a personal identity number: no model field and no deed can be forgotten."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

import roder
from roder.core.persons import LONGEST, checked_text, checked_texts, no_personal_number

ROOT = Path(roder.__file__).parent
NUMBER = "19121212-1212"

#: Fields that hold a code, a key, a hash, or a number of a series: in every model.
CODES = frozenset(
    """account age agenda2030 area case_number category code days decision_paragraph deed digest email employment
    form_token frequency generated group hash icon id key kind kolada_id law letters made_kind manifest_sha256 measure
    number number_key number_text organisation_number part party password path pattern perspective phase prefix
    previous_hash program proposed_status provider published_period question register registration_number role rule
    secrecy_section section seed service_code sex sha256 slug source_kind status step subject subject_kind target_kind
    token_hash type unit_code unit_of_count""".split()
)
#: Fields that hold what something is called, or where it comes from: in every model.
NAMES = frozenset(
    """category_label factor file_name label mapping_name name organisation owner profession project reported_in
    responsible short_name source source_group table""".split()
)
#: The others, with why nobody writes free text of people in them.
OTHERS = {
    "what the program writes, of what it has checked": {
        "followup.Line": "heading last_comment last_said proposal_reason title", "kolada.Fetch": "message",
        "meetings.DocumentVersion": "pdf_fault", "meetings.MinuteItem": "decided",
        "steering.Assessment": "proposal_reason", "tasks.Notice": "body title", "web.ReportWords": "text",
    },
    "what is in a document that is kept whole, as it came": {"files.Blob": "text", "meetings.Document": "text"},
    "what a file of definitions or figures says": {
        "economy.BudgetVersion": "decision", "economy.StaffMove": "reason", "kolada.Group": "title",
        "kolada.Indicator": "description title", "kolada.Place": "title", "measures.Definition": "text",
        "measures.Measure": "title", "measures.MeasureValue": "reason", "measures.Target": "basis text",
        "questionnaires.QuestionSet": "title", "questionnaires.QuestionSetVersion": "source",
        "steering.SteeringModelVersion": "source", "steering.Vision": "decision",
    },
    "pseudonymous by a check of its own": {"control.SampleItem": "reference"},
    "how a person is called or reached (a telephone number may look like an identity number)": {
        "organisation.Person": "title", "quality.Complaint": "complainant contact",
    },
}  # fmt: skip


def _unchecked() -> dict[str, set[str]]:
    """Every text field of the rooms that asks nothing, by model."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("roder.") or hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField) and not field.choices
            if text and no_personal_number not in field.validators:
                found.setdefault(model._meta.label, set()).add(field.name)
    return found


def test_every_text_field_refuses_identity_numbers_or_is_no_free_text() -> None:
    excused = {
        (model, name) for group in OTHERS.values() for model, names in group.items() for name in names.split()
    }
    forgotten = [
        f"{model}.{name}"
        for model, names in _unchecked().items()
        for name in sorted(names - CODES - NAMES)
        if (model, name) not in excused
    ]
    assert not forgotten, f"validators=FREE_TEXT, or a place in OTHERS with why: {forgotten}"


def test_nothing_is_excused_that_is_not_there() -> None:
    there = {(model, name) for model, names in _unchecked().items() for name in names}
    gone = [
        f"{model}.{name}"
        for group in OTHERS.values()
        for model, names in group.items()
        for name in names.split()
        if (model, name) not in there
    ]
    assert not gone


def _written_to_the_trail(function: ast.FunctionDef) -> list[str]:
    """The texts that a deed takes and writes to the trail as they are, or only stripped: free text, not a code."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    texts = {one.arg for one in given if one.annotation is not None and ast.unparse(one.annotation) == "str"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and "checked_text" in ast.unparse(node.value):
            texts -= {one.id for one in node.targets if isinstance(one, ast.Name)}
    return [
        f"{function.name}: {word.arg}"
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("access.record", "record")
        for word in call.keywords
        if _is_free(word, texts)
    ]


def _is_free(word: ast.keyword, texts: set[str]) -> bool:
    names = {one.id for one in ast.walk(word.value) if isinstance(one, ast.Name)} & texts
    said = word.arg in ("reason", "note", "text", "comment", "why")
    return bool(names) and (said or ".strip()" in ast.unparse(word.value))


def test_no_deed_writes_a_free_text_to_the_trail_unchecked() -> None:
    found = []
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                found += [f"{file.relative_to(ROOT)} {one}" for one in _written_to_the_trail(node)]
    assert not found, f"roder.core.persons.checked_text: {found}"


def test_the_walk_of_deeds_sees_what_it_is_for() -> None:
    """As the deeds that were once forgotten were written, and as they are now."""
    once = "def reopen(row, by, reason: str):\n    access.record(by, 'x', row, reason=reason.strip()[:300])"
    now = once.replace("\n", "\n    reason = checked_text(reason, 'reason')\n")
    for text, expected in ((once, ["reopen: reason"]), (now, [])):
        function = ast.parse(text).body[0]
        assert isinstance(function, ast.FunctionDef)
        assert _written_to_the_trail(function) == expected


def test_every_fault_of_every_text_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as told:
        checked_texts(
            {"a": "", "b": f"x {NUMBER} \x00", "c": "lång" * 200, "d": " rätt "},
            {"a": "Skriv varför."},
            most=500,
        )
    faults = told.value.message_dict
    assert faults["a"] == ["Skriv varför."]
    assert len(faults["b"]) == 2 and "NUL" in faults["b"][0] and "personnummer" in faults["b"][1]
    assert faults["c"] == ["Texten är 800 tecken; högst 500 ryms. Korta den."]
    assert "d" not in faults
    assert checked_text("  rätt ", "d") == "rätt"
    with pytest.raises(ValidationError) as told:
        checked_text("x" * (LONGEST + 1), "note", 10)
    assert len(told.value.message_dict["note"]) == 1
