"""What the program imports is what the program installs: the tests have more packages than a municipality's server."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]


def imported(path: Path) -> set[str]:
    """The packages that a file imports, at the top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.partition(".")[0] for name in found}


def installed(text: str) -> set[str]:
    """The distributions of a locked list, as they are spelled in comparisons."""
    return {_plain(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_everything_the_program_imports_is_in_the_list_it_is_installed_from() -> None:
    base = installed((ROOT / "requirements/base.txt").read_text(encoding="utf-8"))
    assert {"django", "ruamel-yaml"} <= base
    origins = packages_distributions()
    missing = {}
    for path in sorted((ROOT / "src/roder").rglob("*.py")):
        for name in imported(path) - {"roder", *sys.stdlib_module_names}:
            if not {_plain(origin) for origin in origins.get(name, ())} & base:
                missing.setdefault(name, path.relative_to(ROOT).as_posix())
    assert missing == {}


def test_a_package_of_the_tests_alone_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("import json\n\ndef read():\n    from hypothesis.core import given\n    return given\n")
    assert imported(file) == {"json", "hypothesis"}
    base = installed((ROOT / "requirements/base.txt").read_text(encoding="utf-8"))
    assert _plain(packages_distributions()["hypothesis"][0]) not in base
