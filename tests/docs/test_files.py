"""The files that the documentation shows are the ones it ships, are described whole, and can be loaded."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.docs.reading import HANDBOOK, TEMPLATE, fences

FILES = sorted(path for path in TEMPLATE.iterdir() if path.suffix in (".yaml", ".csv"))
NEW = HANDBOOK / "ny-kommun.md"
IMPORTING = HANDBOOK / "inlasning.md"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_page_for_a_new_municipality_shows_the_file_as_it_is(file: Path) -> None:
    assert file.read_text(encoding="utf-8") in fences(NEW, file.suffix.removeprefix("."))


def test_the_smallest_steering_model_of_the_handbook_is_faultless() -> None:
    from roder.steering.modelfile import check_text

    models = [text for text in fences(HANDBOOK / "styrmodell.md", "yaml") if text.startswith("format:")]
    assert models
    for text in models:
        assert check_text(text, "handboken").lines() == []


def test_every_part_of_the_steering_model_is_described() -> None:
    from roder.steering.modelfile.codes import Content, OccasionKind, Subject, Tone
    from roder.steering.modelfile.model import SteeringModel

    text = (HANDBOOK / "styrmodell.md").read_text(encoding="utf-8")
    named = [*SteeringModel.model_fields, *Content, *OccasionKind, *Subject, *Tone]
    known = set(named) - {"format", "year", "title"}
    assert [str(name) for name in known if f"`{name}`" not in text] == []


def test_every_column_of_every_kind_of_file_is_described() -> None:
    from roder.imports.kinds import KINDS

    sections = re.split(r"^## ", IMPORTING.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for kind in KINDS.values():
        section = next(text for text in sections if f"Slag `{kind.kind}`" in text)
        if kind.opens is not None:
            continue  # another program's format: nobody writes its columns
        assert [column for column in kind.file_columns if f"`{column}`" not in section] == [], kind.kind


def test_the_examples_of_the_files_have_columns_that_exist() -> None:
    from roder.imports.kinds import KINDS

    known = {kind.file_columns for kind in KINDS.values()}
    for page in (IMPORTING, HANDBOOK / "controller.md"):
        lines = [
            line.strip() for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("    ")
        ]
        headings = [
            tuple(line.split(";"))
            for line in lines
            if re.match(r"(ar|period|tillfalle|matdatum|matt);", line)
        ]
        assert headings
        for heading in headings:
            assert any(set(heading) <= set(columns) for columns in known), heading


def test_every_key_of_the_yaml_files_is_described() -> None:
    from pydantic import BaseModel

    from roder.imports import goal_files, measure_files
    from roder.organisation import loading

    text = IMPORTING.read_text(encoding="utf-8")
    left_out = {"source", "population"}  # said of all parts, or rare
    for module in (goal_files, measure_files, loading):
        for shape in vars(module).values():
            if (
                isinstance(shape, type)
                and issubclass(shape, BaseModel)
                and shape.__module__ == module.__name__
            ):
                names = [field.alias or name for name, field in shape.model_fields.items()]
                missing = [
                    name for name in names if name not in left_out and not re.search(rf"`{name}[`:]", text)
                ]
                assert missing == [], shape.__name__


@pytest.mark.django_db
def test_the_template_is_loaded_by_the_same_command_as_a_municipality() -> None:
    from roder.figures import At, LiveSource, compute
    from roder.imports.examples import load_folder
    from roder.steering.models import Occasion

    loaded = load_folder(TEMPLATE)
    again = load_folder(TEMPLATE)
    assert again.skipped

    occasion = Occasion.objects.get(committee=loaded.committee, code="2026-08")
    with LiveSource(loaded.committee) as source:
        result = compute("ekonomi.drift.prognosavvikelse", source, At.of(occasion))
        row = result.get(rad="resultat")
    assert row is not None
    assert row.value == _sum("prognos.csv", tillfalle="2026-08") - _sum("budget.csv", version="tillagg")


def _sum(name: str, **where: str) -> Decimal:
    rows = csv.DictReader(io.StringIO((TEMPLATE / name).read_text(encoding="utf-8")), delimiter=";")
    return sum(
        (Decimal(row["belopp"]) for row in rows if all(row[key] == value for key, value in where.items())),
        Decimal(0),
    )
