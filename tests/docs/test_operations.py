"""What the page of operations says of the data directory holds for the code."""

from __future__ import annotations

import re

from tests.docs.reading import ROOT

PAGE = (ROOT / "docs/drift.md").read_text(encoding="utf-8")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py")))
FOLDERS = set(re.findall(r"""private_dir\("([a-z-]+)"\)""", SOURCES))
ROWS = dict(re.findall(r"^\| `([a-z-]+)/` \|[^|]*\| ([^|]*) \|$", PAGE, re.MULTILINE))


def test_every_folder_that_the_program_makes_is_told_with_whether_it_is_backed_up() -> None:
    assert {"snapshots", "reports", "files", "imports", "ledger"} <= FOLDERS
    assert sorted(FOLDERS - ROWS.keys()) == []


def test_a_copy_made_while_it_runs_takes_what_is_to_be_backed_up() -> None:
    said = re.search(r"--ignore-failed-read \\\n\s*([^\n]+)", PAGE)
    assert said is not None
    wanted = {name for name, backed_up in ROWS.items() if backed_up.startswith("ja")} - {"postgres"}
    assert wanted <= set(said[1].split())


def test_machines_that_share_a_database_share_those_folders() -> None:
    shared = re.search(r"De behöver dela (.*?) i\s", PAGE)
    assert shared is not None
    wanted = {name for name, backed_up in ROWS.items() if backed_up.startswith("ja")} - {"postgres"}
    assert set(re.findall(r"`([a-z-]+)/`", shared[1])) == wanted
