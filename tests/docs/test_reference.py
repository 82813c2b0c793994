"""The reference pages are what the declarations say now."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from roder.web.reference import PAGES, reference
from tests.docs.reading import DOCS


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_as_the_declarations(name: str) -> None:
    kept = (DOCS / "referens" / name).read_text(encoding="utf-8")
    assert kept == PAGES[name]().rstrip("\n") + "\n", "Kör: .venv/bin/roder reference docs/referens"


def test_every_anchor_of_the_model_is_there() -> None:
    page = PAGES["styrmodellens-fil.md"]()
    wanted = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert wanted and all(f'<a id="{anchor}">' in page for anchor in wanted)


def test_the_command_writes_all_of_them(tmp_path: Path) -> None:
    done = CliRunner().invoke(reference, [str(tmp_path / "referens")])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "referens").iterdir()} == set(PAGES)
