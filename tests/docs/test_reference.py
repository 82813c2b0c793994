"""The reference pages are what the declarations say now."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from roder.core.words import anchor
from roder.steering.modelfile import json_schema
from roder.steering.modelfile.meanings import MEANINGS, meaning
from roder.web.reference import PAGES, reference
from tests.docs.reading import DOCS


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_as_the_declarations(name: str) -> None:
    kept = (DOCS / "referens" / name).read_text(encoding="utf-8")
    assert kept == PAGES[name]().rstrip("\n") + "\n", "Kör: .venv/bin/roder reference docs/referens"


def test_every_anchor_of_the_model_is_there_and_no_two_are_the_same() -> None:
    page = PAGES["styrmodellens-fil.md"]()
    headings = [anchor(line.lstrip("#")) for line in page.splitlines() if line.startswith("#")]
    wanted = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert wanted and wanted <= set(headings)
    assert len(headings) == len(set(headings))


def test_every_key_of_the_model_is_explained() -> None:
    schema = json_schema()
    parts = [schema, *(part for part in schema["$defs"].values())]
    silent = [
        (part["title"], key)
        for part in parts
        for key, one in part.get("properties", {}).items()
        if not one.get("description", "").endswith(".")
    ]
    assert silent == []


def test_every_code_of_the_model_is_explained() -> None:
    lists = {name: part["enum"] for name, part in json_schema()["$defs"].items() if "enum" in part}
    assert {name: [code for code in known if not meaning(name, code)] for name, known in lists.items()} == {
        name: [] for name in lists
    }
    for of, words in MEANINGS.items():
        assert set(words) == {str(code) for code in of}


def test_the_command_writes_all_of_them(tmp_path: Path) -> None:
    done = CliRunner().invoke(reference, [str(tmp_path / "referens")])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "referens").iterdir()} == set(PAGES)
